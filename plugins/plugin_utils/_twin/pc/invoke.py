# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Method calls: StdRegProv, Win32_Process.Create, Win32_OperatingSystem.Win32Shutdown (windows-wsman-cim section 2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .cim import method_output, split_uri
from .envelope import Request, local
from .faults import BAD_URI, SCHEMA, WMI_INVALID_CLASS, WMI_INVALID_METHOD, WMI_INVALID_NAMESPACE, Fault, wmi_fault
from .registry import HIVE_NUMBERS, TYPE_NUMBERS

if TYPE_CHECKING:
    from .machine import Machine

Output = dict[str, Any]
OK, WRONG_TYPE, MISSING = 0, 1, 2
# What each method takes, in its declared order. [documented] the order matters: out of order is a schema fault.
_REG = ["hDefKey", "sSubKeyName", "sValueName"]
_INPUTS: dict[tuple[str, str], list[str]] = {
    ("stdregprov", "EnumKey"): _REG[:2],
    ("stdregprov", "EnumValues"): _REG[:2],
    ("stdregprov", "CheckAccess"): [*_REG[:2], "uRequired"],
    ("stdregprov", "GetStringValue"): _REG,
    ("stdregprov", "GetExpandedStringValue"): _REG,
    ("stdregprov", "GetMultiStringValue"): _REG,
    ("stdregprov", "GetDWORDValue"): _REG,
    ("stdregprov", "GetQWORDValue"): _REG,
    ("stdregprov", "GetBinaryValue"): _REG,
    ("stdregprov", "SetStringValue"): [*_REG, "sValue"],
    ("stdregprov", "SetDWORDValue"): [*_REG, "uValue"],
    ("stdregprov", "CreateKey"): _REG[:2],
    ("stdregprov", "DeleteKey"): _REG[:2],
    ("stdregprov", "DeleteValue"): _REG,
    ("win32_process", "Create"): ["CommandLine", "CurrentDirectory", "ProcessStartupInformation"],
    ("win32_operatingsystem", "Win32Shutdown"): ["Flags", "Reserved"],
    ("win32_operatingsystem", "Reboot"): [],
    ("win32_operatingsystem", "Shutdown"): [],
}
_GETTERS = {
    "GetStringValue": ("sValue", ("REG_SZ", "REG_EXPAND_SZ")),
    "GetExpandedStringValue": ("sValue", ("REG_EXPAND_SZ", "REG_SZ")),
    "GetMultiStringValue": ("sValue", ("REG_MULTI_SZ",)),
    "GetDWORDValue": ("uValue", ("REG_DWORD",)),
    "GetQWORDValue": ("uValue", ("REG_QWORD",)),
    "GetBinaryValue": ("uValue", ("REG_BINARY",)),
}


def invoke(machine: Machine, request: Request) -> str:
    """Answer a method call: the body of the reply. A method that fails in the normal way has ReturnValue != 0."""
    found = split_uri(request.uri)
    method = request.action.rpartition("/")[2]
    if found is None or request.action != f"{request.uri}/{method}":
        raise Fault(BAD_URI, f"The action {request.action} does not belong to {request.uri}.")
    namespace, name = found[0], found[1].lower()
    if not machine.has_namespace(namespace):
        raise wmi_fault(WMI_INVALID_NAMESPACE, namespace)
    if name != "stdregprov" and not machine.properties(namespace, name):
        raise wmi_fault(WMI_INVALID_CLASS, found[1])
    if name == "stdregprov" and namespace not in ("root\\default", "root\\cimv2"):
        raise wmi_fault(WMI_INVALID_CLASS, found[1])
    if (name, method) not in _INPUTS:
        raise wmi_fault(WMI_INVALID_METHOD, f"{found[1]} has no method {method}")
    given = _inputs(request, method, _INPUTS[name, method])
    try:
        if name == "stdregprov":
            output = _registry(machine, method, given)
        elif name == "win32_process":
            output = _create(machine, given)
        else:
            output = _shutdown(machine, method, given)
    except ValueError as exc:
        raise Fault(SCHEMA, f"A parameter of {method} is not of its type: {exc}.") from exc
    return method_output(request.uri, method, output)


