# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What takes a change back on Cisco IOS where there is no archive, and who holds the configuration."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError, RefusedError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch import iosxe_timers as timers
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch import lock
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.driver_iosxe import IosXe
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.guards import Protection
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.read_iosxe import exclusive_mode, parse_config

PORT = "GigabitEthernet1/0/1"
LEGACY = [
    "ip access-list extended LEGACY",
    "permit tcp host 10.20.1.11 10.20.60.0 0.0.0.255 eq www",
    "deny ip any any log",
    f"interface {PORT}",
    "ip access-group LEGACY in",
]
NO_ARCHIVE = {"archive_path": "", "lines": LEGACY}
NO_EEM = {**NO_ARCHIVE, "eem": False}
RELOAD = Protection(allow_reload_timer=True)
Make = Callable[..., Any]


def _later(rig: Any, seconds: int) -> None:
    rig.world.time += seconds
    with rig.world.lock:
        rig.switch.tick(rig.world.time)


def _applets(rig: Any) -> list[str]:
    return timers.tags(rig.show("show running-config") + rig.show("show startup-config"))


@pytest.mark.parametrize("platform", ["iosxe", "ios15"])
def test_without_an_archive_an_applet_is_the_way_back(make_rig: Make, want: Make, platform: str) -> None:
    rig = make_rig(NO_ARCHIVE, platform)
    check = rig.ensure([want(443)], check=True)
    result = rig.ensure([want(443)])
    assert check["revert_timer"] == result["revert_timer"] == "eem"
    assert rig.permits("10.20.60.7", 443)
    assert _applets(rig) == []
    _later(rig, 600)
    assert rig.bound() == result["bindings"][0]["list"]
    again = rig.ensure([want(443)])
    assert (again["changed"], again["revert_timer"]) == (False, "none")


def test_the_archive_comes_first(make_rig: Make, want: Make) -> None:
    assert make_rig({"lines": LEGACY}).ensure([want(443)])["revert_timer"] == "archive"


# The session goes behind the last binding, and no other one is let in
@pytest.mark.parametrize("before", [LEGACY, []])
def test_pitfall_39_an_applet_takes_the_change_back_without_any_session(
    make_rig: Make, want: Make, before: list[str]
) -> None:
    rig = make_rig({"archive_path": "", "lines": before})
    old = rig.bound()
    saved = rig.switch.startup.text_lines()
    rig.switch.faults.sessions_left = 1
    rig.switch.inject("cut_after_line", {"k": 1, "match": "^ip access-group OTE_"})
    with pytest.raises(TalkError, match="revert timer puts the old lists back within 2 min"):
        rig.ensure([want(443)])
    rig.switch.faults.sessions_left = None
    assert rig.bound() != old
    _later(rig, 121)
    assert rig.bound() == old
    assert rig.switch.startup.text_lines() == saved
    # It has run, and stays configured until the next run.
    assert _applets(rig)
    assert rig.ensure([want(443)])["changed"]
    assert _applets(rig) == []
    assert rig.permits("10.20.60.7", 443)


def test_pitfall_38_a_pending_applet_of_ours_is_carried_out_and_one_of_another_user_stops(
    make_rig: Make, want: Make
) -> None:
    rig = make_rig(NO_ARCHIVE)
    rig.switch.faults.sessions_left = 1
    rig.switch.inject("cut_after_line", {"k": 1, "match": "^ip access-group OTE_"})
    with pytest.raises(TalkError):
        rig.ensure([want(443)])
    rig.switch.faults.sessions_left = None
    assert rig.ensure([want(443)])["changed"]
    assert _applets(rig) == []
    lines = timers.applets(timers.tag("someone", "0a1b2c3d"), LEGACY[3:], 5, bypass=False)
    for typed in lines.values():
        shell = rig.connect()
        shell.configure(typed)
        shell.close()
    with pytest.raises(RefusedError, match="revert timer of user someone.*no event manager applet OTEDGE"):
        rig.ensure([want(444)])
    assert _applets(rig) == list(lines)


