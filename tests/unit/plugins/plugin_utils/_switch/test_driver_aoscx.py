# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The AOS-CX driver against a shell that answers from a table; the simulated switch is in test_ensure_aoscx.py."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Address, Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.driver_aoscx import PATIENCE, AosCx
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.drivers import driver_for, netmiko_type
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.hooks import (
    Counts,
    Hits,
    PicksPlaces,
    Room,
    TellsRoom,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.read_aoscx import (
    MARKER,
    interface_name,
    parse_active,
    parse_config,
    parse_hits,
    parse_marker,
    parse_privilege,
    parse_room,
    warnings,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.refusals import NotArmed

CONFIG = """\
Current configuration:
!
!Version ArubaOS-CX FL.10.13.1000
hostname sw1
user admin group administrators password ciphertext xyz
object-group ip address PCS
    10 10.20.1.11
access-list ip OTE_l1_op1_in_0a1b2c3d
    10 permit tcp PCS any eq 443 count
access-list ip SVI
    10 permit any any any
access-list ip MGMT
    10 permit tcp 10.20.90.5 any eq 22
access-list ipv6 SIX
    10 permit any any any
apply access-list ip MGMT control-plane vrf mgmt
vlan 1
vlan 101
    name cell
    apply access-list ip VACL in
interface mgmt
    no shutdown
interface lag 1
    no shutdown
    no routing
    vlan trunk native 1
    vlan trunk allowed all
    apply access-list ip SVI in
interface 1/1/1
    no shutdown
    no routing
    vlan access 101
    ! access-list ip OTE_l1_op1_in_0a1b2c3d user configuration currently being processed
    apply access-list ip OTE_l1_op1_in_0a1b2c3d in
    apply access-list ipv6 SIX in
interface 1/1/2
    no shutdown
    lag 1
interface 1/1/3
    ip address 10.1.1.1/30
    apply access-list ip SVI out
interface vlan 101
    ip address 10.20.1.1/26
    apply access-list ip SVI routed-in
    apply access-list ip OUT routed-out
"""


class Table:
    """A shell that answers from a table and remembers what was typed."""

    user = "automation"

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.typed: list[str] = []

    def run(self, command: str, timeout: float = 60.0) -> str:
        self.typed.append(command)
        found = self.answers.get(command, "Invalid input\n")
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        return str(found)

    def require(self, command: str, timeout: float = 60.0) -> str:
        answer = self.run(command)
        if answer.startswith("Invalid"):
            raise PeerError(answer)
        return answer

    def configure(
        self, lines: Sequence[str], *, enter: str = "", leave: str = "", drop: str = "", window: int = 0
    ) -> None:
        self.typed += lines

    def close(self) -> None: ...


def _driver() -> AosCx:
    return AosCx(wait=lambda seconds: None)


def test_a_configuration_is_read_into_what_matters() -> None:
    config = parse_config(CONFIG)
    assert config.ip_routing
    assert config.interfaces["1/1/1"].lists == {"in": "OTE_l1_op1_in_0a1b2c3d", "ipv6 in": "SIX"}
    assert config.interfaces["1/1/1"].access
    assert config.interfaces["1/1/2"].channel_group == "1"
    assert not config.interfaces["lag 1"].access
    assert config.interfaces["1/1/3"].lists == {"out": "SVI"}
    assert config.interfaces["vlan 101"].lists == {"in": "SVI", "out": "OUT"}
    assert config.interfaces["vlan 101"].is_svi
    assert config.interfaces["context vlan 101"].lists == {"in": "VACL"}
    assert not config.interfaces["context vlan 101"].is_svi
    assert set(config.lists) == {"OTE_l1_op1_in_0a1b2c3d", "SVI", "MGMT", "SIX"}
    assert config.lists["OTE_l1_op1_in_0a1b2c3d"].rules[0].src == Address.of("10.20.1.11")
    assert config.find("SIX", "ipv6") and not config.find("SIX")
    # Named elsewhere, so never taken for unused: the control plane.
    assert "MGMT" in config.other_uses
    assert "OTE_l1_op1_in_0a1b2c3d" not in config.other_uses


@pytest.mark.parametrize(
    ("given", "spelled"),
    [
        ("1/1/1", "1/1/1"),
        ("interface 1/1/1", "1/1/1"),
        ("LAG1", "lag 1"),
        ("lag 1", "lag 1"),
        ("Vlan101", "vlan 101"),
        ("interface vlan 101", "vlan 101"),
        ("vlan-context 101", "context vlan 101"),
        ("context vlan101", "context vlan 101"),
    ],
)
def test_interfaces_have_one_spelling(given: str, spelled: str) -> None:
    assert interface_name(given) == spelled


@pytest.mark.parametrize(
    ("interface", "direction", "lines"),
    [
        ("1/1/1", "in", ["interface 1/1/1", "apply access-list ip NEW in"]),
        ("lag 1", "in", ["interface lag 1", "apply access-list ip NEW in"]),
        ("vlan 10", "in", ["interface vlan 10", "apply access-list ip NEW routed-in"]),
        ("vlan 10", "out", ["interface vlan 10", "apply access-list ip NEW routed-out"]),
        ("context vlan 10", "in", ["vlan 10", "apply access-list ip NEW in"]),
    ],
)
def test_bindings_are_one_command(interface: str, direction: str, lines: list[str]) -> None:
    driver = _driver()
    assert driver.bind(interface, direction, "NEW", "OLD") == lines
    off = [lines[0], f"no {lines[1]}"]
    assert driver.bind(interface, direction, None, "NEW") == off
    assert driver.bind(interface, direction, None, None) == []


_SHOWN = "access-list ip L\n    10 permit tcp any any eq 443 count\n"
_BUSY = "! access-list ip L user configuration currently being processed\n"
_WRONG = "! access-list ip L user configuration does not match active configuration.\n"


def test_a_list_is_read_as_the_hardware_has_it_once_it_has_it() -> None:
    shell = Table(
        {
            "show access-list ip L commands": [f"{_BUSY}access-list ip L\n", _SHOWN],
            "show access-list ip L commands configuration": [f"{_BUSY}{_SHOWN}", _SHOWN],
        }
    )
    found = _driver().read_list(shell, "L")
    assert found is not None
    assert found.rules == (Rule("permit", 6, dst_ports=((443, 443),)),)
    assert found.opaque == ()
    assert len(shell.typed) == 4


@pytest.mark.parametrize("note", [_BUSY, _WRONG])
def test_pitfall_35_what_is_typed_and_not_active_is_never_taken_for_done(note: str) -> None:
    waits: list[float] = []
    shell = Table(
        {
            "show access-list ip L commands": _SHOWN,
            "show access-list ip L commands configuration": f"{note}{_SHOWN}",
            "show running-config": CONFIG,
        }
    )
    found = AosCx(wait=waits.append).read_list(shell, "L")
    assert found is not None
    assert re.search("being processed|does not match", found.opaque[0])
    assert sum(waits) == pytest.approx(PATIENCE)


def test_pitfall_35_an_active_list_that_differs_without_a_note_is_found() -> None:
    found = parse_active("L", "access-list ip L\n    10 deny any any any\n", _SHOWN)
    assert found is not None
    assert found.opaque == ("access-list ip L: what is active is not what is configured",)
    empty = parse_active("L", "access-list ip L\n", _SHOWN)
    assert empty is not None
    assert empty.opaque
    assert parse_active("L", "", _SHOWN) is None


def test_groups_of_a_shown_list_come_from_the_configuration() -> None:
    shown = "access-list ip L\n    10 permit tcp PCS any eq 443\n"
    answers = {f"show access-list ip L commands{more}": shown for more in ("", " configuration")}
    found = _driver().read_list(Table({**answers, "show running-config": CONFIG}), "L")
    assert found is not None
    assert [str(rule.src) for rule in found.rules] == ["10.20.1.11/32"]


def test_pitfall_33_lists_that_are_not_active_are_named() -> None:
    assert warnings(f"{_WRONG}{_WRONG}! run 'access-list TYPE NAME reset' to reset\n{_SHOWN}") == [
        "access-list ip L user configuration does not match active configuration."
    ]
    assert warnings(_WRONG, ["M"]) == []
    shell = Table({"show access-list commands configuration": [_BUSY, _WRONG]})
    assert _driver().hardware_errors(shell) == [_WRONG.strip("! \n")]


@pytest.mark.parametrize(
    "text",
    [
        "Invalid input: nonsense",
        "% Unknown command.",
        "Ambiguous command.",
        "Command incomplete.",
        "Error: no room",
    ],
)
def test_pitfall_33_refusals_are_seen(text: str) -> None:
    assert re.search(AosCx.terminal.errors, f"sw1(config)# x\n{text}\nsw1(config)# ", re.MULTILINE)


def test_pitfall_33_what_is_typed_is_no_refusal() -> None:
    echoed = "sw1(config-acl-ip)# 10 comment Error: is only a word, % too\nsw1(config-acl-ip)# "
    assert not re.search(AosCx.terminal.errors, echoed, re.MULTILINE)


def test_the_warning_of_the_timer_is_taken_out() -> None:
    noise = re.compile(AosCx.terminal.noise)
    text = 'sw1# WARNING  Please "checkpoint auto confirm" within 2 minutes\n'
    assert noise.sub("", text) == "sw1# "
    fired = "WARNING: Restoring configuration. Do NOT add any new configuration.\nRestoration successful\n"
    assert noise.sub("", f"sw1# {fired}") == "sw1# "


_ARMED = {"checkpoint auto 2": "Auto checkpoint mode expires in 2 minute(s)\n"}


def test_the_change_is_made_under_a_timer_and_a_mark() -> None:
    shell = Table({**_ARMED, "checkpoint auto confirm": "checkpoint AUTO20260101010101 created\n"})
    driver = _driver()
    driver.rebind(shell, ["interface 1/1/1", "apply access-list ip NEW in"], [], 2)
    assert shell.typed == [
        "checkpoint auto 2",
        f"access-list ip {MARKER}",
        "10 comment revert timer of automation",
        "interface 1/1/1",
        "apply access-list ip NEW in",
    ]
    shell.typed.clear()
    driver.confirm(shell)
    assert shell.typed == ["checkpoint auto confirm", f"no access-list ip {MARKER}"]


def test_pitfall_38_an_unknown_answer_of_the_timer_stops_before_anything_is_bound() -> None:
    shell = Table({"checkpoint auto 2": "Auto checkpoint is in progress\n"})
    driver = _driver()
    with pytest.raises(NotArmed, match="did not start its revert timer"):
        driver.rebind(shell, ["interface 1/1/1"], [], 2)
    assert shell.typed == ["checkpoint auto 2"]
    with pytest.raises(PeerError, match="left alone"):
        driver.confirm(shell)
    assert shell.typed == ["checkpoint auto 2"]


def test_pitfall_38_our_left_over_is_seen_by_its_mark_and_ended() -> None:
    text = f"access-list ip {MARKER}\n    10 comment revert timer of automation\n"
    timer = parse_marker(text)
    assert timer is not None
    assert timer.user == "automation"
    assert MARKER not in parse_config(text).lists
    assert parse_marker(CONFIG) is None
    # Cut after the confirm: the timer is gone, the mark is not.
    shell = Table({})
    _driver().revert(shell)
    assert shell.typed == ["checkpoint auto confirm", f"no access-list ip {MARKER}"]


HITS = """\
Statistics for ACL L (ipv4):
Interface 1/1/1 (in):
           Hit Count  Configuration
                  12  10 permit tcp any any eq 443 count
                   -  20 permit udp any any
                   0  100 deny any any any count log
Interface 1/1/2 (in):
           Hit Count  Configuration
                   3  10 permit tcp any any eq 443 count
                   -  20 permit udp any any
                   1  100 deny any any any count log
"""


def test_pitfall_07_hits_of_all_places_are_added() -> None:
    assert parse_hits(HITS) == [
        Hits("permit tcp any any eq 443 count", 15),
        Hits("permit udp any any", None),
        Hits("deny any any any count log", 1),
    ]
    shell = Table({"show access-list hitcounts ip L": HITS})
    assert set(_driver().read_hits(shell, ["L", "UNBOUND"])) == {"L"}


ROOM = """\
System Capacities Status
Capacities Status Name                                                      Value Maximum
-----------------------------------------------------------------------------------------
Number of active gateway mac addresses in a system                              0      16
Number of Access Control Entries currently configured                          12    4096
Number of Access Control Lists currently configured                             2     512
"""


def test_the_room_for_entries_is_read_where_the_switch_tells() -> None:
    assert parse_room(ROOM) == Room(12, 4096)
    assert parse_room("Invalid input: capacities-status\n") is None
    assert _driver().hardware_room(Table({"show capacities-status": ROOM})) == Room(12, 4096)
    assert isinstance(_driver(), TellsRoom)


def test_rights() -> None:
    answers = {"show running-config": CONFIG, "show startup-config": CONFIG}
    assert _driver().read_state(Table(answers)).unfit is None
    low = {**answers, "show user information": "User privilege level: 1\n"}
    found = _driver().read_state(Table(low)).unfit
    assert found is not None
    assert "privilege level 1" in found[0]
    blind = _driver().read_state(Table({})).unfit
    assert blind is not None
    assert "cannot read" in blind[0]
    assert parse_privilege("nothing") is None


def test_the_driver_brings_its_hooks_and_is_found_by_every_name() -> None:
    driver = _driver()
    assert isinstance(driver, Counts)
    assert isinstance(driver, PicksPlaces)
    port = parse_config(CONFIG).interfaces["1/1/1"]
    assert "bridged" in driver.place_problem(port, "out")
    assert driver.place_problem(port, "in") == ""
    for name in ("arubanetworks.aoscx.aoscx", "aoscx", "aruba_aoscx"):
        assert isinstance(driver_for(netmiko_type(name)), AosCx)
    assert driver.is_this(Table({"show version": "Version      : FL.10.13\nArubaOS-CX\n"}))
    assert not driver.is_this(Table({"show version": "Cisco IOS Software\n"}))
