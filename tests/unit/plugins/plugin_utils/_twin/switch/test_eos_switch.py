# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated EOS switch: spellings, list mode, configure sessions, commit timer, what outlives what, Netmiko."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import netmiko
import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch.base import BaseSwitch
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch.eos import Switch
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch.server import SwitchServer

PORT = "Ethernet1"
CONFIG: dict[str, Any] = {
    "vlans": {101: "10.20.1.1/26"},
    "ports": ["Ethernet1", "Ethernet2"],
    "port_count": 4,
    "address": "10.20.0.12",
}
WEB = {"src": "10.20.1.11", "dst": "10.20.60.10", "protocol": "tcp", "src_port": 50000, "dst_port": 443}
DNS = {"src": "10.20.1.11", "dst": "10.20.95.10", "protocol": "udp", "src_port": 50000, "dst_port": 53}
WEB_ONLY = ("ip access-list WEB", "counters per-entry", "10 permit tcp any any eq 443", "20 deny ip any any log")
BIND = (f"interface {PORT}", "ip access-group WEB in")
Cli = Callable[..., str]


@pytest.fixture
def eos(world: Any) -> Switch:
    return Switch("sw-eos-1", CONFIG, world)


@pytest.fixture
def eos_cli(eos: Switch) -> Cli:
    return typing(eos)


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


def stored(cli: Cli, line: str, opening: str = "ip access-list ZZ") -> str:
    """Type one entry and give what the configuration holds of it."""
    refused = cli("configure", opening, line)
    cli("exit", "end")
    if refused:
        return refused.strip()
    text = cli("show running-config section ZZ")
    cli("configure", "no ip access-list ZZ", "no ipv6 access-list ZZ", "end")
    return text.splitlines()[1].strip()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("permit tcp 10.0.0.7/24 10.9.0.10/32 eq 502", "10 permit tcp 10.0.0.0/24 host 10.9.0.10 eq 502"),
        ("20 permit tcp 10.0.0.0 0.0.0.255 host 10.9.0.10 eq 443", "20 permit tcp 10.0.0.0/24 host 10.9.0.10 eq https"),
        ("permit ip 10.0.1.0 0.255.0.255 any", "10 permit ip 10.0.1.0 0.255.0.255 any"),
        ("permit ip 0.0.0.0/0 0.0.0.0 255.255.255.255", "10 permit ip any any"),
        ("permit tcp any any eq 22 23 80", "10 permit tcp any any eq ssh telnet www"),
        ("permit udp any eq 68 any eq 67", "10 permit udp any eq bootpc any eq bootps"),
        ("permit 6 any any established", "10 permit tcp any any established"),
        ("permit 112 any any", "10 permit vrrp any any"),
        ("permit 99 any any", "10 permit 99 any any"),
        ("permit icmp any any 8", "10 permit icmp any any echo"),
        ("permit icmp any any 3 4", "10 permit icmp any any packet-too-big"),
        ("permit udp any any eq 514", "10 permit udp any any eq syslog"),
        ("permit tcp any any eq 514", "10 permit tcp any any eq cmd"),
        ("permit tcp any any range 5900 5910", "10 permit tcp any any range 5900 5910"),
        ("deny ip any any log", "10 deny ip any any log"),
        ("permit ip any any tracked", "10 permit ip any any tracked"),
        ("permit tcp any any eq 502 ttl eq 255", "10 permit tcp any any eq 502 ttl eq 255"),
        ("7 remark  two   words", "7 remark two words"),
        ("permit tcp any any eq nonsense", "% Invalid input"),
        ("permit tcp any any range 20 10", "% Invalid input"),
        ("permit tcp any", "% Incomplete command"),
        ("permit ip 2001:db8::/32 any", "% Invalid input"),
        ("4294967296 permit ip any any", "% Invalid input"),
    ],
)
def test_what_is_stored_of_an_entry(eos_cli: Cli, typed: str, kept: str) -> None:
    assert stored(eos_cli, typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (
            "permit tcp 2001:DB8::7/64 host 2001:db8::10 eq 443",
            "10 permit tcp 2001:db8::/64 host 2001:db8::10 eq https",
        ),
        ("permit ipv6 ::/0 any", "10 permit ipv6 any any"),
        ("permit icmpv6 any any 135", "10 permit icmpv6 any any neighbor-solicitation"),
        ("permit ip any any", "% Invalid input"),
    ],
)
def test_ipv6_entries(eos_cli: Cli, typed: str, kept: str) -> None:
    assert stored(eos_cli, typed, "ipv6 access-list ZZ") == kept


