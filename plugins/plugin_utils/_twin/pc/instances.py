# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Single instances: Get, Put, Delete, and one property by fragment transfer (windows-wsman-cim section 2).

[documented] all keys are needed, none for a singleton. [assumed] which properties can be written is a short list of
ours; Delete works for processes and environment variables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from . import wql
from .catalogue import instance_id
from .cim import fragment_item, property_text, split_uri, typed_item
from .envelope import Request, local
from .faults import (
    ACCESS_DENIED,
    BAD_FRAGMENT,
    BAD_URI,
    GET_NEEDS_KEYS,
    NS_WSMAN,
    SCHEMA,
    SELECTORS_TOO_FEW,
    SELECTORS_UNEXPECTED,
    WMI_DENIED,
    WMI_INVALID_CLASS,
    WMI_INVALID_NAMESPACE,
    WMI_NOT_FOUND,
    WMI_NOT_SUPPORTED,
    WMI_READ_ONLY,
    Fault,
    wmi_fault,
)
from .schema_more import KEYS, WRITABLE

if TYPE_CHECKING:
    from .machine import Machine

Row = dict[str, Any]


def class_of(request: Request) -> tuple[str, str]:
    """Give (namespace, class) of a request; a fault when its URI names none."""
    found = split_uri(request.uri)
    if found is None or not found[1]:
        raise Fault(BAD_URI, f"The resource URI {request.uri} is not known.")
    return found


def rows_of(machine: Machine, namespace: str, name: str) -> Iterable[Row]:
    """Give all instances; a fault when there is no such class or it may not be read."""
    check_namespace(machine, namespace)
    if not machine.properties(namespace, name):
        raise wmi_fault(WMI_INVALID_CLASS, name)
    return machine.instances(namespace, name)


def check_namespace(machine: Machine, namespace: str) -> None:
    """Refuse a namespace that is not there or that the account may not use."""
    if not machine.has_namespace(namespace):
        raise wmi_fault(WMI_INVALID_NAMESPACE, namespace)
    denied = [*(machine.overrides.get("denied_namespaces") or []), *machine.faults.get("deny_namespace", [])]
    if namespace in [str(one).lower().replace("/", "\\") for one in denied]:
        raise Fault(ACCESS_DENIED, "Access is denied.", WMI_DENIED)


def instance_of(machine: Machine, request: Request) -> tuple[str, str, Row]:
    """Give (namespace, class, the one instance the selectors name)."""
    namespace, name = class_of(request)
    keys, given = KEYS.get(name.lower()), request.selectors
    found = rows_of(machine, namespace, name)
    if not given and keys != ():
        rows = list(found) if keys is None else []
        if len(rows) != 1:
            raise Fault(GET_NEEDS_KEYS, "The class needs key values to find the instance.")
        return namespace, name, rows[0]
    known = {one.lower() for one in machine.properties(namespace, name)}
    wanted = {one.lower() for one in keys or ()}
    if [one for one in given if one.lower() not in (wanted or known)]:
        raise Fault(SELECTORS_UNEXPECTED, "The request contains selectors that the resource does not have.")
    if wanted - {one.lower() for one in given}:
        raise Fault(SELECTORS_TOO_FEW, "The request contains too few selectors.")
    for row in found:
        if all(str(wql.value_of(row, key)).lower() == text.lower() for key, text in given.items()):
            return namespace, name, row
    raise wmi_fault(WMI_NOT_FOUND, f"no such instance of {name}")


def get(machine: Machine, request: Request) -> str:
    """Answer Get: the instance, or one property of it."""
    namespace, name, row = instance_of(machine, request)
    if not request.fragment:
        return typed_item(namespace, name, row)
    wanted = request.fragment.removesuffix("/text()").rpartition(":")[2]
    found = next((key for key in row if key.lower() == wanted.lower()), None)
    if found is None:
        raise Fault(BAD_FRAGMENT, f"The fragment {request.fragment} names no property.")
    if request.fragment.endswith("/text()"):
        return f'<w:XmlFragment xmlns:w="{NS_WSMAN}">{property_text(row[found])}</w:XmlFragment>'
    return fragment_item(row, [found])


def put(machine: Machine, request: Request) -> str:
    """Answer Put: write properties, give the instance as it is then."""
    namespace, name, row = instance_of(machine, request)
    body = request.body
    if body is None or local(body) not in (name, "XmlFragment"):
        raise Fault(SCHEMA, f"The body of Put is no {name}.")
    changes: Row = {}
    names = {key.lower(): key for key in row}
    for one in body:
        key = names.get(local(one).lower())
        if key is None:
            raise Fault(SCHEMA, f"{name} has no property {local(one)}.")
        value = _typed(row[key], one.text or "")
        if str(value) == str(row[key]) or (row[key] is None and not one.text):
            continue
        if key not in WRITABLE.get(name.lower(), ()):
            raise wmi_fault(WMI_READ_ONLY, f"{name}.{key}")
        changes[key] = value
    if changes:
        machine.puts.setdefault(instance_id(name, row), {}).update(changes)
        machine.changed("instance", cls=name, properties=sorted(changes))
    return typed_item(namespace, name, {**row, **changes})


def delete(machine: Machine, request: Request) -> str:
    """Answer Delete: an empty body."""
    _namespace, name, row = instance_of(machine, request)
    if name.lower() != "win32_process" or not machine.jobs.end(int(row["ProcessId"])):
        raise wmi_fault(WMI_NOT_SUPPORTED, f"an instance of {name} cannot be deleted")
    machine.changed("process", pid=row["ProcessId"], ended=True)
    return ""


def _typed(old: Any, text: str) -> Any:
    if isinstance(old, bool):
        return text.strip().lower() in ("true", "1")
    if isinstance(old, int) and re.fullmatch(r"-?\d+", text.strip()):
        return int(text)
    return text
