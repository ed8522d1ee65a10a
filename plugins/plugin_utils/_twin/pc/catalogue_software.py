# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""More of the registry of a simulated PC: users' hives, OPC servers, ODBC, Java, .NET, shells, printers, drives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .catalogue_people import OPERATOR_SID
from .catalogue_system import app_path

if TYPE_CHECKING:
    from .catalogue import Catalogue
    from .machine import Machine

Keys = dict[str, dict[str, Any]]
SOFT = "HKLM\\SOFTWARE"
CONTROL = "HKLM\\SYSTEM\\CurrentControlSet\\Control"
OPERATOR = f"HKU\\{OPERATOR_SID}"
# [documented] component categories of OPC: DA 1, 2, 3, alarms and events, historical data
OPC_CATEGORIES = {
    "da1": "{63D5F430-CFE4-11D1-B2C8-0060083BA1FB}",
    "da2": "{63D5F432-CFE4-11D1-B2C8-0060083BA1FB}",
    "da3": "{CC603642-66D7-48F1-B69A-B625E73652D7}",
    "ae": "{58E13251-AC87-11D1-84D5-00608CB8A7E9}",
    "hda": "{7DE5B060-E089-11D2-A5E6-000086339399}",
}


def keys(catalogue: Catalogue, machine: Machine) -> Keys:
    """Give {path: {value name: data}}."""
    parts = (_runtimes(catalogue), _logon(catalogue, machine), _opc(catalogue), _odbc(catalogue), _embedded(catalogue))
    found: Keys = {}
    for part in parts:
        for path, values in part.items():
            found.setdefault(path, {}).update(values)
    return found


def narrow(catalogue: Catalogue) -> str:
    """Where 32-bit programs see the software hive."""
    return f"{SOFT}\\Wow6432Node" if catalogue.profile.bits == 64 else SOFT


def _runtimes(catalogue: Catalogue) -> Keys:
    profile, own = catalogue.profile, catalogue.overrides
    found: Keys = {}
    engine = str(own.get("powershell_version", profile.powershell))
    if engine:
        found[f"{SOFT}\\Microsoft\\PowerShell\\1\\PowerShellEngine"] = {"PowerShellVersion": "2.0"}
    if engine[:1] > "2":
        found[f"{SOFT}\\Microsoft\\PowerShell\\3\\PowerShellEngine"] = {"PowerShellVersion": engine}
    ndp = f"{SOFT}\\Microsoft\\NET Framework Setup\\NDP"
    if profile.family != "xp":
        found[f"{ndp}\\v3.5"] = {"Install": 1 if profile.seven else 0, "Version": "3.5.30729.5420"}
    release = int(own.get("net_release", profile.net_release))
    if release:
        found[f"{ndp}\\v4\\Full"] = {"Install": 1, "Release": release, "Version": "4.8.04084"}
    if own.get("java"):
        version = str(own["java"])
        java = f"{narrow(catalogue)}\\JavaSoft\\Java Runtime Environment"
        found[java] = {"CurrentVersion": version}
        found[f"{java}\\{version}"] = {"JavaHome": f"C:\\Program Files (x86)\\Java\\jre{version}"}
    return found


