# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has to be done on one switch: pure, from its state and the wanted bindings (switch-acl.md section 5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import AccessList, content_hash
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.cubes import compare
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.limits import past_ipv6, past_vlan
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.names import GENERATIONS, fits
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.platforms import Driver
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import IPV6, Config, SwitchState, way_of
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.wanted import (
    Swap,
    Wanted,
    is_own,
    prefix,
    serves,
)


@dataclass(frozen=True)
class SwitchPlan:
    """What to do, and what to say about each binding."""

    swaps: tuple[Swap, ...] = ()
    removals: tuple[str, ...] = ()
    save: bool = False
    bindings: tuple[Mapping[str, Any], ...] = ()
    final: Mapping[tuple[str, str], str | None] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        """True if anything would be written."""
        return bool(self.swaps or self.removals or self.save)


def decide(state: SwitchState, wanted: Sequence[Wanted], driver: Driver) -> SwitchPlan:
    """Decide what to write.

    A bound list that lets the same packets through stays, however it is spelled. A list that cannot be proven equal is
    replaced, never edited.

    Raises:
        InputError: two bindings for one interface and direction, or under one name.
        RefusedError: a rule list does not read back from its own rendering.
    """
    _refuse_doubles(wanted)
    running = state.running
    swaps: list[Swap] = []
    bindings: list[Mapping[str, Any]] = []
    final: dict[tuple[str, str], str | None] = {}
    places = {want.place for want in wanted}
    for want in wanted:
        now = running.interfaces[want.interface].lists.get(want.way)
        report, swap = _take_off(state, want, now) if want.absent else _put_on(state, want, now, driver)
        if swap:
            swaps.append(replace(swap, was=running.find(now, want.family)))
        final[want.place] = report["list"]
        bindings.append(report | {"notes": _notes(running, want, places)})
    removals = _removals(state, wanted, swaps, final)
    save = bool(swaps or removals) or not _saved(state.startup, wanted)
    return SwitchPlan(tuple(swaps), tuple(removals), save, tuple(bindings), final)


def _put_on(state: SwitchState, want: Wanted, now: str | None, driver: Driver) -> tuple[dict[str, Any], Swap | None]:
    """Report on a binding, and give the step that puts its rules on the port."""
    running = state.running
    equal = want.stays or serves(running.find(now, want.family), want)
    report = _report(state, want, now, equal)
    if want.stays:
        report |= {"enforced": bool(now) and report["enforced"], "reason": want.note}
    elif not equal and not want.again:
        report["edited"] = _edited(running, want, now, driver)
    if equal:
        return report, None
    swap = _swap(running, want, now, driver)
    return report | {"list": swap.new, "reason": _why(running, now, want) + _not_enforced(running, want)}, swap


def _take_off(state: SwitchState, want: Wanted, now: str | None) -> tuple[dict[str, Any], Swap | None]:
    """Report on a port that is given back, and give the step that takes our list off."""
    report = _report(state, want, now, not is_own(want, now))
    report["enforced"] = bool(want.target) and report["enforced"]
    if report["in_place"]:
        return report | {"reason": "no list of ours is bound"}, None
    back = f"{want.target} is bound again" if want.target else "no list is bound"
    reason = f"{now} is taken off; as before it, {back}"
    return report | {"list": want.target, "reason": reason}, Swap(want, now, want.target, create=False)


def _refuse_doubles(wanted: Sequence[Wanted]) -> None:
    for kind, keys in (
        ("interface", [f"{want.interface} {want.way}" for want in wanted]),
        ("name", [prefix(want) for want in wanted]),
    ):
        double = next((key for key in keys if keys.count(key) > 1), None)
        if double:
            raise InputError(f"Two bindings have the same {kind}: {double}.", fix="Give each its own.")


def _report(state: SwitchState, want: Wanted, now: str | None, equal: bool) -> dict[str, Any]:
    note = _not_enforced(state.running, want)
    return {
        "interface": want.interface,
        "direction": want.direction,
        "family": want.family,
        "name": want.name,
        "list": now,
        "before": now,
        "changed": not equal,
        "in_place": equal,
        "equal": equal,
        "enforced": not note and not want.logging,
        "mode": "log_and_permit" if want.logging else "enforce",
        "edited": False,
        "reason": f"the bound list lets the same packets through{note}" if equal else note,
    }


def _edited(running: Config, want: Wanted, now: str | None, driver: Driver) -> bool:
    """True if the bound list has the name of these very rules and other content: somebody has edited it."""
    if now is None or not is_own(want, now) or now not in running.lists:
        return False
    rules = _rendered(driver, want).rules
    return now in {f"{prefix(want)}{content_hash(rules, generation)}" for generation in range(GENERATIONS)}


def _not_enforced(running: Config, want: Wanted) -> str:
    """Say where a list does not segment, or ""."""
    if want.logging and not want.absent:
        does = "logs" if any(rule.log for rule in want.rules) else "counts"
        return f"; it permits and {does} what it will deny, nothing is segmented yet"
    note = past_vlan(running, running.interfaces[want.interface])
    return f"; {note}" if note else ""


