"""The address of a host that a stranger named: public, or refused. Whoever connects does so to this very address."""

import asyncio
import ipaddress
import socket

from lecture_assets.intake.unfit import UnfitMediumError


async def public_address(host: str, port: int) -> str:
    """Return an address of a host. UnfitMediumError if it has none, or one that is not public."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        message = f"a host that was not found ({host[:100]})"
        raise UnfitMediumError(message) from error
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(_is_public(address) for address in addresses):
        message = f"a host that is not public ({host[:100]})"
        raise UnfitMediumError(message)
    return addresses[0]


def _is_public(address: str) -> bool:
    """Whether an address is global and does not embed another (IPv4 in IPv6, 6to4, Teredo, NAT64), which may be private."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        carries = parsed.ipv4_mapped or parsed.sixtofour or parsed.teredo or parsed in ipaddress.ip_network("64:ff9b::/96")
        if carries:
            return False
    return parsed.is_global and not parsed.is_multicast
