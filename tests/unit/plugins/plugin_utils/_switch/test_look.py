# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looking at a switch: pure rows, and every simulated platform, where nothing may ever be written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.switch_acl_info import GATHER
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import AccessList, Opaque
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule, rules_from
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.inventory import (
    binding_rows,
    list_row,
    own,
    unsaved,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.look import look
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.platforms import Driver
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import Config, Interface, SwitchState

OURS, LOG, OURS6 = "OTE_l1_op1_in_0000000a", "OTL_l1_op2_out_0000000b", "OTE_l1_op1_in6_0000000c"
RULES = (Rule("permit", 6, dst_ports=((80, 80),)), Rule("deny", log=True))
SAME = (Rule("permit", 6, dst_ports=((80, 80),), remark="web"), Rule("deny"))
KEYS = {
    *("lists", "missing", "bindings", "open", "counters", "unused", "resources", "timer"),
    *("startup_equal", "unsaved", "obstacles"),
}


def config(ports: dict[str, dict[str, str]], lists: dict[str, tuple[Any, ...]], **more: Any) -> Config:
    named = {name: AccessList(name, entries=entries) for name, entries in lists.items()}
    return Config(named, {name: Interface(name, ways) for name, ways in ports.items()}, **more)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        (OURS, ("l1_op1", "in", "ipv4", "0000000a", "enforce")),
        (LOG, ("l1_op2", "out", "ipv4", "0000000b", "log_and_permit")),
        (OURS6, ("l1_op1", "in", "ipv6", "0000000c", "enforce")),
        ("OTE_by_hand", None),
        ("LEGACY", None),
    ],
)
def test_the_name_of_a_list_of_ours_tells_what_it_was_made_for(name: str, found: tuple[str, ...] | None) -> None:
    told = own(name)
    assert (told and tuple(told.values())) == found


@pytest.mark.parametrize(
    ("lists", "port", "name", "row"),
    [
        ({OURS: RULES}, "Gi1", OURS, (True, False, True, "")),
        ({"SITE": RULES}, "Gi1", "SITE", (True, False, True, "")),
        ({LOG: RULES}, "Gi1", LOG, (True, False, False, "permits and logs")),
        ({OURS: RULES}, "Vlan10", OURS, (True, False, False, "protects only the switch itself")),
        # pitfalls 13 and 40: empty and undefined lists are open, lists of the system are not
        ({"SITE": ()}, "Gi1", "SITE", (True, True, False, "the list is empty: everything is permitted")),
        ({}, "Gi1", "SITE", (False, True, False, "the list is undefined: everything is permitted")),
        ({}, "Gi1", "preauth_ipv4_acl", (True, False, True, "")),
        ({"SITE": (Opaque("evaluate X"),)}, "Gi1", "SITE", (True, False, True, "")),
        ({OURS6: RULES}, "Gi1", OURS6, (True, False, True, "")),
    ],
)
def test_pitfall_13_40_what_a_binding_does(
    lists: dict[str, tuple[Any, ...]], port: str, name: str, row: tuple[Any, ...]
) -> None:
    (found,) = binding_rows(config({port: {"in": name}}, lists))
    assert (found["defined"], found["open"], found["enforced"]) == row[:3]
    assert row[3] in found["note"]
    assert bool(row[3]) == bool(found["note"])


def test_an_ipv4_list_does_not_define_the_ipv6_binding_of_its_name() -> None:
    (found,) = binding_rows(config({"Gi1": {"ipv6 in": "SITE"}}, {"SITE": RULES}))
    assert (found["family"], found["direction"], found["open"]) == ("ipv6", "in", True)


@pytest.mark.parametrize(
    ("ways", "lists", "told"),
    [
        ({"in": OURS}, {OURS: RULES}, True),
        (
            {"in": OURS, "ipv6 in": OURS6},
            {OURS: RULES, OURS6: (Rule.from_dict({"action": "deny", "family": "ipv6"}),)},
            False,
        ),
        ({"in": OURS, "ipv6 in": "GONE"}, {OURS: RULES}, True),
        ({"out": OURS}, {OURS: RULES}, False),
    ],
)
def test_a_port_on_which_ipv6_passes_is_told(ways: dict[str, str], lists: dict[str, Any], told: bool) -> None:
    rows = binding_rows(config({"Gi1": ways}, lists))
    assert any("IPv6 is not stopped" in note for row in rows for note in row["notes"]) is told


