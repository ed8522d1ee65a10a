# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The NX-OS driver against a shell that answers from a table; the simulated switch is in test_ensure_platforms.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.driver_nxos import NxOs
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.drivers import driver_for, netmiko_type
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.hooks import (
    Counts,
    Hits,
    PicksPlaces,
    Room,
    TellsRoom,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.read_nxos import (
    bindings_of,
    hardware_errors,
    interface_name,
    parse_config,
    parse_hits,
    parse_room,
    parse_schedules,
    parse_timer,
    way_back,
    without_jobs,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.refusals import NotArmed

SHOW = "show scheduler schedule"
RUN = "show running-config"
OURS = "OTE_l1_op1_in_0a1b2c3d"
NAME = "otedge-automation-new"
ROLE = "user:automation\n        this user account has no expiry date\n        roles:network-admin \n"
CONFIG = f"""\
!Command: show running-config
!Time: Sun Nov 22 22:00:00 2026

version 9.3(10) Bios:version 05.45
hostname sw
feature interface-vlan
feature scheduler

ip access-list {OURS}
  statistics per-entry
  10 permit tcp any any eq 443
ip access-list LEGACY
  10 permit ip any any
ip access-list SVI
  10 permit ip any any

vlan 1,101

interface Vlan101
  no shutdown
  ip address 10.20.1.1/26
  ip access-group SVI out

interface port-channel1
  switchport mode trunk

interface Ethernet1/1
  description to ip port access-group X in
  switchport access vlan 101
  ip port access-group {OURS} in
  ipv6 port traffic-filter SIX in

interface Ethernet1/2
  channel-group 1 mode active

interface Ethernet1/3
  no switchport
  ip address 10.1.1.1/30
  ip port access-group STALE in
  ip access-group LEGACY in

interface Ethernet1/4

interface Ethernet1/5.100
  encapsulation dot1q 100

interface mgmt0
  vrf member management
  ip access-group MGMT in
scheduler job name otedge-automation-old
configure terminal ; interface Ethernet1/1 ; ip port access-group LEGACY in

end-job

scheduler job name nightly
interface Ethernet1/4
ip port access-group NIGHT in

end-job

scheduler schedule name otedge-automation-old
  job name otedge-automation-old
  time start 2026:11:22:22:05

line vty
  access-class VTY in
"""
PENDING = """\
Schedule Name       : nightly
---------------------------
User Name           : admin
Schedule Type       : Run every day at 1 Hrs 00 Mins
Last Execution Time : Sun Nov 22 01:00:00 2026
-----------------------------------------------
     Job Name            Last Execution Status
-----------------------------------------------
     nightly                Success (0)
==============================================================================
Schedule Name       : {name}
---------------------------
User Name           : {user}
Schedule Type       : Run once on Sun Nov 22 22:05:00 2026
Last Execution Time : {last}
"""
WAITS = "Yet to be executed"
RAN = "Sun Nov 22 22:05:00 2026"


def _pending(name: str = "otedge-automation-old", user: str = "automation", last: str = WAITS) -> str:
    return PENDING.format(name=name, user=user, last=last)


class Table:
    """A shell that answers from a table and remembers what was typed."""

    user = "automation"

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.typed: list[str] = []

    def run(self, command: str, timeout: float = 60.0) -> str:
        found = self.answers.get(command, "")
        return str(found.pop(0) if isinstance(found, list) else found)

    require = run

    def configure(
        self, lines: Sequence[str], *, enter: str = "", leave: str = "", drop: str = "", window: int = 0
    ) -> None:
        self.typed += lines

    def close(self) -> None: ...


def test_the_registry_knows_it_by_every_name_and_gives_each_switch_its_own() -> None:
    for name in ("cisco.nxos.nxos", "nxos", "cisco_nxos"):
        assert isinstance(driver_for(netmiko_type(name)), NxOs)
    assert driver_for("cisco_nxos") is not driver_for("cisco_nxos")
    for hook in (Counts, PicksPlaces, TellsRoom):
        assert isinstance(NxOs(), hook)


def test_a_configuration_is_read_into_what_matters() -> None:
    config = parse_config(CONFIG)
    assert config.ip_routing
    assert config.interfaces["Ethernet1/1"].lists == {"in": OURS, "ipv6 in": "SIX"}
    assert config.interfaces["Ethernet1/1"].access
    assert config.interfaces["Ethernet1/2"].channel_group == "1"
    # Of two bindings the one that fits the kind of the port counts.
    assert config.interfaces["Ethernet1/3"].lists == {"in": "LEGACY"}
    # The lines of a job stand unindented, and are no configuration.
    assert config.interfaces["Ethernet1/4"].lists == {}
    assert not any(config.interfaces[name].access for name in ("Ethernet1/3", "port-channel1", "mgmt0", "Vlan101"))
    assert config.interfaces["Vlan101"].lists == {"out": "SVI"}
    assert config.login_lists == {"VTY"}
    assert {"VTY", "LEGACY", "NIGHT"} <= config.other_uses
    assert OURS not in config.other_uses
    assert set(config.lists) == {OURS, "LEGACY", "SVI"}


def test_jobs_are_taken_out_whole() -> None:
    rest, jobs = without_jobs(CONFIG)
    assert jobs == {
        "otedge-automation-old": ["configure terminal ; interface Ethernet1/1 ; ip port access-group LEGACY in"],
        "nightly": ["interface Ethernet1/4", "ip port access-group NIGHT in"],
    }
    assert "end-job" not in rest
    assert "line vty" in rest
    indented = "scheduler job name a\n  show clock\nhostname sw\n"
    assert without_jobs(indented) == ("hostname sw\n", {"a": ["show clock"]})


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Eth1/1", "Ethernet1/1"),
        ("e1/1", "Ethernet1/1"),
        ("ethernet 1/1", "Ethernet1/1"),
        ("Po10", "port-channel10"),
        ("Port-channel10", "port-channel10"),
        ("vlan101", "Vlan101"),
        ("mgmt0", "mgmt0"),
        ("Serial1", "Serial1"),
    ],
)
def test_interfaces_have_one_spelling(short: str, full: str) -> None:
    assert interface_name(short) == full


