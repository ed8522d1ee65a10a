# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.envelope import (
    BadEnvelope,
    Request,
    parse_request,
    seconds,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.faults import Fault
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.invoke import invoke
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.machine import Machine

WMI = "http://schemas.microsoft.com/wbem/wsman/1/wmi/"
REG = f"{WMI}root/default/StdRegProv"
HKLM = "2147483650"
Make = Callable[..., Machine]


def call(
    machine: Machine, uri: str, method: str, *parameters: tuple[str, str], **header: dict[str, str]
) -> dict[str, Any]:
    body = ET.Element(f"{{{uri}}}{method}_INPUT")
    for name, text in parameters:
        ET.SubElement(body, f"{{{uri}}}{name}").text = text
    reply = invoke(machine, Request(action=f"{uri}/{method}", uri=uri, message_id="uuid:1", body=body, **header))
    root = ET.fromstring(f'<r xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{reply}</r>')[0]
    found: dict[str, Any] = {}
    for one in root:
        found.setdefault(one.tag.rpartition("}")[2], []).append(one.text)
    return found


def reg(machine: Machine, method: str, path: str, *more: tuple[str, str]) -> dict[str, Any]:
    return call(machine, REG, method, ("hDefKey", HKLM), ("sSubKeyName", path), *more)


def test_registry_round_trip(pc: Make, world: Any) -> None:
    machine, path = pc(), "SOFTWARE\\Acme\\Tool"
    assert reg(machine, "SetStringValue", path, ("sValueName", "Mode"), ("sValue", "fast"))["ReturnValue"] == ["2"]
    assert reg(machine, "CreateKey", path)["ReturnValue"] == ["0"]
    assert reg(machine, "SetStringValue", path, ("sValueName", "Mode"), ("sValue", "fast"))["ReturnValue"] == ["0"]
    assert reg(machine, "SetDWORDValue", path, ("sValueName", "Level"), ("uValue", "7"))["ReturnValue"] == ["0"]
    assert reg(machine, "EnumValues", path) == {"sNames": ["Mode", "Level"], "Types": ["1", "4"], "ReturnValue": ["0"]}
    assert reg(machine, "GetStringValue", path, ("sValueName", "mode")) == {"sValue": ["fast"], "ReturnValue": ["0"]}
    assert reg(machine, "GetStringValue", path, ("sValueName", "Level"))["ReturnValue"] == ["1"]
    assert reg(machine, "GetDWORDValue", path, ("sValueName", "Level"))["uValue"] == ["7"]
    assert reg(machine, "DeleteKey", "SOFTWARE\\Acme")["ReturnValue"] == ["5"]
    assert reg(machine, "DeleteValue", path, ("sValueName", "Mode"))["ReturnValue"] == ["0"]
    assert reg(machine, "DeleteKey", path)["ReturnValue"] == ["0"]
    assert len(world.writes()) == 5


def test_reads_of_what_is_missing(pc: Make, world: Any) -> None:
    machine = pc()
    assert reg(machine, "EnumKey", "SOFTWARE\\Nothing") == {"sNames": [None], "ReturnValue": ["2"]}
    assert reg(machine, "GetStringValue", "SOFTWARE", ("sValueName", "x")) == {"sValue": [None], "ReturnValue": ["2"]}
    assert world.writes() == []


def test_detached_programs_run_one_command_a_tick(pc: Make, world: Any) -> None:
    machine = pc()
    uri = f"{WMI}root/cimv2/Win32_Process"
    answer = call(machine, uri, "Create", ("CommandLine", 'cmd /c "echo a> C:\\a && echo b> C:\\b"'))
    assert answer["ReturnValue"] == ["0"]
    pids = {str(row["ProcessId"]) for row in machine.instances("root\\cimv2", "Win32_Process")}
    assert answer["ProcessId"][0] in pids
    machine.tick(world.time)
    assert machine.files.file("C:\\a") and not machine.files.file("C:\\b")
    machine.tick(world.time)
    assert machine.files.file("C:\\b")
    assert call(machine, uri, "Create", ("CommandLine", "nonsense.exe"))["ReturnValue"] == ["9"]


