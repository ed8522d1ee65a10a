# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One call for one switch: read, guard, decide, write, report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._change import Change
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.apply import Apply, minutes_for, settle
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.counters import NOTE, plain, read_hits, unused
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.give_back import resolved
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.guards import (
    Protection,
    binding_problems,
    check_flows,
    switch_problems,
    timer_is_ours,
    unjudged_path,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.hooks import (
    Hits,
    LogsDenialsOnly,
    MayRestart,
    PicksPlaces,
    Room,
    SplitsRoom,
    TellsRoom,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.plan import (
    Swap,
    SwitchPlan,
    Wanted,
    decide,
    is_own,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.platforms import Driver, Shell
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.refusals import named
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.room import room_problem
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import SwitchState

# Gives the closed gates of the stations that are about to be written; those stations are left out.
Gates = Callable[[Sequence[str]], Mapping[str, Mapping[str, Any]]]
# Records intent before and result after the write: (names, data) -> context yielding the result's data.
Acting = Callable[[Sequence[str], dict[str, Any]], AbstractContextManager[dict[str, Any]]]


@dataclass(frozen=True)
class Manner:
    """How the work is done. ``strict``: one binding that cannot be made stops all; else it is left out and reported.

    ``minutes`` is the length of the revert timer; None measures it by ``elapsed``, the seconds since the talk began.
    ``resolve`` fills in what a binding needs of the switch's state, again where that has changed.
    """

    protection: Protection = field(default_factory=Protection)
    minutes: int | None = 2
    check: bool = False
    strict: bool = True
    gates: Gates = lambda names: {}
    acting: Acting = lambda names, data: nullcontext({})
    elapsed: Callable[[], float] = lambda: 0.0
    resolve: Callable[[SwitchState, Wanted], Wanted] = resolved


def ensure_bindings(
    driver: Driver, shell: Shell, connect: Callable[[], Shell], wanted: Sequence[Wanted], manner: Manner
) -> dict[str, Any]:
    """Bring the bindings of one switch to what is wanted.

    Args:
        driver: the platform.
        shell: an open session.
        connect: opens another one.
        wanted: the bindings; interface names may be short.
        manner: guards, gates, evidence, check mode.

    Returns:
        {"changed", "bindings", "lists", "saved", "removed", "refused", "diff", "counters", "unused", "revert_timer"}.

    Raises:
        RefusedError: a guard says no; nothing was written.
        PeerError, TalkError: the write failed; the message says what was put back.
    """
    with named(shell):
        return _ensure(driver, shell, connect, wanted, manner)


def _ensure(
    driver: Driver, shell: Shell, connect: Callable[[], Shell], wanted: Sequence[Wanted], manner: Manner
) -> dict[str, Any]:
    if isinstance(driver, MayRestart):
        driver.allow_reload_timer(manner.protection.allow_reload_timer)
    check_flows(manner.protection.flows)
    wanted = [_spelled_by(driver, want) for want in wanted]
    state = driver.read_state(shell)
    wanted = [manner.resolve(state, want) for want in wanted]
    left_over = timer_is_ours(state, manner.protection.own_user)
    _guard_switch(state, manner, changing=left_over)
    refused = _guard_bindings(state, wanted, manner, driver)
    wanted = [want for want in wanted if want.name not in refused]
    plan = _decided(state, wanted, driver, manner)
    _guard_switch(state, manner, changing=plan.changed)
    _guard_room(state, plan, driver, shell)
    # A list that is bound anew counts from zero.
    hits = read_hits(driver, shell, [item["before"] for item in plan.bindings])
    if manner.check or not (plan.changed or left_over):
        return _result(_Seen(state, plan, wanted, driver, left_over, hits, hits), refused)

    changing = [item["name"] for item in plan.bindings if item["changed"]]
    # A name stands for all its bindings.
    touched = list(dict.fromkeys(changing if changing and not left_over else [want.name for want in wanted]))
    shut = manner.gates(touched)
    refused |= shut
    wanted = [want for want in wanted if want.name not in shut]
    left_over = left_over and bool(wanted)
    plan = _decided(state, wanted, driver, manner)
    if not (plan.changed or left_over):
        return _result(_Seen(state, plan, wanted, driver, left_over, hits, hits), refused)
    data = {"bindings": [dict(item) for item in plan.bindings], "removed": list(plan.removals), "counters": plain(hits)}
    with manner.acting([name for name in touched if name not in shut], data) as outcome:
        before = state
        if left_over:
            settle(driver, shell)
            state = driver.read_state(shell)
            wanted = [manner.resolve(state, want) for want in wanted]
            _guard_bindings(state, wanted, replace(manner, strict=True), driver)
            plan = _decided(state, wanted, driver, manner)
            _guard_switch(state, manner, changing=plan.changed)
        timer = None if state.no_timer else lambda: manner.minutes or minutes_for(manner.elapsed(), driver.minutes)
        without = manner.protection.allow_no_revert_timer
        done = Apply(driver, shell, connect, timer, without_timer=without).run(plan, wanted)
        outcome.update(done)
    now = read_hits(driver, shell, plan.final.values())
    seen = _Seen(before, plan, wanted, driver, left_over, hits, now)
    return _result(seen, refused) | {key: done[key] for key in ("removed", "revert_timer")}


def _decided(state: SwitchState, wanted: Sequence[Wanted], driver: Driver, manner: Manner) -> SwitchPlan:
    """Decide, and say of each binding what the guards could not prove."""
    plan = decide(state, wanted, driver)
    rows = [
        {**row, "notes": [*row["notes"], *unjudged_path(state, want, manner.protection)]}
        for row, want in zip(plan.bindings, wanted, strict=True)
    ]
    return replace(plan, bindings=tuple(rows))


def _spelled_by(driver: Driver, want: Wanted) -> Wanted:
    """Name the interface as the platform does; what it cannot log while it permits, it counts."""
    rules = driver.as_kept(want.rules) if want.logging and isinstance(driver, LogsDenialsOnly) else want.rules
    return replace(want, interface=driver.interface_name(want.interface), rules=rules)


def _guard_switch(state: SwitchState, manner: Manner, *, changing: bool) -> None:
    problems = switch_problems(state, manner.protection, changing)
    if problems:
        raise RefusedError(
            f"{'; '.join(found for found, _fix in problems)}. Nothing was written.",
            fix=f"To go on: {'; '.join(fix for _found, fix in problems)}.",
        )


def _guard_room(state: SwitchState, plan: SwitchPlan, driver: Driver, shell: Shell) -> None:
    """Refuse lists that may not fit beside those they replace, where the switch tells its room."""
    if not (any(swap.new for swap in plan.swaps) and isinstance(driver, TellsRoom)):
        return
    rooms: list[tuple[Sequence[Swap], Room | None]] = []
    if isinstance(driver, SplitsRoom):
        for family in sorted({swap.wanted.family for swap in plan.swaps}):
            swaps = [swap for swap in plan.swaps if swap.wanted.family == family]
            rooms.append((swaps, driver.family_room(shell, family)))
    else:
        rooms.append((plan.swaps, driver.hardware_room(shell)))
    problem = next(filter(None, (room_problem(state.running, swaps, room) for swaps, room in rooms)), None)
    if problem:
        raise RefusedError(f"{problem[0]}. Nothing was written.", fix=f"To go on: {problem[1]}.")


def _guard_bindings(state: SwitchState, wanted: Sequence[Wanted], manner: Manner, driver: Driver) -> dict[str, Any]:
    places = driver if isinstance(driver, PicksPlaces) else None
    problems: dict[str, list[str]] = {}
    for want in wanted:
        # One name may have several bindings: one for each direction and family.
        if want.stays and not want.trouble:
            continue
        texts = [want.trouble] if want.trouble else binding_problems(state, want, manner.protection, places)
        if texts:
            problems[want.name] = [*problems.get(want.name, ()), *texts]
    if problems and manner.strict:
        text = "; ".join(f"{name}: {'; '.join(texts)}" for name, texts in problems.items())
        raise RefusedError(
            f"The bindings cannot be made: {text}. Nothing was written.",
            fix="Correct what is named there: the rules, the interface or the list; then run again.",
        )
    needs = "what is named there put right: the rules, the interface or the list"
    return {
        name: {"guard": {"open": False, "read": "; ".join(texts), "needs": needs}} for name, texts in problems.items()
    }


@dataclass(frozen=True)
class _Seen:
    """What a report is made of."""

    state: SwitchState
    plan: SwitchPlan
    wanted: Sequence[Wanted]
    driver: Driver
    left_over: bool
    hits: Mapping[str, Sequence[Hits]]
    hits_now: Mapping[str, Sequence[Hits]]


def _result(seen: _Seen, refused: Mapping[str, Any]) -> dict[str, Any]:
    plan = seen.plan
    steps = [*plan.swaps, *plan.removals, *(["save"] if plan.save else []), *(["timer"] if seen.left_over else [])]
    change: Change[Any] = Change(_before(seen), _after(seen), tuple(steps))
    return {
        "changed": change.changed,
        "bindings": [dict(item) for item in plan.bindings],
        "lists": {
            name: [rule.to_dict() for rule in want.rules] for want in seen.wanted if (name := plan.final[want.place])
        },
        "saved": plan.save,
        "removed": list(plan.removals),
        "refused": dict(refused),
        "diff": change.diff("switch lists"),
        "counters": {"before": plain(seen.hits), "after": plain(seen.hits_now), "note": NOTE},
        "unused": unused(seen.hits),
        "revert_timer": seen.driver.timer_kind if plan.swaps and not seen.state.no_timer else "none",
    }


def _before(seen: _Seen) -> str:
    """Name the bindings and lists found, in the spelling of the device without sequence numbers."""
    running = seen.state.running
    text: list[str] = []
    for want in seen.wanted:
        name = running.interfaces[want.interface].lists.get(want.way)
        text += _spelled(want, name, seen.driver, running.effective(name, want.family))
    text += [f"old list {name}" for name in seen.plan.removals]
    if seen.left_over:
        text.append("revert timer of an earlier run: pending")
    if seen.plan.save:
        text.append("startup configuration: not as wanted")
    return "\n".join([*text, ""])


def _after(seen: _Seen) -> str:
    text: list[str] = []
    for want in seen.wanted:
        text += _spelled(want, seen.plan.final[want.place], seen.driver, want.rules)
    if seen.plan.save:
        text.append("startup configuration: saved")
    return "\n".join([*text, ""])


def _spelled(want: Wanted, name: str | None, driver: Driver, rules: tuple[Any, ...]) -> list[str]:
    head, *binding = driver.bind(want.interface, want.way, name, None) or [
        f"interface {want.interface}",
        "no list",
    ]
    bound = [head, *(f" {line}" for line in binding)]
    # The content of a list that is not ours is not our change, nor is a binding that stays.
    if not name or want.stays or (want.absent and not is_own(want, name)):
        return bound
    head, *entries = driver.create(name, rules)
    return [*bound, head, *(f" {entry}" for entry in entries)]