def test_a_standard_list_takes_sources_only(eos_cli: Cli) -> None:
    assert stored(eos_cli, "permit 10.0.0.5 log", "ip access-list standard ZZ") == "10 permit host 10.0.0.5 log"
    assert stored(eos_cli, "permit tcp any any", "ip access-list standard ZZ") == "% Invalid input"
    assert "another type" in eos_cli("configure", "ip access-list standard SRC9", "exit", "ip access-list SRC9")


def test_a_list_takes_effect_when_list_mode_is_left(eos: Switch, eos_cli: Cli, world: Any) -> None:
    eos_cli("configure", *BIND, *WEB_ONLY)
    assert eos.evaluate(PORT, "in", DNS) == {"permit": True, "rule": "missing list WEB"}
    changes = world.changes
    eos_cli("exit")
    assert world.changes == changes + 1
    assert eos.evaluate(PORT, "in", DNS)["rule"] == "20 deny ip any any log"
    assert eos.evaluate(PORT, "in", WEB)["permit"]
    eos_cli("ip access-list WEB", "no 10", "no 20")
    assert eos_cli("show pending").splitlines() == ["ip access-list WEB", "   counters per-entry"]
    assert "-   20 deny ip any any log" in eos_cli("show diff")
    eos_cli("abort")
    assert not eos.evaluate(PORT, "in", DNS)["permit"]
    eos_cli("ip access-list WEB", "no 10")
    eos.close_session(eos_cli.session)  # type: ignore[attr-defined]
    assert eos.evaluate(PORT, "in", WEB)["permit"]


def test_numbers_duplicates_and_resequence(eos: Switch, eos_cli: Cli) -> None:
    eos_cli("configure", *WEB_ONLY)
    assert eos_cli("10 permit udp any any eq 53") == "% Error: Duplicate sequence number 10\n"
    assert eos_cli("10 permit tcp any any eq https") == ""
    assert eos_cli("15 permit tcp any any eq https") == ""
    eos_cli("5 remark first", "resequence 100 20", "end")
    assert eos.dump()["lists"]["WEB"] == [
        "100 remark first",
        "120 permit tcp any any eq https",
        "140 deny ip any any log",
    ]
    eos_cli("configure", "ip access-list WEB", "no permit tcp any any eq 443", "no 999", "end")
    assert eos.dump()["lists"]["WEB"] == ["100 remark first", "140 deny ip any any log"]


def test_empty_lists_and_remarks_permit_and_ports_take_both_ways(eos: Switch, eos_cli: Cli) -> None:
    eos_cli("configure", "ip access-list E", "10 remark nothing yet", f"interface {PORT}", "ip access-group E in")
    assert eos.evaluate(PORT, "in", DNS) == {"permit": True, "rule": "empty list E"}
    eos_cli("ip access-group WEB out", *WEB_ONLY, "end")
    assert not eos.evaluate("et1", "out", DNS)["permit"]
    eos_cli("configure", f"interface {PORT}", "no ip access-group OTHER out")
    assert not eos.evaluate(PORT, "out", DNS)["permit"]
    eos_cli(
        "no ip access-group WEB out", "ipv6 access-group SIX in", "ipv6 access-list SIX", "deny ipv6 any any", "end"
    )
    assert eos.evaluate(PORT, "out", DNS)["permit"]
    six = {"src": "2001:db8::1", "dst": "2001:db8::2", "protocol": "icmp"}
    assert eos.evaluate(PORT, "in", six) == {"permit": False, "rule": "10 deny ipv6 any any"}
    assert eos.dump()["bindings"] == {PORT: {"in": "E", "ipv6 in": "SIX"}}


def test_counters_are_shown_where_they_are_turned_on(eos: Switch, eos_cli: Cli, world: Any) -> None:
    eos_cli("configure", *WEB_ONLY, *BIND, "end")
    for _packet in range(2):
        eos.evaluate(PORT, "in", WEB, count=True)
    eos.evaluate(PORT, "in", DNS, count=True)
    world.time += 65
    assert eos_cli("show ip access-lists WEB").splitlines() == [
        "IP Access List WEB",
        "        counters per-entry",
        "        10 permit tcp any any eq https [match 2 packets, 0:01:05 ago]",
        "        20 deny ip any any log [match 1 packet, 0:01:05 ago]",
        "",
    ]
    eos_cli("clear ip access-lists counters WEB")
    assert "match" not in eos_cli("show ip access-lists WEB")


