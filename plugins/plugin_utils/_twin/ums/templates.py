# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Template keys of IMI v3 (reference ums-imi-v3, section 5.7): strings in the create answers, integers when read."""

from __future__ import annotations

from typing import Any

from .call import Call, number_id, text
from .devices import device
from .directories import directory
from .errors import ImiError, unknown
from .kinds import Row
from .shapes import version_of

_SUPERUSER_UNTIL = (12, 6, 100)


def _allowed(call: Call) -> None:
    """Only the superuser could until UMS 12.06.100 [documented]."""
    if not call.account.superuser and version_of(call.store.config) < _SUPERUSER_UNTIL:
        raise ImiError("ITG-0B005")
    call.demand("write")


def _template(call: Call, one: Any) -> Row:
    row = call.store.templates.get(number_id(one))
    if row is None:
        raise unknown()
    return row


def create(call: Call) -> Any:
    """Make a key; name and type are mandatory [documented], the code without them is assumed."""
    _allowed(call)
    body = call.body_object()
    name, kind = text(body, "name"), text(body, "type")
    if not name or not kind:
        raise ImiError("ITG-0A013")
    parent = number_id(body["parentID"]) if body.get("parentID") not in (None, "") else ""
    one = call.store.new_id()
    call.store.templates[one] = {"id": one, "name": name, "type": kind, "values": []}
    return {"id": one, "name": name, "parentID": parent, "message": "Template key successfully created."}


def add_value(call: Call) -> Any:
    """Make a value of a key; value, description and type are mandatory [documented]."""
    _allowed(call)
    row = _template(call, call.ids[0])
    body = call.body_object()
    if any(key not in body for key in ("value", "description", "type")):
        raise ImiError("ITG-0A013")
    one = call.store.new_id()
    value = {"id": one, **{key: text(body, key) for key in ("value", "description", "type")}}
    row["values"].append(value)
    return {"id": one, "value": value["value"], "message": "Template value successfully created."}


def read(call: Call) -> Any:
    """Give the values of a key; their parentId is the key's id."""
    row = _template(call, call.ids[0])
    return [
        {"id": int(value["id"]), "value": value["value"], "name": row["name"], "parentId": int(row["id"]),
         "description": value["description"], "type": value["type"]}
        for value in row["values"]
    ]  # fmt: skip


def assign_to_device(call: Call) -> Any:
    """Assign values to a device; nothing shows them afterwards [documented: there is no listing]."""
    _allowed(call)
    body = call.body_object()
    row = device(call.store, _receiver(body, "tcId"))
    if row["bin"]:
        raise ImiError("ITG-0A018")
    call.demand_object("tc", row)
    _check(call, body)
    row["rev"] = call.store.revise()
    return {"message": "Template value successfully assigned to device."}


def assign_to_directory(call: Call) -> Any:
    """Assign values to a device directory."""
    _allowed(call)
    body = call.body_object()
    row = directory(call.store, _receiver(body, "dirId"))
    if row["bin"]:
        raise ImiError("ITG-0A017")
    call.demand_object("tcdirectory", row)
    _check(call, body)
    row["rev"] = call.store.revise()
    return {"message": "Template value successfully assigned to device directory."}


def _receiver(body: dict[str, Any], key: str) -> str:
    if key not in body:
        raise ImiError("ITG-0A004")
    return number_id(body[key])


def _check(call: Call, body: dict[str, Any]) -> None:
    """Every pair must name a key and one of its values; else it is an invalid assignment [assumed]."""
    pairs = body.get("template")
    if not isinstance(pairs, list) or not all(isinstance(pair, dict) for pair in pairs):
        raise ImiError("ITG-0A004")
    if not pairs:
        raise ImiError("ITG-0A012")
    for pair in pairs:
        row = call.store.templates.get(number_id(pair.get("templateId")), {"values": []})
        if number_id(pair.get("valueId")) not in {value["id"] for value in row["values"]}:
            raise ImiError("ITG-0A021")
