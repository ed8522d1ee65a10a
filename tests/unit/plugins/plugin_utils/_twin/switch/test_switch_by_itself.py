# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an IOS switch does by itself, and what it does for one session alone: applets, reloads, the exclusive lock."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch import Switch

PORT = "GigabitEthernet1/0/1"
DNS = {"src": "10.20.1.11", "dst": "10.20.95.10", "protocol": "udp", "src_port": 50000, "dst_port": 53}
OPEN = ("ip access-list extended OPEN", "10 permit ip any any log")
WEB_ONLY = ("ip access-list extended WEB", "10 permit tcp any any eq 443", "20 deny ip any any log")
Cli = Callable[..., str]


def bind(name: str) -> tuple[str, ...]:
    return (f"interface {PORT}", f"ip access-group {name} in")


def applet(name: str, seconds: int, *lines: str) -> tuple[str, ...]:
    typed = ("enable", "configure terminal", *lines)
    actions = (f'action {number:02}.0 cli command "{line}"' for number, line in enumerate(typed, 1))
    return (f"event manager applet {name}", f"event timer countdown time {seconds}", *actions)


BACK = (f"interface {PORT}", "ip access-group OPEN in")


def pass_time(switch: Switch, world: Any, seconds: float) -> None:
    world.time += seconds
    switch.tick(world.now())


# -- applets


def test_an_applet_puts_the_binding_back_without_any_session(cli: Cli, switch: Switch, world: Any) -> None:
    cli("conf t", *OPEN, *WEB_ONLY, *bind("OPEN"), *applet("BACK", 120, *BACK), "end", "conf t", *bind("WEB"))
    switch.close_session(cli.session)  # type: ignore[attr-defined]
    pass_time(switch, world, 119)
    assert not switch.evaluate(PORT, "in", DNS)["permit"]
    pass_time(switch, world, 1)
    assert switch.evaluate(PORT, "in", DNS)["permit"]
    mine = [line for line in world.lines if line.get("why") == "event manager applet BACK"]
    assert [line.get("line") for line in mine[2:]] == ["enable", "configure terminal", *BACK]
    assert not any(line.get("refused") for line in mine)
    cli("show clock")
    changes = world.changes
    pass_time(switch, world, 1000)
    assert world.changes == changes  # a countdown fires once


def test_an_applet_that_is_removed_in_time_does_nothing(cli: Cli, switch: Switch, world: Any) -> None:
    cli("conf t", *OPEN, *WEB_ONLY, *bind("WEB"), *applet("BACK", 60, *BACK), "end")
    assert "timer countdown" in cli("show event manager policy registered")
    cli("conf t", "no event manager applet BACK", "end")
    pass_time(switch, world, 3600)
    assert switch.dump()["bindings"] == {PORT: {"in": "WEB"}}
    assert "BACK" not in cli("show event manager policy registered")
    assert "applet" not in cli("show running-config")


def test_what_is_registered_and_how_it_is_printed(cli: Cli, switch: Switch) -> None:
    cli("conf t", *applet("BACK", 60, *BACK))
    assert "applet" not in cli("do show running-config | include applet")  # not before its mode is left
    cli("exit")
    shown = cli("do show event manager policy registered").splitlines()
    assert shown[0].split() == ["No.", "Class", "Type", "Event", "Type", "Trap", "Time", "Registered", "Name"]
    assert shown[1].split()[-1] == "BACK"
    assert " time 60.000" in shown
    assert ' action 01.0 cli command "enable"' in shown
    config = cli("do show running-config").splitlines()
    assert config[config.index("event manager applet BACK") + 1] == " event timer countdown time 60"
    assert switch.running.applets["BACK"][1:3] == [
        'action 01.0 cli command "enable"',
        'action 02.0 cli command "configure terminal"',
    ]


def test_a_session_that_is_lost_within_the_applet_leaves_none(cli: Cli, switch: Switch) -> None:
    cli("conf t", *applet("BACK", 60, *BACK))
    switch.close_session(cli.session)  # type: ignore[attr-defined]
    assert switch.running.applets == {}