def test_the_list_of_the_cpu_is_there_and_cannot_be_edited(eos_cli: Cli) -> None:
    assert "IP Access List default-control-plane-acl [readonly]" in eos_cli("show ip access-lists")
    assert "default-control-plane-acl" not in eos_cli("show running-config")
    assert "read-only" in eos_cli("configure", "ip access-list default-control-plane-acl")
    assert eos_cli.session.mode == "config"  # type: ignore[attr-defined]


def test_a_configure_session_changes_nothing_before_its_commit(eos: Switch, eos_cli: Cli, world: Any) -> None:
    session = eos_cli.session  # type: ignore[attr-defined]
    eos_cli("configure session acl-change", *WEB_ONLY)
    assert session.prompt == "sw-eos-1(config-s-acl-ch-acl-WEB)#"
    eos_cli(*BIND)
    assert session.prompt == "sw-eos-1(config-s-acl-ch-if-Et1)#"
    assert eos.dump()["lists"] == {}
    assert world.changes == 0
    diff = eos_cli("show session-config diffs")
    assert diff.startswith("--- system:/running-config\n+++ session:/acl-change-session-config\n@@")
    assert "\n+   ip access-group WEB in\n" in diff
    eos_cli("end")
    assert session.prompt == "sw-eos-1#"
    assert "acl-change pending" in eos_cli("show configuration sessions")
    assert eos_cli("configure session acl-change", "show session-config named acl-change diffs") == diff
    eos_cli("commit")
    assert not eos.evaluate(PORT, "in", DNS)["permit"]
    assert world.changes == 1
    assert "acl-change completed" in eos_cli("show configuration sessions detail")


def test_an_aborted_session_is_gone(eos: Switch, eos_cli: Cli) -> None:
    eos_cli("configure session a", *WEB_ONLY, "exit", "abort")
    assert eos.candidates == {}
    eos_cli("configure session b", "hostname other", "end", "configure session b abort")
    assert eos.running.hostname == "sw-eos-1"
    assert "Cannot find" in eos_cli("configure session b commit")
    eos_cli("configure session", "hostname third", "end")
    assert next(iter(eos.candidates)).startswith("sess-1-")


def test_a_commit_overwrites_what_was_changed_meanwhile(eos: Switch, eos_cli: Cli) -> None:
    eos_cli("configure session s", "hostname mine", "end")
    typing(eos)("configure", "vlan 77", "end")
    eos_cli("configure session s commit")
    assert (eos.running.hostname, 77 in eos.running.vlans) == ("mine", False)


def test_five_sessions_may_be_pending(eos_cli: Cli) -> None:
    for number in range(5):
        assert eos_cli(f"configure session s{number}") == ""
        eos_cli("end")
    assert "Maximum number of pending sessions" in eos_cli("configure session s5")
    assert eos_cli.session.mode == "exec"  # type: ignore[attr-defined]


def test_the_commit_timer_takes_the_change_back(eos: Switch, eos_cli: Cli, world: Any) -> None:
    eos_cli("configure session s", *WEB_ONLY, *BIND)
    assert eos_cli("commit timer 00:02:00") == ""
    assert eos_cli.session.prompt == "sw-eos-1#"  # type: ignore[attr-defined]
    assert not eos.evaluate(PORT, "in", DNS)["permit"]
    world.time += 4
    assert "pendingCommitTimer" in eos_cli("show configuration sessions detail")
    assert "1m56s" in eos_cli("show configuration sessions detail")
    assert "commit timer" in eos_cli("configure session s")
    assert "commit timer" in eos_cli("configure session t", "hostname t", "commit")
    eos_cli("abort")
    world.time += 115.5
    eos.tick(world.now())
    assert eos.dump()["bindings"] == {PORT: {"in": "WEB"}}
    world.time += 1
    eos.tick(world.now())
    assert (eos.dump()["bindings"], eos.dump()["lists"], eos.candidates) == ({}, {}, {})
    assert eos.dump()["startup_equals_running"]
    assert [line["why"] for line in world.writes() if line["kind"] == "change"] == ["commit timer"]


def test_a_confirm_from_another_session_keeps_the_change(eos: Switch, eos_cli: Cli, world: Any) -> None:
    eos_cli("configure session s", *WEB_ONLY, *BIND, "commit timer 0:00:30")
    eos_cli("configure", "vlan 9", "end")
    assert typing(eos)("configure session s commit") == ""
    world.time += 3600
    eos.tick(world.now())
    assert eos.dump()["bindings"] == {PORT: {"in": "WEB"}}
    assert 9 in eos.running.vlans
    assert "completed" in eos_cli("show configuration sessions")


