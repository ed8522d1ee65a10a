# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resources T1 to T6 of IMI v3 (reference ums-imi-v3, section 5.2)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from .call import Call, api_object, number_id, text
from .errors import ImiError
from .store import ROOT, Row, UmsStore


def directory(store: UmsStore, one: str) -> Row:
    """Give the directory of a path id; 0A002 if there is none, as for the root, which is no object."""
    row = store.directories.get(number_id(one))
    if row is None:
        raise ImiError("ITG-0A002", id=one)
    return row


def list_all(call: Call) -> Any:
    """T1: a flat list; the tree is in parentID only."""
    store = call.store
    if store.faults.hits("weak_rights"):
        return []
    children: dict[str, list[tuple[str, str]]] = defaultdict(list)
    if call.facet == "children":
        for key, row in store.directories.items():
            children[row["parentID"]].append(("tcdirectory", key))
        for key, row in store.devices.items():
            children[row["parentID"]].append(("tc", key))
    return [call.shapes.directory(row, children.get(key)) for key, row in store.directories.items()]


def get_one(call: Call) -> Any:
    """T2: one directory."""
    row = directory(call.store, call.ids[0])
    children = list(call.store.members(row["id"])) if call.facet == "children" else None
    return call.shapes.directory(row, children)


def create(call: Call) -> Any:
    """T3: parentID is documented in the tutorial only, and answered only if it was sent."""
    body = call.body_object()
    store = call.store
    name = text(body, "name")
    if not name:
        raise ImiError("ITG-0A013")
    sent = body.get("parentID") not in (None, "")
    parent = number_id(body["parentID"]) if sent else ROOT
    if parent != ROOT and parent not in store.directories:
        raise ImiError("ITG-0A016", id=parent)
    if parent != ROOT and store.directories[parent]["bin"]:
        raise ImiError("ITG-0A017")
    if store.faults.hits("ignore_parent"):
        parent = ROOT
    row = store.add_directory(name, parent)
    answer = {"message": "Directory successfully inserted.", "id": row["id"], "name": name}
    return {**answer, "parentID": parent} if sent else answer


def update(call: Call) -> Any:
    """T4 renames, T5 (``operation=move``) moves."""
    operation = call.query.get("operation")
    if operation == "move":
        return _move(call)
    if operation is not None:
        raise ImiError("ITG-0A004")
    row = directory(call.store, call.ids[0])
    name = text(call.body_object(), "name")
    if not name:
        raise ImiError("ITG-0A013")
    row["name"] = name
    return {"message": "Updated directory successfully."}


def _move(call: Call) -> Any:
    """T5: HTTP 200 even if one failed, results in another order than asked [documented]."""
    store = call.store
    target = number_id(call.ids[0])
    if target != ROOT and directory(store, target)["bin"]:  # a move to the root is accepted [assumed]
        raise ImiError("ITG-0A017")
    wanted = [api_object(entry) for entry in call.body_list()]
    results = [{"id": one, "results": _move_one(store, target, one, kind)} for one, kind in wanted]
    store.random.shuffle(results)
    return results


def _move_one(store: UmsStore, target: str, one: str, kind: str) -> str:
    rows = {"tc": store.devices, "tcdirectory": store.directories}.get(kind, {})
    row = rows.get(one)
    if row is None or row["bin"]:
        return "does_not_exist"
    if kind == "tcdirectory" and one in store.ancestors(target):
        return "failed"  # into itself; the word is not documented [assumed]
    if row["parentID"] != target:
        row.update(parentID=target, rev=store.revise())
    return "successful"


def delete(call: Call) -> Any:
    """T6: only an empty directory."""
    store = call.store
    row = directory(store, call.ids[0])
    if next(store.members(row["id"]), None) is not None:
        raise ImiError("ITG-0A006", id=row["id"])
    del store.directories[row["id"]]
    store.assignments.pop(f"tcdirectory:{row['id']}", None)
    return {"message": "Deletion successful."}
