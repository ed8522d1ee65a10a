# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Going back to an earlier list of ours that is still on the switch: which one that is, if any. Pure.

What is asked for is a state, never a step: the list that has to go, the list that has to come, or "what the last change
put there has to go". So asking twice changes nothing, and two lists never take turns (pitfall 32).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import OPEN, OPEN6
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.cubes import compare
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.give_back import BINDING
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.names import OURS, fits, logs_only
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import (
    IPV4,
    IPV6,
    Config,
    SwitchState,
    way_of,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.wanted import Wanted, is_own

# What marks the evidence of a rollback, beside the bindings.
ROLLBACK = "rollback"
_WAY_OUT = "bind the rules you want with switch_acl, give the port back with its phase 'absent', or bind a list by hand"


@dataclass(frozen=True)
class Last:
    """The last change of one binding that the evidence tells of: "" for no list."""

    before: str
    new: str
    rollback: bool = False


@dataclass(frozen=True)
class Ask:
    """What is asked for one binding: the list to leave, the one to go to, or neither; a name or its 8 hex digits."""

    leave: str = ""
    to: str = ""
    last: Last | None = None


def last_changes(entries: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Last]:
    """Give the last change of each binding: {(interface, way): Last}.

    Args:
        entries: the evidence of one switch, in order. The intent counts, so that a change that failed and was put back
            is not taken for one that is in force: the list before it is bound then, and there is nothing to do.
    """
    found: dict[tuple[str, str], Last] = {}
    for entry in entries:
        if entry.get("action") != BINDING or entry.get("kind") != "intent":
            continue
        data = entry.get("data") or {}
        for row in data.get("bindings") or []:
            if row.get("changed"):
                way = way_of(str(row.get("direction")), str(row.get("family") or IPV4))
                before, new = str(row.get("before") or ""), str(row.get("list") or "")
                found[str(row.get("interface")), way] = Last(before, new, bool(data.get(ROLLBACK)))
    return found


def going_back(state: SwitchState, want: Wanted, ask: Ask) -> Wanted:
    """Fill in what a binding goes back to, that it stays as it is and why, or why neither can be said.

    Args:
        state: the switch.
        want: the binding, its interface spelled as the configuration does.
        ask: what is asked for it.
    """
    want = replace(want, again=True)
    running = state.running
    port = running.interfaces.get(want.interface)
    if port is None:
        return replace(want, trouble=f"interface {want.interface} does not exist on the switch")
    now = port.lists.get(want.way) or ""
    goal = _Search(state, want, ask, now)
    name, stay, trouble = goal.asked() if ask.leave or ask.to else goal.by_evidence()
    if trouble:
        return replace(want, trouble=trouble)
    if stay:
        # What is there is none of this task's business, so it is neither judged nor saved.
        return replace(want, note=stay, rules=running.effective(now, want.family))
    unfit = _unfit(running, want, name)
    if not unfit and not ask.to and name != now:
        unfit = _doubtful(running, want, name)
    if unfit:
        return replace(want, trouble=unfit)
    rules = running.effective(name, want.family)
    # Whether it may do without neighbour discovery was decided when it was bound first.
    return replace(want, target=name, rules=rules, logging=logs_only(name), no_discovery=True)


# The list to go to, why the binding stays as it is, why neither can be said: one of the three is not "".
_Answer = tuple[str, str, str]


@dataclass(frozen=True)
class _Search:
    state: SwitchState
    want: Wanted
    ask: Ask
    now: str

    @property
    def generations(self) -> list[str]:
        """Our lists for this binding on the switch."""
        return [name for name in self.state.running.lists if is_own(self.want, name)]

    @property
    def idle(self) -> list[str]:
        """Those of them that nothing uses."""
        running = self.state.running
        return [name for name in self.generations if not running.places(name) and name not in running.other_uses]

    @property
    def bound(self) -> str:
        """What is bound, in words."""
        return self.now or "no list"

    def asked(self) -> _Answer:
        """Answer where lists are named."""
        goal = ""
        if self.ask.to:
            goal, trouble = self._named(self.ask.to)
            if trouble or goal == self.now:
                return goal, "", trouble
        if self.ask.leave and not _is(self.now, self.ask.leave):
            if self._saved_from():
                # It was left before, but a restart would bring it back.
                return self.now, "", ""
            return "", f"{self.ask.leave} is not bound, but {self.bound}: there is nothing to take back", ""
        if goal:
            return goal, "", ""
        return self._before_now()

    def by_evidence(self) -> _Answer:
        """Answer from the last change alone."""
        last, where = self.ask.last, f"{self.want.interface} {self.want.way}"
        if last is None:
            return "", "", f"the evidence tells of no change on {where}: say from or to"
        goal, gone = (last.new, last.before) if last.rollback else (last.before, last.new)
        if self.now == goal:
            return (goal, "", "") if is_own(self.want, goal) else ("", f"{self.bound} is bound, as before", "")
        if self.now != gone:
            changed = f"the last change recorded of {where} is from {last.before or 'no list'} to"
            return "", "", f"{changed} {last.new or 'no list'}, but {self.bound} is bound: say from or to"
        return self._recorded(goal)

    def _recorded(self, goal: str) -> _Answer:
        if is_own(self.want, goal):
            return goal, "", ""
        return "", "", f"before {self.bound} the port had {goal or 'no list'}, which is none of ours: {_WAY_OUT}"

    def _before_now(self) -> _Answer:
        """Give the generation before the one that is bound: by the evidence, by the startup, or the only one."""
        last = self.ask.last
        if last and last.new == self.now:
            return self._recorded(last.before)
        port = self.state.startup.interfaces.get(self.want.interface)
        at_restart = port.lists.get(self.want.way) if port else None
        if at_restart in self.idle and at_restart:
            return at_restart, "", ""
        if len(self.idle) == 1:
            return self.idle[0], "", ""
        if self.idle:
            return "", "", f"which list was before {self.bound} is not known: say to, one of {', '.join(self.idle)}"
        return "", "", f"there is no list of {self.want.name} beside {self.bound} on the switch: {_WAY_OUT}"

    def _named(self, asked: str) -> tuple[str, str]:
        """Give the list of this binding that a name or hash means, or what is wrong."""
        found = [name for name in self.generations if _is(name, asked)]
        if len(found) == 1:
            return found[0], ""
        known = (
            f"those on the switch are {', '.join(self.generations)}"
            if self.generations
            else f"there is none: {_WAY_OUT}"
        )
        what = "means more than one list" if found else "is no list"
        return "", f"{asked} {what} of {self.want.name} for what goes {self.want.way}; {known}"

    def _saved_from(self) -> bool:
        """True if a restart would bring the list back that has gone, and one of ours that can be read is bound."""
        port = self.state.startup.interfaces.get(self.want.interface)
        at_restart = port.lists.get(self.want.way) if port else None
        ours = is_own(self.want, self.now) and not _unfit(self.state.running, self.want, self.now)
        return bool(at_restart) and ours and _is(at_restart or "", self.ask.leave)


def _is(name: str, asked: str) -> bool:
    """True if a name or 8 hex digits mean this list."""
    return name == asked or (OURS.fullmatch(name) is not None and name[-8:] == asked.lower())


def _unfit(running: Config, want: Wanted, name: str) -> str:
    """Say why a list cannot be bound again."""
    found = running.find(name, want.family)
    if found is None:
        others = [one for one in running.lists if is_own(want, one) and not running.places(one)]
        there = f"where another is meant, name it with to: {', '.join(others)}" if others else _WAY_OUT
        return f"list {name} is not on the switch any more: {there}"
    if found.opaque:
        return f"list {name} holds a line that is not understood: {found.opaque[0]!r}"
    return "" if found.rules else f"list {name} is empty, and an empty list permits everything: {_WAY_OUT}"


def _doubtful(running: Config, want: Wanted, name: str) -> str:
    """Say why a list that nobody has named must not be chosen: it may let through more than anybody ever wanted."""
    found = running.find(name, want.family)
    if found is None:
        return ""
    named = f"look at it (switch_acl_info), and where it is meant all the same, name it: bindings with to: {name}"
    if not fits(found):
        return f"list {name} was edited by hand since it was built, as the hash in its name tells: {named}"
    everything = compare(found.rules, OPEN6 if want.family == IPV6 else OPEN).equal
    # What logs only was the first cycle, and says what passes.
    return f"list {name} permits everything: {named}" if everything and not logs_only(name) else ""
