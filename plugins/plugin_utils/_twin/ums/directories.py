# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resources T1 to T6 of IMI v3, and the same for profile directories (reference ums-imi-v3, 5.2 and 5.5)."""

from __future__ import annotations

from typing import Any

from .call import Call, api_object, number_id, text
from .errors import ImiError
from .kinds import MEMBER, ROOTS, Row
from .store import UmsStore


def directory(store: UmsStore, one: str, kind: str = "tcdirectory") -> Row:
    """Give the directory of a path id; 0A002 if there is none, as for the root, which is no object."""
    row = store.find(kind, number_id(one))
    if row is None:
        raise ImiError("ITG-0A002", id=one)
    return row


def _children(call: Call, row: Row) -> list[tuple[str, str]] | None:
    return list(call.store.members(row["id"])) if call.facet == "children" else None


def list_all(call: Call) -> Any:
    """T1: a flat list, the recycle bin included; the tree is in parentID only."""
    rows = call.listed(call.store.of_kind(call.kind), call.kind)
    return [call.shapes.directory(row, call.kind, _children(call, row)) for row in rows]


def get_one(call: Call) -> Any:
    """T2: one directory."""
    row = directory(call.store, call.ids[0], call.kind)
    return call.shapes.directory(row, call.kind, _children(call, row))


def create(call: Call) -> Any:
    """T3: parentID is documented in the tutorial only, and answered only if it was sent."""
    body = call.body_object()
    store, root = call.store, ROOTS[call.kind]
    name = text(body, "name")
    if not name:
        raise ImiError("ITG-0A013")
    sent = body.get("parentID") not in (None, "")
    parent = number_id(body["parentID"]) if sent else root
    if parent != root:
        above = store.find(call.kind, parent)
        if above is None:
            raise ImiError("ITG-0A016", id=parent)
        if above["bin"]:
            raise ImiError("ITG-0A017")
    call.demand_object(call.kind, store.find(call.kind, parent))
    if store.faults.hits("ignore_parent"):
        parent = root
    row = store.add_directory(name, parent, call.kind)
    answer = {"message": "Directory successfully inserted.", "id": row["id"], "name": name}
    return {**answer, "parentID": parent} if sent else answer


def update(call: Call) -> Any:
    """T4 renames, T5 (``operation=move``) moves."""
    operation = call.query.get("operation")
    if operation == "move":
        return _move(call)
    if operation is not None:
        raise ImiError("ITG-0A004")
    call.demand("write")
    row = directory(call.store, call.ids[0], call.kind)
    name = text(call.body_object(), "name")
    if row["bin"]:
        raise ImiError("ITG-0A017")
    if not name:
        raise ImiError("ITG-0A013")
    row["name"] = name
    return {"message": "Updated directory successfully."}


def _move(call: Call) -> Any:
    """T5: HTTP 200 even if one failed, results in another order than asked [documented]."""
    call.demand("move")
    target = number_id(call.ids[0])
    # A move to the root is accepted [assumed].
    if target != ROOTS[call.kind] and directory(call.store, target, call.kind)["bin"]:
        raise ImiError("ITG-0A017")
    call.demand_object(call.kind, call.store.find(call.kind, target))
    wanted = [api_object(entry) for entry in call.body_list()]
    for one, kind in wanted:
        found = call.store.find(kind, one)
        if found is not None:
            call.demand_object(kind, found)
    results = [{"id": one, "results": move_one(call.store, call.kind, target, one, kind)} for one, kind in wanted]
    call.store.random.shuffle(results)
    return results


def move_one(store: UmsStore, tree: str, target: str, one: str, kind: str) -> str:
    """Move one object within its tree; what is not there, is in the bin or of another tree does not exist [assumed]."""
    row = store.find(kind, one) if kind in (tree, MEMBER[tree]) else None
    if row is None or row["bin"]:
        return "does_not_exist"
    if kind == tree and one in store.ancestors(target, tree):
        return "failed"  # into itself; the word is not documented [assumed]
    store.move(kind, row, target)
    return "successful"


def delete(call: Call) -> Any:
    """T6: only an empty directory; what is in the recycle bin still counts as content [assumed]."""
    row = directory(call.store, call.ids[0], call.kind)
    if next(call.store.members(row["id"]), None) is not None:
        raise ImiError("ITG-0A006", id=row["id"])
    if row.get("rule"):
        raise ImiError("ITG-0A023", id=row["id"])
    call.store.remove(call.kind, row)
    return {"message": "Deletion successful."}
