# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Carry out plans for device directories and profile assignments."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.assignments import Assign, Unassign
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.directory_steps import (
    CreateDirectory,
    DeleteDirectory,
    DirectoryStep,
    Relocate,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.errors import NOT_EMPTY, UmsError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import ROOT
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.resources import Ums
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.writing import (
    Applied,
    Row,
    Write,
    carry_out,
    written,
)

_ASSIGN_AT_ONCE = 500


def apply_directories(ums: Ums, steps: Sequence[DirectoryStep], *, blind: bool = False) -> Applied:
    """Create directories below their parents, rename and move them, or delete empty ones.

    A plan that only creates goes level by level, several at a time; any other one step after the other.

    Args:
        ums: the server.
        steps: of one plan.
        blind: the server showed no directory before, so the account may not see any: the first new one is looked for,
            or every run would create all of them once more.

    Raises:
        OtedgeError: see writing.carry_out; among them UmsError where a new directory is not seen, or stands in the
            wrong place and cannot be moved.

    Source: contract 5.2: the parent in a create is not documented everywhere, so a new directory is read back and
    moved if it landed elsewhere. What was renamed, moved or deleted is read again.
    """
    applied = Applied()
    levels = all(isinstance(step, CreateDirectory) for step in steps)
    stages: dict[int, list[Write]] = {}
    for number, step in enumerate(steps):
        look = blind and number == 0
        place = step.path.count("/") if levels and not look else number - len(steps)
        stages.setdefault(place, []).append(_write(ums, step, applied, look))
    carry_out([stages[place] for place in sorted(stages)], applied, ums.parallel)
    return applied


def _write(ums: Ums, step: DirectoryStep, applied: Applied, look: bool) -> Write:
    if isinstance(step, DeleteDirectory):
        return Write(partial(_delete_directory, ums, step, applied), written("deleted", step.path))
    if isinstance(step, Relocate):
        rows = written("moved" if step.moves else "renamed", f"{step.was} to {step.path}")
        return Write(partial(_relocate, ums, step, applied), rows)
    return Write(partial(_create_directory, ums, step, applied, look), written("created", step.path))


def _create_directory(ums: Ums, step: CreateDirectory, applied: Applied, look: bool) -> None:
    parent = step.parent_id or applied.ids.get(step.parent, "")
    new = ums.create_directory(step.name, parent, step.path)
    try:
        _require_created(ums, step, parent, new, look)
    except OtedgeError as exc:
        exc.details["written"] = written("created", step.path)
        raise
    applied.ids[step.path] = new


def _require_created(ums: Ums, step: CreateDirectory, parent: str, new: str, look: bool) -> None:
    """See that a new directory is there and stands where it should, or move it there."""
    if not new or not parent:
        raise UmsError(f"The server gave no id for the new directory {step.path}.", fix="Run it again.")
    if look and new not in {item.id for item in ums.directories()}:
        raise UmsError(
            f"Directory {step.path} was created (id {new}), but the account is not shown it.",
            fix="Give the account the right Browse on the whole device tree, then run it again.",
        )
    if parent == ROOT:
        return
    try:
        landed = ums.directory(new).parent_id
        moved = landed == parent or not ums.move(parent, [new], "tcdirectory", step.parent)
    except OtedgeError as exc:
        exc.message = f"Directory {step.path} was created (id {new}), but where was not seen: {exc.message}"
        first = f"If it does not stand in {step.parent}, move it there, or another one would be made."
        exc.fix = f"{first} {exc.fix}".strip()
        raise
    if not moved:
        # Planning again would create it a second time.
        raise UmsError(
            f"Directory {step.path} was created (id {new}), but elsewhere (parent {landed}), and cannot be moved.",
            fix=f"Move it to {step.parent} in the UMS console, or delete it there; then run it again.",
        )


def _relocate(ums: Ums, step: Relocate, applied: Applied) -> Sequence[Row] | None:
    applied.doubt = True
    if step.moves:
        parent = step.parent_id or applied.ids[step.parent]
        if ums.move(parent, [step.id], "tcdirectory", step.parent or "(root)"):
            return ()  # not moved, so not renamed either: the next round tries both
    if step.new_name is not None:
        ums.rename_directory(step.id, step.new_name, step.was)
    return None


def _delete_directory(ums: Ums, step: DeleteDirectory, applied: Applied) -> None:
    applied.doubt = True
    try:
        ums.delete_directory(step.id, step.path)
    except UmsError as exc:
        if exc.error_code == NOT_EMPTY:
            exc.fix = "It holds what this account is not shown, or what came just now: look into the UMS console."
        raise


def apply_assignments(ums: Ums, steps: Sequence[Assign | Unassign]) -> Applied:
    """Assign profiles, many receivers a request, then take them away one by one.

    Source: contract 5.3: the answer names no receiver, so what was written is read again.

    Raises:
        OtedgeError: see writing.carry_out.
    """
    applied = Applied(doubt=bool(steps))
    assigns: list[Write] = []
    removals: list[Write] = []
    for step in steps:
        if isinstance(step, Unassign):
            send = partial(ums.unassign, step.profile, step.receiver, step.id)
            removals.append(Write(send, written("removed", step.label)))
            continue
        for start in range(0, len(step.ids), _ASSIGN_AT_ONCE):
            part = slice(start, start + _ASSIGN_AT_ONCE)
            send = partial(ums.assign, step.profile, step.receiver, step.ids[part])
            assigns.append(Write(send, written("assigned", *step.labels[part])))
    carry_out((assigns, removals), applied, ums.parallel)
    return applied
