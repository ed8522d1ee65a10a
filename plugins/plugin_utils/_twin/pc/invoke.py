# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Method calls on WMI classes; StdRegProv has a file of its own (windows-wsman-cim sections 2 and 6).

[documented] names, parameters in their declared order, return values; a method that fails in the normal way answers
with ReturnValue != 0. [assumed] the write filter's methods answer 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import std_reg_prov
from .catalogue_people import OPERATOR_SID
from .cim import method_output, split_uri
from .cmd_services import change_mode, control
from .envelope import Request, local
from .faults import BAD_URI, SCHEMA, WMI_INVALID_CLASS, WMI_INVALID_METHOD, Fault, wmi_fault
from .instances import check_namespace, instance_of

if TYPE_CHECKING:
    from .machine import Machine

Output = dict[str, Any]
Given = dict[str, Any]
# class in lower case -> method -> (declared parameters, needs an instance)
_METHODS: dict[str, dict[str, tuple[list[str], bool]]] = {
    "win32_process": {
        "Create": (["CommandLine", "CurrentDirectory", "ProcessStartupInformation"], False),
        "GetOwner": ([], True),
        "GetOwnerSid": ([], True),
        "Terminate": (["Reason"], True),
    },
    "win32_operatingsystem": {
        "Win32Shutdown": (["Flags", "Reserved"], True),
        "Reboot": ([], True),
        "Shutdown": ([], True),
    },
    "win32_service": {
        "StartService": ([], True),
        "StopService": ([], True),
        "ChangeStartMode": (["StartMode"], True),
    },
    "win32_encryptablevolume": {"GetConversionStatus": (["PrecisionFactor"], True), "GetProtectionStatus": ([], True)},
    "uwf_filter": {"Enable": ([], True), "Disable": ([], True), "RestartSystem": ([], True)},
    "uwf_volume": {
        "Protect": ([], True),
        "Unprotect": ([], True),
        "CommitFile": (["FileName"], True),
        "AddExclusion": (["FileName"], True),
    },
    "uwf_registryfilter": {"CommitRegistry": (["RegistryKey", "ValueName"], True)},
    "wesl_usersetting": {
        "IsEnabled": ([], False),
        "SetEnabled": (["Enabled"], False),
        "GetCustomShell": (["Sid"], False),
        "RemoveCustomShell": (["Sid"], False),
        "SetCustomShell": (["Sid", "Shell", "CustomReturnCodes", "CustomReturnCodesAction", "DefaultAction"], False),
    },
}


def invoke(machine: Machine, request: Request) -> str:
    """Answer a method call: the body of the reply."""
    found = split_uri(request.uri)
    method = request.action.rpartition("/")[2]
    if found is None or request.action != f"{request.uri}/{method}":
        raise Fault(BAD_URI, f"The action {request.action} does not belong to {request.uri}.")
    namespace, name = found[0], found[1].lower()
    check_namespace(machine, namespace)
    registry = name == "stdregprov"
    there = namespace in ("root\\default", "root\\cimv2") if registry else machine.properties(namespace, name)
    if not there:
        raise wmi_fault(WMI_INVALID_CLASS, found[1])
    known = {key: (names, False) for key, names in std_reg_prov.INPUTS.items()} if registry else _METHODS.get(name, {})
    if method not in known:
        raise wmi_fault(WMI_INVALID_METHOD, f"{found[1]} has no method {method}")
    declared, needs_instance = known[method]
    given = _inputs(request, method, declared)
    try:
        if registry:
            narrow = any(request.options.get(key) == "32" for key in _ARCHITECTURE)
            output = std_reg_prov.call(machine, method, given, narrow=narrow)
        else:
            row = instance_of(machine, request)[2] if needs_instance else {}
            output = _CALLS[name](machine, method, given, row)
    except ValueError as exc:
        raise Fault(SCHEMA, f"A parameter of {method} is not of its type: {exc}.") from exc
    return method_output(request.uri, method, output)


_ARCHITECTURE = ("__ProviderArchitecture", "wmi:__ProviderArchitecture")


def _inputs(request: Request, method: str, declared: list[str]) -> Given:
    """Give the parameters; one that comes several times is an array. Out of order is a schema fault."""
    body = request.body
    if body is None or local(body) != f"{method}_INPUT" or body.tag != f"{{{request.uri}}}{method}_INPUT":
        raise Fault(SCHEMA, f"The body is not {method}_INPUT of its class.")
    names = [local(one) for one in body]
    unknown = [one for one in names if one not in declared]
    if unknown or names != sorted(names, key=declared.index):
        raise Fault(SCHEMA, f"The parameters of {method} are {declared}, in this order; given: {names}.")
    given: Given = {}
    for one in body:
        text = one.text or ""
        old = given.get(local(one))
        given[local(one)] = text if old is None else [*(old if isinstance(old, list) else [old]), text]
    return given


