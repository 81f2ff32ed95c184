"""The difference between the realm file and the identity server, shown and applied."""

from hub.identity.provisioning.compare import Change, Found, differences
from hub.identity.provisioning.realm_file import read
from hub.identity.provisioning.server import Server

__all__ = ["Change", "Found", "Server", "differences", "read"]
