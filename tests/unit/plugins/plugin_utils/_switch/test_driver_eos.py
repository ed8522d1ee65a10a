# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The EOS driver against a shell that answers from a table; the simulated switch is in test_ensure_platforms.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.driver_eos import Eos
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.drivers import driver_for, netmiko_type
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.hooks import Counts, Hits, Room, TellsRoom
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.read_eos import (
    changed_lines,
    hardware_errors,
    interface_name,
    parse_config,
    parse_hits,
    parse_room,
    parse_sessions,
    parse_timer,
    pending_session,
)

DETAIL = "show configuration sessions detail"
NONE = "Maximum number of completed sessions: 1\nMaximum number of pending sessions: 5\n\n  Name State User\n"
# The table of older versions, and the one of newer versions, which tells the timer above it.
OLDER = """\
Maximum number of completed sessions: 0
Maximum number of pending sessions: 5

  Name                     State                    User       Terminal       PID       Commit Time Left
  --------------------- ------------------------ ---------- -------------- --------- ----------------------
  {name}      pendingCommitTimer                                                      4m56s
  otedge-automation-dead   pending
  otedge-automation-live   pending                  automation vty7           4711
* other                    pending                  bob        vty9           4712
"""
NEWER = """\
Maximum number of completed sessions: 1
Maximum number of pending sessions: 5
Merge on commit is disabled
Autosave to startup-config on commit is disabled

Session with pending commit timer: {name}
Time left until commit timer expiry: in 0:01:59

  Name             State     User  Terminal Completed Time      Committed By
- ---------------- --------- ----- -------- ------------------- ------------
  {name} committed                2026-09-20 23:35:15 admin
* s1               aborted   admin vty9     2026-09-20 22:19:28
"""
MINE = "otedge-automation-0a1b2c3d"
CONFIG = """\
! Command: show running-config
! device: sw (DCS-720XP-48ZC2, EOS-4.30.5M)
!
hostname sw
!
interface Ethernet1
   description ip access-group in
   switchport access vlan 101
   ip access-group OTE_l1_op1_in_0a1b2c3d in
   ipv6 access-group SIX in
!
interface Ethernet2
   channel-group 1 mode active
!
interface Ethernet3
   no switchport
   ip address 10.1.1.1/30
   ip access-group SVI out
!
interface Port-Channel1
   switchport mode trunk
!
interface Management1
   ip address 10.20.0.11/24
!
interface Vlan101
   ip address 10.20.1.1/26
   ip access-group SVI in
!
ip access-list OTE_l1_op1_in_0a1b2c3d
   counters per-entry
   10 permit tcp any any eq 443
!
ip access-list MGMT
   10 permit tcp 10.20.90.0/24 any eq ssh
!
ip access-list SVI
   10 permit ip any any
!
ip routing
!
management ssh
   ip access-group MGMT in
!
system control-plane
   ip access-group CPU vrf MGMT in
!
end
"""


class Table:
    """A shell that answers from a table and remembers what was typed, by mode."""

    user = "automation"

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.typed: list[str] = []

    def run(self, command: str, timeout: float = 60.0) -> str:
        self.typed.append(command)
        found = self.answers.get(command, "")
        return str(found.pop(0) if isinstance(found, list) else found)

    def require(self, command: str, timeout: float = 60.0) -> str:
        answer = self.run(command)
        if answer.startswith("%"):
            raise PeerError(answer)
        return answer

    def configure(
        self, lines: Sequence[str], *, enter: str = "config", leave: str = "end", drop: str = "end", window: int = 0
    ) -> None:
        self.typed += [enter, *lines, leave]

    def close(self) -> None: ...


def test_the_registry_knows_it_by_every_name() -> None:
    for name in ("arista.eos.eos", "eos", "arista_eos"):
        assert isinstance(driver_for(netmiko_type(name)), Eos)
    assert isinstance(Eos(), Counts)
    assert isinstance(Eos(), TellsRoom)


def test_a_configuration_is_read_into_what_matters() -> None:
    config = parse_config(CONFIG)
    assert config.ip_routing
    assert config.interfaces["Ethernet1"].lists == {"in": "OTE_l1_op1_in_0a1b2c3d", "ipv6 in": "SIX"}
    assert config.interfaces["Ethernet1"].access
    assert config.interfaces["Ethernet2"].channel_group == "1"
    assert config.interfaces["Ethernet3"].lists == {"out": "SVI"}
    assert not any(config.interfaces[name].access for name in ("Ethernet3", "Port-Channel1", "Management1", "Vlan101"))
    assert config.interfaces["Vlan101"].is_svi
    assert config.login_lists == {"MGMT", "CPU"}
    assert {"MGMT", "CPU"} <= config.other_uses
    assert "OTE_l1_op1_in_0a1b2c3d" not in config.other_uses
    assert set(config.lists) == {"OTE_l1_op1_in_0a1b2c3d", "MGMT", "SVI"}
    assert not parse_config("% Startup-config is not present\n").interfaces


