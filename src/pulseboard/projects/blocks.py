"""From whom a project or a key takes something: addresses, networks and user agents, as their owner wrote them down."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pulseboard.errors import FieldError, Invalid, sentence
from pulseboard.projects.collection import Collection

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Blocks:
    """``agents`` are parts of user agents in lower case."""

    networks: tuple[Network, ...] = ()
    agents: tuple[str, ...] = ()

    def hit(self, address: str, user_agent: str) -> bool:
        """Whether a request from there, or by that, is not wanted."""
        if self.agents and any(part in user_agent.lower() for part in self.agents):
            return True
        return bool(self.networks) and among(address, self.networks)


def among(address: str, networks: tuple[Network, ...]) -> bool:
    """Whether the address is in one of the networks; what is no address is in none."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return any(parsed in network for network in networks)


def clean_networks(texts: Sequence[str], path: str) -> tuple[str, ...]:
    """Addresses and networks without the spaces around them, each once.

    Raises:
        Invalid: naming every one that is none, below ``path``.
    """
    faults = tuple(
        FieldError(f"{path}.{index}", "is no address or network, such as 203.0.113.7 or 10.0.0.0/8")
        for index, text in enumerate(texts)
        if not _is_network(text)
    )
    if faults:
        raise Invalid(sentence(faults), errors=faults)
    return tuple(dict.fromkeys(text.strip() for text in texts))


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return False
    # A zone (fe80::1%eth0) is a name of an interface here, and may hold anything.
    return "%" not in text


@lru_cache(maxsize=1_000)
def networks_of(texts: tuple[str, ...]) -> tuple[Network, ...]:
    """The networks; what is none was refused when it was written down."""
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts)


@lru_cache(maxsize=1_000)
def blocks_of(collection: Collection) -> Blocks:
    """The blocks of a project; what is no address was refused when it was written down."""
    return Blocks(networks_of(collection.blocked_addresses), tuple(part.lower() for part in collection.blocked_agents))
