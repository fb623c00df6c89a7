"""An address is taken before it is promised, and what is in the way is said in words."""

import socket

import pytest

from pulseboard.kit.listen import listen_at


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def test_a_free_address_is_bound() -> None:
    port = free_port()
    (bound,) = listen_at("127.0.0.1", port)
    with bound:
        assert bound.getsockname() == ("127.0.0.1", port)


def test_a_taken_port_is_said_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(OSError, match=rf"cannot listen on 127\.0\.0\.1, port {port}: .*choose another .*--port"):
            listen_at("127.0.0.1", port)


def test_an_address_of_another_machine_is_said() -> None:
    with pytest.raises(OSError, match="does not have that address"):
        listen_at("203.0.113.1", free_port())


def test_a_name_that_is_none_is_said() -> None:
    with pytest.raises(OSError, match="is no address of this machine"):
        listen_at("nobody.invalid", free_port())


def test_a_name_may_stand_for_several_addresses() -> None:
    bound = listen_at("localhost", free_port())
    try:
        assert bound
        for one in bound:
            one.listen()
            socket.create_connection(one.getsockname()[:2], timeout=1).close()
    finally:
        for one in bound:
            one.close()
