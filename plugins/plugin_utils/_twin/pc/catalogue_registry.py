# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Registry of a simulated PC before any change: what an assessment reads, both views of the software list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import catalogue_software
from .catalogue_people import OPERATOR_SID
from .catalogue_system import app_path

if TYPE_CHECKING:
    from .catalogue import Catalogue
    from .machine import Machine

Keys = dict[str, dict[str, Any]]
SOFT = "HKLM\\SOFTWARE"
CONTROL = "HKLM\\SYSTEM\\CurrentControlSet\\Control"
SERVICES = "HKLM\\SYSTEM\\CurrentControlSet\\Services"
UNINSTALL = "Microsoft\\Windows\\CurrentVersion\\Uninstall"
BOOTMGR = "{9dea862c-5cdd-4e70-acc1-f32b344d4795}"
LOADER = "{40d9b7a2-2f1c-11e3-8c5f-d0bf9c1f6a34}"


def keys(catalogue: Catalogue, machine: Machine) -> Keys:
    """Give {path: {value name: data}}."""
    parts = [_system(catalogue, machine), _logon(catalogue, machine), _software(catalogue, machine)]
    parts += [catalogue_software.keys(catalogue, machine), catalogue.overrides.get("registry") or {}]
    found: Keys = {}
    for part in parts:
        for path, values in part.items():
            found.setdefault(path, {}).update(values)
    return found


def _version(catalogue: Catalogue) -> dict[str, Any]:
    profile = catalogue.profile
    version: dict[str, Any] = {
        "ProductName": profile.product_name,
        "EditionID": profile.edition,
        "CurrentVersion": profile.version.rpartition(".")[0] if profile.seven else "6.3",
        "CurrentBuild": profile.build,
        "CurrentBuildNumber": profile.build,
        "InstallationType": "Embedded" if profile.embedded else "Client",
        "RegisteredOwner": "plant",
        "SystemRoot": "C:\\Windows",
    }
    if profile.seven:
        version |= {"CSDVersion": "Service Pack 1", "BuildLab": "7601.win7sp1_ldr"}
    else:
        version |= {"UBR": profile.ubr}
    if profile.release:
        # [documented] ReleaseId stays at 2009 since that release; DisplayVersion came with it
        named = {"ReleaseId": profile.release if profile.release[2:].isdigit() else "2009"}
        named |= {} if profile.release[2:].isdigit() else {"DisplayVersion": profile.release}
        version |= {**named, "CurrentMajorVersionNumber": 10}
    return version


def _system(catalogue: Catalogue, machine: Machine) -> Keys:
    profile = machine.profile
    found: Keys = {
        f"{SOFT}\\Microsoft\\Windows NT\\CurrentVersion": _version(catalogue),
        f"{CONTROL}\\TimeZoneInformation": {"TimeZoneKeyName": "W. Europe Standard Time", "Bias": 0xFFFFFFC4},
        f"{CONTROL}\\ComputerName\\ComputerName": {"ComputerName": machine.hostname},
        f"{CONTROL}\\Terminal Server": {"fDenyTSConnections": 0 if catalogue.overrides.get("rdp") else 1},
        f"{CONTROL}\\Terminal Server\\WinStations\\RDP-Tcp": {"UserAuthentication": 1, "PortNumber": 3389},
        f"{SOFT}\\Microsoft\\Internet Explorer": {"Version": "9.11.9600.19597", "svcVersion": "11.0.9600.19597"},
        "HKLM\\HARDWARE\\DEVICEMAP\\SERIALCOMM": {
            f"\\Device\\Serial{number}": port
            for number, port in enumerate(catalogue.overrides.get("serial_ports") or [])
        },
    }
    for name in ("Domain", "Standard", "Public"):
        path = f"{SERVICES}\\SharedAccess\\Parameters\\FirewallPolicy\\{name}Profile"
        found[path] = {"EnableFirewall": int(bool(catalogue.overrides.get("firewall", True)))}
    if profile.seven:
        winload = "winload.efi" if profile.uefi else "winload.exe"
        objects = "HKLM\\BCD00000000\\Objects"
        found[f"{objects}\\{BOOTMGR}\\Elements\\23000003"] = {"Element": LOADER}
        found[f"{objects}\\{BOOTMGR}\\Elements\\24000001"] = {"Element": [LOADER]}
        found[f"{objects}\\{LOADER}\\Elements\\12000002"] = {"Element": f"\\Windows\\system32\\{winload}"}
        found[f"{objects}\\{LOADER}\\Elements\\12000004"] = {"Element": "Windows 7"}
        found[CONTROL] = {"CurrentUser": "USERNAME"}
        if "KB3140245" in catalogue.hotfixes:
            found[f"{SOFT}\\Microsoft\\Windows\\CurrentVersion\\Internet Settings\\WinHttp"] = {
                "DefaultSecureProtocols": 2560
            }
        if profile.embedded and not profile.posready:
            found[f"{CONTROL}\\WindowsEmbedded\\ProductVersion"] = {
                "FeaturePackVersion": "SP1",
                "Product": "Standard 7",
            }
        return found
    found[CONTROL] = {
        "CurrentUser": "USERNAME",
        "PEFirmwareType": 2 if catalogue.overrides.get("uefi", profile.uefi) else 1,
    }
    secure = catalogue.overrides.get("secure_boot", profile.secure_boot)
    if secure is not None:
        found[f"{CONTROL}\\SecureBoot\\State"] = {"UEFISecureBootEnabled": int(bool(secure))}
    return found


