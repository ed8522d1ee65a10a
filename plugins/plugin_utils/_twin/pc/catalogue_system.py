# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Windows of a simulated PC: services, processes, drivers, updates, sessions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from .cim import CLASS_KEY
from .schema import CIMV2, STANDARD

if TYPE_CHECKING:
    from .catalogue import Catalogue
    from .machine import Machine

Row = dict[str, Any]
APP_PID = 3200
# name|display name|state R/S|start mode A/M/D|executable
_SERVICES = """
AeLookupSvc|Application Experience|S|M|svchost.exe -k netsvcs
Appinfo|Application Information|R|M|svchost.exe -k netsvcs
AudioEndpointBuilder|Windows Audio Endpoint Builder|R|A|svchost.exe -k LocalSystemNetworkRestricted
Audiosrv|Windows Audio|R|A|svchost.exe -k LocalServiceNetworkRestricted
BFE|Base Filtering Engine|R|A|svchost.exe -k LocalServiceNoNetwork
BITS|Background Intelligent Transfer Service|S|M|svchost.exe -k netsvcs
Browser|Computer Browser|S|M|svchost.exe -k netsvcs
CertPropSvc|Certificate Propagation|S|M|svchost.exe -k netsvcs
COMSysApp|COM+ System Application|S|M|dllhost.exe
CryptSvc|Cryptographic Services|R|A|svchost.exe -k NetworkService
DcomLaunch|DCOM Server Process Launcher|R|A|svchost.exe -k DcomLaunch
Dhcp|DHCP Client|R|A|svchost.exe -k LocalServiceNetworkRestricted
Dnscache|DNS Client|R|A|svchost.exe -k NetworkService
DPS|Diagnostic Policy Service|R|A|svchost.exe -k LocalServiceNoNetwork
EFS|Encrypting File System (EFS)|S|M|lsass.exe
eventlog|Windows Event Log|R|A|svchost.exe -k LocalServiceNetworkRestricted
EventSystem|COM+ Event System|R|A|svchost.exe -k LocalService
fdPHost|Function Discovery Provider Host|S|M|svchost.exe -k LocalService
FontCache|Windows Font Cache Service|R|A|svchost.exe -k LocalServiceAndNoImpersonation
gpsvc|Group Policy Client|R|A|svchost.exe -k netsvcs
hidserv|Human Interface Device Access|S|M|svchost.exe -k LocalSystemNetworkRestricted
IKEEXT|IKE and AuthIP IPsec Keying Modules|R|A|svchost.exe -k netsvcs
iphlpsvc|IP Helper|R|A|svchost.exe -k NetSvcs
KeyIso|CNG Key Isolation|S|M|lsass.exe
LanmanServer|Server|R|A|svchost.exe -k netsvcs
LanmanWorkstation|Workstation|R|A|svchost.exe -k NetworkService
lmhosts|TCP/IP NetBIOS Helper|R|A|svchost.exe -k LocalServiceNetworkRestricted
MpsSvc|Windows Firewall|R|A|svchost.exe -k LocalServiceNoNetwork
MSDTC|Distributed Transaction Coordinator|S|M|msdtc.exe
msiserver|Windows Installer|S|M|msiexec.exe /V
Netlogon|Netlogon|S|M|lsass.exe
Netman|Network Connections|R|M|svchost.exe -k LocalSystemNetworkRestricted
netprofm|Network List Service|R|M|svchost.exe -k LocalService
NlaSvc|Network Location Awareness|R|A|svchost.exe -k NetworkService
nsi|Network Store Interface Service|R|A|svchost.exe -k LocalService
pla|Performance Logs and Alerts|S|M|svchost.exe -k LocalServiceNoNetwork
PlugPlay|Plug and Play|R|A|svchost.exe -k DcomLaunch
Power|Power|R|A|svchost.exe -k DcomLaunch
ProfSvc|User Profile Service|R|A|svchost.exe -k netsvcs
RemoteRegistry|Remote Registry|S|M|svchost.exe -k regsvc
RpcEptMapper|RPC Endpoint Mapper|R|A|svchost.exe -k RPCSS
RpcSs|Remote Procedure Call (RPC)|R|A|svchost.exe -k rpcss
SamSs|Security Accounts Manager|R|A|lsass.exe
SCardSvr|Smart Card|S|M|svchost.exe -k LocalServiceAndNoImpersonation
Schedule|Task Scheduler|R|A|svchost.exe -k netsvcs
SENS|System Event Notification Service|R|A|svchost.exe -k netsvcs
SessionEnv|Remote Desktop Configuration|R|M|svchost.exe -k netsvcs
ShellHWDetection|Shell Hardware Detection|R|A|svchost.exe -k netsvcs
Spooler|Print Spooler|R|A|spoolsv.exe
SysMain|Superfetch|R|A|svchost.exe -k LocalSystemNetworkRestricted
TermService|Remote Desktop Services|R|M|svchost.exe -k NetworkService
Themes|Themes|R|A|svchost.exe -k netsvcs
UmRdpService|Remote Desktop Services UserMode Port Redirector|R|M|svchost.exe -k LocalSystemNetworkRestricted
VaultSvc|Credential Manager|S|M|lsass.exe
vds|Virtual Disk|S|M|vds.exe
VSS|Volume Shadow Copy|S|M|vssvc.exe
W32Time|Windows Time|R|M|svchost.exe -k LocalService
WdiSystemHost|Diagnostic System Host|R|M|svchost.exe -k LocalSystemNetworkRestricted
Winmgmt|Windows Management Instrumentation|R|A|svchost.exe -k netsvcs
WinRM|Windows Remote Management (WS-Management)|R|A|svchost.exe -k NetworkService
wscsvc|Security Center|R|A|svchost.exe -k LocalServiceNetworkRestricted
WSearch|Windows Search|R|A|SearchIndexer.exe /Embedding
wuauserv|Windows Update|S|D|svchost.exe -k netsvcs
"""
_PROCESSES = (
    ("System Idle Process", 0, 0, ""),
    ("System", 4, 0, ""),
    ("smss.exe", 312, 0, "C:\\Windows\\System32\\smss.exe"),
    ("csrss.exe", 448, 0, "C:\\Windows\\System32\\csrss.exe"),
    ("wininit.exe", 528, 0, "C:\\Windows\\System32\\wininit.exe"),
    ("winlogon.exe", 596, 1, "C:\\Windows\\System32\\winlogon.exe"),
    ("services.exe", 640, 0, "C:\\Windows\\System32\\services.exe"),
    ("lsass.exe", 656, 0, "C:\\Windows\\System32\\lsass.exe"),
    ("svchost.exe", 712, 0, "C:\\Windows\\System32\\svchost.exe"),
    ("svchost.exe", 912, 0, "C:\\Windows\\System32\\svchost.exe"),
    ("svchost.exe", 968, 0, "C:\\Windows\\System32\\svchost.exe"),
    ("spoolsv.exe", 1384, 0, "C:\\Windows\\System32\\spoolsv.exe"),
    ("explorer.exe", 2456, 1, "C:\\Windows\\explorer.exe"),
)