def test_what_carries_routed_traffic_is_no_access_port() -> None:
    ports = "interface Ethernet1\n!\ninterface Ethernet2\n   switchport\n!\ninterface Ethernet3.100\n!\n"
    plain = parse_config(ports).interfaces
    assert [plain[name].access for name in ("Ethernet1", "Ethernet2", "Ethernet3.100")] == [True, True, False]
    routed = parse_config(f"switchport default mode routed\n{ports}").interfaces
    assert [routed[name].access for name in ("Ethernet1", "Ethernet2")] == [False, True]


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Et1", "Ethernet1"),
        ("eth49/1", "Ethernet49/1"),
        ("ethernet 3", "Ethernet3"),
        ("Po10", "Port-Channel10"),
        ("port-channel 10", "Port-Channel10"),
        ("vlan101", "Vlan101"),
        ("Ma1", "Management1"),
        ("Serial1", "Serial1"),
    ],
)
def test_interfaces_have_one_spelling(short: str, full: str) -> None:
    assert interface_name(short) == full


@pytest.mark.parametrize("table", [OLDER, NEWER], ids=["older", "newer"])
def test_a_timer_is_ours_by_the_name_of_its_session(table: str) -> None:
    mine, foreign = table.format(name=MINE), table.format(name="maintenance")
    assert pending_session(mine) == MINE
    found, other = parse_timer(mine, "automation"), parse_timer(foreign, "automation")
    assert found is not None
    assert found.user == "automation"
    assert other is not None
    assert other.user == "of session maintenance"
    again = parse_timer(mine, "bob")
    assert again is not None
    assert again.user != "bob"


def test_pitfall_38_what_cannot_be_read_counts_as_a_timer() -> None:
    assert parse_timer(NONE, "automation") is None
    unclear = parse_timer("the table is elsewhere", "automation")
    assert unclear is not None
    assert unclear.user == ""
    # A version without sessions has no timer either, and that is said.
    assert parse_timer("% Invalid input\n", "automation") is None
    state = Eos().read_state(Table({DETAIL: "% Invalid input\n", "show privilege": "Current privilege level is 15"}))
    assert state.no_timer is not None


def test_sessions_tell_who_is_in_them() -> None:
    rows = {row.name: row for row in parse_sessions(OLDER.format(name=MINE))}
    assert rows["otedge-automation-dead"].terminal == ""
    assert rows["otedge-automation-live"].terminal == "vty7"
    assert rows["other"].state == "pending"
    assert rows[MINE].state == "pendingCommitTimer"


@pytest.mark.parametrize(
    ("privilege", "sessions", "found"),
    [
        ("Current privilege level is 1\n", NONE, "privilege level 1"),
        ("% Invalid input\n", NONE, "privilege level 0"),
        ("Current privilege level is 15\n", OLDER.format(name="x"), "otedge-automation-live is open on vty7"),
    ],
)
def test_pitfall_43_rights_and_a_second_run_are_seen_before_the_first_line(
    privilege: str, sessions: str, found: str
) -> None:
    state = Eos().read_state(Table({DETAIL: sessions, "show privilege": privilege}))
    assert state.unfit is not None
    assert found in state.unfit[0]


DIFF = """\
--- system:/running-config
+++ session:/otedge-automation-new-session-config
@@ -10,7 +10,7 @@
 interface Ethernet1
    switchport access vlan 101
-   ip access-group LEGACY in
+   ip access-group NEW in
 !
"""
NEW = ["interface Ethernet1", "ip access-group NEW in"]
OLD = ["interface Ethernet1", "ip access-group LEGACY in"]


def _rebind(diff: str, minutes: int | None = 2) -> list[str]:
    show = "show session-config named otedge-automation-new diffs"
    shell = Table({DETAIL: OLDER.format(name="x"), show: diff})
    Eos(lambda: "new").rebind(shell, NEW, OLD, minutes)
    return shell.typed