def _read(config: str) -> NxOs:
    driver = NxOs(lambda: "new")
    driver.read_running(Table({RUN: config}))
    return driver


def test_bridged_and_routed_ports_take_lists_by_other_words() -> None:
    driver = _read(CONFIG)
    assert driver.bind("Ethernet1/1", "in", "A", "B") == ["interface Ethernet1/1", "ip port access-group A in"]
    assert driver.bind("Ethernet1/1", "in", None, "B") == ["interface Ethernet1/1", "no ip port access-group B in"]
    assert driver.bind("Ethernet1/3", "out", "A", None) == ["interface Ethernet1/3", "ip access-group A out"]
    assert driver.bind("Vlan101", "in", "A", None) == ["interface Vlan101", "ip access-group A in"]
    assert driver.bind("Ethernet1/5.100", "in", "A", None)[1] == "ip access-group A in"
    assert driver.bind("Ethernet1/1", "in", None, None) == []
    ports = parse_config(CONFIG).interfaces
    assert "bridged" in driver.place_problem(ports["Ethernet1/1"], "out")
    assert not driver.place_problem(ports["Ethernet1/1"], "in")
    assert not driver.place_problem(ports["Ethernet1/3"], "out")


# A model that routes by default prints 'switchport' where a port is bridged
@pytest.mark.parametrize(
    ("more", "routed"),
    [("", False), ("no system default switchport\n", True), ("interface Ethernet1/9\n  switchport\n", True)],
)
def test_a_port_that_says_nothing_is_what_the_model_makes_of_it(more: str, routed: bool) -> None:
    words = "ip access-group" if routed else "ip port access-group"
    assert _read(CONFIG + more).bind("Ethernet1/4", "in", "A", None)[1] == f"{words} A in"