def rows(catalogue: Catalogue, machine: Machine) -> dict[tuple[str, str], list[Row]]:
    """Instances of all classes of the system that do not move."""
    found: dict[tuple[str, str], list[Row]] = {
        (CIMV2, "win32_service"): _services(catalogue),
        (CIMV2, "win32_process"): _processes(catalogue, machine),
        (CIMV2, "win32_systemdriver"): _drivers(catalogue),
        (CIMV2, "win32_quickfixengineering"): [
            {
                "HotFixID": one,
                "Description": "Update",
                "CSName": machine.hostname,
                "InstalledOn": "4/18/2019",
                "Caption": f"http://support.microsoft.com/?kbid={one[2:]}",
            }
            for one in catalogue.hotfixes
        ],
        (CIMV2, "win32_timezone"): [
            {
                "Bias": 60,
                "Caption": "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna",
                "StandardName": "W. Europe Standard Time",
                "DaylightName": "W. Europe Daylight Time",
                "DaylightBias": -60,
                "StandardBias": 0,
            }
        ],
        (CIMV2, "win32_videocontroller"): [
            {
                "DeviceID": "VideoController1",
                "Name": catalogue.overrides.get("graphics", "Intel(R) UHD Graphics 630"),
                "AdapterCompatibility": "Intel Corporation",
                "CurrentHorizontalResolution": 1920,
                "CurrentVerticalResolution": 1080,
                "Status": "OK",
            }
        ],
        (CIMV2, "win32_share"): [
            {"Name": "C$", "Path": "C:\\", "Type": 2147483648, "Status": "OK"},
            {"Name": "IPC$", "Path": "", "Type": 2147483651, "Status": "OK"},
            *({"Type": 0, "Status": "OK", **one} for one in catalogue.overrides.get("shares") or []),
        ],
        ("root\\securitycenter2", "antivirusproduct"): [
            {"displayName": "Microsoft Security Essentials" if machine.profile.seven else "Windows Defender",
             "productState": 397568}
        ] if catalogue.overrides.get("antivirus", True) else [],
    }  # fmt: skip
    if not machine.profile.seven:
        found[STANDARD, "msft_netfirewallprofile"] = [
            {
                "Name": name,
                "InstanceID": f"MSFT|FW|FirewallProfile|{name}",
                "Enabled": int(bool(catalogue.overrides.get("firewall", True))),
            }
            for name in ("Domain", "Private", "Public")
        ]
    return found


