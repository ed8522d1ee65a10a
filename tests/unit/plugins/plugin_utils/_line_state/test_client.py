# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._line_state import LineState, opcua, read_lines

asyncua = pytest.importorskip("asyncua")
ua = asyncua.ua


class Plc:
    """A real OPC UA server in a thread of its own; counts what clients do besides reading."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.writes = 0
        self.do(self._start())

    def do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    async def _start(self) -> None:
        self.server = asyncua.Server()
        await self.server.init()
        self.server.set_endpoint("opc.tcp://127.0.0.1:0")
        await self.server.register_namespace("urn:line")
        folder = self.server.nodes.objects
        self.state = await folder.add_variable("ns=2;s=Line/State", "State", 2, ua.VariantType.Int32)
        self.since = await folder.add_variable("ns=2;s=Line/StateSince", "StateSince", datetime.now(UTC))
        await self.server.start()
        self.port = self.server.bserver.port

    def put(self, value: Any, *, age_s: float = 0.0, dwell_s: float = 600.0, status: int = 0) -> None:
        now = datetime.now(UTC).replace(tzinfo=None)
        stamp = now - timedelta(seconds=age_s)
        shown = ua.DataValue(ua.Variant(value), ua.StatusCode(status), SourceTimestamp=stamp)
        since = ua.DataValue(ua.Variant(now - timedelta(seconds=dwell_s), ua.VariantType.DateTime))
        self.server.set_attribute_value_callback(self.state.nodeid, lambda *_args: shown)
        self.server.set_attribute_value_callback(self.since.nodeid, lambda *_args: since)

    def stop(self) -> None:
        self.do(self.server.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)


@pytest.fixture(scope="module")
def plc() -> Iterator[Plc]:
    running = Plc()
    yield running
    running.stop()


@pytest.fixture
def read(plc: Plc) -> Callable[..., LineState]:
    def call(**changes: Any) -> LineState:
        source = {
            "type": "opcua",
            "endpoint": f"opc.tcp://127.0.0.1:{plc.port}",
            "node": "ns=2;s=Line/State",
            "since_node": "ns=2;s=Line/StateSince",
            "state_map": {0: "running", 2: "stopped", "Idle": "stopped"},
            "stopped_values": ["stopped"],
            **changes,
        }
        lines = {"line-1": {"state_source": source}}
        return read_lines(lines, ["line-1"], records=None, allowed_signers=None, clock=time.time)["line-1"]

    return call


def test_stopped_line(plc: Plc, read: Callable[..., LineState]) -> None:
    plc.put(2)
    verdict = read()
    assert not verdict.running, verdict.reason
    assert (verdict.state, verdict.quality) == ("stopped", "Good")
    assert verdict.age_s is not None
    assert verdict.age_s < 5
    assert verdict.dwell_s is not None
    assert 600 <= verdict.dwell_s < 610


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"value": 0}, "is running"),
        ({"value": 7}, "state_map"),
        ({"value": 2, "age_s": 90}, "stale"),
        ({"value": 2, "age_s": -90}, "future"),
        ({"value": 2, "dwell_s": 10}, "300 s are needed"),
        ({"value": 2, "dwell_s": -90}, "future"),
        ({"value": 2, "status": 0x80310000}, "BadNoCommunication"),
        ({"value": 2, "status": 0x40900000}, "UncertainLastUsableValue"),
        ({"value": 2, "status": 0x00960000}, "GoodLocalOverride"),
    ],
)
def test_doubt_over_the_wire(plc: Plc, read: Callable[..., LineState], told: dict[str, Any], words: str) -> None:
    plc.put(**told)
    verdict = read()
    assert verdict.running
    assert words in verdict.reason


def test_localized_text(plc: Plc, read: Callable[..., LineState]) -> None:
    plc.put(ua.LocalizedText("Idle"))
    assert read().state == "stopped"


def test_missing_nodes_are_running(plc: Plc, read: Callable[..., LineState]) -> None:
    plc.put(2)
    assert "BadNodeIdUnknown" in read(node="ns=2;s=nothing").reason
    assert "since_node is BadNodeIdUnknown" in read(since_node="ns=2;s=nothing").reason
    assert "node id" in read(node="ns=x;s=y").reason


def test_without_since_node_the_line_is_watched(
    plc: Plc, read: Callable[..., LineState], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opcua, "OBSERVE_EVERY_S", 0.1)
    plc.put(2)
    before = time.monotonic()
    verdict = read(since_node=None, min_dwell_s=0.5)
    assert not verdict.running, verdict.reason
    assert time.monotonic() - before >= 0.5
    timer = threading.Timer(0.3, plc.put, (0,))
    timer.start()
    verdict = read(since_node=None, min_dwell_s=20)
    timer.join()
    assert verdict.running
    assert verdict.state == "running"


def test_unreachable_and_silent_servers_are_running_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opcua, "CONNECT_S", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as silent, socket.create_server(("127.0.0.1", 0)) as closed:
        ports = [silent.getsockname()[1], closed.getsockname()[1]]
        closed.close()
        lines = {
            f"line-{port}": {
                "state_source": {
                    "type": "opcua",
                    "endpoint": f"opc.tcp://127.0.0.1:{port}",
                    "node": "ns=2;s=a",
                    "state_map": {2: "stopped"},
                    "stopped_values": ["stopped"],
                }
            }
            for port in ports
        }
        lines["odd"] = {"state_source": {"type": "opcua"}}
        before = time.monotonic()
        names = [*lines, "nowhere", "../x"]
        found = read_lines(lines, names, records=None, allowed_signers=None, clock=time.time)
    assert time.monotonic() - before < 6
    assert all(state.running for state in found.values())
    assert list(found) == names
    assert "no answer in time" in found[names[0]].reason
    assert "cannot be reached" in found[names[1]].reason
    assert "not understood" in found["odd"].reason
    assert "no line nowhere" in found["nowhere"].reason
    assert "no name of a line" in found["../x"].reason


def test_missing_library_is_named(read: Callable[..., LineState], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opcua, "ASYNCUA_ERROR", ImportError("asyncua"))
    with pytest.raises(OtedgeError, match="requirements-opcua.txt"):
        read()


def test_works_inside_a_running_loop(plc: Plc, read: Callable[..., LineState]) -> None:
    plc.put(2)

    async def inside() -> LineState:
        return read()

    assert not asyncio.run(inside()).running


def test_only_reading_services_are_called(
    plc: Plc, read: Callable[..., LineState], monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = asyncua.client.ua_client.UASocketProtocol
    genuine = owner.send_request
    sent: set[str] = set()

    def spy(self: Any, request: Any, *args: Any, **more: Any) -> Any:
        sent.add(type(request).__name__)
        return genuine(self, request, *args, **more)

    monkeypatch.setattr(owner, "send_request", spy)
    plc.put(2)
    assert not read().running
    assert "ReadRequest" in sent
    assert sent <= {"CreateSessionRequest", "ActivateSessionRequest", "ReadRequest", "CloseSessionRequest"}
