"""Bearer token → `SignedIn`, or an IdentityError; the only door to the token library."""

from hub.identity.exchange import Exchanger
from hub.identity.keyfile import KeyFile
from hub.identity.logout import LogoutVerifier
from hub.identity.registrar import Registrar
from hub.identity.verification import SignedIn, TokenRules, Verifier

__all__ = ["Exchanger", "KeyFile", "LogoutVerifier", "Registrar", "SignedIn", "TokenRules", "Verifier"]
