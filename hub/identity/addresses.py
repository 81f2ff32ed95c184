"""Which addresses tokens and keys may travel to: encrypted, or on this machine."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_safe_address(address: str) -> bool:
    """Say whether an address is https, or http on loopback (`localhost` counts: it is never looked up elsewhere)."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.username or parts.password or not host:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