def _logon(catalogue: Catalogue, machine: Machine) -> Keys:
    own = catalogue.overrides
    run = "Software\\Microsoft\\Windows\\CurrentVersion\\Run"
    found: Keys = {
        f"{OPERATOR}\\{run}": {one["name"]: one["command"] for one in own.get("user_autostart") or []},
        f"{OPERATOR}\\Software\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon": {},
        f"{SOFT}\\Microsoft\\Windows\\CurrentVersion\\Run": {one["name"]: app_path(one) for one in catalogue.apps},
        f"{SOFT}\\Microsoft\\Windows\\CurrentVersion\\RunOnce": {},
    }
    if machine.profile.bits == 64:
        found[f"{narrow(catalogue)}\\Microsoft\\Windows\\CurrentVersion\\Run"] = {}
    for one in own.get("autostart") or []:
        found[f"{SOFT}\\Microsoft\\Windows\\CurrentVersion\\Run"][one["name"]] = one["command"]
    if own.get("user_shell"):
        found[f"{OPERATOR}\\Software\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon"] = {"Shell": own["user_shell"]}
    if own.get("policy_shell"):
        found[f"{OPERATOR}\\Software\\Microsoft\\Windows\\CurrentVersion\\Policies\\System"] = {
            "Shell": own["policy_shell"]
        }
    for letter, path in (own.get("mapped_drives") or {}).items():
        found[f"{OPERATOR}\\Network\\{letter}"] = {"RemotePath": path, "UserName": 0, "ProviderType": 131072}
    for path in own.get("printer_connections") or []:
        found[f"{OPERATOR}\\Printers\\Connections\\{path.replace(chr(92), ',')}"] = {"Provider": "win32spl.dll"}
    return found


def _opc(catalogue: Catalogue) -> Keys:
    found: Keys = {}
    for number, one in enumerate(catalogue.overrides.get("opc_servers") or []):
        clsid = one.get("clsid", f"{{0A1B2C3D-0000-4000-8000-{number:012d}}}")
        view = "Classes\\Wow6432Node" if catalogue.profile.bits == 64 and not one.get("native") else "Classes"
        base = f"{SOFT}\\{view}\\CLSID\\{clsid}"
        found[base] = {"": one["name"], "AppID": clsid}
        found[f"{base}\\ProgID"] = {"": one.get("prog_id", one["name"])}
        for name in one.get("categories", ["da2"]):
            found[f"{base}\\Implemented Categories\\{OPC_CATEGORIES[name]}"] = {}
        service = {"LocalService": one["service"]} if one.get("service") else {}
        found[f"{SOFT}\\Classes\\AppID\\{clsid}"] = {"": one["name"], **service}
    return found


def _odbc(catalogue: Catalogue) -> Keys:
    found: Keys = {}
    for one in catalogue.overrides.get("odbc") or []:
        base = SOFT if one.get("native") else narrow(catalogue)
        sources = f"{base}\\ODBC\\ODBC.INI\\ODBC Data Sources"
        found.setdefault(sources, {})[one["name"]] = one.get("driver", "SQL Server")
        entry = {"Driver": "C:\\Windows\\system32\\SQLSRV32.dll", "Server": one.get("server", "")}
        # A careless vendor's password: it must never be read.
        found[f"{base}\\ODBC\\ODBC.INI\\{one['name']}"] = {**entry, "PWD": "never-read-me"}
    return found


def _embedded(catalogue: Catalogue) -> Keys:
    profile, own = catalogue.profile, catalogue.overrides
    found: Keys = {}
    if profile.posready:
        found["HKLM\\SYSTEM\\WPA\\POSReady"] = {"Installed": 1}
    if profile.posready and profile.family == "7":
        found[f"{CONTROL}\\WindowsEmbedded\\ProductVersion"] = {"Product": "POSReady 7"}
    if own.get("assigned_access"):
        found[f"{SOFT}\\Microsoft\\Windows\\AssignedAccessConfiguration"] = {"Configured": 1}
        found[f"{SOFT}\\Microsoft\\Windows\\AssignedAccessConfiguration\\Configs\\{OPERATOR_SID}"] = {
            "AppUserModelId": own["assigned_access"]
        }
    if own.get("firewall_policy") is not None:
        path = f"{SOFT}\\Policies\\Microsoft\\WindowsFirewall\\StandardProfile"
        found[path] = {"EnableFirewall": int(bool(own["firewall_policy"]))}
    if own.get("secure_boot_ca"):
        # [documented] how far the new certificates of 2023 have come
        found[f"{CONTROL}\\SecureBoot\\Servicing"] = {"UEFICA2023Status": own["secure_boot_ca"]}
    return found
