# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated NX-OS switch: spellings, bindings, hardware updates, jobs, checkpoints, batches, Netmiko."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import netmiko
import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch.base import BaseSwitch
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch.nxos import Switch

PORT = "Ethernet1/1"
CONFIG: dict[str, Any] = {
    "vlans": {101: "10.20.1.1/26"},
    "ports": ["Ethernet1/1", "Ethernet1/2"],
    "port_count": 4,
    "address": "10.20.0.13",
}
WEB = {"src": "10.20.1.11", "dst": "10.20.60.10", "protocol": "tcp", "src_port": 50000, "dst_port": 443}
DNS = {"src": "10.20.1.11", "dst": "10.20.95.10", "protocol": "udp", "src_port": 50000, "dst_port": 53}
WEB_ONLY = (
    "ip access-list WEB", "statistics per-entry", "10 permit tcp any any eq 443", "20 deny ip any any log",
)  # fmt: skip
OPEN = ("ip access-list OPEN", "10 permit ip any any")
Cli = Callable[..., str]


def bind(name: str) -> tuple[str, ...]:
    return (f"interface {PORT}", f"ip port access-group {name} in")


@pytest.fixture
def nxos(world: Any) -> Switch:
    return Switch("sw-nx-1", CONFIG, world)


@pytest.fixture
def nx(nxos: Switch) -> Cli:
    return typing(nxos)


def typing(switch: BaseSwitch) -> Cli:
    """Type lines into a session of its own; give the output of the last one."""
    session = switch.open_session("automation")

    def type_lines(*lines: str) -> str:
        text = ""
        for line in lines:
            text = switch.execute(session, line).text
        return text

    type_lines.session = session  # type: ignore[attr-defined]
    return type_lines


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("permit tcp 10.0.0.7/24 host 10.9.0.10 eq 502", "10 permit tcp 10.0.0.7/24 10.9.0.10/32 eq 502"),
        ("permit tcp 10.0.0.0 0.0.0.255 any eq 80", "10 permit tcp 10.0.0.0/24 any eq www"),
        ("permit ip 10.0.1.0 0.255.0.255 any", "10 permit ip 10.0.1.0 0.255.0.255 any"),
        ("permit udp any eq 68 any eq 67", "10 permit udp any eq bootpc any eq bootps"),
        ("30 permit tcp any neq finger any range 37 bgp", "30 permit tcp any neq finger any range time bgp"),
        ("permit 6 any any established", "10 permit tcp any any established"),
        ("permit 112 any any", "10 permit 112 any any"),
        ("permit icmp any any 11 0", "10 permit icmp any any ttl-exceeded"),
        ("permit ip 1.1.1.1/24 any ttl 200", "10 permit ip 1.1.1.1/24 any ttl 200"),
        ("permit tcp addrgroup A addrgroup B", "10 permit tcp addrgroup A addrgroup B"),
        ("10 remark dont \"miss\" 'me'", "10 remark dont \"miss\" 'me'"),
        ("deny ip any any log", "10 deny ip any any log"),
    ],
)
def test_what_is_stored_of_an_entry(nxos: Switch, nx: Cli, typed: str, kept: str) -> None:
    assert nx("configure terminal", "ip access-list A", typed) == ""
    assert nxos.dump()["lists"]["A"] == [kept]
    assert f"\n        {kept}\n" in nx("show ip access-lists A")


@pytest.mark.parametrize(
    ("typed", "caret", "words"),
    [
        ("permit tcp any any eq 22 80", 25, "Invalid"),
        ("permit tcp any any eq nonsense", 22, "Invalid"),
        ("permit tcp any", 14, "Incomplete"),
        ("permit ip 2001:db8::/32 any", 10, "Invalid"),
        ("0 permit ip any any", 0, "Invalid"),
    ],
)
def test_refusals_of_entries(nx: Cli, typed: str, caret: int, words: str) -> None:
    assert nx("configure", "ip access-list A", typed).splitlines() == [
        " " * (len("sw-nx-1(config-acl)# ") + caret) + "^",
        f"% {words} command at '^' marker.",
    ]


