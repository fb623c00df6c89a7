"""Network addresses."""

import ipaddress


def network_of(address: str) -> str:
    """What one household has: the address itself, or an IPv6 address's /64, in which it may take any number."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return address