def test_labels_are_sorted_as_text_and_enable_comes_first_or_nothing_works(
    cli: Cli, switch: Switch, world: Any
) -> None:
    cli("conf t", "event manager applet ODD", "event timer countdown time 1")
    cli('action 2 cli command "hostname two"', 'action 10 cli command "configure terminal"', "end")
    assert [line.split()[1] for line in switch.running.applets["ODD"][1:]] == ["10", "2"]
    pass_time(switch, world, 1)
    assert switch.running.hostname == "sw-l1"
    refused = [line["refused"] for line in world.lines if line.get("line") in ("configure terminal", "hostname two")]
    assert all(refused)


def test_an_applet_ends_at_its_run_time_and_at_a_question(cli: Cli, switch: Switch, world: Any) -> None:
    lines = ("hostname one", "hostname two", "hostname three")
    cli("conf t", *applet("SLOW", 1, *lines), "end")
    switch.inject("line_latency", {"seconds": 5.5})  # the fourth line is beyond 20 seconds
    pass_time(switch, world, 1)
    assert switch.running.hostname == "one"
    switch.inject("none", {})
    cli("conf t", "event manager applet ASKS", "event timer countdown time 1", 'action 1 cli command "enable"')
    cli('action 2 cli command "copy running-config startup-config"', 'action 3 cli command "configure terminal"', "end")
    pass_time(switch, world, 1)
    assert [line["refused"] for line in world.lines if line.get("refused") == "maxrun"] == ["maxrun", "maxrun"]
    cli("conf t", "event manager applet KNOWS", "event timer countdown time 1", 'action 1 cli command "enable"')
    cli('action 2 cli command "copy run start" pattern "filename"', 'action 3 cli command ""', "end")
    pass_time(switch, world, 1)
    assert switch.dump()["startup_equals_running"]


def test_countdowns_survive_the_process_and_saved_ones_a_power_cut(cli: Cli, switch: Switch, world: Any) -> None:
    cli("conf t", *applet("BACK", 60, "hostname back"), "end")
    world.time += 30
    again = Switch(switch.name, switch.options, world, json.loads(json.dumps(switch.dump())))
    assert again.dump() == switch.dump()
    pass_time(again, world, 30)
    assert again.running.hostname == "back"
    cli("write memory")
    switch.power_cut()
    pass_time(switch, world, 59)
    assert switch.running.hostname == "sw-l1"
    pass_time(switch, world, 1)
    assert switch.running.hostname == "back"


def test_a_license_without_eem_refuses_it(world: Any) -> None:
    switch = Switch("sw-l1", {"eem": False, "ports": []}, world)
    session = switch.open_session("automation")
    session.run("configure terminal")
    assert "% Invalid input" in session.run("event manager applet X").text
    assert session.mode == "config"
    assert "% Invalid input" in session.run("do show event manager policy registered").text


@pytest.mark.parametrize("line", ["event timer countdown time soon", "event timer countdown", "action 1 cli order x"])
def test_applet_lines_that_are_none(cli: Cli, line: str) -> None:
    assert cli("conf t", "event manager applet X", line).splitlines()[-2:][0].startswith("%")


# -- reload


def test_a_scheduled_reload_brings_startup_back_and_the_ports_are_down_meanwhile(
    cli: Cli, switch: Switch, world: Any
) -> None:
    cli("conf t", *OPEN, *bind("OPEN"), "end", "write memory")
    assert cli("reload in 5") == (
        "Reload scheduled in 5 minutes by automation on vty0 (127.0.0.1)\nReload reason: Reload Command\n"
    )
    assert cli.session.prompt == "Proceed with reload? [confirm]"  # type: ignore[attr-defined]
    cli("")
    assert cli("show reload").startswith("Reload scheduled in 5 minutes by automation")
    cli("conf t", *WEB_ONLY, *bind("WEB"), "end")
    told: list[str] = []
    switch.on_message = told.append
    pass_time(switch, world, 241)
    assert "SHUTDOWN in 0:01:00" in told[-1]
    assert cli("show reload").startswith("Reload scheduled in 59 seconds")
    dropped: list[int] = []
    switch.on_drop = dropped.append
    pass_time(switch, world, 59)
    assert dropped == [cli.session.number]  # type: ignore[attr-defined]
    assert switch.dump()["bindings"] == {PORT: {"in": "OPEN"}}
    assert switch.evaluate(PORT, "in", DNS) == {"permit": False, "rule": "the switch is starting"}
    assert not switch.admit()
    pass_time(switch, world, 120)
    assert switch.evaluate(PORT, "in", DNS)["permit"]
    assert switch.admit()
    assert switch.reload is None