def test_ipv6_lists(nxos: Switch, nx: Cli) -> None:
    nx(
        "configure",
        "ipv6 access-list SIX",
        "permit tcp host 2001:DB8::1 2001:db8::/64 eq 443",
        "permit icmp any any 135",
    )
    assert nx.session.prompt == "sw-nx-1(config-ipv6-acl)# "  # type: ignore[attr-defined]
    nx(f"interface {PORT}", "ipv6 port traffic-filter SIX in", "end")
    assert nxos.dump()["lists"]["ipv6 SIX"] == [
        "10 permit tcp 2001:db8::1/128 2001:db8::/64 eq 443",
        "20 permit icmp any any nd-ns",
    ]
    packet = {"src": "2001:db8::1", "dst": "2001:db8::9", "protocol": "tcp", "dst_port": 443}
    assert nxos.evaluate(PORT, "in", packet)["permit"]
    assert not nxos.evaluate(PORT, "in", {**packet, "dst_port": 80})["permit"]
    assert nxos.evaluate(PORT, "in", WEB) == {"permit": True, "rule": "no list"}
    assert "  ipv6 port traffic-filter SIX in\n" in nx(f"show running-config interface {PORT}")


def test_a_rule_may_stand_twice_and_a_live_number_is_refused(nxos: Switch, nx: Cli) -> None:
    nx("configure", *WEB_ONLY, "15 permit tcp any any eq 443")
    assert "15 permit tcp any any eq 443" in nxos.dump()["lists"]["WEB"]
    assert nx("10 permit udp any any eq 53") == "ERROR: Sequence number 10 is in use\n"
    assert nx("10 remark now a remark").startswith("ERROR")
    assert nx("no 99").startswith("ERROR")
    nx("no 10", "no deny ip any any log", "5 remark x", "resequence ip access-list WEB 100 5")
    assert nxos.dump()["lists"]["WEB"] == ["100 remark x", "105 permit tcp any any eq 443"]


def test_every_line_takes_effect_at_once(nxos: Switch, nx: Cli) -> None:
    nx("configure", *bind("WEB"))
    assert nxos.evaluate(PORT, "in", DNS) == {"permit": True, "rule": "missing list WEB"}
    nx("ip access-list WEB")
    assert nxos.evaluate(PORT, "in", DNS) == {"permit": True, "rule": "empty list WEB"}
    nx("10 permit tcp any any eq 443")
    assert nxos.evaluate("eth1/1", "in", DNS) == {"permit": False, "rule": "implicit deny"}
    nx("no ip access-list WEB")
    assert nxos.evaluate(PORT, "in", DNS)["permit"]


def test_port_lists_and_router_lists(nxos: Switch, nx: Cli) -> None:
    nx("configure", f"interface {PORT}")
    assert "router" not in nx("ip port access-group A in")
    assert nx("ip access-group A in").startswith("ERROR: Ethernet1/1 is a switched port")
    assert "Invalid" in nx("ip port access-group A out")
    assert nx("interface Vlan101", "ip port access-group A in").startswith("ERROR: Vlan101 is a router port")
    assert nx("ip access-group A out", "ip access-group B in") == ""
    assert nxos.dump()["bindings"] == {PORT: {"in": "A"}, "Vlan101": {"in": "B", "out": "A"}}
    assert nx("no ip access-group OTHER in", "no ip access-group B in") == ""
    assert nxos.dump()["bindings"]["Vlan101"] == {"out": "A"}
    text = nx("show running-config aclmgr")
    assert "\ninterface Ethernet1/1\n  ip port access-group A in\n" in text
    assert "\ninterface Vlan101\n  ip access-group A out\n" in text
    nx("interface Ethernet1/2", "channel-group 1 mode active")
    assert "member of a port-channel" in nx("ip port access-group A in")


