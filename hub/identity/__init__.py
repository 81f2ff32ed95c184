"""Bearer token → `Subject`, or an IdentityError; the only door to the token library."""

from hub.identity.verification import TokenRules, Verifier

__all__ = ["TokenRules", "Verifier"]
