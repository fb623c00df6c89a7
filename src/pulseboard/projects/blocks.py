"""From whom a project takes nothing: addresses, networks and user agents, as its owner wrote them down."""

import ipaddress
from dataclasses import dataclass
from functools import lru_cache

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
        return bool(self.networks) and self._holds(address)

    def _holds(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
            parsed = parsed.ipv4_mapped
        return any(parsed in network for network in self.networks)


@lru_cache(maxsize=1_000)
def blocks_of(collection: Collection) -> Blocks:
    """The blocks of a project; what is no address was refused when it was written down."""
    networks = tuple(ipaddress.ip_network(text, strict=False) for text in collection.blocked_addresses)
    return Blocks(networks, tuple(part.lower() for part in collection.blocked_agents))