def test_counters_in_the_list_and_none_without_statistics(nxos: Switch, nx: Cli) -> None:
    nx("configure", *WEB_ONLY, "5 remark web", *bind("WEB"), "end")
    for _packet in range(2):
        nxos.evaluate(PORT, "in", WEB, count=True)
    assert nx("show ip access-lists WEB").splitlines() == [
        "",
        "IP access list WEB",
        "        statistics per-entry",
        "        5 remark web",
        "        10 permit tcp any any eq 443 [match=2]",
        "        20 deny ip any any log [match=0]",
    ]
    nx("clear ip access-list counters WEB")
    assert "[match=0]" in nx("show ip access-lists WEB | include 443")
    nx("configure", "ip access-list WEB", "no statistics per-entry", "end")
    assert "match" not in nx("show ip access-lists WEB")
    assert "Ethernet1/1 - ingress (Port ACL)" in nx("show ip access-lists WEB summary")


GROUPS = (
    "object-group ip address SERVERS", "host 10.20.60.10", "20 10.20.61.0/24", "object-group ip port WEB_PORTS",
    "eq 443", "20 range 8000 8100", "ip access-list G", "permit tcp any addrgroup SERVERS portgroup WEB_PORTS",
)  # fmt: skip


def test_object_groups_filter_and_follow_their_members(nxos: Switch, nx: Cli) -> None:
    nx("configure", *GROUPS, *bind("G"), "end")
    assert nxos.dump()["lists"]["G"] == ["10 permit tcp any addrgroup SERVERS portgroup WEB_PORTS"]
    assert nxos.evaluate(PORT, "in", WEB)["permit"]
    assert nxos.evaluate(PORT, "in", {**WEB, "dst": "10.20.61.9", "dst_port": 8050})["permit"]
    assert not nxos.evaluate(PORT, "in", {**WEB, "dst_port": 80})["permit"]
    assert nxos.tcam()[0] == 5
    nx("configure", "object-group ip address SERVERS", "no host 10.20.60.10")
    assert nx.session.prompt == "sw-nx-1(config-ipaddr-ogroup)# "  # type: ignore[attr-defined]
    assert not nxos.evaluate(PORT, "in", WEB)["permit"]
    assert "Invalid" in nx("10 host nonsense")
    assert nx("no object-group ip address SERVERS") == "ERROR: Object group SERVERS is in use\n"
    text = nx("end", "show running-config")
    assert "object-group ip address SERVERS\n  20 10.20.61.0/24\nobject-group ip port WEB_PORTS\n  10 eq" in text
    assert text.index("object-group") < text.index("ip access-list G")
    assert "IPv4 address object-group SERVERS\n        20 10.20.61.0/24\n" in nx("show object-group SERVERS")


def test_a_bigger_group_needs_room_too(world: Any) -> None:
    small = Switch("sw", {**CONFIG, "tcam_entries": 12}, world)
    cli = typing(small)
    cli("configure", *GROUPS, *bind("G"))  # 5 of 12, and 5 again while it changes
    assert cli("object-group ip port WEB_PORTS", "30 eq 9000") == ""
    assert cli("40 eq 9001").startswith("ERROR: Hardware")
    assert len(small.running.blocks["object-group ip port WEB_PORTS"]) == 3


def test_system_lists_are_shown_and_cannot_be_edited(nx: Cli) -> None:
    assert "IP access list copp-system-p-acl-eigrp" in nx("show ip access-lists")
    assert "copp" not in nx("show running-config")
    assert nx("configure", "ip access-list copp-system-p-acl-eigrp").startswith("ERROR")


def test_an_atomic_update_needs_old_and_new_at_once(world: Any) -> None:
    small = Switch("sw", {**CONFIG, "tcam_entries": 6}, world)
    cli = typing(small)
    cli("configure", *WEB_ONLY, *bind("WEB"))  # 3 of 6
    two = ("ip access-list NEW", "10 permit tcp any any eq 443", "20 permit udp any any eq 53", "30 deny ip any any")
    cli(*two)
    refused = cli(*bind("NEW"))
    assert refused.startswith("ERROR: Hardware programming failed.")
    assert small.dump()["bindings"] == {PORT: {"in": "WEB"}}
    assert cli("ip access-list WEB", "15 permit udp any any eq 53").startswith("ERROR: Hardware")
    assert not small.evaluate(PORT, "in", DNS)["permit"]
    assert cli("show logging logfile").count("ACLQOS_FAILED") == 2
    seen: list[bool] = []
    world.on_change = lambda: seen.append(small.evaluate(PORT, "in", WEB)["permit"])
    assert cli("no hardware access-list update atomic", *bind("NEW")) == ""
    assert seen == [False, True]
    seen.clear()
    cli("hardware access-list update default-result permit", *bind("WEB"))
    assert seen == [True, True]
    assert "  " in cli("end", "show hardware access-list resource utilization | include RACL")
    assert "3       3       50.00" in cli("show hardware access-list resource utilization")


