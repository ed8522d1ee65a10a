# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resources D1 to D7 of IMI v3 (reference ums-imi-v3, section 5.1)."""

from __future__ import annotations

from typing import Any

from .call import Call, message, number_id, text
from .errors import ImiError
from .store import ROOT, Row, UmsStore

UPDATABLE = ("site", "department", "costCenter", "comment", "assetID", "inserviceDate", "serialNumber")
_MAC = frozenset("0123456789abcdefABCDEF")


def device(store: UmsStore, one: str) -> Row:
    """Give the device of a path id; 0A001 if there is none."""
    row = store.devices.get(number_id(one))
    if row is None:
        raise ImiError("ITG-0A001", id=one)
    return row


def list_all(call: Call) -> Any:
    """D1: every device, the recycle bin included; no paging, no filter."""
    rows = [] if call.store.faults.hits("weak_rights") else list(call.store.devices.values())
    _wait_for_offline(call, rows)
    shown = [call.shapes.device(row, call.facet) for row in rows]
    return {"results": shown} if call.store.faults.hits("wrapper") else shown


def get_one(call: Call) -> Any:
    """D2: one device, not a list of one."""
    row = device(call.store, call.ids[0])
    _wait_for_offline(call, [row])
    return call.shapes.device(row, call.facet, single=True)


def _wait_for_offline(call: Call, rows: list[Row]) -> None:
    """Facet online asks every device live, a silent one costs the response time-out [documented]."""
    slow = call.store.faults.take("slow_online") if call.facet == "online" else None
    if slow is not None:
        call.delay_s += float(slow.get("seconds", 1.0)) * sum(not row["online"] for row in rows)


def create(call: Call) -> Any:
    """D4: pre-registration by MAC."""
    body = call.body_object()
    store = call.store
    mac = text(body, "mac")
    if not mac:
        raise ImiError("ITG-0A007")
    if len(mac) != 12 or not _MAC.issuperset(mac):
        raise ImiError("ITG-0A014")
    if body.get("firmwareID") in (None, ""):
        raise ImiError("ITG-0A009")
    firmware = number_id(body["firmwareID"])
    if firmware not in store.firmwares:
        raise ImiError("ITG-0A015", id=firmware)
    parent = _parent(store, body)
    name = text(body, "name")
    details = {key: text(body, key) for key in UPDATABLE if body.get(key)}
    # Whether the server makes the MAC upper case is not documented; responses show upper case [assumed].
    row = store.add_device(
        mac, name=name, parentID=parent, firmwareID=firmware, lastIP=text(body, "lastIP"), details=details
    )
    return {**message(call, "inserted"), "id": row["id"], "name": name, "parentID": parent}


def _parent(store: UmsStore, body: dict[str, Any]) -> str:
    if body.get("parentID") in (None, ""):
        return ROOT
    parent = number_id(body["parentID"])
    if parent == ROOT:
        return ROOT
    if parent not in store.directories:
        raise ImiError("ITG-0A016", id=parent)
    if store.directories[parent]["bin"]:
        raise ImiError("ITG-0A017")
    return parent


def update(call: Call) -> Any:
    """D5: only keys that are sent change; mac, unitID, firmwareID and parentID cannot be changed here."""
    row = device(call.store, call.ids[0])
    body = call.body_object()
    if row["bin"]:
        raise ImiError("ITG-0A018")
    told = {key: text(body, key) for key in ("name", "lastIP", *UPDATABLE) if key in body}
    if not told:
        raise ImiError("ITG-0A013")
    for key in ("name", "lastIP"):
        if key in told:
            row[key] = told.pop(key)
    row["details"].update(told)
    return {"message": "Update successful"}


def delete_online(call: Call) -> Any:
    """D6: asks the device; one that does not answer keeps its record [assumed]."""
    row = device(call.store, call.ids[0])
    answers = row["online"]
    if answers and not call.store.faults.hits("delete_leaves_record"):
        call.store.remove_device(row)
    # The id is missing, the MAC is empty and exectime is the number 0 on a real server [recorded].
    entry = {
        "execID": call.store.new_execution(),
        "mac": "",
        "exectime": 0,
        "message": "OK" if answers else "Device does not answer",
        "state": "SUCCESS" if answers else "FAILED",
    }
    return {"CommandExecList": [entry]}


def delete_offline(call: Call) -> Any:
    """D7: removes the record, whether or not the device can be reached."""
    row = device(call.store, call.ids[0])
    if not call.store.faults.hits("delete_leaves_record"):
        call.store.remove_device(row)
    return message(call, "offline_deleted")