def _logon(catalogue: Catalogue, machine: Machine) -> Keys:
    user = machine.console_user
    automatic = bool(catalogue.overrides.get("autologon", bool(user)))
    winlogon: dict[str, Any] = {
        "Shell": catalogue.overrides.get("shell", "explorer.exe"),
        "Userinit": "C:\\Windows\\system32\\userinit.exe,",
        "AutoAdminLogon": "1" if automatic else "0",
        "DefaultUserName": user,
        "DefaultDomainName": machine.hostname,
    }
    if catalogue.overrides.get("autologon_password"):
        winlogon["DefaultPassword"] = "never-read-me"
    return {
        f"{SOFT}\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon": winlogon,
        f"{SOFT}\\Microsoft\\Windows\\CurrentVersion\\Policies\\System": {
            "LocalAccountTokenFilterPolicy": 0 if catalogue.overrides.get("filtered_token") else 1,
            "EnableLUA": 1,
        },
        "HKU\\.DEFAULT": {},
        "HKU\\S-1-5-18": {},
        f"HKU\\{OPERATOR_SID}": {},
        f"HKU\\{OPERATOR_SID}\\Network": {},
        f"HKU\\{OPERATOR_SID}\\Software\\{UNINSTALL}": {},
    }


def _software(catalogue: Catalogue, machine: Machine) -> Keys:
    native = f"{SOFT}\\{UNINSTALL}"
    narrow = f"{SOFT}\\Wow6432Node\\{UNINSTALL}" if machine.profile.bits == 64 else native
    found: Keys = {
        native: {},
        narrow: {},
        f"{narrow}\\AddressBook": {},
        f"{native}\\{{8BC3EEC9-090F-4C53-A8DA-1BEC913040F9}}": {
            "DisplayName": "Microsoft Visual C++ 2015-2019 Redistributable",
            "DisplayVersion": "14.24.28127",
            "Publisher": "Microsoft Corporation",
            "SystemComponent": 1,
        },
    }
    for one in [*catalogue.apps, *(catalogue.overrides.get("software") or [])]:
        path = native if one.get("native") else narrow
        path = f"HKU\\{OPERATOR_SID}\\Software\\{UNINSTALL}" if one.get("user") else path
        found[f"{path}\\{one['name']}"] = {
            "DisplayName": one["name"],
            "DisplayVersion": str(one.get("version", "4.2.1")),
            "Publisher": str(one.get("publisher", "plant")),
            "InstallDate": "20190411",
            "UninstallString": f'"{app_path(one).rpartition(chr(92))[0]}\\unins000.exe"',
            **({"WindowsInstaller": 1} if one.get("msi") else {}),
        }
    return found
