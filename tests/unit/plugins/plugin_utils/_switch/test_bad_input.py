# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What cannot be done is refused on every platform: nothing is written, one message says where, what and the fix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import rules_from
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch import lock as locking
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.drivers import (
    driver_for,
    netmiko_type,
    require_platform,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.guards import Protection
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.names import OURS
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.plan import Wanted
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.session import SwitchSession

ENTRIES = {
    "iosxe": ("permit tcp any any eq 80", "deny ip any any log"),
    "eos": ("10 permit tcp any any eq 80", "20 deny ip any any log"),
    "aoscx": ("10 permit tcp any any eq 80", "20 deny any any any count log"),
}
ENTRIES |= {"ios15": ENTRIES["iosxe"], "nxos": ENTRIES["eos"]}
HEADS = {"iosxe": "ip access-list extended", "ios15": "ip access-list extended", "aoscx": "access-list ip"}
PORTS = {"eos": "Ethernet1", "nxos": "Ethernet1/1", "aoscx": "1/1/1"}
BINDS = {"nxos": "ip port access-group {} in", "aoscx": "apply access-list ip {} in"}
PLATFORMS = tuple(sorted(ENTRIES))
DEVICE_TYPES = ("arista_eos", "aruba_aoscx", "cisco_nxos", "cisco_xe")


def port_of(platform: str) -> str:
    return PORTS.get(platform, "GigabitEthernet1/0/1")


def legacy(platform: str, *more: str) -> list[str]:
    """The list OLD on the first port, with more entries in front."""
    head = f"{HEADS.get(platform, 'ip access-list')} OLD"
    bind = BINDS.get(platform, "ip access-group {} in").format("OLD")
    base = ["feature scheduler"] if platform == "nxos" else []
    return [*base, head, *more, *ENTRIES[platform], f"interface {port_of(platform)}", bind]


def wanted(platform: str, *ports: int, **more: Any) -> Wanted:
    permits = [{"action": "permit", "protocol": "tcp", "dst_ports": [[p, p]]} for p in ports or (443,)]
    rules = rules_from([*permits, {"action": "deny", "log": True}])
    return replace(Wanted(port_of(platform), "in", "l1-op1", rules, "10.20.1.11"), **more)


@dataclass(frozen=True)
class Bad:
    """One thing that cannot be: on which platforms, what is set up, what is asked for, and words of the message."""

    name: str
    found: tuple[str, ...]
    platforms: tuple[str, ...] = PLATFORMS
    lines: tuple[str, ...] = ()
    config: dict[str, Any] = field(default_factory=dict)
    change: dict[str, Any] = field(default_factory=dict)
    protection: Protection = Protection()


FLOW = {"src": "10.20.1.11", "dst": "10.20.50.20", "protocol": "tcp", "dst_port": 502}
BAD = [
    Bad("no-interface", ("l1-op1", "does not exist on the switch"), change={"interface": "Vlan999"}),
    Bad("no-room", ("hardware entries", "OTE_l1_op1_in_", "are free"), config={"tcam_entries": 6}),
    Bad("protected-flow", ("protected flow", "10.20.50.20", "rule 12: deny"), protection=Protection(flows=(FLOW,))),
    Bad(
        "cut-off",
        ("cut the automation node off", "lan"),
        change={"interface": "Vlan101", "address": None},
        protection=Protection(management_address="10.20.1.50", switch_address="10.20.1.1"),
    ),
    Bad("privilege", ("privilege level 1",), ("iosxe", "ios15"), config={"enable_password": "up"}),
    Bad("privilege", ("privilege level 1",), ("eos",), config={"privilege": 1}),
    Bad("privilege", ("role network-operator",), ("nxos",), config={"role": "network-operator"}),
    Bad("opaque", ("list OLD", "dscp ef"), ("iosxe", "ios15"), ("permit tcp any any eq 81 dscp ef",)),
    Bad("opaque", ("list OLD", "time-range NIGHT"), ("iosxe",), ("permit tcp any any eq 81 time-range NIGHT",)),
    Bad("opaque", ("list OLD", "ttl eq 1"), ("eos",), ("5 permit ip any any ttl eq 1",)),
    Bad("opaque", ("list OLD", "dscp af11"), ("nxos",), ("5 permit tcp any any eq 81 dscp af11",)),
    Bad("opaque", ("list OLD", "dscp"), ("aoscx",), ("5 permit tcp any any eq 81 dscp AF11",)),
    Bad("no-scheduler", ("scheduler is off",), ("nxos",), config={"lines": ["no feature scheduler"]}),
]


@pytest.mark.parametrize(
    ("platform", "bad"),
    [pytest.param(platform, bad, id=f"{bad.name}-{platform}") for bad in BAD for platform in bad.platforms],
)
def test_what_cannot_be_is_refused_before_the_first_line(
    make_quick: Callable[..., Any], platform: str, bad: Bad
) -> None:
    rig = make_quick({"lines": legacy(platform, *bad.lines), **bad.config}, platform)
    ports = tuple(range(2000, 2022, 2))
    with pytest.raises(OtedgeError) as caught:
        rig.ensure([wanted(platform, *ports, **bad.change)], protection=bad.protection)
    message = caught.value.message
    assert "Nothing was written" in message
    assert all(word in message for word in bad.found), message
    assert caught.value.fix
    assert "sw-l1" in message
    nothing_written(rig)


def nothing_written(rig: Any) -> None:
    """By the journal: no line that changes anything, none typed in a configuration mode."""
    assert rig.writes() == 0
    assert rig.world.configuration() == []


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("device_type", DEVICE_TYPES)
def test_a_device_of_another_type_is_not_spoken_to(
    make_quick: Callable[..., Any], platform: str, device_type: str
) -> None:
    rig = make_quick({"lines": legacy(platform)}, platform)
    driver = driver_for(device_type)
    real = type(driver) is type(rig.driver)
    if real:
        require_platform(driver, rig.connect(), "sw-l1", device_type)
    else:
        with pytest.raises(TalkError, match=f"Switch sw-l1 is not a {device_type}") as caught:
            require_platform(driver, rig.connect(), "sw-l1", device_type)
        assert "ansible_network_os" in caught.value.fix
    nothing_written(rig)


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(
    ("second", "found"),
    [({}, "same interface"), ({"name": "l1-op2"}, "same interface"), ({"interface": "other"}, "same name")],
)
def test_contradictory_bindings_are_refused(
    make_quick: Callable[..., Any], platform: str, second: dict[str, Any], found: str
) -> None:
    rig = make_quick({"lines": legacy(platform)}, platform)
    if "interface" in second:
        second = {"interface": rig.side.ports[1]}
    with pytest.raises(InputError, match=found) as caught:
        rig.ensure([wanted(platform), wanted(platform, 444, **second)])
    assert caught.value.fix
    nothing_written(rig)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_name_too_long_is_cut_and_two_of_them_stay_apart(make_quick: Callable[..., Any], platform: str) -> None:
    rig = make_quick({"lines": legacy(platform)}, platform)
    long = "a-station-with-a-name-that-is-much-longer-than-any-switch-takes"
    both = [wanted(platform, name=f"{long}-{n}", interface=port) for n, port in enumerate(rig.side.ports)]
    names = [item["list"] for item in rig.ensure(both)["bindings"]]
    assert len(set(names)) == 2
    assert all(len(name) <= 31 and OURS.fullmatch(name) for name in names)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_list_edited_by_hand_since_the_plan_is_not_swapped_away(
    make_quick: Callable[..., Any], platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = make_quick({"lines": legacy(platform)}, platform)
    real = type(rig.driver).hardware_errors

    def meanwhile(driver: Any, shell: Any) -> Any:
        other = rig.connect()
        line = "permit tcp any any eq 8080"
        other.configure([f"{HEADS.get(platform, 'ip access-list')} OLD", f"5 {line}"])
        other.close()
        rig.wait(1)
        return real(driver, shell)

    monkeypatch.setattr(type(rig.driver), "hardware_errors", meanwhile)
    with pytest.raises(OtedgeError, match=r"list OLD on .* was edited: 'permit tcp .*8080.*' came") as caught:
        rig.ensure([wanted(platform)])
    assert "No binding was changed" in caught.value.message
    assert caught.value.fix
    dump = rig.switch.dump()
    assert dump["bindings"][rig.side.ports[0]] == {"in": "OLD"}
    assert [name for name in dump["lists"] if OURS.fullmatch(name)] == []


@pytest.mark.parametrize("name", ["", "junipernetworks.junos.junos", "ios-xe-17", "cisco.ios.ios.ios"])
def test_an_unknown_platform_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="no switch driver") as caught:
        netmiko_type(name)
    assert "cisco.ios.ios" in caught.value.fix


@pytest.mark.parametrize("platform", PLATFORMS)
def test_without_key_or_password_nobody_gets_in(make_rig: Callable[..., Any], platform: str, tmp_path: Path) -> None:
    rig = make_rig({"lines": legacy(platform)}, platform)
    empty = tmp_path / "empty"
    empty.write_text("")
    for change, found in (
        ({"known_hosts": str(empty)}, "host key of switch .* is unknown"),
        ({"password": "wrong"}, "does not let user 'automation' in"),
    ):
        with pytest.raises(TalkError, match=found) as caught:
            SwitchSession(replace(rig.target, **change))
        assert caught.value.fix
        assert rig.target.name in caught.value.message
        assert "wrong" not in caught.value.message
    assert not [entry for entry in rig.world.lines if entry["write"] or entry["kind"] == "request"]


def _of_bob(rig: Any, *lines: str) -> None:
    """Type lines as somebody else."""
    session = rig.switch.open_session("bob")
    for line in lines:
        assert not rig.switch.refused(session.run(line).text)
    rig.switch.close_session(session)


# How somebody else starts a revert timer on each platform.
TIMERS = {
    "iosxe": ("configure terminal revert timer 5", "hostname sw-l1", "end"),
    "eos": ("configure session maintenance", "hostname sw-other", "commit timer 00:05:00"),
    "nxos": (
        "configure terminal",
        "scheduler job name otedge-bob-00000001",
        "show clock",
        "exit",
        "scheduler schedule name otedge-bob-00000001",
        "job name otedge-bob-00000001",
        "time start +00:00:05",
        "end",
    ),
    "aoscx": ("checkpoint auto 30",),
}
TIMERS["ios15"] = TIMERS["iosxe"]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_pitfall_38_a_timer_of_somebody_else_is_left_alone(make_quick: Callable[..., Any], platform: str) -> None:
    rig = make_quick({"lines": legacy(platform)}, platform)
    _of_bob(rig, *TIMERS[platform])
    before = rig.switch.dump()
    written = rig.writes()
    with pytest.raises(OtedgeError, match="revert timer") as caught:
        rig.ensure([wanted(platform)])
    assert "sw-l1" in caught.value.message
    assert caught.value.fix
    after = rig.switch.dump()
    # AOS-CX tells nobody of a pending timer: it is seen as ours is refused, and what was built is taken away again.
    assert platform == "aoscx" or rig.writes() == written
    for key in ("bindings", "lists", "pending", "armed", "candidates"):
        assert after.get(key) == before.get(key)


@pytest.mark.parametrize("platform", ["iosxe", "ios15"])
def test_pitfall_43_a_configuration_that_somebody_has_locked_is_left_alone(
    make_quick: Callable[..., Any], platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = make_quick({"lines": ["configuration mode exclusive manual", *legacy(platform)]}, platform)
    monkeypatch.setattr(locking, "HELD_S", 0.0)
    other = rig.switch.open_session("bob")
    assert not rig.switch.refused(other.run("configure terminal lock").text)
    with pytest.raises(OtedgeError) as caught:
        rig.ensure([wanted(platform)])
    assert "sw-l1" in caught.value.message
    assert caught.value.fix
    assert rig.writes() == 0
    rig.switch.close_session(other)
    assert rig.ensure([wanted(platform)])["changed"]