def _process(machine: Machine, method: str, given: Given, row: dict[str, Any]) -> Output:
    if method == "Create":
        line = given.get("CommandLine", "")
        if not line.strip():
            return {"ProcessId": None, "ReturnValue": 21}
        pid = machine.jobs.start(line, given.get("CurrentDirectory") or "C:\\Windows\\system32")
        return {"ProcessId": pid or None, "ReturnValue": 0 if pid else 9}
    if method == "Terminate":
        ended = machine.jobs.end(int(row["ProcessId"]))
        if ended:
            machine.changed("process", pid=row["ProcessId"], ended=True)
        return {"ReturnValue": 0 if ended else 2}
    user = machine.console_user if row["SessionId"] else "SYSTEM"
    if method == "GetOwnerSid":
        return {"Sid": OPERATOR_SID if row["SessionId"] else "S-1-5-18", "ReturnValue": 0}
    domain = machine.hostname if row["SessionId"] else "NT AUTHORITY"
    return {"Domain": domain, "User": user, "ReturnValue": 0}


def _system(machine: Machine, method: str, given: Given, _row: dict[str, Any]) -> Output:
    if machine.overrides.get("shutdown_privilege") is False:
        return {"ReturnValue": 1314}
    flags = {"Reboot": 2, "Shutdown": 1}.get(method, int(given.get("Flags") or "0"))
    done = True
    if flags & 2:
        done = machine.boot.schedule(restart=True, delay=1.0)
    elif flags & 9:
        done = machine.boot.schedule(restart=False, delay=1.0)
    return {"ReturnValue": 0 if done else 1190}


def _service(machine: Machine, method: str, given: Given, row: dict[str, Any]) -> Output:
    if method == "ChangeStartMode":
        return {"ReturnValue": change_mode(machine, row["Name"], str(given.get("StartMode", "")))}
    return {"ReturnValue": control(machine, row["Name"], "start" if method == "StartService" else "stop")}


def _volume(machine: Machine, method: str, _given: Given, _row: dict[str, Any]) -> Output:
    on = bool(machine.overrides.get("bitlocker"))
    if method == "GetProtectionStatus":
        return {"ProtectionStatus": int(machine.bitlocker_active), "ReturnValue": 0}
    return {"ConversionStatus": 1 if on else 0, "EncryptionPercentage": 100 if on else 0, "ReturnValue": 0}


def _filter(machine: Machine, method: str, given: Given, _row: dict[str, Any]) -> Output:
    name = str(given.get("FileName", ""))
    done = True
    if method in ("Enable", "Disable"):
        machine.filter.set_enabled(method == "Enable")
    elif method in ("Protect", "Unprotect"):
        machine.filter.protect(method == "Protect")
    elif method == "RestartSystem":
        done = machine.boot.schedule(restart=True, delay=1.0)
    elif method == "CommitFile":
        done = machine.filter.commit(name if ":" in name else f"C:{name}")
    elif method == "CommitRegistry":
        path = str(given.get("RegistryKey", "")).replace("HKEY_LOCAL_MACHINE", "HKLM")
        done = machine.filter.commit_registry(path, str(given.get("ValueName", "")))
    else:
        machine.filter.exclusions.append(name)
        machine.changed("write_filter", exclusion=name)
    return {"ReturnValue": 0 if done else 2}


def _shell_launcher(machine: Machine, method: str, given: Given, _row: dict[str, Any]) -> Output:
    launcher = machine.overrides["shell_launcher"]
    users: list[dict[str, Any]] = launcher.get("users") or []
    if method == "IsEnabled":
        return {"Enabled": bool(machine.extras.get("shell_launcher", launcher.get("enabled", True))), "ReturnValue": 0}
    if method == "SetEnabled":
        machine.extras["shell_launcher"] = str(given.get("Enabled", "")).lower() in ("true", "1")
        machine.changed("shell_launcher", enabled=machine.extras["shell_launcher"])
        return {"ReturnValue": 0}
    one = next((user for user in users if user["Sid"].lower() == str(given.get("Sid", "")).lower()), None)
    if method == "GetCustomShell":
        return {"Shell": one["Shell"] if one else None, "DefaultAction": 0, "ReturnValue": 0 if one else 2}
    return {"ReturnValue": 5}  # changing who gets which shell is not simulated


_CALLS: dict[str, Callable[[Machine, str, Given, dict[str, Any]], Output]] = {
    "win32_process": _process,
    "win32_operatingsystem": _system,
    "win32_service": _service,
    "win32_encryptablevolume": _volume,
    "uwf_filter": _filter,
    "uwf_volume": _filter,
    "uwf_registryfilter": _filter,
    "wesl_usersetting": _shell_launcher,
}