def test_the_session_is_checked_and_then_committed_under_its_timer() -> None:
    enter = "configure session otedge-automation-new"
    assert _rebind(DIFF, 65) == [
        DETAIL,
        # What a cut run left goes, what somebody is in stays.
        "configure session otedge-automation-dead abort",
        enter, *NEW, "end",
        "show session-config named otedge-automation-new diffs",
        enter, "commit timer 01:05:00",
    ]  # fmt: skip
    assert changed_lines(DIFF) == ["ip access-group LEGACY in", "ip access-group NEW in"]
    assert _rebind(DIFF, None) == ["config", *NEW, "end"]


@pytest.mark.parametrize("diff", [DIFF + "+   shutdown\n", DIFF + "-hostname sw\n", "% Invalid input\n"])
def test_a_session_that_would_change_more_is_given_up(diff: str) -> None:
    with pytest.raises(PeerError, match="more than the bindings"):
        _rebind(diff)


def test_taking_a_list_off_is_a_known_difference() -> None:
    off = ["interface Ethernet1", "no ip access-group LEGACY in"]
    shell = Table(
        {DETAIL: NONE, "show session-config named otedge-automation-n diffs": DIFF.replace("+   ip", "!  ip")}
    )
    Eos(lambda: "n").rebind(shell, off, OLD, 2)
    assert shell.typed[-1] == "commit timer 00:02:00"


def _armed(detail: str) -> tuple[Eos, Table]:
    """Arm the timer of session otedge-automation-n; later looks at the sessions show this."""
    shell = Table({DETAIL: [NONE, detail], "show session-config named otedge-automation-n diffs": DIFF})
    driver = Eos(lambda: "n")
    driver.rebind(shell, NEW, OLD, 2)
    return driver, shell


def test_pitfall_39_confirm_and_revert_name_the_session_or_fail() -> None:
    driver, shell = _armed(NEWER.format(name="otedge-automation-n"))
    driver.confirm(shell)
    assert shell.typed[-1] == "configure session otedge-automation-n commit"
    shell = Table({DETAIL: NEWER.format(name=MINE)})
    Eos().revert(shell)
    assert shell.typed[-1] == f"configure session {MINE} abort"
    for text in (NONE, NEWER.format(name="maintenance")):
        for work in (Eos().confirm, Eos().revert):
            with pytest.raises(PeerError, match="No commit timer of this run"):
                work(Table({DETAIL: text}))


# Pitfall 38: same user, another controller
def test_pitfall_38_the_timer_of_another_run_is_never_confirmed() -> None:
    driver, shell = _armed(NEWER.format(name=MINE))
    with pytest.raises(PeerError, match="left alone"):
        driver.confirm(shell)
    assert f"configure session {MINE} commit" not in shell.typed


def test_lists_are_read_by_family() -> None:
    six = "IPV6 Access List L6\n        10 deny ipv6 any any\n"
    shell = Table({"show ip access-lists L6": "", "show ipv6 access-lists L6": six})
    found = Eos().read_list(shell, "L6")
    assert found is not None
    assert found.kind == "ipv6"
    assert Eos().read_list(Table({}), "L6") is None
    assert Eos().parse_lists("ip access-list L\n   permit ip any any\n")["L"].rules == (Rule("permit"),)


def test_counters_room_and_log() -> None:
    shown = (
        "IP Access List L\n        counters per-entry\n"
        "        10 permit tcp any any eq www [match 12 packets, 0:00:05 ago]\n        20 deny ip any any log\n"
    )
    assert parse_hits(shown) == [Hits("permit tcp any any eq www", 12), Hits("deny ip any any log", 0)]
    assert [hit.count for hit in parse_hits(shown.replace("counters per-entry", ""))] == [12, None]
    assert Eos().read_hits(Table({"show ip access-lists L": shown}), ["L", "GONE"]).keys() == {"L"}
    rows = (
        "Table   Feature   Chip         Used    Used      Free   Committed   Best Case       High\n"
        "HOST              Linecard0       9      0%     90000           0       90009          9\n"
        "TCAM    ACL       Linecard0      16      1%      4080           0        4096         16\n"
        "TCAM    IPv4-PACL Linecard0     100     10%       900           0        1000        100\n"
    )
    assert parse_room(rows) == Room(100, 1000)
    assert parse_room("% Invalid input\n") is None
    full = "%ACL-3-HARDWARE_RESOURCE_FULL: L is not programmed"
    assert hardware_errors(f"%ACL-6-IPACCESS: list L Ethernet1 denied tcp, out of nowhere\n{full}\n") == [full]


def test_the_platform_is_known_by_its_version() -> None:
    assert Eos().is_this(Table({"show version": "Arista DCS-720XP-48ZC2\nSoftware image version: 4.30.5M\n"}))
    assert not Eos().is_this(Table({"show version": "Cisco IOS Software\n"}))