def test_pitfall_38_the_way_back_of_a_run_is_a_timer() -> None:
    mine, foreign = parse_timer(_pending(), "automation"), parse_timer(_pending(user="bob"), "automation")
    assert mine is not None
    assert mine.user == "automation"
    assert foreign is not None
    assert foreign.user == "bob"
    other = parse_timer(_pending("otedge-bob-1"), "automation")
    assert other is not None
    assert other.user == "of schedule otedge-bob-1"
    # Somebody else's stops even where one of ours is there too.
    both = parse_timer(_pending() + _pending("otedge-bob-1", "bob"), "automation")
    assert both is not None
    assert both.user == "bob"
    # What has run is over, but ours has to be taken away.
    assert parse_timer(_pending("otedge-bob-1", "bob", RAN), "automation") is None
    assert parse_timer(_pending(last=RAN), "automation") is not None
    assert parse_timer("% Invalid command at '^' marker.\n", "automation") is None
    assert [one.fired for one in parse_schedules(_pending())] == [True, False]


@pytest.mark.parametrize(
    ("config", "found"),
    [
        (CONFIG, ""),
        (CONFIG.replace("feature scheduler\n", ""), "scheduler is off"),
        (CONFIG + "aaa authentication login default group tac\n", "checked by a server"),
        (CONFIG + "aaa authentication login default group tac\nscheduler aaa-authentication password 7 x\n", ""),
    ],
)
def test_without_a_scheduler_that_runs_there_is_no_timer(config: str, found: str) -> None:
    state = NxOs().read_state(Table({RUN: config, "show user-account automation": ROLE}))
    assert found in (state.no_timer or ("",))[0]
    assert (state.no_timer is None) == (not found)
    assert state.unfit is None


@pytest.mark.parametrize(
    ("account", "found"),
    [
        ("user:automation\n        roles:network-operator \n", "the role network-operator"),
        ("% Permission denied for the role\n", "no role that can be read"),
    ],
)
def test_too_few_rights_are_told(account: str, found: str) -> None:
    state = NxOs().read_state(Table({RUN: CONFIG, "show user-account automation": account}))
    assert state.unfit is not None
    assert found in state.unfit[0]


NEW_LINES = [
    "interface Ethernet1/1",
    f"ip port access-group {OURS} in",
    "interface Ethernet1/4",
    "ip port access-group N in",
]
OLD_LINES = [
    "interface Ethernet1/1",
    "ip port access-group LEGACY in",
    "interface Ethernet1/4",
    "no ip port access-group N in",
]
JOB = [
    "configure terminal ; interface Ethernet1/1 ; ip port access-group LEGACY in",
    "configure terminal ; interface Ethernet1/4 ; no ip port access-group N in",
]


def test_the_way_back_is_one_line_an_interface() -> None:
    assert way_back(OLD_LINES) == JOB
    assert bindings_of(JOB) == [
        ("Ethernet1/1", "in", OLD_LINES[:2]),
        ("Ethernet1/4", "in", OLD_LINES[2:]),
    ]
    assert bindings_of(["show clock", "configure terminal ; hostname x"]) == []


def _stored(lines: Sequence[str]) -> str:
    return CONFIG + "\n".join([f"scheduler job name {NAME}", *lines, "", "end-job", ""])


def test_the_way_back_is_seen_in_the_scheduler_before_anything_is_bound() -> None:
    shell = Table({RUN: [CONFIG, _stored(JOB)], SHOW: [_pending(last=RAN), _pending(NAME)]})
    NxOs(lambda: "new").rebind(shell, NEW_LINES, OLD_LINES, 61)
    assert shell.typed == [
        # What a cut run left goes first.
        "no scheduler schedule name otedge-automation-old", "no scheduler job name otedge-automation-old",
        f"scheduler job name {NAME}", *JOB, "exit",
        f"scheduler schedule name {NAME}", f"job name {NAME}", "time start +00:01:01",
        *NEW_LINES,
    ]  # fmt: skip
    plain = Table({})
    NxOs().rebind(plain, NEW_LINES, OLD_LINES, None)
    assert plain.typed == NEW_LINES


@pytest.mark.parametrize(("shown", "stored"), [(_pending("x", last=RAN), JOB), (_pending(NAME), JOB[:1])])
def test_without_a_way_back_nothing_is_bound(shown: str, stored: list[str]) -> None:
    shell = Table({RUN: [CONFIG, _stored(stored)], SHOW: [_pending(last=RAN), shown]})
    with pytest.raises(PeerError, match="does not show the way back"):
        NxOs(lambda: "new").rebind(shell, NEW_LINES, OLD_LINES, 2)
    assert NEW_LINES[1] not in shell.typed