def test_an_applet_that_is_refused_stops_before_anything_is_bound(
    make_rig: Make, want: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = make_rig(NO_ARCHIVE)
    real = timers.applets

    def wrong(*args: Any, bypass: bool) -> dict[str, list[str]]:
        return {name: [*lines, "action 300 cli"] for name, lines in real(*args, bypass=bypass).items()}

    monkeypatch.setattr(timers, "applets", wrong)
    with pytest.raises(RefusedError, match="No binding was changed") as caught:
        rig.ensure([want(443)])
    assert "allow_reload_timer" in caught.value.fix
    assert rig.bound() == "LEGACY"
    assert _applets(rig) == []
    assert list(rig.switch.running.lists) == ["LEGACY"]
    # Who may do without one goes on.
    allowed = rig.ensure([want(443)], protection=Protection(allow_no_revert_timer=True))
    assert allowed["revert_timer"] == "none"
    assert rig.permits("10.20.60.7", 443)


def test_without_anything_a_restart_has_to_be_asked_for(make_rig: Make, want: Make) -> None:
    rig = make_rig(NO_EEM)
    with pytest.raises(RefusedError, match="no configuration archive and runs no EEM") as caught:
        rig.ensure([want(443)])
    assert "allow_reload_timer" in caught.value.fix
    result = rig.ensure([want(443)], protection=RELOAD)
    assert result["revert_timer"] == "reload"
    assert rig.permits("10.20.60.7", 443)
    assert rig.switch.reload is None
    assert "No reload is scheduled" in rig.show("show reload")
    assert not rig.ensure([want(443)], protection=RELOAD)["changed"]


def test_a_restart_needs_a_startup_configuration_that_is_word_for_word_what_runs(make_rig: Make, want: Make) -> None:
    rig = make_rig(NO_EEM)
    shell = rig.connect()
    shell.configure([f"interface {PORT}", "description changed and not saved"])
    shell.close()
    with pytest.raises(RefusedError, match="startup configuration is another one"):
        rig.ensure([want(443)], protection=RELOAD)
    assert rig.bound() == "LEGACY"


def test_pitfall_39_a_restart_brings_the_old_lists_back(make_rig: Make, want: Make) -> None:
    rig = make_rig(NO_EEM)
    rig.switch.faults.sessions_left = 1
    rig.switch.inject("cut_after_line", {"k": 1, "match": "^ip access-group OTE_"})
    with pytest.raises(TalkError, match="revert timer puts the old lists back"):
        rig.ensure([want(443)], protection=RELOAD)
    rig.switch.faults.sessions_left = None
    assert rig.bound() != "LEGACY"
    _later(rig, 121)
    assert rig.bound() == "LEGACY"


def test_pitfall_38_a_scheduled_restart_of_a_cut_run_is_called_off_and_one_of_another_stops(
    make_rig: Make, want: Make
) -> None:
    rig = make_rig(NO_EEM)
    rig.switch.faults.sessions_left = 1
    rig.switch.inject("cut_after_line", {"k": 1, "match": "^ip access-group OTE_"})
    with pytest.raises(TalkError):
        rig.ensure([want(443)], protection=RELOAD)
    rig.switch.faults.sessions_left = None
    # Its lists are not in the startup configuration, so that nothing but the first one is there again.
    with pytest.raises(RefusedError, match="startup configuration is another one"):
        rig.ensure([want(443)], protection=RELOAD)
    allowed = Protection(allow_no_revert_timer=True)
    assert rig.ensure([want(443)], protection=allowed)["changed"]
    assert rig.switch.reload is None
    rig.switch.reload = {"at": 0, "due": rig.world.time + 600, "by": "someone on vty3", "reason": "work", "warn": []}
    with pytest.raises(RefusedError, match="revert timer of user .*show reload"):
        rig.ensure([want(444)], protection=allowed)


# Pitfall 43: armed by another run between our last look and our arming
@pytest.mark.parametrize("config", [{"lines": LEGACY}, NO_ARCHIVE])
def test_pitfall_43_a_timer_armed_in_between_is_never_confirmed(
    make_rig: Make, want: Make, monkeypatch: pytest.MonkeyPatch, config: dict[str, Any]
) -> None:
    rig = make_rig(config)
    real = IosXe.rebind

    def late(self: IosXe, shell: Any, *args: Any) -> None:
        other = rig.connect()
        if config is NO_ARCHIVE:
            other.configure(
                next(iter(timers.applets(timers.tag("automation", "00000000"), LEGACY[3:], 5, bypass=False).values()))
            )
        else:
            other.configure((), enter="configure terminal revert timer 5")
        other.close()
        real(self, shell, *args)

    monkeypatch.setattr(IosXe, "rebind", late)
    with pytest.raises(RefusedError, match="No binding was changed") as caught:
        rig.ensure([want(443)])
    assert caught.value.fix
    assert rig.bound() == "LEGACY"
    assert list(rig.switch.running.lists) == ["LEGACY"]
    assert rig.switch.pending if config is not NO_ARCHIVE else _applets(rig) == ["OTEDGE_REVERT_automation_00000000_0"]


MANUAL = {"lines": [*LEGACY, "configuration mode exclusive manual"]}


@pytest.mark.parametrize("more", [{}, {"archive_path": "", "eem": False}])
def test_pitfall_43_the_configuration_is_locked_while_it_is_written(make_rig: Make, want: Make, more: Any) -> None:
    rig = make_rig({**MANUAL, **more})
    rig.ensure([want(443)], protection=RELOAD)
    entered = [e["line"] for e in rig.world.lines if e["kind"] == "request" and e["line"].startswith("configure t")]
    assert set(entered) <= {"configure terminal lock", "configure terminal revert timer 2"}
    assert "configure terminal lock" in entered
    assert rig.switch.lock is None


def test_an_applet_is_never_kept_out_by_our_own_lock(make_rig: Make, want: Make) -> None:
    rig = make_rig({**MANUAL, "archive_path": ""})
    assert rig.ensure([want(443)])["revert_timer"] == "eem"
    requests = [e for e in rig.world.lines if e["kind"] == "request"]
    bound = next(n for n, e in enumerate(requests) if e["line"].startswith("ip access-group OTE_"))
    assert [e["line"] for e in requests[:bound] if e["line"].startswith("configure t")][-1] == "configure terminal"
    # Where configuration mode always locks, an applet could be kept out: it is not used.
    auto = make_rig({"archive_path": "", "lines": [*LEGACY, "configuration mode exclusive auto"]})
    with pytest.raises(RefusedError, match="no EEM"):
        auto.ensure([want(443)])


def test_pitfall_43_who_holds_the_configuration_is_waited_for_and_named(
    make_rig: Make, want: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = make_rig(MANUAL)
    monkeypatch.setattr(lock, "HELD_S", 0.2)
    monkeypatch.setattr(lock, "_ASK_S", 0.1)
    other = rig.switch.open_session("netop")
    with rig.world.lock:
        rig.switch.execute(other, "configure terminal lock")
    with pytest.raises(RefusedError, match="locked by user netop on terminal.*Nothing was written") as caught:
        rig.ensure([want(443)])
    assert "show configuration lock" in caught.value.fix
    assert rig.bound() == "LEGACY"
    monkeypatch.setattr(lock, "HELD_S", 10.0)
    leave = threading.Timer(0.3, lambda: rig.switch.close_session(other))
    leave.start()
    try:
        assert rig.ensure([want(443)])["changed"]
    finally:
        leave.join()


def test_labels_are_of_one_length_and_long_changes_have_several_applets() -> None:
    old = [line for n in range(50) for line in (f"interface Gi1/0/{n}", f"ip access-group L{n} in")]
    made = timers.applets(timers.tag("auto.mation", "0a1b2c3d"), old, 3, bypass=True)
    assert list(made) == [f"OTEDGE_REVERT_automatica58_0a1b2c3d_{n}" for n in range(3)]
    for name, lines in made.items():
        assert lines[:2] == [f"event manager applet {name} authorization bypass", "event timer countdown time 180"]
        labels = [line.split()[1] for line in lines[2:]]
        assert labels == sorted(labels)
        assert {len(label) for label in labels} == {3}
        assert len(lines) <= timers.MOST_LINES + 5
    typed = [command for lines in made.values() for command in timers.commands_of(lines) if "access-group" in command]
    assert typed == old[1::2]
    stored = "\n".join(f"{lines[0]}\n" + "\n".join(f" {line}" for line in lines[1:]) for lines in made.values())
    assert timers.configured(stored) == {name: timers.commands_of(lines) for name, lines in made.items()}


@pytest.mark.parametrize(
    ("running", "found"),
    [
        ("aaa authorization commands 15 default group tacacs+\n", True),
        ("aaa authorization commands 15 default group tacacs+\nevent manager session cli username eem\n", False),
        ("aaa authorization exec default local\n", False),
    ],
)
def test_a_server_that_authorizes_commands_is_passed_by(running: str, found: bool) -> None:
    assert timers.needs_bypass(running) is found


def test_what_is_due_leaves_alone_what_others_bound() -> None:
    ours = "OTE_l1_op1_in_0a1b2c3d"
    commands = ["enable", "configure terminal", "interface Gi1", "ip access-group OLD in", "interface Gi2"]
    commands += ["no ip access-group X in", "interface Gi3", "ip access-group OLD in", "end"]
    config = parse_config(
        f"interface Gi1\n ip access-group {ours} in\ninterface Gi2\n ip access-group {ours} in\n"
        "interface Gi3\n ip access-group BY_HAND in\n"
    )
    assert timers.due(commands, config) == [
        "interface Gi1",
        "ip access-group OLD in",
        "interface Gi2",
        f"no ip access-group {ours} in",
    ]


def test_notes_and_dates_are_no_difference() -> None:
    a = "Building configuration...\n\nCurrent configuration : 10 bytes\n!\n! Last change\nhostname x\nend\n"
    assert timers.same_text(a, "Using 10 out of 100 bytes\n!\nhostname x\nend\n")
    assert not timers.same_text(a, "hostname y\nend\n")


@pytest.mark.parametrize(
    ("text", "user"),
    [
        ("No reload is scheduled.\n", None),
        ("% Invalid input detected\n", None),
        ("Reload scheduled in 9 minutes by console\nReload reason: work\n", "at console"),
        (
            "Reload scheduled for 11:33:53 (in 2 minutes) by vty0\nReload reason: OTEDGE_REVERT_automation_0a1b2c3d\n",
            "automation",
        ),
        ("Reload scheduled in 1 minute by vty0\nReload reason: reason OTEDGE_REVERT_other_0a1b2c3d\n", "other"),
    ],
)
def test_show_reload_tells_whose_it_is(text: str, user: str | None) -> None:
    found = timers.pending_reload(text, "automation")
    assert (found.user if found else None) == user


def test_how_the_configuration_is_shared() -> None:
    assert exclusive_mode("configuration mode exclusive manual\n") == "manual"
    assert exclusive_mode("configuration mode exclusive auto expire 60\n") == "auto"
    assert exclusive_mode("hostname x\n") == ""


# Every way to be refused or to fail names the switch and says what to do
@pytest.mark.parametrize(
    ("config", "change", "protection"),
    [
        (NO_EEM, {}, {}),
        ({}, {"interface": "Gi9/0/1"}, {}),
        ({"tcam_entries": 1}, {}, {}),
        ({"lines": [*LEGACY[:2], "permit tcp any any eq 81 time-range NIGHT", *LEGACY[2:]]}, {}, {}),
        ({}, {}, {"flows": ({"dst": "10.20.50.20", "dst_port": 443},)}),
        ({"ip_routing": False}, {"interface": "Vlan101"}, {}),
        ({}, {"direction": "out"}, {}),
        ({"enable_password": "x"}, {}, {}),
    ],
)
def test_every_refusal_names_the_switch_and_the_next_step(
    make_rig: Make, want: Make, config: Any, change: Any, protection: Any
) -> None:
    rig = make_rig(config)
    with pytest.raises(OtedgeError) as caught:
        rig.ensure([want(443, **change)], protection=Protection(**protection))
    assert rig.target.name in caught.value.message
    assert caught.value.fix
    assert not [entry for entry in rig.world.lines if entry["write"]]