def test_the_row_of_a_list_says_who_uses_it() -> None:
    running = config(
        {"Gi1": {"in": OURS}, "Gi2": {"in": OURS}},
        {OURS: RULES, "VTY": RULES, "ODD": (*RULES, Opaque("evaluate X")), "IDLE": (), "copp-system-p-acl-x": RULES},
        other_uses=frozenset({"VTY"}),
    )
    rows = {name: list_row(found, running) for name, found in running.lists.items()}
    assert rows[OURS]["bound"] == [{"interface": "Gi1", "direction": "in"}, {"interface": "Gi2", "direction": "in"}]
    assert {name: row["idle"] for name, row in rows.items()} == {
        **{OURS: False, "VTY": False},
        **{"ODD": True, "IDLE": True, "copp-system-p-acl-x": True},
    }
    assert (rows["ODD"]["understood"], rows["ODD"]["opaque"]) == (False, ["evaluate X"])
    assert rows["IDLE"]["empty"]
    # Its name holds the hash of something else.
    assert [name for name, row in rows.items() if row["edited"]] == [OURS]
    assert [name for name, row in rows.items() if row["system"]] == ["copp-system-p-acl-x"]
    assert rows["VTY"]["used_elsewhere"]
    assert rules_from(rows[OURS]["rules"]) == RULES
    unknown = list_row(running.lists[OURS], None)
    assert unknown["bound"] is unknown["idle"] is unknown["used_elsewhere"] is None


@pytest.mark.parametrize(
    ("startup", "reasons"),
    [
        (config({"Gi1": {"in": OURS}}, {OURS: RULES}), []),
        (config({"Gi1": {"in": OURS}}, {OURS: SAME}), []),
        (config({"Gi1": {"in": OURS}}, {OURS: RULES[:1]}), []),
        (config({"Gi1": {"in": OURS}}, {OURS: RULES[1:]}), ["another one of that name"]),
        (config({"Gi1": {"in": OURS}}, {}), ["another one of that name"]),
        (config({"Gi1": {"in": "SITE"}}, {"SITE": RULES}), ["a restart would bind SITE"]),
        (config({"Gi1": {}}, {}), ["a restart would bind no list"]),
        (config({"Gi1": {"in": OURS}, "Gi2": {"out": "X"}}, {OURS: RULES}), ["a restart would bind X"]),
    ],
)
def test_what_a_restart_would_change(startup: Config, reasons: list[str]) -> None:
    found = unsaved(SwitchState(config({"Gi1": {"in": OURS}}, {OURS: RULES}), startup))
    assert len(found) == len(reasons)
    assert all(reason in row["reason"] for row, reason in zip(found, reasons, strict=True))


BASE: dict[str, list[str]] = {
    "iosxe": ["ip access-list extended SITE", "permit tcp any any eq www", "ip access-list extended EMPTY"],
    "ios15": ["ip access-list extended SITE", "permit tcp any any eq www", "ip access-list extended EMPTY"],
    "eos": ["ip access-list SITE", "permit tcp any any eq www", "ip access-list EMPTY"],
    "nxos": ["feature scheduler", "ip access-list SITE", "permit tcp any any eq www", "ip access-list EMPTY"],
    "aoscx": ["access-list ip SITE", "10 permit tcp any any eq http count", "access-list ip EMPTY"],
}


