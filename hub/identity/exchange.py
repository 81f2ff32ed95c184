"""Has a person's token exchanged for an agent's (RFC 8693), at the issuer, over its socket."""

from dataclasses import dataclass
from typing import Any, Final

import httpx

from catalog.errors import DependencyError, IdentityError
from hub.identity.way import Way

GRANT: Final = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN: Final = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105  # the name of a kind


@dataclass(frozen=True, kw_only=True)
class Exchanger(Way):
    """The API, as the client whose tokens people bring."""

    def exchange(self, token: str, audience: str) -> str:
        """Return an access token for one audience; IdentityError when the issuer refuses, DependencyError without it.

        What comes back is the issuer's word and still to be verified.
        """
        form = {
            **self.proving(),
            "grant_type": GRANT,
            "subject_token": token,
            "subject_token_type": ACCESS_TOKEN,
            "audience": audience,
        }
        return _token(*self.asked(form))


def _token(status: int, said: Any) -> str:  # noqa: ANN401  # whatever JSON came
    match status, said:
        case httpx.codes.OK, {"access_token": str(token)}:
            return token
        case 401, {"error": "unauthorized_client" | "invalid_client"}:
            raise DependencyError("The issuer does not know this hub's API by its secret.")
        case 400 | 403, {"error": str()}:
            raise IdentityError("The issuer gave no token for an agent: your session may have ended. Sign in again.")
    raise DependencyError("The issuer's answer can't be read.")
