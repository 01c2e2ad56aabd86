"""A free port is accepted; for a taken one, the process that uses it is named."""

import os
import socket
from contextlib import closing

import pytest

from lecture_assets.defs.host.dev_port import free_port
from lecture_assets.graph.errors import WrongInputError


def test_any_port_means_one_that_can_be_bound() -> None:
    port = free_port("127.0.0.1", 0)
    assert port > 0
    assert free_port("127.0.0.1", port) == port


def test_the_process_that_uses_a_port_is_named_and_another_port_suggested() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(WrongInputError) as refused:
            free_port("127.0.0.1", port)
    (fault,) = refused.value.faults
    assert fault.found == f"{port}, in use by process {os.getpid()}"
    assert f"`lectures dev --port {(port + 1) % 65536}`" in fault.allowed


def test_a_port_that_is_bound_without_listening_is_taken_too() -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(WrongInputError, match="Address already in use"):
            free_port("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_an_address_of_another_machine_is_a_fault_of_the_host_option(host: str) -> None:
    with pytest.raises(WrongInputError, match="--host: found"):
        free_port(host, 0)