def test_a_reload_asks_whether_to_save(cli: Cli, switch: Switch) -> None:
    cli("conf t", *OPEN, "end", "reload in 001:30 line 1 goes to lunch")
    session = cli.session  # type: ignore[attr-defined]
    assert session.prompt == "System configuration has been modified. Save? [yes/no]: "
    assert cli("perhaps") == "% Please answer 'yes' or 'no'.\n"
    assert "Reload reason: line 1 goes to lunch" in cli("no")
    cli("n")
    assert cli("show reload") == "No reload is scheduled.\n"
    assert not switch.dump()["startup_equals_running"]
    cli("reload in 90", "yes", "y")
    assert switch.dump()["startup_equals_running"]
    assert cli("show reload").startswith("Reload scheduled in 1 hour and 30 minutes")


def test_a_reload_is_cancelled(cli: Cli, switch: Switch, world: Any) -> None:
    told: list[str] = []
    switch.on_message = told.append
    cli("reload in 2", "", "reload cancel")
    assert "SHUTDOWN ABORTED" in told[0]
    assert cli("reload cancel") == "%No reload is scheduled.\n"
    booted = switch.booted
    pass_time(switch, world, 3600)
    assert switch.booted == booted


def test_a_reload_at_once_and_one_that_survives_the_process(cli: Cli, switch: Switch, world: Any) -> None:
    cli("reload in 2", "")
    again = Switch(switch.name, switch.options, world, json.loads(json.dumps(switch.dump())))
    pass_time(again, world, 120)
    assert again.down_until
    assert switch.execute(cli.session, "reload").text == ""  # type: ignore[attr-defined]
    assert switch.execute(cli.session, "").close  # type: ignore[attr-defined]
    assert switch.down_until


@pytest.mark.parametrize("line", ["reload in 0", "reload in soon", "reload in 40000", "reload later"])
def test_reloads_that_are_none(cli: Cli, line: str) -> None:
    assert "% Invalid input" in cli(line)


# -- the exclusive lock


def test_there_is_no_lock_unless_the_configuration_offers_it(cli: Cli, switch: Switch) -> None:
    assert "% Invalid input" in cli("configure terminal lock")
    assert "State : FREE" in cli("show configuration lock")
    assert cli("conf t", "configuration mode exclusive manual") == ""
    assert "% Invalid input" in cli("end", "configure terminal perhaps")
    assert switch.lock is None


def test_an_exclusive_lock_keeps_others_out_until_its_session_leaves(cli: Cli, switch: Switch, world: Any) -> None:
    other = switch.open_session("someone")
    cli("conf t", "configuration mode exclusive manual", "end")
    assert cli("configure terminal lock").startswith("Configuration mode locked exclusively. The lock will be cleared")
    reply = switch.execute(other, "configure terminal")
    assert "locked exclusively by user 'automation'" in reply.text
    assert "locked exclusively" in world.lines[-1]["refused"]
    assert other.mode == "exec"
    assert "User : automation" in cli("do show configuration lock")
    cli("end")
    assert "End with CNTL/Z" in other.run("configure terminal lock").text
    assert "locked exclusively" in cli("configure terminal")
    switch.close_session(other)
    assert "End with CNTL/Z" in cli("configure terminal")


def test_the_automatic_lock_those_who_were_in_before_and_its_end(cli: Cli, switch: Switch, world: Any) -> None:
    other = switch.open_session("someone")
    cli("conf t")
    other.run("configure terminal")
    cli("configuration mode exclusive auto", "end", "conf t")
    assert "locked exclusively by user" in other.run("hostname other").text
    assert switch.running.hostname == "sw-l1"
    assert other.run("exit").text == ""
    pass_time(switch, world, 600)
    assert "End with CNTL/Z" in other.run("configure terminal").text


def test_a_lock_keeps_an_applet_out(cli: Cli, switch: Switch, world: Any) -> None:
    cli("conf t", "configuration mode exclusive manual", *applet("BACK", 10, "hostname back"), "end")
    cli("configure terminal lock")
    pass_time(switch, world, 10)
    assert switch.running.hostname == "sw-l1"
    assert any("locked exclusively" in line.get("refused", "") for line in world.lines)
