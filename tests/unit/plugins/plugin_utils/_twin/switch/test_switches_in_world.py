# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""EOS and NX-OS switches in a simulated site: timers fire by its clock, flows follow, a restart keeps them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("asyncssh")
pytest.importorskip("asyncua")
pytest.importorskip("spnego")

from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.clock import Clock  # noqa: E402
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.config import parse  # noqa: E402
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.journal import Journal  # noqa: E402
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.servers import make_world  # noqa: E402
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.store import Store  # noqa: E402

DENY = ("ip access-list SHUT", "10 deny ip any any")


def _station(switch: str, port: str, number: int) -> dict[str, Any]:
    return {
        "ansible_user": "svc",
        "ansible_password": "secret",
        "station_mac": f"00:1B:1B:00:11:0{number}",
        "station_address": f"10.20.1.1{number}",
        "station_switch": switch,
        "station_port": port,
        "station_flows": [{"to": "10.20.60.10", "protocol": "tcp", "ports": [443]}],
    }


def _switch(network_os: str, **twin: Any) -> dict[str, Any]:
    return {
        "ansible_user": "automation",
        "ansible_password": "secret",
        "ansible_host": "10.20.0.12",
        "ansible_network_os": network_os,
        "twin_switch": {"vlans": {101: "10.20.1.1/26"}, "port_count": 2, **twin},
    }


SITE: dict[str, Any] = {
    "site_vars": {},
    "stations": {"l1-op1": _station("sw-eos", "Ethernet1", 1), "l1-op2": _station("sw-nx", "Ethernet1/1", 2)},
    "switches": {
        "sw-eos": _switch("arista.eos.eos"),
        "sw-nx": _switch("cisco.nxos.nxos", lines=["feature scheduler"]),
    },
    "options": {"install_seconds": 60, "boot_seconds": 10},
}


def _flows(folder: Path) -> list[tuple[str, bool]]:
    lines = [json.loads(line) for line in (folder / "journal.jsonl").read_text().splitlines()]
    found = []
    for line in lines:
        data = {**line, **(line.get("data") or {})}
        if data["kind"] == "flow":
            found.append((data["station"], data["permit"]))
    return found


def _type(world: Any, name: str, *lines: str) -> None:
    switch = world.switches[name]
    session = switch.open_session("automation")
    for line in lines:
        assert not switch.refused(switch.execute(session, line).text), line
    switch.close_session(session)


def test_the_timers_of_both_platforms_fire_by_the_clock_of_the_site(tmp_path: Path) -> None:
    clock = Clock()
    journal, store = Journal(tmp_path / "journal.jsonl", clock), Store(tmp_path / "state")
    world = make_world(parse(SITE), store, journal, clock)
    assert _flows(tmp_path) == [("l1-op1", True), ("l1-op2", True)]
    bind = ("interface Ethernet1", "ip access-group SHUT in")
    _type(world, "sw-eos", "configure session s", *DENY, *bind, "commit timer 00:02:00")
    job = ("scheduler job name back", "conf t ; interface Ethernet1/1 ; no ip port access-group SHUT in", "exit")
    when = ("scheduler schedule name back", "job name back", "time start +0:02")
    lines = ("interface Ethernet1/1", "ip port access-group SHUT in")
    _type(world, "sw-nx", "configure terminal", *job, *when, *DENY, *lines, "end")
    assert _flows(tmp_path)[2:] == [("l1-op1", False), ("l1-op2", False)]
    world.tick()
    world.save(everything=True)

    again = make_world(parse(SITE), store, Journal(tmp_path / "journal.jsonl", clock), clock)
    assert again.switches["sw-eos"].dump()["bindings"] == {"Ethernet1": {"in": "SHUT"}}
    assert again.switches["sw-nx"].dump()["bindings"] == {"Ethernet1/1": {"in": "SHUT"}}
    clock.step(121)
    again.tick()
    assert again.switches["sw-eos"].dump()["bindings"] == {}
    assert again.switches["sw-nx"].dump()["bindings"] == {}
    assert sorted(_flows(tmp_path)[-2:]) == [("l1-op1", True), ("l1-op2", True)]