JOB = (
    "feature scheduler",
    "scheduler job name OTE_revert",
    f"configure terminal ; interface {PORT} ; ip port access-group OPEN in",
    "exit",
    "scheduler schedule name OTE_revert",
    "job name OTE_revert",
)


def test_a_scheduler_job_binds_the_old_list_again(nxos: Switch, nx: Cli, world: Any) -> None:
    world.time += 30 - world.time % 60  # half a minute past
    nx("configure", *OPEN, *WEB_ONLY, *bind("OPEN"), *JOB, "time start +0:02", *bind("WEB"), "end")
    shown = nx("show scheduler schedule name OTE_revert")
    assert "User Name           : automation\nSchedule Type       : Run once on " in shown
    assert "Last Execution Time : Yet to be executed" in shown
    text = nx("show running-config | begin scheduler.job")
    assert text.startswith(f"scheduler job name OTE_revert\n{JOB[2]}\n\nend-job\n")
    world.time += 80
    nxos.tick(world.now())
    assert nxos.dump()["bindings"] == {PORT: {"in": "WEB"}}
    world.time += 10  # the beginning of its minute: 90 s after the line, not 120
    changes = world.changes
    nxos.tick(world.now())
    assert nxos.dump()["bindings"] == {PORT: {"in": "OPEN"}}
    assert world.changes > changes
    job = [line for line in world.lines if line.get("why") == "scheduler job OTE_revert"]
    assert [line["write"] for line in job] == [False, False, True]
    assert "OTE_revert" in nx("show scheduler logfile")
    assert "Execution count     : 1" in nx("show scheduler schedule")
    nx("configure", *bind("WEB"), "end")
    world.time += 3600
    nxos.tick(world.now())
    assert nxos.dump()["bindings"] == {PORT: {"in": "WEB"}}


def test_a_removed_schedule_never_runs_and_needs_its_feature(nxos: Switch, nx: Cli, world: Any) -> None:
    bare = typing(Switch("sw", CONFIG, world))
    assert "Invalid" in bare("configure", "scheduler job name J")
    nx("configure")
    nx(*OPEN, *JOB, "time start +0:02", "no scheduler schedule name OTE_revert", "no scheduler job name OTE_revert")
    world.time += 300
    nxos.tick(world.now())
    assert nxos.dump()["bindings"] == {}
    nx(*JOB)
    assert nx("scheduler job name OTE_revert").startswith("ERROR: Job OTE_revert exists")
    assert "Invalid" in nx("scheduler schedule name OTE_revert", "time start nonsense")


def test_a_repeated_schedule_and_an_absolute_start(nxos: Switch, nx: Cli, world: Any) -> None:
    world.time -= world.time % 60
    at = time.strftime("%Y:%m:%d:%H:%M", time.gmtime(world.time + 120))
    nx("configure", *OPEN, *JOB, f"time start {at} repeat 0:0:5", "end")
    for seconds, bound in [(119, False), (1, True), (299, False), (1, True)]:
        world.time += seconds
        nxos.tick(world.now())
        assert bool(nxos.dump()["bindings"]) is bound
        nx("configure", f"interface {PORT}", "no ip port access-group OPEN in", "end")


def test_an_applet_counts_down_once(nxos: Switch, nx: Cli, world: Any) -> None:
    lines = (
        "event manager applet OTE",
        "event timer countdown time 120",
        "action 10.0 cli ip port access-group OPEN in",
    )
    nx("configure", *OPEN, *lines, "action 1.0 cli conf t", f"action 2.0 cli interface {PORT}", "end")
    again = Switch("sw-nx-1", CONFIG, world, json.loads(json.dumps(nxos.dump())))
    world.time += 119
    again.tick(world.now())
    assert again.dump()["bindings"] == {}
    world.time += 1
    again.tick(world.now())
    assert again.dump()["bindings"] == {PORT: {"in": "OPEN"}}
    nx("configure", "no event manager applet OTE", "end")
    nxos.tick(world.now())
    assert nxos.dump()["bindings"] == {}


