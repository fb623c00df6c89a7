"""Taking an address before anything is promised about it."""

import errno
import socket
from contextlib import ExitStack

_SAYS = {
    errno.EADDRINUSE: "another program listens there; stop that one, or choose another port with --port",
    errno.EACCES: "this user may not; choose a port from 1024 on with --port",
    errno.EADDRNOTAVAIL: "this machine does not have that address; choose another with --host",
}
_ABSENT = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)  # a name may stand for two families, of which a machine has one


def listen_at(host: str, port: int) -> list[socket.socket]:
    """One bound socket for each address that ``host`` stands for; nobody is answered until they are served.

    Raises:
        OSError: the address cannot be had; the message says why and what to do.
    """
    try:
        with ExitStack() as undo:
            bound = _bind_all(host, port, undo)
            undo.pop_all()
            return bound
    except socket.gaierror as fault:
        raise OSError(f"{host} is no address of this machine ({fault.strerror}); choose another with --host") from None
    except OSError as fault:
        reason = _SAYS.get(fault.errno or 0, fault.strerror)
        raise OSError(f"cannot listen on {host}, port {port}: {reason}") from None


def _bind_all(host: str, port: int, undo: ExitStack) -> list[socket.socket]:
    bound: list[socket.socket] = []
    absent: OSError | None = None
    for family, kind, protocol, _, address in socket.getaddrinfo(
        host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    ):
        try:
            made = undo.enter_context(socket.socket(family, kind, protocol))
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            made.bind(address)
        except OSError as fault:
            if fault.errno not in _ABSENT:
                raise
            absent = fault
        else:
            bound.append(made)
    if not bound:
        raise absent or OSError(errno.EADDRNOTAVAIL, "no address")
    return bound