GONE = ["no scheduler schedule name otedge-automation-old", "no scheduler job name otedge-automation-old"]


def _armed(*shown: str) -> tuple[NxOs, Table]:
    """Arm a way back named NAME; later looks at the scheduler show the rest."""
    shell = Table({RUN: [CONFIG, _stored(JOB)], SHOW: ["", _pending(NAME), *shown]})
    driver = NxOs(lambda: "new")
    driver.rebind(shell, NEW_LINES, OLD_LINES, 2)
    shell.typed.clear()
    return driver, shell


def test_pitfall_39_confirm_takes_the_way_back_away_or_fails() -> None:
    gone = [line.replace("otedge-automation-old", NAME) for line in GONE]
    driver, shell = _armed(_pending(NAME))
    driver.confirm(shell)
    assert shell.typed == gone
    for shown in (_pending(NAME, last=RAN), ""):
        driver, shell = _armed(shown)
        with pytest.raises(PeerError, match="has run already"):
            driver.confirm(shell)
        assert shell.typed == (gone if shown else gone[1:])


# Pitfall 38: same user, another controller
def test_pitfall_38_the_way_back_of_another_run_is_never_confirmed_nor_taken_away() -> None:
    shell = Table({SHOW: _pending()})
    with pytest.raises(PeerError, match="left alone"):
        NxOs().confirm(shell)
    assert shell.typed == []
    early, late = Table({RUN: CONFIG, SHOW: _pending()}), Table({RUN: CONFIG, SHOW: ["", _pending() + _pending(NAME)]})
    for table in (early, late):
        with pytest.raises(NotArmed, match="schedule otedge-automation-old"):
            NxOs(lambda: "new").rebind(table, NEW_LINES, OLD_LINES, 2)
        assert not [line for line in table.typed if line in NEW_LINES or line == GONE[0]]


@pytest.mark.parametrize(
    ("bound", "typed"),
    [
        (OURS, ["interface Ethernet1/1", "ip port access-group LEGACY in", *GONE]),
        # Gone back already, or bound by somebody since: left alone.
        ("LEGACY", GONE),
        ("BY_HAND", GONE),
    ],
)
def test_a_left_over_way_back_is_gone_at_once_and_leaves_what_others_bound(bound: str, typed: list[str]) -> None:
    config = CONFIG.replace(f"access-group {OURS} in", f"access-group {bound} in")
    shell = Table({RUN: config, SHOW: _pending()})
    NxOs().revert(shell)
    assert shell.typed == typed


def test_counters_room_and_log() -> None:
    shown = (
        "IP access list L\n        statistics per-entry\n        10 permit tcp any any eq www [match=12]\n"
        "        20 deny ip any any log [match=0]\n"
    )
    assert parse_hits(shown) == [Hits("permit tcp any any eq www", 12), Hits("deny ip any any log", 0)]
    assert [hit.count for hit in parse_hits("IP access list L\n        10 deny ip any any\n")] == [None]
    rows = """\
                                         Used    Free    Percent
                                                         Utilization
---------------------------------------------------------------------
Ingress PACL                              0       0       0.00
Ingress RACL                              26      1510    1.69
Ingress RACL IPv6                         510     2       99.60
Egress RACL                               3       253     1.17
Ingress SPAN                              255     1       99.60
"""
    assert parse_room(rows) == Room(3, 256)
    assert parse_room(rows, "ipv6") == Room(510, 512)
    assert parse_room("% Invalid command\n") is None
    full = "2026 Nov 22 22:00:00 sw %ACLQOS-SLOT1-2-ACLQOS_FAILED: ACLQOS failure: insufficient TCAM entries"
    assert hardware_errors(f"{full}\nsomething else\n") == [full]


def test_saving_is_believed_only_if_it_is_said() -> None:
    copy = "copy running-config startup-config"
    assert NxOs().save(Table({copy: "[####] 100%\nCopy complete, now saving to disk (please wait)...\n"}))
    assert not NxOs().save(Table({copy: "[##  ] 40%\n"}))
