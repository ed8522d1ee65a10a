# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IPv6 bindings: beside the IPv4 ones, by their own names, and never without neighbour discovery by mistake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError, RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import ANY6, Address, Rule, rules_from
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch import discovery, names
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.driver_aoscx import AosCx
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.drivers import driver_for
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.give_back import bound_before
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.guards import (
    Protection,
    binding_problems,
    switch_problems,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.hooks import Room
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.log_mode import permit_and_log
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.plan import decide
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import (
    Config,
    Interface,
    SwitchState,
    parts_of,
    way_of,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.wanted import Wanted

PLATFORMS = ("iosxe", "ios15", "eos", "nxos", "aoscx")
BASE = {"nxos": ["feature scheduler"], "iosxe": [], "ios15": []}
# The line that puts a list of IPv6 in force.
BINDS = r"^(?:commit timer|ipv6 (?:port )?traffic-filter OTE_|apply access-list ipv6 OTE_)"
STATION, SERVER = "2001:db8:20::11", "2001:db8:60::10"
LAST = Rule("deny", src=ANY6, dst=ANY6, log=True)
DISCOVERY = rules_from(
    {"action": "permit", "protocol": "icmpv6", "icmp": [kind, None], "family": "ipv6"} for kind in (135, 136)
)


def web(port: int = 443) -> Rule:
    return Rule.from_dict(
        {"action": "permit", "protocol": "tcp", "src": STATION, "dst": SERVER, "dst_ports": [[port, port]]}
    )


def six(*rules: Rule, **more: Any) -> Wanted:
    """A binding of IPv6; the rig puts in its own port."""
    return replace(Wanted("", "in", "l1-op1", (*rules, LAST), STATION, family="ipv6"), **more)


SHUT = six(address=None, no_discovery=True)


def packet(port: int = 443, **more: Any) -> dict[str, Any]:
    return {"src": STATION, "dst": SERVER, "protocol": "tcp", "src_port": 50000, "dst_port": port, **more}


class Six:
    """A rig, its bindings and its packets."""

    def __init__(self, make_rig: Callable[..., Any], platform: str, **config: Any) -> None:
        self.rig = make_rig({"lines": BASE.get(platform, []), **config}, platform)
        if platform == "aoscx":
            self.rig.driver = AosCx(wait=self.wait)

    def ensure(self, *wanted: Wanted, **manner: Any) -> dict[str, Any]:
        return dict(self.rig.ensure([replace(want, interface=self.rig.port) for want in wanted], **manner))

    def wait(self, seconds: float) -> None:
        self.rig.world.time += seconds

    @property
    def bound(self) -> dict[str, str]:
        return dict(self.rig.switch.dump()["bindings"].get(self.rig.port, {}))

    def permits(self, **more: Any) -> bool:
        self.wait(1)  # what takes a while to reach the hardware is there
        return bool(self.rig.switch.evaluate(self.rig.port, "in", packet(**more), count=True)["permit"])


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_list_of_ipv4_does_not_stop_ipv6_and_one_of_ipv6_does(
    make_rig: Callable[..., Any], want: Callable[..., Wanted], platform: str
) -> None:
    at = Six(make_rig, platform)
    four = want(443)
    at.ensure(four)
    assert at.permits()
    found = at.ensure(four, SHUT)
    assert [(row["family"], row["changed"]) for row in found["bindings"]] == [("ipv4", False), ("ipv6", True)]
    assert not at.permits() and at.rig.permits("10.20.60.7", 443)
    assert names.is_generation(at.bound["ipv6 in"], "l1-op1", "ipv6 in")
    assert names.is_generation(at.bound["in"], "l1-op1", "in")
    lines = len(at.rig.world.configuration())
    again = at.ensure(four, SHUT)
    assert not again["changed"] and len(at.rig.world.configuration()) == lines
    at.rig.switch.power_cut()
    assert not at.permits()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_list_of_ipv6_is_swapped_counted_kept_and_given_back(make_rig: Callable[..., Any], platform: str) -> None:
    at = Six(make_rig, platform)
    first = at.ensure(six(*DISCOVERY, web()))["bindings"][0]["list"]
    assert at.permits() and not at.permits(port=80)
    found = at.ensure(six(*DISCOVERY, web(), web(80)))
    assert found["bindings"][0]["before"] == first and not found["removed"]
    assert at.permits(port=80)
    counted = {hit["entry"]: hit["hits"] for hit in found["counters"]["before"][first]}
    assert any(hits == 1 and "443" in entry or "https" in entry for entry, hits in counted.items())
    # The one before the last goes, the last stays.
    assert at.ensure(six(*DISCOVERY, web(8080)))["removed"] == [first]
    back = at.ensure(six(absent=True, rules=()))
    assert back["bindings"][0]["list"] is None and back["removed"]
    assert at.bound == {} and at.permits(port=22)
    assert not at.rig.driver.read_running(at.rig.connect()).lists


@pytest.mark.parametrize("waits", [True, False])
@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_swap_that_locks_itself_out_takes_the_list_of_ipv6_back(
    make_rig: Callable[..., Any], platform: str, waits: bool
) -> None:
    at = Six(make_rig, platform)
    at.ensure(six(*DISCOVERY, web()))
    before = at.bound
    at.rig.switch.inject("deny_new_sessions", {"after": 1})
    at.rig.switch.inject("cut_after_line", {"match": BINDS})
    with pytest.raises(OtedgeError, match="revert timer puts the old lists back"):
        at.ensure(SHUT)
    at.rig.switch.inject("none", {})
    assert at.bound != before
    if waits:
        at.rig.world.time += 600
        with at.rig.world.lock:
            at.rig.switch.tick(at.rig.world.time)
        assert at.bound == before and at.permits()
    # The next run finishes what a cut run left, whether its timer has fired or is pending.
    assert at.ensure(SHUT)["changed"] and not at.permits()
    assert not at.ensure(SHUT)["changed"]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_pitfall_17_remarks_of_ipv6_lists_come_back_and_do_not_toggle(
    make_rig: Callable[..., Any], platform: str
) -> None:
    at = Six(make_rig, platform)
    wanted = six(*(replace(rule, remark="neighbour discovery") for rule in DISCOVERY), replace(web(), remark="web"))
    name = at.ensure(wanted)["bindings"][0]["list"]
    found = at.rig.driver.read_running(at.rig.connect()).find(name, "ipv6")
    assert {rule.remark for rule in found.rules} >= {"web"}
    assert not at.ensure(wanted)["changed"]


@pytest.mark.parametrize("device_type", ["cisco_xe", "arista_eos", "cisco_nxos", "aruba_aoscx"])
def test_what_is_rendered_for_ipv6_is_of_ipv6_throughout(device_type: str) -> None:
    driver = driver_for(device_type)
    name = f"{names.prefix('l1-op1', 'ipv6 in')}0123abcd"
    lines = driver.create(name, (*DISCOVERY, web(), LAST))
    (found,) = driver.parse_lists("\n".join([lines[0], *(f" {line}" for line in lines[1:])])).values()
    assert found.family == "ipv6" and found.rules[-1].log
    assert "ipv6" in lines[0] and "ipv6" in driver.remove(name)[0]
    assert all("ipv6" in driver.bind("vlan 10", way, name, None)[1] for way in ("ipv6 in", "ipv6 out"))
    assert "ipv6" not in " ".join(driver.bind("vlan 10", "in", name, None) + driver.remove("OTE_x_in_01234567"))


@pytest.mark.parametrize("way", ["in", "out", "ipv6 in", "ipv6 out"])
def test_names_tell_the_family_and_fit(way: str) -> None:
    family, direction = parts_of(way)
    assert way_of(direction, family) == way
    whole = f"{names.prefix('line-1-operator-station-1', way)}0123abcd"
    assert len(whole) <= 31 and names.OURS.fullmatch(whole)
    assert names.family_of(whole) == family and names.families_of(whole) == (family,)
    assert [names.is_generation(whole, "line-1-operator-station-1", other) for other in
            ("in", "out", "ipv6 in", "ipv6 out")].count(True) == 1  # fmt: skip
    assert names.families_of("LEGACY") == ("ipv4", "ipv6")


def _state(**lists: str) -> SwitchState:
    running = Config({}, {"P": Interface("P", {way.replace("_", " "): name for way, name in lists.items()})})
    return SwitchState(running, running)


LINK = Address.of("fe80::/10")


@pytest.mark.parametrize(
    ("rules", "more", "denied"),
    [
        ((), {}, True),
        ((), {"no_discovery": True}, False),
        (DISCOVERY, {}, False),
        (DISCOVERY[:1], {}, True),
        (DISCOVERY[1:], {}, True),
        (DISCOVERY, {"direction": "out"}, False),
        # Answers from the station's own address as well as from its link-local one.
        ([replace(rule, src=LINK) for rule in DISCOVERY], {}, True),
        ([replace(rule, src=LINK) for rule in DISCOVERY], {"address": None}, True),
        ([replace(r, src=s) for r in DISCOVERY for s in (LINK, Address.of("::/128"))], {"address": None}, False),
        ([replace(r, src=Address.of(s)) for r in DISCOVERY for s in ("fe80::/10", "::/128", STATION)], {}, False),
        # Any other list that permits everything, or logs only, denies nothing.
        ((Rule("permit", src=ANY6, dst=ANY6),), {}, False),
        (permit_and_log((LAST,)), {"logging": True}, False),
    ],
)
def test_a_list_that_would_deny_neighbour_discovery_is_refused(rules: Any, more: Any, denied: bool) -> None:
    want = replace(six(*rules), interface="P", **more)
    found = binding_problems(_state(), want, Protection())
    assert [text for text in found if "neighbour discovery" in text] == found
    assert bool(found) is denied


def test_neighbour_discovery_is_none_of_ipv4s_business() -> None:
    want = Wanted("P", "in", "x", (Rule("deny"),))
    assert not discovery.denied_discovery(want)
    assert not binding_problems(_state(), want, Protection())


def test_protected_flows_count_in_their_family_only() -> None:
    flow = {"src": f"{STATION}/128", "dst": f"{SERVER}/128", "protocol": "tcp", "dst_port": 443}
    four = {"src": "10.20.1.11/32", "dst": "10.20.60.7/32", "protocol": "tcp", "dst_port": 443}
    want = replace(six(*DISCOVERY), interface="P")
    problems = binding_problems(_state(), want, Protection(flows=(flow, four)))
    assert len(problems) == 1 and SERVER in problems[0]
    assert not binding_problems(_state(), replace(want, rules=(*DISCOVERY, web(), LAST)), Protection(flows=(flow,)))


def test_the_way_to_a_switch_that_is_managed_over_ipv6_is_kept_open() -> None:
    uplink = SwitchState(Config({}, {"P": Interface("P", {}, access=False)}, ip_routing=True), Config())
    path = Protection(management_address="2001:db8:90::5", switch_address="2001:db8:1::2")
    want = replace(six(*DISCOVERY), interface="P", address=None)
    assert "cut the automation node off" in binding_problems(uplink, want, path)[0]
    ssh = Rule.from_dict({"action": "permit", "protocol": "tcp", "dst": "2001:db8:1::2", "dst_ports": [[22, 22]]})
    assert not binding_problems(uplink, replace(want, rules=(*DISCOVERY, ssh, LAST)), path)
    # A list of the other family does not touch it.
    assert not binding_problems(uplink, Wanted("P", "in", "x", (Rule("deny"),)), path)


def test_both_families_on_one_port_are_two_bindings_under_one_name() -> None:
    state = _state(**{"in": "FOUR", "ipv6_in": "SIX"})
    wanted = [Wanted("P", "in", "x", (Rule("deny"),)), replace(SHUT, interface="P", name="x")]
    plan = decide(state, wanted, driver_for("cisco_xe"))
    assert [(swap.old, names.family_of(str(swap.new))) for swap in plan.swaps] == [("FOUR", "ipv4"), ("SIX", "ipv6")]
    assert set(plan.final) == {("P", "in"), ("P", "ipv6 in")}


def test_what_was_bound_before_ours_is_told_by_family() -> None:
    rows = [
        {"interface": "P", "direction": "in", "before": "FOUR", "list": "OTE_x_in_01234567", "changed": True},
        {"interface": "P", "direction": "in", "family": "ipv6", "before": "SIX", "list": "OTE_x_in6_01234567",
         "changed": True},
    ]  # fmt: skip
    entries = [{"action": "bind lists", "kind": "intent", "data": {"bindings": rows}}]
    assert bound_before(entries) == {("P", "in"): "FOUR", ("P", "ipv6 in"): "SIX"}


def test_one_binding_of_a_name_that_cannot_be_made_stops_the_name(make_rig: Callable[..., Any]) -> None:
    at = Six(make_rig, "eos")
    with pytest.raises(RefusedError, match="neighbour discovery"):
        at.ensure(six(), Wanted("", "in", "l1-op1", (Rule("deny"),)))
    refused = at.ensure(six(), Wanted("", "in", "l1-op1", (Rule("deny"),)), strict=False)
    assert set(refused["refused"]) == {"l1-op1"} and not refused["bindings"] and at.bound == {}


def test_a_port_on_which_ipv6_passes_is_told(make_rig: Callable[..., Any], want: Callable[..., Wanted]) -> None:
    at = Six(make_rig, "eos")
    assert at.ensure(want(443))["bindings"][0]["notes"] == [
        "IPv6 is not stopped: no list of IPv6 is bound to this port"
    ]
    assert [row["notes"] for row in at.ensure(want(443), SHUT)["bindings"]] == [[], []]
    assert at.ensure(want(443))["bindings"][0]["notes"] == []


def test_each_family_needs_its_own_room_where_the_hardware_splits_it(
    make_rig: Callable[..., Any], want: Callable[..., Wanted], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = Six(make_rig, "nxos")
    # An entry of IPv6 counts twice: two entries need four.
    rooms = {"ipv4": Room(0, 4), "ipv6": Room(0, 3)}
    monkeypatch.setattr(at.rig.driver, "family_room", lambda _shell, family: rooms[family])
    with pytest.raises(RefusedError, match="need up to 4 hardware entries, and 3 of 3 are free"):
        at.ensure(want(443, 80), six(web(), no_discovery=True))
    assert at.bound == {}
    rooms["ipv6"] = Room(0, 4)
    assert at.ensure(want(443, 80), six(web(), no_discovery=True))["changed"]


VTY6 = "ipv6 access-list VTY6\n  permit tcp 2001:db8:90::/64 any eq 22\n  deny ipv6 any any\n"


@pytest.mark.parametrize(
    ("device_type", "lines"),
    [
        ("cisco_xe", "line vty 0 15\n access-class VTY in\n ipv6 access-class VTY6 in\n"),
        ("cisco_nxos", "line vty\n  access-class VTY in\n  ipv6 access-class VTY6 in\n"),
        ("arista_eos", "management ssh\n  ip access-group VTY in\n  ipv6 access-group VTY6 in\n"),
    ],
)
def test_who_may_log_in_over_ipv6_is_looked_at_in_the_lists_of_ipv6(device_type: str, lines: str) -> None:
    head = "ip access-list extended VTY" if device_type == "cisco_xe" else "ip access-list VTY"
    running = driver_for(device_type).parse_config(f"{head}\n  deny ip any any\n{VTY6}{lines}")
    assert running.login_lists == {"VTY", "VTY6"}
    state = SwitchState(running, running)
    here = Protection(management_address="2001:db8:90::5", switch_address="2001:db8:1::2")
    assert not switch_problems(state, here, changing=True)
    elsewhere = replace(here, management_address="2001:db8:91::5")
    assert "VTY6 permits" in switch_problems(state, elsewhere, changing=True)[0][0]
    old = Protection(management_address="10.20.90.5", switch_address="10.20.0.11")
    assert "VTY permits" in switch_problems(state, old, changing=True)[0][0]
