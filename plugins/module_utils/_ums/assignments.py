# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Profile assignments: direct ones only, told apart from those a directory passes down. Pure.

Source: UMS IMI v3 contract, sections 5.3 and 7.7: what a device lists mixes direct and inherited assignments; what
a profile lists (P5, P8) is direct only, so that side is read and written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._change import Change
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import RefusedError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import Profile

DEVICE, DIRECTORY = "tc", "tcdirectory"
Direct = Mapping[tuple[str, str], frozenset[str]]
Row = dict[str, Any]


@dataclass(frozen=True)
class Resolved:
    """One wanted assignment with its objects; None where a profile or receiver is not there.

    ``receiver``: ``tc`` or ``tcdirectory``; ``reference``: what the user wrote. ``above``: id to path of the
    directories the receiver inherits from, nearest first.
    """

    profile_name: str
    profile: Profile | None
    receiver: str
    reference: str
    receiver_id: str | None
    above: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """The receiver, for people."""
        return f"{'device' if self.receiver == DEVICE else 'directory'} {self.reference}"

    @property
    def label(self) -> str:
        """The assignment, for people."""
        return f"{self.profile_name} -> {self.place}"


@dataclass(frozen=True)
class Assign:
    """Assign a profile to several receivers of one type in one request (P6, P9); one label a receiver."""

    profile: Profile
    receiver: str
    ids: tuple[str, ...]
    labels: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Unassign:
    """Take a profile away from one receiver (P7, P10)."""

    profile: Profile
    receiver: str
    id: str
    label: str = field(default="", compare=False)


@dataclass(frozen=True)
class AssignmentPlan:
    """The decision: the change, one row a wanted assignment (the module's ``assignments``), and warnings."""

    change: Change[Assign | Unassign]
    rows: tuple[Row, ...]
    warnings: tuple[str, ...] = ()


def used(resolved: Iterable[Resolved]) -> list[tuple[Profile, str]]:
    """Give the (profile, receiver type) pairs whose direct receivers have to be read, in order, once each.

    Those of the directories are among them wherever a receiver may inherit from one.
    """
    pairs: dict[tuple[str, str], tuple[Profile, str]] = {}
    for item in resolved:
        if item.profile is not None:
            for kind in (item.receiver, DIRECTORY) if item.above else (item.receiver,):
                pairs.setdefault((item.profile.id, kind), (item.profile, kind))
    return list(pairs.values())


def plan_present(resolved: Sequence[Resolved], direct: Direct) -> AssignmentPlan:
    """Plan that every assignment exists directly; others are left alone.

    Args:
        resolved: what is wanted.
        direct: (profile id, receiver type) to the ids that have it directly.
    """
    todo: dict[tuple[str, str], tuple[Profile, str, dict[str, str]]] = {}
    added: list[str] = []
    rows, warnings = [], []
    for item in resolved:
        profile = item.profile
        has = profile is not None and _has(item, direct)
        rows.append(_row(item, "unchanged" if has else "assigned", direct))
        if has or profile is None:
            continue
        if item.receiver_id is None:
            warnings.append(f"{item.reference} does not exist yet; this check run takes it as created.")
        labels = todo.setdefault((profile.id, item.receiver), (profile, item.receiver, {}))[2]
        key = item.receiver_id or f"new {item.reference}"
        if key not in labels:
            labels[key] = item.label
            added.append(item.label)
    steps = tuple(
        Assign(profile, receiver, tuple(labels), tuple(labels.values())) for profile, receiver, labels in todo.values()
    )
    return AssignmentPlan(Change([], sorted(added), steps), tuple(rows), tuple(dict.fromkeys(warnings)))


def plan_absent(resolved: Sequence[Resolved], direct: Direct) -> AssignmentPlan:
    """Plan that no assignment exists directly; what a directory passes down stays, with a warning. See plan_present."""
    steps: dict[tuple[str, str, str], Unassign] = {}
    removed: list[str] = []
    rows, warnings = [], []
    for item in resolved:
        profile, found = item.profile, item.receiver_id
        has = _has(item, direct)
        row = _row(item, "removed" if has else "unchanged", direct)
        rows.append(row)
        if row["inherited_from"]:
            warnings.append(
                f"{item.place} inherits {item.profile_name} from {', '.join(row['inherited_from'])}; it stays."
            )
        if not has or profile is None or found is None or (profile.id, item.receiver, found) in steps:
            continue
        steps[profile.id, item.receiver, found] = Unassign(profile, item.receiver, found, item.label)
        removed.append(item.label)
    return AssignmentPlan(Change(sorted(removed), [], tuple(steps.values())), tuple(rows), tuple(warnings))


def plan_exclusive(
    resolved: Sequence[Resolved], profiles: Iterable[Profile], direct: Direct, max_deletions: int
) -> AssignmentPlan:
    """Plan as plan_present, and that the named receivers have no other direct assignment.

    Args:
        resolved: what is wanted.
        profiles: all profiles outside the recycle bin; what a profile in the bin has is left alone.
        direct: as plan_present, of all profiles and the receiver types in use.
        max_deletions: how many assignments may be taken away at most.

    Raises:
        RefusedError: more would be taken away.
    """
    first = plan_present(resolved, direct)
    named = {(item.receiver, item.receiver_id): item for item in reversed(resolved) if item.receiver_id is not None}
    kept = {(item.profile.id, item.receiver, item.receiver_id) for item in resolved if item.profile is not None}
    steps: list[Unassign] = []
    rows: list[Row] = []
    for (kind, receiver_id), item in sorted(named.items(), key=lambda entry: entry[1].place):
        for profile in profiles:
            has = receiver_id in direct.get((profile.id, kind), frozenset())
            if receiver_id is None or not has or (profile.id, kind, receiver_id) in kept:
                continue
            extra = Resolved(profile.name, profile, kind, item.reference, receiver_id, item.above)
            steps.append(Unassign(profile, kind, receiver_id, extra.label))
            rows.append(_row(extra, "removed", direct))
    labels = sorted(step.label for step in steps)
    if len(steps) > max_deletions:
        more = f" and {len(labels) - 10} more" if len(labels) > 10 else ""
        raise RefusedError(
            f"Nothing was changed: {len(steps)} assignments that are not listed would be taken away, and max_deletions"
            f" is {max_deletions}: {', '.join(labels[:10])}{more}.",
            fix="List what is to stay; or raise max_deletions, once you have read what would go.",
            problems=labels,
        )
    change = Change(labels, first.change.after, (*first.change.steps, *steps))
    return AssignmentPlan(change, (*first.rows, *rows), first.warnings)


def _has(item: Resolved, direct: Direct) -> bool:
    return item.profile is not None and item.receiver_id in direct.get((item.profile.id, item.receiver), frozenset())


def _row(item: Resolved, action: str, direct: Direct) -> Row:
    passing = direct.get((item.profile.id, DIRECTORY), frozenset()) if item.profile else frozenset()
    return {
        "profile": item.profile_name,
        "profile_id": item.profile.id if item.profile else None,
        "type": None if item.profile is None else "priority" if item.profile.kind == "masterprofile" else "profile",
        "device": item.reference if item.receiver == DEVICE else None,
        "directory": item.reference if item.receiver == DIRECTORY else None,
        "receiver_id": item.receiver_id,
        "inherited_from": [path for key, path in item.above.items() if key in passing],
        "action": action,
    }