def test_checkpoints_roll_back_everything_at_once(nxos: Switch, nx: Cli) -> None:
    nx("configure", *OPEN, *bind("OPEN"), "end")
    assert nx("checkpoint before") == "Done\n"
    assert nx("checkpoint before").startswith("ERROR")
    nx("configure", *WEB_ONLY, *bind("WEB"), "no ip access-list OPEN", "hostname other", "end")
    patch = nx("show diff rollback-patch checkpoint before running-config").splitlines()
    assert "  no ip port access-group WEB in" in patch
    assert "no ip access-list WEB" in patch
    assert "ip access-list OPEN" in patch
    assert "Rollback completed successfully." in nx("rollback running-config checkpoint before atomic")
    assert nxos.dump()["bindings"] == {PORT: {"in": "OPEN"}}
    assert nxos.running.hostname == "sw-nx-1"
    assert nx("rollback running-config checkpoint none").startswith("ERROR")
    assert "user-checkpoint-1 created" in nx("checkpoint")
    for number in range(8):
        nx(f"checkpoint c{number}")
    assert "Maximum number" in nx("checkpoint c9")
    nx("no checkpoint before")
    assert nx("checkpoint c9") == "Done\n"
    assert "1) user-checkpoint-1:" in nx("show checkpoint summary")


def test_a_batch_is_run_as_a_whole(nxos: Switch, nx: Cli) -> None:
    nx("configure session s1")
    assert nx.session.prompt == "sw-nx-1(config-s)# "  # type: ignore[attr-defined]
    nx(*WEB_ONLY)
    assert nx.session.prompt == "sw-nx-1(config-s-acl)# "  # type: ignore[attr-defined]
    nx(*bind("WEB"))
    assert "Invalid" in nx("hostname other")
    assert nxos.dump()["lists"] == {}
    assert "0002  statistics per-entry" in nx("show configuration session s1")
    assert nx("verify") == "Verification Successful\n"
    nx("end", "configure session s1")
    assert "Commit Successful" in nx("commit")
    assert nxos.dump()["bindings"] == {PORT: {"in": "WEB"}}
    assert nxos.batches == {}
    nx("configure session s2", "no ip access-list WEB", "abort")
    assert "WEB" in nxos.dump()["lists"]


def test_a_batch_that_does_not_fit_changes_nothing(world: Any) -> None:
    small = Switch("sw", {**CONFIG, "tcam_entries": 2}, world)
    cli = typing(small)
    cli("configure session s", *WEB_ONLY, *bind("WEB"))
    assert cli("verify").startswith("ERROR: Hardware")
    assert cli("commit").startswith("ERROR: Hardware")
    assert (small.dump()["bindings"], small.dump()["lists"]) == ({}, {})
    assert "s" in small.batches


def test_a_power_cut_loads_startup_and_keeps_checkpoints(nxos: Switch, nx: Cli) -> None:
    assert "Copy complete." in nx("configure", "hostname kept", "end", "copy running-config startup-config")
    nx("checkpoint c", "configure session s", *WEB_ONLY, "end", "configure", *OPEN, "end")
    assert not nxos.dump()["startup_equals_running"]
    nxos.inject("power_cut", {})
    assert (nxos.running.hostname, nxos.dump()["lists"], nxos.batches) == ("kept", {}, {})
    assert list(nxos.checkpoints) == ["c"]