def test_an_abort_takes_a_timed_commit_back_at_once(eos: Switch, eos_cli: Cli) -> None:
    eos_cli("configure session s", *WEB_ONLY, *BIND, "commit timer 00:10:00")
    eos_cli("configure session s abort")
    assert (eos.dump()["bindings"], eos.candidates) == ({}, {})


@pytest.mark.parametrize("timer", ["5", "00:00", "00:00:00", "0:61:00", "aa:00:00"])
def test_a_timer_of_another_form_is_refused_and_nothing_is_committed(eos: Switch, eos_cli: Cli, timer: str) -> None:
    eos_cli("configure session s", "hostname other")
    assert eos_cli(f"commit timer {timer}") == "% Invalid input\n"
    assert eos.running.hostname == "sw-eos-1"


def test_everything_outlives_a_restart_of_the_process(eos: Switch, eos_cli: Cli, world: Any) -> None:
    eos_cli("configure session s", *WEB_ONLY, *BIND, "commit timer 00:02:00")
    eos_cli("configure session later", "hostname later", "end")
    eos.evaluate(PORT, "in", WEB, count=True)
    again = Switch("sw-eos-1", CONFIG, world, json.loads(json.dumps(eos.dump())))
    assert again.dump() == eos.dump()
    assert "[match 1 packet" in typing(again)("show ip access-lists WEB")
    world.time += 120
    again.tick(world.now())
    assert again.dump()["bindings"] == {}
    world.time += 24 * 3600
    again.tick(world.now())
    assert again.candidates == {}


def test_a_power_cut_loads_startup_and_forgets_sessions(eos: Switch, eos_cli: Cli) -> None:
    assert eos_cli("configure", "hostname kept", "end", "write memory") == "Copy completed successfully.\n"
    eos_cli("configure session s", *WEB_ONLY, *BIND, "commit timer 00:02:00")
    assert "+ip access-list WEB" in eos_cli("show running-config diffs")
    eos.inject("power_cut", {})
    assert (eos.running.hostname, eos.dump()["lists"], eos.candidates) == ("kept", {}, {})
    assert eos.dump()["startup_equals_running"]


def test_a_list_that_does_not_fit_drops_and_is_not_active(world: Any) -> None:
    small = Switch("sw", {**CONFIG, "tcam_entries": 3}, world)
    cli = typing(small)
    cli("configure", *WEB_ONLY, *BIND, "end")
    assert small.evaluate(PORT, "in", WEB)["permit"]
    assert "Active on     Ingress: Et1" in cli("show ip access-lists WEB summary")
    cli("configure", "ip access-list WEB", "15 permit tcp any any eq 22 80", "end")
    assert small.evaluate(PORT, "in", WEB) == {"permit": False, "rule": "list WEB is not programmed in hardware"}
    assert "Active" not in cli("show ip access-lists WEB summary")
    assert "ip WEB is not programmed" in cli("show logging")
    assert "TCAM    ACL       Linecard0        5    166%         0" in cli("show hardware capacity")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("nonsense", "% Invalid input\n"),
        ("show", "% Incomplete command\n"),
        ("show i", "% Ambiguous command\n"),
        ("sh ver", "Arista "),
        ("show privilege", "Current privilege level is 15\n"),
        ("reload", "% Reload is not simulated"),
        ("terminal width 511", "Width set to 511 columns.\n"),
        ("terminal length 0", "Pagination disabled.\n"),
        ("show running-config | include ^hostname", "hostname sw-eos-1\n"),
        ("configure session s commit", "% Cannot find session s\n"),
        ("show session-config diffs", "% Not in a configuration session\n"),
        ("show running-config interfaces et1", "interface Ethernet1\n   switchport access vlan 101\n"),
    ],
)
def test_exec_answers(eos_cli: Cli, line: str, answer: str) -> None:
    assert eos_cli(line).startswith(answer)


def test_configuration_lines_and_refusals(eos: Switch, eos_cli: Cli) -> None:
    assert eos_cli("configure", "interface Ethernet99") == "% Invalid input\n"
    assert eos_cli("interface Vlan200", "ip access-group X sideways") == "% Invalid input\n"
    eos_cli("ip address 10.0.0.1/24", "ip address 10.0.1.1/24", "description one", "description two", "exit")
    assert eos_cli("show running-config interfaces vlan200").splitlines() == [
        "interface Vlan200",
        "   ip address 10.0.1.1/24",
        "   description two",
    ]
    eos_cli("no interface Vlan200", "ntp server 10.0.0.9", "interface po1", "no switchport", "end")
    assert "Vlan200" not in eos.running.ports
    assert "Port-Channel1" in eos.running.ports
    assert "ntp server 10.0.0.9" in eos_cli("show running-config")


