# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the simulated EOS and NX-OS switches have in common: first match, stored spellings, the SSH side."""

from __future__ import annotations

import ipaddress
import time
from dataclasses import dataclass
from typing import Any

import netmiko
import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch import make_switch
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch.entry import tokens_of
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch.eos.tables import SYNTAX as EOS
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch.nxos.tables import SYNTAX as NXOS
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch.rule_reader import Syntax, parse_rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch.rules import Flow, RuleList
from hypothesis import given, settings
from hypothesis import strategies as st

LONG = "sw-hall-7-line-42-north-cabinet-access-switch"


@dataclass(frozen=True)
class Kind:
    """One platform: its syntax, Netmiko's name, a port, and the binding there."""

    platform: str
    syntax: Syntax
    device_type: str
    port: str
    bind: str


KINDS = [
    Kind("eos", EOS, "arista_eos", "Ethernet1", "ip access-group {} in"),
    Kind("nxos", NXOS, "cisco_nxos", "Ethernet1/1", "ip port access-group {} in"),
]


@pytest.fixture(params=KINDS, ids=lambda kind: kind.platform)
def kind(request: pytest.FixtureRequest) -> Kind:
    return request.param


@pytest.fixture
def rig(kind: Kind, world: Any, tmp_path: Any, running_server: Any) -> Any:
    config = {"platform": kind.platform, "hostname": LONG, "ports": [kind.port], "vlans": {101: "10.20.1.1/26"}}
    made = running_server(make_switch("sw", config, world), str(tmp_path / "host_key"))
    yield made
    made.close()


def dial(rig: Any, kind: Kind) -> Any:
    return netmiko.ConnectHandler(
        device_type=kind.device_type,
        host="127.0.0.1",
        port=rig.server.port,
        username="automation",
        password="secret-1",
    )


def test_netmiko_copes_with_a_long_host_name_and_long_lines(rig: Any, kind: Kind) -> None:
    with dial(rig, kind) as device:
        assert device.find_prompt().strip() == f"{LONG}#"
        lines = ["ip access-list LONG", f"10 remark {'x' * 200}", "20 permit ip any any"]
        lines += [f"interface {kind.port}", kind.bind.format("LONG")]
        assert "%" not in device.send_config_set(lines)
        assert f"10 remark {'x' * 200}" in device.send_command("show running-config")
    assert rig.switch.dump()["bindings"] == {kind.port: {"in": "LONG"}}


def test_lines_typed_ahead_wait_for_a_slow_switch_and_new_sessions_can_be_denied(rig: Any, kind: Kind) -> None:
    rig.switch.inject("line_latency", {"seconds": 0.02})
    device = dial(rig, kind)
    lines = [f"{10 * number} permit tcp any any eq {1000 + number}" for number in range(1, 11)]
    device.write_channel("\n".join(["configure terminal", "ip access-list AHEAD", *lines, "end", ""]))
    end = time.monotonic() + 5
    while len(rig.switch.dump()["lists"].get("AHEAD", [])) < 10 and time.monotonic() < end:
        time.sleep(0.02)
    assert rig.switch.dump()["lists"]["AHEAD"] == lines
    rig.switch.inject("deny_new_sessions", {})
    with pytest.raises(Exception):  # noqa: B017, PT011 - Netmiko has several words for it
        dial(rig, kind)
    device.disconnect()


@pytest.mark.parametrize("syntax", [EOS, NXOS], ids=["eos", "nxos"])
@pytest.mark.parametrize("table", ["tcp", "udp"])
def test_every_port_name_is_read_as_its_number_and_printed_stably(syntax: Syntax, table: str) -> None:
    for name, number in getattr(syntax, table).items():
        for word in (name, str(number)):
            rule = parse_rule(tokens_of(f"permit {table} any any eq {word}"), syntax, "ip")
            assert rule.dst_ports is not None
            assert rule.dst_ports.intervals == ((number, number),)
            assert parse_rule(tokens_of(rule.body), syntax, "ip") == rule


ADDRESS = st.integers(0, 2**32 - 1).map(lambda value: str(ipaddress.IPv4Address(value)))
CONDITION = st.one_of(
    st.just("any"),
    ADDRESS.map(lambda text: f"host {text}"),
    st.tuples(ADDRESS, st.integers(0, 32)).map(lambda pair: f"{pair[0]}/{pair[1]}"),
    st.tuples(ADDRESS, ADDRESS).map(lambda pair: f"{pair[0]} {pair[1]}"),
)
PORTS = st.one_of(
    st.just(""),
    st.tuples(st.sampled_from(["eq", "neq", "gt", "lt"]), st.integers(1, 65534)).map(lambda p: f"{p[0]} {p[1]}"),
    st.tuples(st.integers(0, 40000), st.integers(40000, 65535)).map(lambda p: f"range {p[0]} {p[1]}"),
)
ENTRY = st.tuples(
    st.sampled_from(["permit", "deny"]), st.sampled_from(["tcp", "udp"]), CONDITION, PORTS, CONDITION, PORTS
)


@settings(max_examples=150, deadline=None)
@given(entry=ENTRY, syntax=st.sampled_from([EOS, NXOS]), src=ADDRESS, dst=ADDRESS, port=st.integers(1, 65535))
def test_what_is_stored_means_what_was_typed(entry: Any, syntax: Syntax, src: str, dst: str, port: int) -> None:
    typed = " ".join(part for part in entry if part)
    rule = parse_rule(tokens_of(typed), syntax, "ip")
    again = parse_rule(tokens_of(rule.body), syntax, "ip")
    assert again.body == rule.body
    flow = Flow.of({"src": src, "dst": dst, "protocol": entry[1], "src_port": port, "dst_port": port})
    assert again.matches(flow) == rule.matches(flow)
    assert rule.src.covers(flow.src) == _covers(entry[2], src)
    assert rule.dst.covers(flow.dst) == _covers(entry[4], dst)


def _covers(text: str, address: str) -> bool:
    """Judge an address by the standard library alone."""
    if text == "any":
        return True
    if text.startswith("host "):
        return text[5:] == address
    if "/" in text:
        return ipaddress.IPv4Address(address) in ipaddress.IPv4Network(text, strict=False)
    value, free = (int(ipaddress.IPv4Address(part)) for part in text.split())
    return (int(ipaddress.IPv4Address(address)) | free) == (value | free)


def test_first_match_wins_and_counts() -> None:
    made = RuleList("L")
    for number, line in (
        (20, "deny tcp any any eq 443"),
        (10, "permit tcp host 10.0.0.1 any"),
        (30, "permit ip any any"),
    ):
        made.put(number, parse_rule(tokens_of(line), EOS, "ip"))
    assert list(made.entries) == [10, 20, 30]
    web = {"protocol": "tcp", "dst": "10.0.0.9", "dst_port": 443, "src_port": 5000}
    assert made.decide(Flow.of({**web, "src": "10.0.0.1"}), 5.0) == (True, "10 permit tcp host 10.0.0.1 any")
    assert made.decide(Flow.of({**web, "src": "10.0.0.2"})) == (False, "20 deny tcp any any eq https")
    assert made.decide(Flow.of({"src": "10.0.0.2", "dst": "10.0.0.9", "protocol": "icmp"}))[0]
    assert (made.counters, made.last_hit) == ({10: 1}, {10: 5.0})
