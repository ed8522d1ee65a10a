# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Going back to the list before: pure decisions, and the swap on every simulated platform."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import (
    OtedgeError,
    PeerError,
    RefusedError,
    TalkError,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.switch_acl_info import GATHER
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import (
    AccessList,
    Opaque,
    content_hash,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.driver_aoscx import AosCx
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.driver_iosxe import IosXe
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.guards import Protection
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.log_mode import permit_and_log
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.look import look
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.plan import decide
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.previous import (
    Ask,
    Last,
    going_back,
    last_changes,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import Config, Interface, SwitchState
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.wanted import Wanted

PORT = "GigabitEthernet1/0/1"
PC = "10.20.1.11"
WISH = Wanted(PORT, "in", "l1-op1", address=PC, again=True)
ALL, LOGGED = (Rule("permit"),), (Rule("permit", log=True),)
NARROW = [(Rule("permit", 6, dst_ports=((number, number),)), Rule("deny", log=True)) for number in (10, 11, 12)]
A, B, C = (f"OTE_l1_op1_in_{content_hash(rules)}" for rules in NARROW)
LOG, OPEN = f"OTL_l1_op1_in_{content_hash(LOGGED)}", f"OTE_l1_op1_in_{content_hash(ALL)}"
OTHER = "OTE_l1_op2_in_0000000a"
ENTRIES = dict(zip((A, B, C), NARROW, strict=True)) | {LOG: LOGGED, OPEN: ALL}


def entries(name: str) -> tuple[Any, ...]:
    """Give the content that fits a name of ours, and any for others."""
    return ENTRIES.get(name, NARROW[0])


def switch(bound: str | None, *names: str, saved: str | None = "same", odd: dict[str, Any] | None = None) -> Any:
    lists = {name: AccessList(name, entries=entries(name)) for name in names}
    lists |= {name: AccessList(name, entries=found) for name, found in (odd or {}).items()}
    running = Config(lists, {PORT: Interface(PORT, {"in": bound} if bound else {})})
    at_restart = bound if saved == "same" else saved
    startup = Config(lists, {PORT: Interface(PORT, {"in": at_restart} if at_restart else {})})
    return SwitchState(running, startup)


@pytest.mark.parametrize(
    ("state", "ask", "found"),
    [
        # the list that has to go
        (switch(B, A, B), Ask(leave=B), A),
        (switch(B, A, B), Ask(leave=B[-8:]), A),
        (switch(A, A, B), Ask(leave=B), f"stays: {B} is not bound, but {A}"),
        (switch(None, A, B), Ask(leave=B), f"stays: {B} is not bound, but no list"),
        (switch("SITE", A, B), Ask(leave=B), f"stays: {B} is not bound, but SITE"),
        (switch(B, B), Ask(leave=B), "there is no list of l1-op1 beside"),
        (switch(B, B, OTHER), Ask(leave=B), "there is no list of l1-op1 beside"),
        (switch(B, A, B, C), Ask(leave=B), f"is not known: say to, one of {A}, {C}"),
        (switch(B, A, B, C, saved=C), Ask(leave=B), C),
        (switch(B, A, B, C), Ask(leave=B, last=Last(A, B)), A),
        (switch(B, A, B, C), Ask(leave=B, last=Last(A, C)), "is not known"),
        (switch(B, A, B), Ask(leave=B, last=Last("SITE", B)), "the port had SITE, which is none of ours"),
        (switch(B, A, B), Ask(leave=B, last=Last("", B)), "the port had no list, which is none of ours"),
        # the one that has to come
        (switch(B, A, B, C), Ask(to=A), A),
        (switch(B, A, B, C), Ask(to=C[-8:].upper()), C),
        (switch(A, A, B), Ask(to=A), A),
        (switch(None, A, B), Ask(to=A), A),
        (switch(B, B), Ask(to=A), f"those on the switch are {B}"),
        (switch(B, B, OTHER), Ask(to=OTHER), "is no list of l1-op1 for what goes in"),
        (switch(B, B, "SITE"), Ask(to="SITE"), "is no list of l1-op1 for what goes in"),
        (switch(B, A, B, LOG), Ask(to=LOG), LOG),
        # both
        (switch(C, A, B, C), Ask(leave=B, to=A), "stays: "),
        (switch(B, A, B, C), Ask(leave=B, to=A), A),
        (switch(A, A, B, C), Ask(leave=B, to=A), A),
        # neither: the last change has to go
        (switch(B, A, B, C), Ask(last=Last(A, B)), A),
        (switch(A, A, B, C), Ask(last=Last(A, B)), A),
        (switch(A, A, B, C), Ask(last=Last(B, A, rollback=True)), A),
        (switch(B, A, B, C), Ask(last=Last(B, A, rollback=True)), A),
        (switch(C, A, B, C), Ask(last=Last(A, B)), f"but {C} is bound: say from or to"),
        (switch(None, A, B), Ask(last=Last(A, B)), "but no list is bound"),
        (switch(B, A, B), Ask(), "the evidence tells of no change"),
        (switch(B, B), Ask(last=Last("SITE", B)), "which is none of ours"),
        (switch("SITE", A, B), Ask(last=Last("SITE", B)), "stays: SITE is bound, as before"),
        (switch(None), Ask(last=Last(B, "")), f"list {B} is not on the switch any more"),
        (switch(B, B), Ask(last=Last(A, B)), "is not on the switch any more"),
        # lists that must not be bound
        (switch(B, B, odd={A: ()}), Ask(leave=B), "is empty, and an empty list permits everything"),
        # lists that nobody may have wanted: only whoever names one gets it
        (switch(B, B, odd={A: ALL}), Ask(leave=B), f"list {A} was edited by hand"),
        (switch(B, B, odd={A: (ALL[0], *NARROW[0])}), Ask(last=Last(A, B)), f"bindings with to: {A}"),
        (switch(B, B, odd={A: ALL}, saved=A), Ask(leave=B), f"list {A} was edited by hand"),
        (switch(B, B, odd={A: ALL}), Ask(to=A), A),
        (switch(B, B, odd={A: ALL}), Ask(leave=B, to=A[-8:]), A),
        (switch(A, B, odd={A: ALL}), Ask(last=Last(B, A, rollback=True)), A),
        (switch(A, B, odd={A: ALL}), Ask(last=Last(A, B)), A),
        (switch(B, B, OPEN), Ask(leave=B), f"list {OPEN} permits everything"),
        (switch(B, B, OPEN), Ask(to=OPEN), OPEN),
        (switch(B, B, LOG), Ask(leave=B), LOG),
        (switch(B, B, odd={LOG: ALL}), Ask(leave=B), f"list {LOG} was edited by hand"),
        (switch(B, B, odd={A: (Opaque("evaluate X"), Rule("permit"))}), Ask(leave=B), "not understood: 'evaluate X'"),
        (SwitchState(Config(), Config()), Ask(to=A), "does not exist on the switch"),
    ],
)
def test_what_is_gone_back_to(state: SwitchState, ask: Ask, found: str) -> None:
    want = going_back(state, WISH, ask)
    told = f"stays: {want.note}" if want.note else want.trouble or want.target or ""
    assert (told == found) if found.startswith("OT") else (found in told)
    assert sum(map(bool, (want.note, want.trouble, want.target))) == 1
    if want.trouble or want.note:
        return
    # Whatever was asked, asked again of what is then there it changes nothing.
    after = replace(state, running=replace(state.running, interfaces={PORT: Interface(PORT, {"in": want.target})}))
    again = going_back(after, WISH, replace(ask, last=Last(B, want.target or "", rollback=True)))
    assert again.target in (want.target, None)
    assert not again.trouble
    plan = decide(replace(after, startup=after.running), [again], IosXe())
    assert not plan.changed


def test_a_rollback_builds_nothing_and_removes_nothing() -> None:
    state = switch(B, A, B, C)
    plan = decide(state, [going_back(state, WISH, Ask(to=A))], IosXe())
    assert [(swap.old, swap.new, swap.create) for swap in plan.swaps] == [(B, A, False)]
    assert (plan.removals, plan.save, plan.final) == ((), True, {(PORT, "in"): A})
    stay = decide(state, [going_back(state, WISH, Ask(leave=A))], IosXe())
    assert not stay.changed
    assert stay.bindings[0]["in_place"]
    assert "nothing to take back" in stay.bindings[0]["reason"]


def test_a_list_that_went_and_would_come_back_at_a_restart_is_saved_away() -> None:
    state = switch(A, A, B, saved=B)
    plan = decide(state, [going_back(state, WISH, Ask(leave=B))], IosXe())
    assert plan.save
    assert not plan.swaps


def row(before: str | None, new: str | None, changed: bool = True, **more: str) -> dict[str, Any]:
    return {"interface": PORT, "direction": "in", "before": before, "list": new, "changed": changed, **more}


def test_the_last_change_of_each_binding_is_told_by_the_evidence() -> None:
    def entry(rows: list[dict[str, Any]], kind: str = "intent", **data: Any) -> dict[str, Any]:
        return {"kind": kind, "action": "bind lists", "data": {"bindings": rows, **data}}

    chain = [
        entry([row(None, A), row(None, "OTE_l1_op1_in6_0000000a", family="ipv6")]),
        entry([row(A, B), row(A, C, direction="out")]),
        entry([row(B, A)], rollback=True),
        entry([row(B, C)], kind="result"),
        entry([row(A, C, changed=False)]),
        {"kind": "intent", "action": "arm", "data": {"bindings": [row(A, C)]}},
        {},
    ]
    assert last_changes(chain) == {
        (PORT, "in"): Last(B, A, rollback=True),
        (PORT, "ipv6 in"): Last("", "OTE_l1_op1_in6_0000000a"),
        (PORT, "out"): Last(A, C),
    }


class Records:
    """Evidence as the action keeps it."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []

    @contextmanager
    def acting(self, names: Any, data: dict[str, Any], **told: Any) -> Iterator[dict[str, Any]]:
        self.entries.append({"kind": "intent", "action": "bind lists", "data": {**data, **told}})
        yield {}

    @contextmanager
    def back(self, names: Any, data: dict[str, Any]) -> Iterator[dict[str, Any]]:
        with self.acting(names, data, rollback=True) as outcome:
            yield outcome


class Site:
    """A simulated switch, its evidence, and both ways of changing it."""

    def __init__(self, rig: Any, want: Callable[..., Any]) -> None:
        self.rig, self.records = rig, Records()
        self.port = rig.side.ports[0]
        self._want = want

    def forward(self, *ports: int, **more: Any) -> str:
        wish = self._want(*ports, interface=self.port, **more)
        return str(self.rig.ensure([wish], acting=self.records.acting)["bindings"][0]["list"])

    def back(self, leave: str = "", to: str = "", *, wish: Wanted = WISH, **manner: Any) -> dict[str, Any]:
        last = last_changes(self.records.entries)

        def resolve(state: SwitchState, want: Wanted) -> Wanted:
            return going_back(state, want, Ask(leave, to, last.get(want.place)))

        found: dict[str, Any] = self.rig.ensure(
            [replace(wish, interface=self.port)], acting=self.records.back, resolve=resolve, **manner
        )
        return found

    @property
    def bound(self) -> str | None:
        return self.rig.bound().get(self.port, {}).get("in")

    def permits(self, port: int) -> bool:
        return bool(self.rig.permits(self.port, port))


BASE = {"nxos": {"lines": ["feature scheduler"]}}


@pytest.fixture(params=["iosxe", "ios15", "eos", "nxos", "aoscx"])
def platform(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def site(make_quick: Callable[..., Any], want: Callable[..., Any], platform: str) -> Site:
    return Site(make_quick(BASE.get(platform), platform), want)


def test_there_and_back_on_each_platform(site: Site) -> None:
    first, second = site.forward(443), site.forward(444)
    check = site.back(check=True)
    assert site.bound == second
    built = len(site.rig.steps)
    result = site.back()
    assert check["diff"] == result["diff"]
    assert (result["changed"], result["saved"], result["removed"]) == (True, True, [])
    assert site.bound == first
    assert site.permits(443)
    assert not site.permits(444)
    assert not [line for line in site.rig.steps[built:] if line.startswith(("permit", "deny", "10 permit"))]
    assert site.rig.driver.read_timer(site.rig.connect()) is None

    # Again, and asked in each other way: nothing is written.
    written = site.rig.writes()
    for leave, to in (("", ""), (second, ""), ("", first), (second, first), (second[-8:], "")):
        again = site.back(leave, to)
        assert not again["changed"], (leave, to)
        assert again["bindings"][0]["list"] == first
    assert (site.rig.writes(), site.bound) == (written, first)

    # The list that went is kept: the way forward is as short.
    assert site.back(leave=first)["changed"]
    assert site.bound == second
    assert site.forward(444) == second


def _cut_behind(site: Site, line: int, seen: set[tuple[bool, bool, bool]]) -> Callable[[int], None]:
    """Keep what passes after every line, and cut the session behind one."""

    def watch(number: int) -> None:
        seen.add((site.permits(80), site.permits(443), site.permits(444)))
        if number == line:
            site.rig.cut()

    return watch


def test_pitfall_30_32_a_rollback_that_is_cut_leaves_old_or_new_and_runs_to_its_end(
    make_quick: Callable[..., Any], want: Callable[..., Any], platform: str
) -> None:
    def fresh() -> tuple[Site, str, str]:
        site = Site(make_quick(BASE.get(platform), platform), want)
        first, second = site.forward(80, 443), site.forward(80, 444)
        site.rig.steps.clear()
        return site, first, second

    whole, _first, _second = fresh()
    whole.back()
    for line in range(1, len(whole.rig.steps) + 1):
        site, first, second = fresh()
        seen: set[tuple[bool, bool, bool]] = set()

        site.rig.on_step = _cut_behind(site, line, seen)
        try:
            site.back()
        except TalkError:
            assert site.bound in (first, second)
        site.rig.on_step = lambda number: None
        # Asked by the evidence, and by the list that has to go: which may be gone already, under a timer.
        leave = second if line % 2 else ""
        if platform == "aoscx" and "checkpoint auto" in " ".join(whole.rig.steps[max(0, line - 2) : line]):
            # Its timer runs and has no mark yet: it cannot be told from somebody else's, and goes by itself.
            with suppress(PeerError, RefusedError):
                site.back(leave)
            site.rig.wait(200)
        site.back(leave)
        assert site.bound == first, line
        assert seen <= {(True, True, False), (True, False, True)}
        assert not site.back(leave)["changed"]


def test_a_switch_that_is_lost_takes_the_rollback_back_by_itself(site: Site) -> None:
    first, second = site.forward(443), site.forward(444)

    def watch(number: int) -> None:
        if site.bound == first:
            site.rig.cut(lost=True)

    site.rig.on_step = watch
    with pytest.raises(TalkError, match="revert timer puts the old lists back") as caught:
        site.back()
    assert str(caught.value).lower().count("run again") == 1
    site.rig.on_step = lambda number: None
    site.rig.wait(200)
    assert site.bound == second
    site.rig.lost = False
    assert site.back()["changed"]
    assert site.bound == first


def test_a_rule_of_several_entries_goes_back_to_its_own_list(site: Site) -> None:
    """Its name is the hash of what the switch prints, where it falls into several entries."""
    wide = (Rule("permit", 6, dst_ports=((80, 80), (443, 443), (8000, 8100))), Rule("deny", log=True))
    first = site.forward(rules=wide)
    site.forward(444)
    assert site.back()["bindings"][0]["list"] == first
    assert site.bound == first


def test_after_the_repair_of_a_drift_the_edited_list_comes_back_only_where_it_is_named(site: Site) -> None:
    wish = (Rule("permit", 6, src_ports=((80, 90),), dst_ports=((443, 443), (8000, 8100))), Rule("deny", log=True))
    edited = site.forward(rules=wish)
    by_hand = site.rig.connect()
    head = site.rig.driver.create(edited, wish)[0]
    by_hand.configure([head, f"1 permit {'ip any any' if head.startswith('ip') else 'any any any'}"])
    by_hand.close()
    site.rig.wait(1)
    assert site.permits(23)
    repaired = site.forward(rules=wish)
    assert repaired != edited
    written = site.rig.writes()
    for leave in ("", repaired):
        with pytest.raises(RefusedError, match=f"list {edited} was edited by hand"):
            site.back(leave)
    assert (site.rig.writes(), site.bound) == (written, repaired)
    assert site.back(to=edited)["changed"]
    assert site.permits(23)
    # Bound as it is, it is nobody's edit of what was wanted: only switch_acl says so.
    away = site.back(leave=edited, to=repaired)["bindings"][0]
    assert (away["list"], away["edited"]) == (repaired, False)


def test_back_to_a_list_that_only_logs_opens_the_port_and_says_so(site: Site) -> None:
    wish = (Rule("permit", 6, dst_ports=((443, 443),)), Rule("deny", log=True))
    first = site.forward(rules=permit_and_log(wish), logging=True)
    assert first.startswith("OTL_")
    site.forward(rules=wish)
    assert not site.permits(80)
    binding = site.back()["bindings"][0]
    assert (binding["list"], binding["enforced"], binding["mode"]) == (first, False, "log_and_permit")
    assert site.permits(80)
    assert not site.back()["changed"]


def test_without_an_earlier_list_nothing_is_written(site: Site) -> None:
    name = site.forward(443)
    written = site.rig.writes()
    with pytest.raises(RefusedError, match="none of ours: bind the rules you want with switch_acl, give the port back"):
        site.back()
    with pytest.raises(RefusedError, match="none of ours"):
        site.back(leave=name)
    refused = site.back(strict=False)
    assert refused["refused"]["l1-op1"]["guard"]["open"] is False
    assert (site.rig.writes(), site.bound) == (written, name)


def test_a_protected_flow_is_not_taken_away_by_the_way_back(site: Site) -> None:
    site.forward(443)
    second = site.forward(443, 444)
    flow = {"src": PC, "dst": "10.20.60.7", "dst_port": 444}
    with pytest.raises(RefusedError, match="would deny the protected flow"):
        site.back(protection=Protection(flows=(flow,)))
    assert site.bound == second


def test_the_second_session_has_to_come(site: Site) -> None:
    site.forward(443)
    second = site.forward(444)
    site.rig.switch.faults.sessions_left = 1
    with pytest.raises(OtedgeError, match="old lists are bound again"):
        site.back()
    site.rig.switch.faults.sessions_left = None
    assert site.bound == second


def test_a_closed_gate_leaves_the_station_out(site: Site) -> None:
    site.forward(443)
    second = site.forward(444)
    shut = {"l1-op1": {"stop": {"open": False, "read": "a stop file", "needs": "its removal"}}}
    result = site.back(strict=False, gates=lambda names: shut)
    assert (result["changed"], result["refused"]) == (False, shut)
    assert site.bound == second


def test_a_list_of_ipv6_goes_back_too(site: Site) -> None:
    ends = [{"action": "permit", "protocol": "icmpv6"}, {"action": "deny", "log": True}]
    lists = []
    for port in (443, 444):
        plain = [{"action": "permit", "protocol": "tcp", "dst_ports": [[port, port]]}, *ends]
        rules = tuple(Rule.from_dict({**item, "family": "ipv6"}) for item in plain)
        lists.append(site.forward(rules=rules, family="ipv6", address=None))
    result = site.back(wish=replace(WISH, family="ipv6", address=None))
    assert result["bindings"][0]["list"] == lists[0]
    assert not site.back(wish=replace(WISH, family="ipv6", address=None))["changed"]


@pytest.mark.parametrize("platform", ["iosxe", "ios15"])
def test_without_an_archive_the_way_back_is_held_by_another_timer(
    make_quick: Callable[..., Any], want: Callable[..., Any], platform: str
) -> None:
    site = Site(make_quick({"archive_path": ""}, platform), want)
    first, second = site.forward(443), site.forward(444)
    assert site.back()["revert_timer"] == "eem"
    assert site.bound == first
    assert not site.back()["changed"]

    def watch(number: int) -> None:
        if site.bound == second:
            site.rig.cut(lost=True)

    site.rig.on_step = watch
    with pytest.raises(TalkError, match="revert timer puts the old lists back"):
        site.back(to=second)
    site.rig.on_step = lambda number: None
    site.rig.wait(200)
    assert site.bound == first
    site.rig.lost = False
    assert site.back(to=second)["changed"]


def test_over_real_ssh_there_and_back_and_looked_at(
    make_rig: Callable[..., Any], want: Callable[..., Any], platform: str
) -> None:
    rig = make_rig(BASE.get(platform), platform)
    if platform == "aoscx":
        rig.driver = AosCx(wait=lambda seconds: _pass(rig, seconds))
    first, second = (rig.ensure([want(n, interface=rig.port)])["bindings"][0]["list"] for n in (443, 444))

    def back() -> dict[str, Any]:
        wish = replace(WISH, interface=rig.port)
        found: dict[str, Any] = rig.ensure([wish], resolve=lambda state, one: going_back(state, one, Ask(leave=second)))
        return found

    assert back()["bindings"][0]["list"] == first == rig.bound()
    assert (rig.permits("10.20.60.7", 443), rig.permits("10.20.60.7", 444)) == (True, False)
    sent = len(rig.world.configuration())
    assert not back()["changed"]
    rig.before_write = _refuse
    found = look(rig.driver, rig.connect(), GATHER)
    bound = {row["interface"]: row["list"] for row in found["bindings"]}
    assert (bound[rig.port], found["startup_equal"]) == (first, True)
    assert len(rig.world.configuration()) == sent


def _pass(rig: Any, seconds: float) -> None:
    """Let the clock of the simulated switch go on: its hardware takes a moment over a list."""
    rig.world.time += seconds
    with rig.world.lock:
        rig.switch.tick(rig.world.time)


def _refuse() -> None:
    raise AssertionError("a look writes")