def test_seed_lines_are_saved_and_a_bad_one_stops_the_start(world: Any) -> None:
    made = Switch("sw", {**CONFIG, "lines": [*WEB_ONLY, *BIND]}, world)
    assert made.dump()["bindings"] == {PORT: {"in": "WEB"}}
    assert made.dump()["startup_equals_running"]
    with pytest.raises(ValueError, match="seed line 'nonsense' is refused"):
        Switch("sw", {**CONFIG, "lines": ["nonsense"]}, world)


def test_a_low_privilege_asks_for_the_enable_password(world: Any) -> None:
    low = Switch("sw", {**CONFIG, "privilege": 1, "enable_password": "deeper"}, world)
    cli = typing(low)
    session = cli.session  # type: ignore[attr-defined]
    assert session.prompt == "sw>"
    assert cli("configure") == "% Invalid input\n"
    cli("enable")
    assert (session.prompt, session.hidden) == ("Password: ", True)
    assert cli("wrong") == "% Bad secret\n"
    cli("enable", "deeper")
    assert session.prompt == "sw#"
    assert "deeper" not in str(world.lines)


def test_lists_of_the_cpu_and_of_ssh_refuse_new_sessions(eos: Switch, eos_cli: Cli) -> None:
    eos.inject("seen_as", {"address": "10.20.90.5"})
    assert eos.admit()
    eos_cli("configure", "ip access-list MGMT", "permit tcp host 10.20.90.9 any eq ssh")
    eos_cli("management ssh", "ip access-group MGMT in", "end")
    assert not eos.admit()
    eos_cli("configure", "ip access-list MGMT", "permit tcp host 10.20.90.5 any eq ssh", "end")
    assert eos.admit()
    assert "management ssh\n   ip access-group MGMT in\n" in eos_cli("show running-config")


def test_an_svi_routes_only_what_leaves_its_network(eos: Switch) -> None:
    assert eos.gateway(PORT, WEB) == "Vlan101"
    assert eos.gateway(PORT, {**WEB, "dst": "10.20.1.20"}) == ""
    assert eos.gateway("Ethernet4", WEB) == ""


def test_members_of_a_port_channel_do_not_filter(eos: Switch, eos_cli: Cli) -> None:
    eos_cli("configure", *WEB_ONLY, *BIND, "channel-group 1 mode active", "end")
    assert eos.evaluate(PORT, "in", DNS)["permit"]


@pytest.fixture
def eos_running(eos: Switch, tmp_path: Any, running_server: Any) -> Iterator[Any]:
    made = running_server(eos, str(tmp_path / "host_key"))
    yield made
    made.close()


def dial(server: SwitchServer, device_type: str = "arista_eos") -> Any:
    return netmiko.ConnectHandler(
        device_type=device_type, host="127.0.0.1", port=server.port, username="automation", password="secret-1"
    )


def test_netmiko_logs_in_and_uses_a_configure_session(eos_running: Any, eos: Switch) -> None:
    with dial(eos_running.server) as device:
        assert device.find_prompt() == "sw-eos-1#"
        assert "4.30.5M" in device.send_command("show version")
        device.config_mode("configure session change-1")
        assert "%" not in device.send_config_set([*WEB_ONLY, *BIND], enter_config_mode=False, exit_config_mode=False)
        assert "+   ip access-group WEB in" in device.send_command("show session-config diffs")
        device.send_command("commit timer 00:05:00", expect_string=r"sw-eos-1#")
        device.send_command("configure session change-1 commit")
        assert "10 permit tcp any any eq https" in device.send_command("show ip access-lists WEB")
        assert "Copy completed successfully." in device.save_config()
    assert eos.dump()["startup_equals_running"]
    assert eos.dump()["bindings"] == {PORT: {"in": "WEB"}}


@pytest.mark.parametrize("lines", [1, 4, 6])
def test_a_cut_in_a_configure_session_leaves_what_runs_alone(eos_running: Any, eos: Switch, lines: int) -> None:
    eos.inject("cut_after_line", {"k": lines})
    device = dial(eos_running.server)
    device.write_channel("\n".join(["configure session s", *WEB_ONLY, *BIND, "commit", ""]))
    end = time.monotonic() + 5
    while eos.sessions and time.monotonic() < end:
        time.sleep(0.02)
    assert not eos.sessions
    device.disconnect()
    assert eos.dump()["bindings"] == {}
    with dial(eos_running.server) as again:
        assert "s " in again.send_command("show configuration sessions")
        again.send_command("configure session s abort")
    assert eos.candidates == {}
