# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""StdRegProv of one PC: what each method takes, reads and writes (windows-wsman-cim section 2).

[documented] return codes 0 done, 1 wrong type, 2 missing, 5 denied, 6 wrong hive; keys are deleted without recursion.
[assumed] over WS-Man the view of a 32-bit program is asked for by the option __ProviderArchitecture (with or without
`wmi:` before it).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .registry import HIVE_NUMBERS, TYPE_NUMBERS, narrowed

if TYPE_CHECKING:
    from .machine import Machine

Output = dict[str, Any]
OK, WRONG_TYPE, MISSING, DENIED, WRONG_HIVE = 0, 1, 2, 5, 6
_KEY = ["hDefKey", "sSubKeyName"]
_VALUE = [*_KEY, "sValueName"]
# name -> (out parameter, registry types it reads)
_GETTERS = {
    "GetStringValue": ("sValue", ("REG_SZ", "REG_EXPAND_SZ")),
    "GetExpandedStringValue": ("sValue", ("REG_EXPAND_SZ", "REG_SZ")),
    "GetMultiStringValue": ("sValue", ("REG_MULTI_SZ",)),
    "GetDWORDValue": ("uValue", ("REG_DWORD",)),
    "GetQWORDValue": ("uValue", ("REG_QWORD",)),
    "GetBinaryValue": ("uValue", ("REG_BINARY",)),
}
# name -> (in parameter, registry type it writes)
_SETTERS = {
    "SetStringValue": ("sValue", "REG_SZ"),
    "SetExpandedStringValue": ("sValue", "REG_EXPAND_SZ"),
    "SetMultiStringValue": ("sValue", "REG_MULTI_SZ"),
    "SetDWORDValue": ("uValue", "REG_DWORD"),
    "SetQWORDValue": ("uValue", "REG_QWORD"),
    "SetBinaryValue": ("uValue", "REG_BINARY"),
}
INPUTS: dict[str, list[str]] = {
    **dict.fromkeys(("EnumKey", "EnumValues", "CreateKey", "DeleteKey"), _KEY),
    **dict.fromkeys((*_GETTERS, "DeleteValue"), _VALUE),
    **{name: [*_VALUE, parameter] for name, (parameter, _kind) in _SETTERS.items()},
    "CheckAccess": [*_KEY, "uRequired"],
}


def call(machine: Machine, method: str, given: dict[str, Any], *, narrow: bool) -> Output:
    """Carry out a method.

    Args:
        machine: the PC.
        method: its name.
        given: in parameters; an array is a list.
        narrow: the view of a 32-bit program is wanted.

    Raises:
        ValueError: a number is none.
    """
    number = str(given.get("hDefKey") or "2147483650")
    hive = HIVE_NUMBERS.get(int(number))
    if hive is None:
        return {"ReturnValue": WRONG_HIVE}
    path = f"{hive}\\{given.get('sSubKeyName') or ''}".rstrip("\\")
    if narrow and machine.profile.bits == 64:
        path = narrowed(path)
    if method == "CheckAccess":
        return _check(machine, path)
    return {"ReturnValue": DENIED} if machine.denied(path) else _carry_out(machine, method, path, given)


def _carry_out(machine: Machine, method: str, path: str, given: dict[str, Any]) -> Output:
    name = str(given.get("sValueName") or "")
    if method in _GETTERS:
        return _get(machine, method, path, name)
    if method in ("EnumKey", "EnumValues"):
        return _enumerate(machine, method, path)
    if method in _SETTERS:
        return {"ReturnValue": _set(machine, method, path, name, given)}
    return {"ReturnValue": _WRITES[method](machine, path, name)}


def _check(machine: Machine, path: str) -> Output:
    if not machine.registry.exists(path):
        return {"bGranted": False, "ReturnValue": MISSING}
    denied = machine.denied(path)
    return {"bGranted": not denied, "ReturnValue": DENIED if denied else OK}


def _get(machine: Machine, method: str, path: str, name: str) -> Output:
    key, kinds = _GETTERS[method]
    value = machine.registry.value(path, name)
    if value is None:
        return {key: None, "ReturnValue": MISSING if machine.registry.exists(path) or name else OK}
    if value[1] not in kinds:
        return {key: None, "ReturnValue": WRONG_TYPE}
    data = value[2]
    if method == "GetExpandedStringValue":
        known = machine.environment()
        data = re.sub(r"%([^%]+)%", lambda match: known.get(match[1].lower(), match[0]), data)
    return {key: data, "ReturnValue": OK}


def _enumerate(machine: Machine, method: str, path: str) -> Output:
    registry = machine.registry
    code = OK if registry.exists(path) else MISSING
    if method == "EnumKey":
        return {"sNames": registry.subkeys(path) or None, "ReturnValue": code}
    values = registry.values(path)
    names = [one[0] for one in values] or None
    types = [TYPE_NUMBERS[one[1]] for one in values] or None
    return {"sNames": names, "Types": types, "ReturnValue": code}


def _set(machine: Machine, method: str, path: str, name: str, given: dict[str, Any]) -> int:
    if not machine.registry.exists(path):
        return MISSING
    parameter, kind = _SETTERS[method]
    data: Any = given.get(parameter)
    if kind in ("REG_DWORD", "REG_QWORD"):
        data = int(data or 0)
    elif kind == "REG_BINARY":
        data = [int(one) for one in _listed(data)]
    elif kind == "REG_MULTI_SZ":
        data = _listed(data)
    else:
        data = data or ""
    machine.registry.set_value(path, name, kind, data)
    machine.changed("registry", key=path, value=name)
    return OK


def _listed(data: Any) -> list[str]:
    if data is None:
        return []
    return data if isinstance(data, list) else [data]


def _create_key(machine: Machine, path: str, _name: str) -> int:
    if not machine.registry.exists(path):
        machine.registry.create_key(path)
        machine.changed("registry", key=path)
    return OK


def _delete_key(machine: Machine, path: str, _name: str) -> int:
    if not machine.registry.exists(path):
        return MISSING
    if machine.registry.subkeys(path):
        return DENIED
    machine.registry.delete_key(path)
    machine.changed("registry", key=path, deleted=True)
    return OK


def _delete_value(machine: Machine, path: str, name: str) -> int:
    if machine.registry.value(path, name) is None:
        return MISSING
    machine.registry.delete_value(path, name)
    machine.changed("registry", key=path, value=name, deleted=True)
    return OK


_WRITES: dict[str, Callable[[Machine, str, str], int]] = {
    "CreateKey": _create_key,
    "DeleteKey": _delete_key,
    "DeleteValue": _delete_value,
}
