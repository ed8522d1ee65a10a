# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The OPC UA lines, with a real client."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

asyncua = pytest.importorskip("asyncua")

from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.line.server import LineServer  # noqa: E402
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.line.state import Line  # noqa: E402
from asyncua import Client, ua  # noqa: E402

SOURCE: dict[str, Any] = {
    "endpoint": "opc.tcp://10.20.50.11:4840/plant",
    "node": "ns=2;s=Line/State",
    "since_node": "ns=2;s=Line/StateSince",
    "state_map": {"0": "running", "2": "stopped"},
    "stopped_values": ["stopped"],
}


class Hooks:
    lock: Any = None

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []

    def journal(self, kind: str, write: bool = False, **data: Any) -> None:
        self.lines.append({"kind": kind, "write": write, **data})

    def now(self) -> float:
        return time.time()

    def changed(self, name: str = "") -> None: ...


def make(source: dict[str, Any] | None = None, name: str = "line-1") -> tuple[Line, Hooks]:
    hooks = Hooks()
    return Line(name, source or SOURCE, hooks, None, time.time), hooks


def talk(lines: list[Line], work: Callable[[Client], Awaitable[None]]) -> LineServer:
    server = LineServer(lines, SOURCE["endpoint"])

    async def session() -> None:
        await server.start()
        try:
            async with Client(server.endpoint, timeout=5) as client:
                await work(client)
        finally:
            await server.stop()

    asyncio.run(asyncio.wait_for(session(), 15))
    return server


def test_a_stopped_line_tells_value_quality_and_times() -> None:
    line, hooks = make()

    async def work(client: Client) -> None:
        told = await client.get_node(SOURCE["node"]).read_data_value()
        assert told.Value.Value == 2 and told.Value.VariantType == ua.VariantType.Int32
        assert told.StatusCode.is_good()
        assert 0 <= (datetime.now(UTC) - told.SourceTimestamp).total_seconds() < 3
        since = await client.get_node(SOURCE["since_node"]).read_value()
        assert (datetime.now(UTC) - since).total_seconds() == pytest.approx(3600, abs=10)

    server = talk([line], work)
    assert server.endpoint == f"opc.tcp://127.0.0.1:{server.port}/plant"
    assert [entry["node"] for entry in hooks.lines] == [SOURCE["node"], SOURCE["since_node"]]
    assert not any(entry["write"] for entry in hooks.lines)


def test_changes_show_at_once() -> None:
    line, _hooks = make()

    async def work(client: Client) -> None:
        node = client.get_node(SOURCE["node"])
        line.set({"state": "running"})
        assert await node.read_value() == 0
        since = await client.get_node(SOURCE["since_node"]).read_value()
        assert (datetime.now(UTC) - since).total_seconds() < 3
        line.set({"stale": 120})
        told = await node.read_data_value()
        assert (datetime.now(UTC) - told.SourceTimestamp).total_seconds() == pytest.approx(120, abs=3)
        line.set({"stale": False, "quality": "uncertain"})
        told = await node.read_data_value(raise_on_bad_status=False)
        assert not told.StatusCode.is_good() and told.Value.Value == 0
        line.set({"quality": "bad"})
        told = await node.read_data_value(raise_on_bad_status=False)
        assert told.StatusCode.is_bad() and told.Value.Value is None
        line.set({"quality": "good"})
        line.inject("drop", {})
        told = await node.read_data_value(raise_on_bad_status=False)
        assert told.StatusCode.value == ua.StatusCodes.BadNotConnected

    talk([line], work)


def test_it_can_be_browsed_and_never_written() -> None:
    line, hooks = make()

    async def work(client: Client) -> None:
        names = [(await node.read_browse_name()).Name for node in await client.nodes.objects.get_children()]
        assert names == ["Server", "Line/State", "Line/StateSince"]
        with pytest.raises(ua.UaStatusCodeError):
            await client.get_node(SOURCE["node"]).write_value(ua.Variant(0, ua.VariantType.Int32))
        assert await client.get_node(SOURCE["node"]).read_value() == 2

    talk([line], work)
    assert [entry["refused"] for entry in hooks.lines if entry.get("service") == "write"] == [True]


def test_two_lines_behind_one_endpoint_and_text_states() -> None:
    first, _hooks = make()
    other = {"node": "ns=3;s=L2", "state_map": {"EXECUTE": "running", "STOP": "stopped"}, "stopped_values": ["stopped"]}
    second, _hooks = make(other, "line-2")

    async def work(client: Client) -> None:
        assert await client.get_node("ns=3;s=L2").read_value() == "STOP"
        assert await client.get_node(SOURCE["node"]).read_value() == 2

    talk([first, second], work)


def test_dwell_can_be_told_and_state_survives() -> None:
    line, hooks = make()
    line.set({"state": "running"})
    line.set({"state": "stopped", "dwell_s": 600})
    assert time.time() - line.since == pytest.approx(600, abs=2)
    again = Line("line-1", SOURCE, hooks, line.dump(), time.time)
    assert again.summary() == line.summary()
    with pytest.raises(ValueError, match="quality is one of"):
        line.set({"quality": "excellent"})