def test_win32_shutdown_restarts(pc: Make, move: Callable[[Machine, float], None]) -> None:
    machine = pc()
    uri = f"{WMI}root/cimv2/Win32_OperatingSystem"
    assert call(machine, uri, "Win32Shutdown", ("Flags", "6"))["ReturnValue"] == ["0"]
    move(machine, 1.5)
    assert machine.os_phase == "booting"


@pytest.mark.parametrize(
    ("uri", "method", "parameters", "code"),
    [
        (REG, "GetStringValue", [("sSubKeyName", "x"), ("hDefKey", HKLM)], 0x80338041),
        (REG, "EnumKey", [("hDefKey", HKLM), ("sNothing", "x")], 0x80338041),
        (REG, "Explode", [], 0x8004102E),
        (f"{WMI}root/cimv2/Win32_OperatingSystem", "Win32Shutdown", [("Flags", "soon")], 0x80338041),
        (f"{WMI}root/cimv2/Win32_Nothing", "Go", [], 0x80338000),
        (f"{WMI}root/nothing/StdRegProv", "EnumKey", [], 0x80338000),
    ],
)
def test_calls_that_are_faults(pc: Make, uri: str, method: str, parameters: list[tuple[str, str]], code: int) -> None:
    with pytest.raises(Fault) as caught:
        call(pc(), uri, method, *parameters)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "data", [b"", b"<a/>", b"<!DOCTYPE x><a/>", b"<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'/>"]
)
def test_what_is_no_envelope(data: bytes) -> None:
    with pytest.raises(BadEnvelope):
        parse_request(data)


@pytest.mark.parametrize(("text", "wanted"), [("PT20S", 20), ("PT1M30.5S", 90.5), ("PT1H", 3600), ("x", 60)])
def test_durations(text: str, wanted: float) -> None:
    assert seconds(text, 60) == wanted


@pytest.mark.parametrize(
    ("kind", "parameter", "values", "number"),
    [
        ("ExpandedString", "sValue", ["%SystemRoot%\\x"], "2"),
        ("MultiString", "sValue", ["one", "two", "three"], "7"),
        ("MultiString", "sValue", ["one"], "7"),
        ("QWORD", "uValue", ["18446744073709551615"], "11"),
        ("Binary", "uValue", ["0", "255", "16"], "3"),
    ],
)
def test_every_type_is_written_and_read(pc: Make, kind: str, parameter: str, values: list[str], number: str) -> None:
    machine, path = pc(), "SOFTWARE\\Acme"
    reg(machine, "CreateKey", path)
    pairs = [(parameter, value) for value in values]
    assert reg(machine, f"Set{kind}Value", path, ("sValueName", "V"), *pairs)["ReturnValue"] == ["0"]
    assert reg(machine, "EnumValues", path)["Types"] == [number]
    found = reg(machine, f"Get{kind}Value", path, ("sValueName", "V"))[parameter]
    assert found == (["C:\\Windows\\x"] if kind == "ExpandedString" else values)


def test_a_32_bit_view_is_another_hive(pc: Make) -> None:
    machine, narrow = pc(), {"options": {"__ProviderArchitecture": "32"}}
    parameters = (("hDefKey", HKLM), ("sSubKeyName", "SOFTWARE\\Acme"))
    assert call(machine, REG, "CreateKey", *parameters, **narrow)["ReturnValue"] == ["0"]
    assert reg(machine, "EnumKey", "SOFTWARE\\Acme")["ReturnValue"] == ["2"]
    assert reg(machine, "EnumKey", "SOFTWARE\\Wow6432Node\\Acme")["ReturnValue"] == ["0"]
    old = pc("win7_x86")
    assert call(old, REG, "CreateKey", *parameters, **narrow)["ReturnValue"] == ["0"]
    assert reg(old, "EnumKey", "SOFTWARE\\Acme")["ReturnValue"] == ["0"]