def _inputs(request: Request, method: str, declared: list[str]) -> dict[str, Any]:
    body = request.body
    if body is None or local(body) != f"{method}_INPUT" or body.tag != f"{{{request.uri}}}{method}_INPUT":
        raise Fault(SCHEMA, f"The body is not {method}_INPUT of its class.")
    names = [local(one) for one in body]
    unknown = [one for one in names if one not in declared]
    if unknown or names != sorted(names, key=declared.index):
        raise Fault(SCHEMA, f"The parameters of {method} are {declared}, in this order; given: {names}.")
    return {local(one): one.text or "" for one in body}


def _registry(machine: Machine, method: str, given: dict[str, Any]) -> Output:
    number = given.get("hDefKey", "2147483650")
    hive = HIVE_NUMBERS.get(int(number) if number.isdigit() else 0)
    path = f"{hive}\\{given.get('sSubKeyName', '')}".rstrip("\\")
    name = given.get("sValueName", "")
    registry = machine.registry
    if method in _GETTERS:
        key, kinds = _GETTERS[method]
        value = registry.value(path, name)
        if value is None:
            return {key: None, "ReturnValue": MISSING if registry.exists(path) or hive else 6}
        if value[1] not in kinds:
            return {key: None, "ReturnValue": WRONG_TYPE}
        return {key: value[2], "ReturnValue": OK}
    if method == "CheckAccess":
        there = registry.exists(path)
        return {"bGranted": there, "ReturnValue": OK if there else MISSING}
    if method in ("EnumKey", "EnumValues"):
        return _enumerate(machine, method, path)
    return {"ReturnValue": _WRITES[method](machine, path, name, given)}


def _enumerate(machine: Machine, method: str, path: str) -> Output:
    registry = machine.registry
    there = registry.exists(path)
    code = OK if there else MISSING
    if method == "EnumKey":
        return {"sNames": registry.subkeys(path) or None, "ReturnValue": code}
    values = registry.values(path)
    if not values:
        return {"sNames": None, "Types": None, "ReturnValue": code}
    return {
        "sNames": [one[0] for one in values],
        "Types": [TYPE_NUMBERS[one[1]] for one in values],
        "ReturnValue": code,
    }


def _set_string(machine: Machine, path: str, name: str, given: dict[str, Any]) -> int:
    return _set(machine, path, name, "REG_SZ", given.get("sValue", ""))


def _set_dword(machine: Machine, path: str, name: str, given: dict[str, Any]) -> int:
    return _set(machine, path, name, "REG_DWORD", int(given.get("uValue", "0")))


def _set(machine: Machine, path: str, name: str, kind: str, data: Any) -> int:
    if not machine.registry.exists(path):
        return MISSING
    machine.registry.set_value(path, name, kind, data)
    machine.changed("registry", key=path, value=name)
    return OK


def _create_key(machine: Machine, path: str, name: str, given: dict[str, Any]) -> int:
    if not machine.registry.exists(path):
        machine.registry.create_key(path)
        machine.changed("registry", key=path)
    return OK


def _delete_key(machine: Machine, path: str, name: str, given: dict[str, Any]) -> int:
    if not machine.registry.exists(path):
        return MISSING
    if machine.registry.subkeys(path):
        return 5  # [documented] no recursion
    machine.registry.delete_key(path)
    machine.changed("registry", key=path, deleted=True)
    return OK


def _delete_value(machine: Machine, path: str, name: str, given: dict[str, Any]) -> int:
    if machine.registry.value(path, name) is None:
        return MISSING
    machine.registry.delete_value(path, name)
    machine.changed("registry", key=path, value=name, deleted=True)
    return OK


_WRITES: dict[str, Callable[[Machine, str, str, dict[str, Any]], int]] = {
    "SetStringValue": _set_string,
    "SetDWORDValue": _set_dword,
    "CreateKey": _create_key,
    "DeleteKey": _delete_key,
    "DeleteValue": _delete_value,
}


def _create(machine: Machine, given: dict[str, Any]) -> Output:
    line = given.get("CommandLine", "")
    if not line.strip():
        return {"ProcessId": None, "ReturnValue": 21}
    pid = machine.jobs.start(line, given.get("CurrentDirectory") or "C:\\Windows\\system32")
    return {"ProcessId": pid, "ReturnValue": 0 if pid else 9}


def _shutdown(machine: Machine, method: str, given: dict[str, Any]) -> Output:
    flags = {"Reboot": 2, "Shutdown": 1}.get(method, int(given.get("Flags") or "0"))
    if flags & 2:
        machine.boot.schedule(restart=True, delay=1.0)
    elif flags & 9:
        machine.boot.schedule(restart=False, delay=1.0)
    return {"ReturnValue": 0}
