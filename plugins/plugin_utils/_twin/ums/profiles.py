# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Profiles, priority profiles, assignments and firmwares of IMI v3 (reference ums-imi-v3, sections 5.1 to 5.6)."""

from __future__ import annotations

from typing import Any

from .call import Call, api_object, message, number_id, text
from .devices import device
from .directories import directory
from .errors import ImiError, unknown
from .kinds import Row


def profile(call: Call) -> Row:
    """Give the profile of a path id; which error an unknown one gives is not documented [assumed: FF006, 404]."""
    row = call.store.find(call.kind, number_id(call.ids[0]))
    if row is None:
        raise unknown()
    return row


def list_all(call: Call) -> Any:
    """P1: the recycle bin included."""
    return [call.shapes.profile(row) for row in call.listed(call.store.of_kind(call.kind))]


def get_one(call: Call) -> Any:
    """P2."""
    return call.shapes.profile(profile(call))


def rename(call: Call) -> Any:
    """P3: renaming is the only change that is possible."""
    row = profile(call)
    name = text(call.body_object(), "name")
    if row["bin"]:
        raise ImiError("ITG-0A022")
    if not name:
        raise ImiError("ITG-0A013")
    row["name"] = name
    return {"message": "Update successful"}


def delete(call: Call) -> Any:
    """P4: not into the recycle bin."""
    row = profile(call)
    call.store.remove(call.kind, row)
    return {"message": f"Deleted profile with id {row['id']}"}


def list_firmwares(call: Call) -> Any:
    """Firmwares come in an envelope [documented]."""
    return {"FwResource": [call.shapes.firmware(row) for row in call.listed(call.store.firmwares.values())]}


def get_firmware(call: Call) -> Any:
    """One firmware, bare; the error for an unknown one is not documented [assumed: 0A015, 404]."""
    one = number_id(call.ids[0])
    if one not in call.store.firmwares:
        raise ImiError("ITG-0A015", status=404, id=one)
    return call.shapes.firmware(call.store.firmwares[one])


def of_device(call: Call) -> Any:
    """D9: direct ones first, then those of the parents, nearest to top [recorded]."""
    store = call.store
    row = device(store, call.ids[0])
    return _merged(call, [("tc", row["id"]), *(("tcdirectory", one) for one in store.ancestors(row["parentID"]))])


def of_directory(call: Call) -> Any:
    """T7: direct ones first, then those of the parents, top to nearest: not the order of D9 [recorded]."""
    store = call.store
    row = directory(store, call.ids[0])
    chain = [row["id"], *reversed(store.ancestors(row["parentID"]))]
    return _merged(call, [("tcdirectory", one) for one in chain])


def _merged(call: Call, chain: list[tuple[str, str]]) -> list[dict[str, Any]]:
    if call.store.faults.hits("direct_only"):
        chain = chain[:1]
    found = [(one, kind, receiver) for kind, receiver in chain for one in call.store.direct(kind, receiver)]
    return [call.shapes.assignment(*entry, position) for position, entry in enumerate(found)]


def devices_of(call: Call) -> Any:
    """P5: direct receivers only."""
    return _receivers(call, "tc")


def directories_of(call: Call) -> Any:
    """P8: direct receivers only."""
    return _receivers(call, "tcdirectory")


def _receivers(call: Call, kind: str) -> list[dict[str, Any]]:
    one = profile(call)["id"]
    return [
        call.shapes.assignment(one, kind, receiver, position) for receiver, position in call.store.receivers(one, kind)
    ]


def assign_to_device(call: Call) -> Any:
    """D10."""
    return _assign(call, kind="tc", receiver=device(call.store, call.ids[0])["id"])


def assign_to_directory(call: Call) -> Any:
    """T8."""
    return _assign(call, kind="tcdirectory", receiver=directory(call.store, call.ids[0])["id"])


def assign_devices(call: Call) -> Any:
    """P6."""
    return _assign(call, kind="tc", assignee=profile(call)["id"])


def assign_directories(call: Call) -> Any:
    """P9."""
    return _assign(call, kind="tcdirectory", assignee=profile(call)["id"])


def _assign(call: Call, kind: str, receiver: str | None = None, assignee: str | None = None) -> Any:
    """Check every entry, then assign all of them; nothing if one is wrong [assumed]."""
    store = call.store
    pairs = []
    for entry in call.body_list():
        who, what = api_object(entry.get("assignee"))
        to, to_kind = api_object(entry.get("receiver"))
        row = store.profiles.get(who)
        if row is None or row["type"] != what or assignee not in (None, who):
            raise ImiError("ITG-0A021")
        if row["bin"]:
            raise ImiError("ITG-0A022")
        rows = store.devices if kind == "tc" else store.directories
        if to_kind != kind or to not in rows or receiver not in (None, to):
            raise ImiError("ITG-0A019")
        call.demand_object(kind, rows[to])
        if rows[to]["bin"]:
            raise ImiError("ITG-0A018" if kind == "tc" else "ITG-0A017")
        pairs.append((who, to))
    for who, to in pairs:
        store.assign(who, kind, to)
    key = "to_device" if kind == "tc" else "to_directory"
    return message(call, key, count=len(pairs), id=pairs[0][1])


def unassign_device(call: Call) -> Any:
    """P7: the only way to take an assignment from a device."""
    return _unassign(call, "tc", device(call.store, call.ids[1])["id"])


def unassign_directory(call: Call) -> Any:
    """P10: the only way to take an assignment from a directory."""
    return _unassign(call, "tcdirectory", directory(call.store, call.ids[1])["id"])


def _unassign(call: Call, kind: str, receiver: str) -> Any:
    call.demand_object(kind, call.store.table(kind)[receiver])
    call.store.unassign(profile(call)["id"], kind, receiver)
    return {"message": "deleted profile assignment"}