def test_a_key_that_is_denied_is_denied_whatever_is_asked(pc: Make, world: Any) -> None:
    machine = pc(overrides={"denied_keys": ["HKLM\\SECURITY"]})
    for method, more in (("EnumKey", ()), ("CreateKey", ()), ("GetStringValue", (("sValueName", "x"),))):
        assert reg(machine, method, "SECURITY\\Policy", *more)["ReturnValue"] == ["5"]
    assert reg(machine, "CheckAccess", "SOFTWARE", ("uRequired", "1")) == {"bGranted": ["true"], "ReturnValue": ["0"]}
    assert call(machine, REG, "EnumKey", ("hDefKey", "7"), ("sSubKeyName", "x")) == {"ReturnValue": ["6"]}
    assert world.writes() == []


@pytest.mark.parametrize(
    ("name", "method", "code"),
    [
        ("Spooler", "StartService", "10"),
        ("Spooler", "StopService", "0"),
        ("RpcSs", "StopService", "5"),
        ("Netlogon", "StopService", "5"),
        ("wuauserv", "StartService", "14"),
    ],
)
def test_services_answer_with_their_codes(pc: Make, name: str, method: str, code: str) -> None:
    machine = pc()
    uri = f"{WMI}root/cimv2/Win32_Service"
    assert call(machine, uri, method, selectors={"Name": name})["ReturnValue"] == [code]
    mode = call(machine, uri, "ChangeStartMode", ("StartMode", "Manual"), selectors={"Name": name})
    assert mode["ReturnValue"] == ["0"]


def test_methods_of_instances_processes_filters_and_shells(pc: Make, move: Callable[[Machine, float], None]) -> None:
    machine = pc(
        "win10_iot",
        overrides={
            "uwf": True,
            "bitlocker": True,
            "shell_launcher": {"users": [{"Sid": "S-1-1", "Shell": "kiosk.exe"}]},
        },
    )
    process, embedded = f"{WMI}root/cimv2/Win32_Process", f"{WMI}root/standardcimv2/embedded"
    assert call(machine, process, "GetOwner", selectors={"Handle": "2456"})["User"] == ["operator"]
    assert call(machine, process, "Terminate", selectors={"Handle": "4"})["ReturnValue"] == ["2"]
    volume = f"{WMI}root/cimv2/security/microsoftvolumeencryption/Win32_EncryptableVolume"
    device = next(
        iter(machine.instances("root\\cimv2\\security\\microsoftvolumeencryption", "Win32_EncryptableVolume"))
    )
    found = call(machine, volume, "GetConversionStatus", selectors={"DeviceID": device["DeviceID"]})
    assert found["EncryptionPercentage"] == ["100"]
    assert call(machine, f"{embedded}/WESL_UserSetting", "IsEnabled")["Enabled"] == ["true"]
    assert call(machine, f"{embedded}/WESL_UserSetting", "GetCustomShell", ("Sid", "S-1-1"))["Shell"] == ["kiosk.exe"]
    assert call(machine, f"{embedded}/UWF_Filter", "Disable", selectors={"Id": "UWF_Filter"})["ReturnValue"] == ["0"]
    (row,) = machine.instances("root\\standardcimv2\\embedded", "UWF_Filter")
    assert (row["CurrentEnabled"], row["NextEnabled"]) == (True, False)
    call(machine, f"{embedded}/UWF_Filter", "RestartSystem", selectors={"Id": "UWF_Filter"})
    move(machine, 4.0)
    (row,) = machine.instances("root\\standardcimv2\\embedded", "UWF_Filter")
    assert row["CurrentEnabled"] is False


def test_a_second_restart_and_one_without_the_right(pc: Make) -> None:
    uri = f"{WMI}root/cimv2/Win32_OperatingSystem"
    machine = pc()
    assert call(machine, uri, "Reboot")["ReturnValue"] == ["0"]
    assert call(machine, uri, "Reboot")["ReturnValue"] == ["1190"]
    assert call(pc(overrides={"shutdown_privilege": False}), uri, "Reboot")["ReturnValue"] == ["1314"]
