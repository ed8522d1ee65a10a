# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Carry out plans for devices."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import RefusedError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums import device_steps
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.errors import DUPLICATE, UmsError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import as_text
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.resources import MOVE_AT_ONCE, Ums
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.writing import (
    Applied,
    Row,
    Write,
    carry_out,
    written,
)


def apply_devices(ums: Ums, steps: Sequence[device_steps.Step]) -> Applied:
    """Create, update, move and remove devices, in this order.

    Source: contract 5.1, 7.4 and 7.6. Every delete leaves a doubt (a server may keep the record once), as does a
    create that met a record nobody listed, or that landed in another directory.

    Raises:
        OtedgeError: see writing.carry_out.
    """
    applied = Applied()
    creates: list[Write] = []
    updates: list[Write] = []
    moves: list[Write] = []
    deletes: list[Write] = []
    for step in steps:
        if isinstance(step, device_steps.Create):
            creates.append(Write(partial(_create_device, ums, step, applied), written("created", step.label)))
        elif isinstance(step, device_steps.Update):
            send = partial(ums.update_device, step.id, step.body, step.label)
            updates.append(Write(send, written("updated", step.label)))
        elif isinstance(step, device_steps.Move):
            moves += _moves(ums, step, applied)
        else:
            deletes.append(Write(partial(_delete_device, ums, step, applied), written("deleted", step.label)))
    carry_out((creates, updates, moves, deletes), applied, ums.parallel)
    return applied


def _create_device(ums: Ums, step: device_steps.Create, applied: Applied) -> Sequence[Row] | None:
    try:
        answer = ums.create_device(step.body, step.label)
    except UmsError as exc:
        if exc.error_code != DUPLICATE:
            raise
        applied.doubt = True  # somebody, or the device itself, was faster: read again and adapt that record
        return ()
    new = as_text(answer.get("id"))
    parent = as_text(answer.get("parentID"))
    if not new or parent != step.body["parentID"]:
        applied.doubt = True
    if new:
        applied.ids[step.body["mac"]] = new
    return None


def _moves(ums: Ums, step: device_steps.Move, applied: Applied) -> list[Write]:
    def send(ids: tuple[str, ...], rows: Sequence[Row]) -> Sequence[Row]:
        left = set(ums.move(step.destination, ids, "tc", step.path or "(root)"))
        if left:
            applied.doubt = True
        return [row for key, row in zip(ids, rows, strict=True) if key not in left]

    found = []
    for start in range(0, len(step.ids), MOVE_AT_ONCE):
        part = slice(start, start + MOVE_AT_ONCE)
        rows = written("moved", *step.labels[part])
        found.append(Write(partial(send, step.ids[part], rows), rows))
    return found


def _delete_device(ums: Ums, step: device_steps.Delete, applied: Applied) -> None:
    if step.never_connected:
        record = ums.device(step.id)
        if record is not None and record.connected:
            raise RefusedError(
                f"{step.label}: the record {record.unit_id} has connected in the meantime; it was not removed.",
                fix="Two devices may be in use: check the station, then run it again.",
            )
    if step.offline_in is not None:
        _require_offline(ums, step, step.offline_in)
    applied.doubt = True
    ums.delete_device(step.id, step.label)


def _require_offline(ums: Ums, step: device_steps.Delete, parent: str) -> None:
    """Look once more, right before a stranger is removed: it must still be offline and where it was."""
    record = ums.device(step.id, "online")
    if record is not None and (record.online is not False or record.parent_id != parent or record.in_bin):
        raise RefusedError(
            f"{step.label} has come online or was moved in the meantime; it was not removed.",
            fix="Run it again: it reads the server anew and decides once more.",
        )


def filled(rows: Sequence[dict[str, Any]], key: str, applied: Applied) -> list[dict[str, Any]]:
    """Give the rows with the ids of new objects filled in, found by ``row[key]``."""
    return [{**row, "id": row["id"] or applied.ids.get(row[key])} for row in rows]
