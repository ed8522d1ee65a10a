# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Carry plans out, step by step; the only code that writes to the management server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import RefusedError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums import assignments, device_steps, directories
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.errors import DUPLICATE, UmsError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import ROOT, as_text
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.resources import Ums

_ASSIGN_AT_ONCE = 500


@dataclass
class Applied:
    """What applying told: ids of new objects by MAC or path, and whether the server must be read again to be sure."""

    ids: dict[str, str] = field(default_factory=dict)
    doubt: bool = False


def apply_devices(ums: Ums, steps: Sequence[device_steps.Step]) -> Applied:
    """Create, update, move and remove devices.

    Source: contract 5.1, 7.4 and 7.6. Every delete leaves a doubt (a server may keep the record once), as does a
    create that met a record nobody listed, or that landed in another directory.
    """
    applied = Applied()
    for step in steps:
        if isinstance(step, device_steps.Create):
            _create_device(ums, step, applied)
        elif isinstance(step, device_steps.Update):
            ums.update_device(step.id, step.body, step.label)
        elif isinstance(step, device_steps.Move):
            applied.doubt |= bool(ums.move(step.destination, step.ids, "tc", step.path or "(root)"))
        else:
            _delete_device(ums, step)
            applied.doubt = True
    return applied


def _create_device(ums: Ums, step: device_steps.Create, applied: Applied) -> None:
    try:
        answer = ums.create_device(step.body, step.label)
    except UmsError as exc:
        if exc.error_code != DUPLICATE:
            raise
        applied.doubt = True  # somebody, or the device itself, was faster: read again and adapt that record
        return
    new = as_text(answer.get("id"))
    parent = as_text(answer.get("parentID"))
    applied.doubt |= not new or parent != step.body["parentID"]
    if new:
        applied.ids[step.body["mac"]] = new


def _delete_device(ums: Ums, step: device_steps.Delete) -> None:
    if step.never_connected:
        record = ums.device(step.id)
        if record is not None and record.connected:
            raise RefusedError(
                f"{step.label}: the record {record.unit_id} has connected in the meantime; it was not removed.",
                fix="Two devices may be in use: check the station, then run it again.",
            )
    ums.delete_device(step.id, step.label)


def apply_directories(ums: Ums, steps: Sequence[directories.CreateDirectory | directories.DeleteDirectory]) -> Applied:
    """Create directories below their parents, or delete empty ones.

    Source: contract 5.2: the parent in a create is not documented everywhere, so a new directory is read back and
    moved if it landed elsewhere.
    """
    applied = Applied()
    for step in steps:
        if isinstance(step, directories.DeleteDirectory):
            ums.delete_directory(step.id, step.path)
            continue
        parent = step.parent_id or applied.ids.get(step.parent, "")
        new = ums.create_directory(step.name, parent, step.path)
        if not new or not parent:
            raise UmsError(f"The server gave no id for the new directory {step.path}.", fix="Run it again.")
        applied.ids[step.path] = new
        if parent != ROOT and ums.directory(new).parent_id != parent:
            applied.doubt |= bool(ums.move(parent, [new], "tcdirectory", step.parent))
    return applied


def apply_assignments(ums: Ums, steps: Sequence[assignments.Assign | assignments.Unassign]) -> Applied:
    """Assign profiles, many receivers a request, or take them away one by one.

    Source: contract 5.3: the answer names no receiver, so what was written is read again.
    """
    for step in steps:
        if isinstance(step, assignments.Unassign):
            ums.unassign(step.profile, step.receiver, step.id)
            continue
        for start in range(0, len(step.ids), _ASSIGN_AT_ONCE):
            ums.assign(step.profile, step.receiver, step.ids[start : start + _ASSIGN_AT_ONCE])
    return Applied(doubt=bool(steps))


def filled(rows: Sequence[dict[str, Any]], key: str, applied: Applied) -> list[dict[str, Any]]:
    """Give the rows with the ids of new objects filled in, found by ``row[key]``."""
    return [{**row, "id": row["id"] or applied.ids.get(row[key])} for row in rows]