@pytest.fixture(params=sorted(BASE))
def platform(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def rig(make_quick: Callable[..., Any], want: Callable[..., Any], platform: str) -> Any:
    """A switch with lists of the site and two of ours, the newer bound and matched three times."""
    made = make_quick({"lines": BASE[platform]}, platform)
    port = made.side.ports[0]
    made.names = [made.ensure([want(n, interface=port)])["bindings"][0]["list"] for n in (443, 444)]
    packet = {"src": "10.20.1.11", "dst": "10.20.60.7", "protocol": "tcp", "src_port": 50000, "dst_port": 444}
    for _time in range(3):
        made.switch.evaluate(port, "in", packet, count=True)
    made.asked.clear()
    return made


def seen(rig: Any, *gather: str, names: tuple[str, ...] = (), driver: Driver | None = None) -> dict[str, Any]:
    shell, written = rig.connect(), rig.writes()
    try:
        found = look(driver or rig.driver, shell, gather or GATHER, names)
    finally:
        shell.close()
    assert rig.writes() == written
    assert set(found) == KEYS
    return found


def test_everything_is_told_on_each_platform(rig: Any) -> None:
    found, (older, newer) = seen(rig), rig.names
    lists = {row["name"]: row for row in found["lists"]}
    assert {older, newer, "SITE"} <= set(lists)
    assert (lists[newer]["idle"], lists[older]["idle"], lists["SITE"]["own"]) == (False, True, None)
    assert lists[newer]["own"]["binding"] == "l1_op1"
    assert not any(row["edited"] for row in lists.values())
    assert lists[newer]["bound"] == [{"interface": rig.side.ports[0], "direction": "in"}]
    assert lists[newer]["rules"][0]["dst_ports"] == [[444, 444]]
    bindings = {row["interface"]: row for row in found["bindings"]}
    assert (bindings[rig.side.ports[0]]["list"], bindings[rig.side.ports[0]]["enforced"]) == (newer, True)
    assert found["open"] == [] == found["missing"]
    assert (found["startup_equal"], found["unsaved"]) == (True, [])
    assert found["timer"] == {"pending": False, "user": None, "text": None, "ours": False}
    assert found["obstacles"] == []
    assert [row["hits"] for row in found["counters"]["lists"][newer]] == [3, 0]
    assert found["unused"][newer][0].startswith("deny")
    assert "no proof of no traffic" in found["counters"]["note"]
    room = found["resources"]
    assert room["messages"] == []
    assert room["maximum"] is None or room["free"] == room["maximum"] - room["used"]


def test_pitfall_37_named_lists_are_read_by_themselves(rig: Any) -> None:
    newer = rig.names[1]
    found = seen(rig, "lists", "counters", names=(newer, "GONE"))
    assert [row["name"] for row in found["lists"]] == [newer]
    assert found["missing"] == ["GONE"]
    assert found["lists"][0]["bound"] is None
    assert list(found["counters"]["lists"]) == [newer]
    assert found["bindings"] is found["timer"] is None
    assert not [command for command in rig.asked if "running-config" in command or "startup-config" in command]


def test_only_what_is_asked_for_is_read(rig: Any) -> None:
    assert seen(rig, "timer")["timer"]["pending"] is False
    assert not [command for command in rig.asked if "running-config" in command and "aoscx" not in rig.side.device_type]
    rig.asked.clear()
    found = seen(rig, "bindings", names=("SITE",))
    assert (found["bindings"], found["lists"], found["startup_equal"]) == ([], None, None)
    assert not [command for command in rig.asked if "startup" in command]


def test_pitfall_40_a_binding_of_a_list_that_is_not_there_is_open(rig: Any, want: Callable[..., Any]) -> None:
    port = rig.side.ports[1]
    shell = rig.connect()
    now = rig.driver.bind(port, "in", "GONE", None)
    try:
        shell.configure(now)
    except PeerError:
        pytest.skip("the platform does not bind what is not there")
    finally:
        shell.close()
    found = seen(rig)
    (row,) = found["open"]
    assert (row["interface"], row["list"], row["defined"]) == (port, "GONE", False)
    assert "GONE" not in {one["name"] for one in found["lists"] if not one["empty"]}
    assert not found["startup_equal"]
    assert found["unsaved"][0]["running"] == "GONE"


def test_a_timer_that_a_cut_run_left_is_told_as_ours(rig: Any, want: Callable[..., Any]) -> None:
    port = rig.side.ports[0]

    def watch(number: int) -> None:
        if rig.bound().get(port, {}).get("in") not in rig.names:
            rig.cut(lost=True)

    rig.on_step = watch
    with pytest.raises(Exception, match="revert timer puts"):
        rig.ensure([want(445, interface=port)])
    rig.on_step = lambda number: None
    rig.lost = False
    for gather in (("timer",), tuple(GATHER)):
        timer = seen(rig, *gather)["timer"]
        assert (timer["pending"], timer["user"], timer["ours"]) == (True, "automation", True), gather
        assert timer["text"]


def test_a_user_who_sees_no_configuration_is_not_told_that_there_are_no_lists(
    make_quick: Callable[..., Any],
) -> None:
    rig = make_quick({"enable_password": "secret-2"})
    with pytest.raises(PeerError, match="shows no configuration to user 'automation'. To go on: give"):
        seen(rig)
    with pytest.raises(PeerError, match="shows no configuration"):
        seen(rig, "bindings")


def test_what_stands_against_writing_is_told(make_quick: Callable[..., Any]) -> None:
    found = seen(make_quick({"archive_path": ""}, "ios15"), "obstacles")
    assert all({"found", "needs"} == set(row) for row in found["obstacles"])


def test_pitfall_20_a_list_of_the_system_is_told_as_one(make_quick: Callable[..., Any]) -> None:
    found = seen(make_quick(None, "eos"), "lists", names=("default-control-plane-acl",))
    assert [(row["name"], row["system"]) for row in found["lists"]] == [("default-control-plane-acl", True)]