def _notes(running: Config, want: Wanted, places: Collection[tuple[str, str]]) -> list[str]:
    """Say what a list cannot do that somebody may think it does; decides nothing."""
    if want.absent or want.stays or (want.interface, way_of("in", IPV6)) in places:
        return []
    return past_ipv6(running, running.interfaces[want.interface], want.way)


def _why(running: Config, now: str | None, want: Wanted) -> str:
    if now is None:
        return "no list is bound: everything is permitted"
    existing = running.find(now, want.family)
    if existing is None or not existing.rules:
        return f"the bound list {now} is empty or undefined: everything is permitted"
    found = compare(existing.rules, want.rules)
    if found.witness:
        return f"{now} would {found.first} what the new list would {found.second}: {found.witness.to_dict()}"
    return f"{now} cannot be proven equal"


def _swap(running: Config, want: Wanted, now: str | None, driver: Driver) -> Swap:
    """Choose the name of the new list: the first generation that is free, or there already, unbound and equal."""
    if want.again:
        return Swap(want, now, want.target, create=False)
    rendered = _rendered(driver, want)
    for generation in range(GENERATIONS):
        # Of what the switch will hold, so that a list tells by itself whether somebody has edited it.
        name = f"{prefix(want)}{content_hash(rendered.rules, generation)}"
        _prove_rendering(rendered, name, want.rules)
        existing = running.lists.get(name)
        if existing is None:
            return Swap(want, now, name, create=True)
        if name != now and not running.users(name) and name not in running.other_uses:
            ready = serves(existing, want)
            return Swap(want, now, name, create=not ready, drop_first=not ready)
    raise RefusedError(
        f"All names for the list of {want.name} are taken on the switch.",
        fix=f"Remove lists that begin with {prefix(want)} and are not in use.",
    )


def _rendered(driver: Driver, want: Wanted) -> AccessList:
    """Give the list as the platform spells it: a rule may fall into several entries, or lose what is not logged."""
    name = f"{prefix(want)}{'0' * 8}"
    head, *lines = driver.create(name, want.rules)
    return driver.parse_lists("\n".join([head, *(f" {line}" for line in lines)]))[name]


def _prove_rendering(read: AccessList, name: str, rules: tuple[Rule, ...]) -> None:
    if read.opaque or not compare(read.rules, rules).equal:
        raise RefusedError(
            f"The rendered list {name} cannot be proven to mean its rules.",
            fix="Split rules with wide wildcards or very many ports, and report this list.",
        )


def _removals(
    state: SwitchState, wanted: Iterable[Wanted], swaps: Sequence[Swap], final: Mapping[tuple[str, str], str | None]
) -> list[str]:
    """Give our own lists that nobody uses any more, but keep one old generation for each binding that stays ours.

    The one to keep is that which was bound until now, unless somebody edited it and there is one that is intact.
    """
    running = state.running
    replaced = {swap.wanted.place: swap.old for swap in swaps}
    gone: list[str] = []
    for want in wanted:
        if want.again:
            continue
        key = want.place
        old = replaced.get(key)
        idle = [
            name
            for name in running.lists
            if is_own(want, name)
            and name != final[key]
            and set(running.places(name)) <= ({key} if name == old else set())
            and name not in running.other_uses
        ]
        keep = None if want.absent else _way_back(state, want, idle, old)
        gone.extend(name for name in idle if name != keep)
    return gone


def _way_back(state: SwitchState, want: Wanted, idle: Sequence[str], old: str | None) -> str | None:
    """Choose the old generation that is kept, so that the next run chooses it too."""
    port = state.startup.interfaces.get(want.interface)
    last = old if is_own(want, old) else port.lists.get(want.way) if port else None
    ordered = sorted(idle, key=lambda name: name != last)
    intact = [name for name in ordered if fits(state.running.lists[name])]
    return next(iter([*intact, *ordered]), None)


def _saved(startup: Config, wanted: Iterable[Wanted]) -> bool:
    """True if a restart would bring back lists that do the same."""
    for want in wanted:
        port = startup.interfaces.get(want.interface)
        name = port.lists.get(want.way) if port else None
        if want.absent:
            if is_own(want, name):
                return False
            continue
        if not want.stays and not serves(startup.find(name, want.family), want):
            return False
    return True


def unproven(config: Config, plan: SwitchPlan, wanted: Iterable[Wanted]) -> list[str]:
    """Name every binding that is not what the plan wants; empty means proven."""
    wrong: list[str] = []
    for want in wanted:
        name = plan.final[want.place]
        port = config.interfaces.get(want.interface)
        bound = port.lists.get(want.way) if port else None
        found = config.find(name, want.family)
        if bound != name:
            wrong.append(f"{want.interface} has {bound or 'no list'} instead of {name or 'no list'}")
        elif want.absent or want.stays:
            continue
        elif not serves(found, want):
            wrong.append(f"list {name} is not what was sent")
    return wrong
