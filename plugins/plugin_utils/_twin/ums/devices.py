# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resources D1 to D7 of IMI v3, views included (reference ums-imi-v3, section 5.1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .call import Call, message, number_id, text
from .errors import ImiError, unknown
from .kinds import ROOT, Row
from .store import UmsStore

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
    return _shown(call, call.store.devices.values(), call.facet)


def view(call: Call) -> Any:
    """D3: the devices of a view made by a person; the recycle bin is in none [assumed], nor are all facets."""
    found = call.store.views.get(number_id(call.ids[0]))
    if found is None:
        raise unknown()
    rows = [row for row in call.store.devices.values() if not row["bin"] and _matches(found, row)]
    facet = call.facet if call.facet in ("details", "online", "shadow", "networkadapters") else "short"
    return _shown(call, rows, facet)


def _matches(found: Row, row: Row) -> bool:
    if row["name"] in found["devices"]:
        return True
    where = found["where"].items()
    return bool(where) and all(str(row.get(key, row["details"].get(key, ""))) == value for key, value in where)


def _shown(call: Call, devices: Iterable[Row], facet: str) -> Any:
    rows = call.listed(devices, "tc")
    _wait_for_offline(call, rows)
    shown = [call.shapes.device(row, facet) for row in rows]
    wrapper = call.store.faults.take("wrapper")
    return shown if wrapper is None else {str(wrapper.get("key", "results")): shown}


def get_one(call: Call) -> Any:
    """D2: one device, not a list of one."""
    row = device(call.store, call.ids[0])
    _wait_for_offline(call, [row])
    return call.shapes.device(row, call.facet, single=True)


def _wait_for_offline(call: Call, rows: list[Row]) -> None:
    """Facet online asks every device live, a silent one costs the response time-out [documented]."""
    if call.facet != "online":
        return
    slow = call.store.faults.take("slow_online")
    each = float(call.store.config.get("online_timeout_ms", 0)) / 1000
    each += float(slow.get("seconds", 1.0)) if slow else 0.0
    call.delay_s += each * sum(not row["online"] for row in rows)


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
    call.demand_object("tcdirectory", store.directories.get(parent))
    name = _name(store, text(body, "name"), mac)
    details = {key: text(body, key) for key in UPDATABLE if body.get(key)}
    attributes = _attributes(store, body)
    # Whether the server makes the MAC upper case is not documented; responses show upper case [assumed].
    row = store.add_device(
        mac, name=name, parentID=parent, firmwareID=firmware, lastIP=text(body, "lastIP"), details=details,
        attributes=attributes,
    )  # fmt: skip
    return {**message(call, "inserted"), "id": row["id"], "name": name, "parentID": parent}


def _name(store: UmsStore, name: str, mac: str) -> str:
    """Give the name a device gets; 15 characters if it becomes the network name too [assumed for 0A024]."""
    if store.faults.hits("naming_convention"):
        return f"ITC{mac.upper()}"
    if store.config.get("adjust_network_name") and len(name) > 15:
        raise ImiError("ITG-0A024")
    return name


def _attributes(store: UmsStore, body: dict[str, Any]) -> dict[str, str]:
    """Read deviceAttributes: one that does not exist, or that IMI may not overwrite, is refused [code assumed]."""
    listed = body.get("deviceAttributes")
    if listed is None:
        return {}
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise ImiError("ITG-0A004")
    found = {}
    for entry in listed:
        known = store.attributes.get(text(entry, "identifier"))
        value = text(entry, "value")
        if known is None or not known["imi"] or (value and known["allowed"] and value not in known["allowed"]):
            raise ImiError("ITG-0A013")
        found[known["id"]] = value
    return found


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
    attributes = _attributes(call.store, body)
    if not told and not attributes:
        raise ImiError("ITG-0A013")
    if "name" in told:
        row["name"] = _name(call.store, told.pop("name"), row["mac"])
        if call.store.config.get("adjust_network_name"):
            row["details"]["networkName"] = row["name"]
    row["lastIP"] = told.pop("lastIP", row["lastIP"])
    row["details"].update(told)
    row.setdefault("attributes", {}).update(attributes)
    return {"message": "Update successful"}


def delete_online(call: Call) -> Any:
    """D6: asks the device; one that does not answer keeps its record [assumed]."""
    row = device(call.store, call.ids[0])
    answers = row["online"]
    if answers and not call.store.faults.hits("delete_leaves_record"):
        call.store.life.removed(row, told=True)
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
        call.store.life.removed(row, told=False)
        call.store.remove_device(row)
    return message(call, "offline_deleted")