def test_everything_outlives_a_restart_of_the_process(nxos: Switch, nx: Cli, world: Any) -> None:
    nx("configure", *OPEN, *WEB_ONLY, *bind("WEB"), *JOB, "time start +0:05", "end", "checkpoint c")
    nx("configure session s", *OPEN, "end")
    nxos.evaluate(PORT, "in", WEB, count=True)
    again = Switch("sw-nx-1", CONFIG, world, json.loads(json.dumps(nxos.dump())))
    assert again.dump() == nxos.dump()
    assert "[match=1]" in typing(again)("show ip access-lists WEB")
    world.time += 300
    again.tick(world.now())
    assert again.dump()["bindings"] == {PORT: {"in": "OPEN"}}


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("write memory", "         ^\n% Invalid command at '^' marker.\n"),
        ("show", "             ^\n% Incomplete command at '^' marker.\n"),
        ("c", "         ^\n% Ambiguous command at '^' marker.\n"),
        ("show hostname", "sw-nx-1 \n"),
        ("show user-account automation | include roles", "        roles:network-admin \n"),
        ("show startup-config | include hostname", "hostname sw-nx-1\n"),
        ("show feature | include interface", "interface-vlan        1         enabled\n"),
        ("reload", "ERROR: reload is not simulated"),
    ],
)
def test_exec_answers(nx: Cli, line: str, answer: str) -> None:
    assert nx(line).startswith(answer)


def test_an_operator_may_read_only(world: Any) -> None:
    low = Switch("sw", {**CONFIG, "role": "network-operator"}, world)
    cli = typing(low)
    for line in ("configure terminal", "checkpoint c", "copy running-config startup-config", "configure session s"):
        assert cli(line) == "% Permission denied for the role\n"
    assert "roles:network-operator" in cli("show user-account")


def test_the_vty_class_refuses_new_sessions(nxos: Switch, nx: Cli) -> None:
    nxos.inject("seen_as", {"address": "10.20.90.5"})
    nx(
        "configure",
        "ip access-list MGMT",
        "permit tcp 10.20.90.9/32 any eq 22",
        "line vty",
        "access-class MGMT in",
        "end",
    )
    assert not nxos.admit()
    assert "line vty\n  access-class MGMT in\n" in nx("show running-config")
    nx("configure", "line vty", "no access-class MGMT in", "end")
    assert nxos.admit()


def test_seed_lines_and_svis(world: Any) -> None:
    made = Switch("sw", {**CONFIG, "lines": [*OPEN, *bind("OPEN")]}, world)
    assert made.dump()["bindings"] == {PORT: {"in": "OPEN"}}
    assert made.dump()["startup_equals_running"]
    assert made.gateway(PORT, WEB) == "Vlan101"
    with pytest.raises(ValueError, match="seed line 'nonsense' is refused"):
        Switch("sw", {**CONFIG, "lines": ["nonsense"]}, world)
    bare = typing(Switch("sw", {"ports": []}, world))
    assert "Invalid" in bare("configure", "interface Vlan5")
    assert bare("feature interface-vlan", "interface Vlan5") == ""


@pytest.fixture
def nxos_running(nxos: Switch, tmp_path: Any, running_server: Any) -> Iterator[Any]:
    made = running_server(nxos, str(tmp_path / "host_key"))
    yield made
    made.close()


def dial(running: Any) -> Any:
    return netmiko.ConnectHandler(
        device_type="cisco_nxos",
        host="127.0.0.1",
        port=running.server.port,
        username="automation",
        password="secret-1",
    )


def test_netmiko_configures_binds_and_saves(nxos_running: Any, nxos: Switch) -> None:
    with dial(nxos_running) as device:
        assert device.find_prompt() == "sw-nx-1#"
        assert "9.3(10)" in device.send_command("show version")
        assert "%" not in device.send_config_set([*WEB_ONLY, *bind("WEB")])
        assert "10 permit tcp any any eq 443 [match=0]" in device.send_command("show ip access-lists WEB")
        assert "Copy complete." in device.save_config()
    assert nxos.dump()["startup_equals_running"]
    assert nxos.dump()["bindings"] == {PORT: {"in": "WEB"}}


def test_a_cut_session_keeps_the_lines_that_came_through(nxos_running: Any, nxos: Switch) -> None:
    nxos.inject("cut_after_line", {"k": 3})
    device = dial(nxos_running)
    device.write_channel("\n".join(["configure terminal", *WEB_ONLY, *bind("WEB"), ""]))
    end = time.monotonic() + 5
    while nxos.sessions and time.monotonic() < end:
        time.sleep(0.02)
    device.disconnect()
    assert nxos.dump()["lists"] == {"WEB": ["10 permit tcp any any eq 443"]}
    assert nxos.dump()["bindings"] == {}
