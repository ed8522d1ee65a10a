# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nothing hangs, nothing fills the memory: servers that misbehave below the level of messages."""

from __future__ import annotations

import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from ansible.playbook.play_context import PlayContext
from ansible.plugins.loader import connection_loader
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError, PeerError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman import adapter
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import TooMuchError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.paging import Limits

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\n"
Talk = Callable[[socket.socket], None]


@pytest.fixture
def serve() -> Iterator[Callable[[Talk], int]]:
    servers: list[socket.socket] = []

    def start(talk: Talk) -> int:
        server = socket.create_server(("127.0.0.1", 0))
        servers.append(server)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    peer, _address = server.accept()
                    with peer, suppress(OSError):
                        peer.recv(65536)
                        talk(peer)

        threading.Thread(target=accept, daemon=True).start()
        return server.getsockname()[1]

    yield start
    for server in servers:
        server.close()


def client(port: int, **options: Any) -> WsmanClient:
    link = connection_loader.get("winrm", PlayContext(), None)
    direct = {
        "remote_addr": "127.0.0.1",
        "remote_user": "svc",
        "remote_password": "secret-1",
        "port": port,
        "scheme": "http",
        "transport": ["ntlm"],
        "connection_timeout": 1,
        **options,
    }
    link.set_options(var_options={"_extras": {}}, direct=direct)
    return WsmanClient(adapter.open_transport(link))


def slowly(data: bytes) -> Talk:
    def talk(peer: socket.socket) -> None:
        for position in range(len(data)):
            peer.sendall(data[position : position + 1])
            time.sleep(0.05)

    return talk


@pytest.mark.parametrize(
    "data", [HEAD + b"Content-Length: 100000\r\n\r\n" + b"x" * 400, b"HTTP/1.1 200 OK\r\n" + b"X-Y: z\r\n" * 90]
)
def test_a_reply_in_drops_ends_at_its_limit(serve: Callable[[Talk], int], data: bytes) -> None:
    found = client(serve(slowly(data)))
    found.transport.limit_s = 0.4  # type: ignore[attr-defined]
    began = time.monotonic()
    with pytest.raises(TalkError, match="did not answer in time"):
        found.identify()
    assert time.monotonic() - began < 3


def test_a_reply_without_end_is_refused(serve: Callable[[Talk], int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "MAX_BYTES", 1_000_000)

    def talk(peer: socket.socket) -> None:
        peer.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        while True:
            peer.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")

    with pytest.raises(PeerError, match="larger than 1000000 bytes"):
        client(serve(talk)).identify()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        HEAD + b"Content-Length: 500\r\n\r\n<s:Env",
        HEAD + b"Content-Length: 9\r\n\r\nnot XML!!",
        b"HTTP/1.1 407 Proxy\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_whatever_answers_it_is_one_clear_error(serve: Callable[[Talk], int], data: bytes) -> None:
    with pytest.raises(OtedgeError) as caught:
        client(serve(lambda peer: peer.sendall(data))).identify()
    assert caught.value.fix


class Endless:
    """A class with 100,000 instances, in pages of 500."""

    address = "pc"
    timeout_s = 20

    def __init__(self, total: int = 100_000) -> None:
        self.left = total
        self.released = 0

    def send(self, message: str) -> bytes:
        if "Release>" in message:
            self.released += 1
            return b"<s:Envelope xmlns:s='x'><s:Body/></s:Envelope>"
        count = min(500, self.left)
        items = "".join(f"<F><Name>item {self.left - n:06d}</Name><Size>1</Size></F>" for n in range(count))
        self.left -= count
        end = "" if self.left else "<EndOfSequence/>"
        more = f"<EnumerationContext>uuid:{self.left}</EnumerationContext>"
        return f"<E><Body><R>{more}<Items>{items}</Items>{end}</R></Body></E>".encode()

    def reset(self) -> None:
        pass


def test_100000_instances_stream() -> None:
    transport = Endless()
    assert sum(1 for _row in WsmanClient(transport).iterate("select Name,Size from Big")) == 100_000
    assert transport.released == 0


def test_the_memory_is_that_of_a_page() -> None:
    rows = WsmanClient(Endless(10_000)).iterate("select Name,Size from Big")
    next(rows)
    tracemalloc.start()
    count = sum(1 for _row in rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 9_999
    assert peak < 2_000_000  # all rows together are 5 MB


def test_who_stops_early_releases() -> None:
    transport = Endless()
    rows = WsmanClient(transport).iterate("select Name from Big")
    assert next(rows)["Name"] == "item 100000"
    rows.close()  # type: ignore[attr-defined]
    assert transport.released == 1
    assert transport.left == 99_500


def test_too_much_is_told_with_its_limit() -> None:
    transport = Endless()
    with pytest.raises(TooMuchError, match=r"within 1000 items.*narrower where") as caught:
        WsmanClient(transport).enumerate("select Name from Big", limits=Limits(items=1000))
    assert caught.value.details["limit"] == "1000 items"
    assert transport.released == 1
