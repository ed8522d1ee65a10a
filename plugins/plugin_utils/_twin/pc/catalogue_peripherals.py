# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What hangs on a simulated PC: printers, screens, parallel ports, the security chip, write filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .schema import CIMV2, EMBEDDED
from .schema_more import TPM, WMI

if TYPE_CHECKING:
    from .catalogue import Catalogue
    from .machine import Machine

Row = dict[str, Any]
HID = "{745a17a0-74d3-11d0-b6fe-00a0c90f57da}"
CD = "{4d36e965-e325-11ce-bfc1-08002be10318}"


def rows(catalogue: Catalogue, machine: Machine) -> dict[tuple[str, str], list[Row]]:
    """Instances of these classes."""
    own = catalogue.overrides
    found: dict[tuple[str, str], list[Row]] = {
        (CIMV2, "win32_printer"): [_printer(one) for one in own.get("printers", [{}])],
        (CIMV2, "win32_tcpipprinterport"): [
            {"Name": f"IP_{one['address']}", "HostAddress": one["address"], "PortNumber": 9100, "Protocol": 1}
            for one in own.get("printers", [])
            if one.get("address")
        ],
        (CIMV2, "win32_parallelport"): [
            {"DeviceID": port, "Name": f"Printer Port ({port})", "PNPDeviceID": "ACPI\\PNP0400\\1", "Status": "OK"}
            for port in own.get("parallel_ports") or []
        ],
        (CIMV2, "win32_desktopmonitor"): [{"DeviceID": "DesktopMonitor1", "Name": "Generic PnP Monitor"}],
        (CIMV2, "win32_cdromdrive"): [],
        (TPM, "win32_tpm"): _tpm(catalogue),
        (WMI, "wmimonitorid"): [_monitor(number, one) for number, one in enumerate(_monitors(catalogue))],
        (WMI, "wmimonitorbasicdisplayparams"): [
            {
                "InstanceName": _instance(number),
                "Active": True,
                "MaxHorizontalImageSize": int(one.get("width_cm", 48)),
                "MaxVerticalImageSize": int(one.get("height_cm", 27)),
                "VideoInputType": 1,
            }
            for number, one in enumerate(_monitors(catalogue))
        ],
    }
    if machine.profile.seven:
        return found
    if own.get("shell_launcher"):
        found[EMBEDDED, "wesl_usersetting"] = [
            {"DefaultAction": 0, "CustomReturnCodes": None, "CustomReturnCodesAction": None, **one}
            for one in own["shell_launcher"].get("users") or []
        ]
    return found


def touch(catalogue: Catalogue) -> list[tuple[str, str, str, str]]:
    """A touch screen as plug and play sees it: (device id, name, class, service)."""
    if not catalogue.overrides.get("touch"):
        return []
    return [
        ("USB\\VID_0EEF&PID_0001\\6&1F0C7D2E&0&3", "USB Input Device", HID, "HidUsb"),
        ("HID\\VID_0EEF&PID_0001&COL01\\7&2A9C1B7&0&0000", "HID-compliant touch screen", HID, "HidUsb"),
    ]


def _printer(one: Row) -> Row:
    name = one.get("name", "Microsoft XPS Document Writer")
    port = f"IP_{one['address']}" if one.get("address") else one.get("port", "XPSPort:")
    return {
        "DeviceID": name,
        "Name": name,
        "Caption": name,
        "DriverName": one.get("driver", name),
        "PortName": port,
        "Local": not one.get("network", False),
        "Network": bool(one.get("network", False)),
        "Default": bool(one.get("default", True)),
        "Shared": bool(one.get("shared", False)),
        "PrinterStatus": 3,
        "WorkOffline": False,
    }


def _tpm(catalogue: Catalogue) -> list[Row]:
    version = catalogue.overrides.get("tpm", "2.0" if catalogue.profile.uefi else "")
    if not version:
        return []
    return [
        {
            "IsActivated_InitialValue": True,
            "IsEnabled_InitialValue": True,
            "IsOwned_InitialValue": True,
            "ManufacturerId": 1229870147,
            "ManufacturerVersion": "302.12.0.0",
            "SpecVersion": "2.0, 0, 1.38" if str(version) == "2.0" else "1.2, 2, 3",
        }
    ]


def _monitors(catalogue: Catalogue) -> list[Row]:
    given: list[Row] = catalogue.overrides.get("monitors", [{}])
    return given


def _instance(number: int) -> str:
    return f"DISPLAY\\DELA0C4\\4&1F2B3C4D&0&UID{265988 + number}_0"


def _codes(text: str, length: int) -> list[int]:
    """[documented] text as an array of numbers, zeroes behind it."""
    return [ord(char) for char in text[:length]] + [0] * (length - len(text[:length]))


def _monitor(number: int, one: Row) -> Row:
    name = str(one.get("name", "DELL P2219H"))
    return {
        "Active": True,
        "InstanceName": _instance(number),
        "ManufacturerName": _codes(str(one.get("maker", "DEL")), 16),
        "ProductCodeID": _codes("A0C4", 16),
        "SerialNumberID": _codes(str(one.get("serial", f"CN{number:05d}")), 16),
        "UserFriendlyName": _codes(name, 13),
        "UserFriendlyNameLength": 13,
        "WeekOfManufacture": 12,
        "YearOfManufacture": 2019,
    }