def app_path(app: Row) -> str:
    """Path of the program of a station's application."""
    plain = "".join(char for char in str(app["name"]) if char.isalnum())
    return f"C:\\Program Files\\{app['name']}\\{plain}.exe"


def _services(catalogue: Catalogue) -> list[Row]:
    modes = {"A": ("Auto", True), "M": ("Manual", False), "D": ("Disabled", False)}
    found = []
    extra = [
        f"{one['name']}|{one.get('display_name', one['name'])}|R|A|{one.get('path', one['name'])}"
        for one in catalogue.overrides.get("services") or []
    ]
    for line in [*_SERVICES.strip().splitlines(), *extra]:
        name, title, state, mode, path = line.split("|")
        running = state == "R"
        row: Row = {
            "Name": name,
            "DisplayName": title,
            "Caption": title,
            "Description": f"{title}. If this service is stopped, what depends on it will not work.",
            "State": "Running" if running else "Stopped",
            "Started": running,
            "StartMode": modes[mode][0],
            "PathName": path if ":" in path else f"C:\\Windows\\system32\\{path}",
            "StartName": "LocalSystem",
            "ProcessId": 712 if running else 0,
            "ServiceType": "Share Process",
            "ErrorControl": "Normal",
            "ExitCode": 0 if running else 1077,
            "AcceptStop": running,
            "AcceptPause": False,
            "DesktopInteract": False,
            "CreationClassName": "Win32_Service",
            "SystemCreationClassName": "Win32_ComputerSystem",
            "SystemName": catalogue.machine.hostname,
            "Status": "OK",
        }
        if not catalogue.profile.seven:
            row["DelayedAutoStart"] = False
        if name == "TermService":  # [recorded] comes as its subclass, with two more properties
            row |= {CLASS_KEY: "Win32_TerminalService", "EstimatedSessions": 0, "TotalSessions": 0}
        found.append(row)
    return found


def _processes(catalogue: Catalogue, machine: Machine) -> list[Row]:
    listed = [(*one, f'"{one[3]}"') for one in _PROCESSES]
    for number, app in enumerate(catalogue.apps):
        path = app_path(app)
        listed.append((path.rpartition("\\")[2], APP_PID + 4 * number, 1, path, f'"{path}"'))
    for number, one in enumerate(catalogue.overrides.get("processes") or []):
        path = one.get("path", "")
        pid = one.get("pid", APP_PID + 400 + 4 * number)
        listed.append((one["name"], pid, one.get("session", 1), path, one.get("command", f'"{path}"')))
    return [
        {
            "Name": name,
            "Caption": name,
            "Description": name,
            "Handle": str(pid),
            "ProcessId": pid,
            "ParentProcessId": 2456 if session else 640,
            "SessionId": session,
            "ExecutablePath": path or None,
            "CommandLine": line if path else None,
            "CreationDate": datetime(2026, 1, 5, 5, 58, 12, 500000, tzinfo=UTC) if path else None,
            "CSName": machine.hostname,
            "HandleCount": 200,
            "ThreadCount": 8,
            "Priority": 8,
            "WorkingSetSize": 10_485_760,
        }
        for name, pid, session, path, line in listed
    ]


def _drivers(catalogue: Catalogue) -> list[Row]:
    names = ["ACPI", "AFD", "disk", "e1dexpress", "HidUsb", "NTFS", "partmgr", "Tcpip", "USBHUB3", "volmgr"]
    names += [str(one) for one in catalogue.overrides.get("drivers") or []]
    names += [name for name in ("ewf", "fbwf") if catalogue.overrides.get(name)]
    names += ["uwfvol", "uwfreg"] if catalogue.overrides.get("uwf") and not catalogue.profile.seven else []
    return [
        {
            "Name": name,
            "DisplayName": name,
            "State": "Running",
            "Started": True,
            "StartMode": "Boot",
            "ServiceType": "Kernel Driver",
            "PathName": f"C:\\Windows\\system32\\drivers\\{name.lower()}.sys",
            "Status": "OK",
        }
        for name in names
    ]
