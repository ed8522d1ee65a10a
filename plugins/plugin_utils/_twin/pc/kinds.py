# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

r"""Kinds of operator PC (`twin_pc_kind`): what is installed, plugged in and talked to, as data.

A kind is a profile and overrides; what the inventory says in `twin_pc` and `twin_pc_overrides` wins, key by key.
[assumed] all of it: products stand for their class, versions and names of files are only plausible.
"""

from __future__ import annotations

from typing import Any

Kind = dict[str, Any]
PORTS = "{4d36e978-e325-11ce-bfc1-08002be10318}"

KINDS: dict[str, Kind] = {
    # Nothing special: a PC at the line that shows one application.
    "operator": {"model": "win10_x64", "overrides": {}},
    "wincc_station": {
        "model": "win10_ltsc",
        "overrides": {
            "maker": "SIEMENS AG",
            "model": "SIMATIC IPC547G",
            "memory_gb": 16,
            "software": [
                {"name": "SIMATIC WinCC Runtime V7.5 SP2", "version": "07.05.0200", "publisher": "Siemens AG",
                 "msi": True},
                {"name": "Automation License Manager V6.0", "version": "6.0.9", "publisher": "Siemens AG"},
                {"name": "SIMATIC NET PC Software V16", "version": "16.0.0", "publisher": "Siemens AG"},
            ],
            "services": [
                {"name": "s7oiehsx64", "display_name": "SIMATIC IEPG Help Service"},
                {"name": "almservice", "display_name": "Automation License Manager Service"},
                {"name": "hasplms", "display_name": "Sentinel LDK License Manager"},
                {"name": "OpcEnum", "display_name": "OpcEnum"},
            ],
            "processes": [
                {"name": "PdlRt.exe", "path": "C:\\Program Files (x86)\\Siemens\\WinCC\\bin\\PdlRt.exe"},
                {"name": "CCProjectMgr.exe", "path": "C:\\Program Files (x86)\\Siemens\\WinCC\\bin\\CCProjectMgr.exe"},
            ],
            "pci": [{"id": "PCI\\VEN_110A&DEV_4042&SUBSYS_4042110A&REV_00\\4&1", "name": "SIMATIC NET CP 5623"}],
            "usb": [{"id": "USB\\VID_0529&PID_0001\\5&2", "name": "Sentinel HL Key"}],
            "opc_servers": [{"name": "OPCServer.WinCC", "prog_id": "OPCServer.WinCC.1", "categories": ["da2", "da3"],
                             "service": "OpcEnum"}],
            "odbc": [{"name": "CC_Plant_R", "driver": "SQL Server Native Client 11.0", "server": ".\\WINCC"}],
            "listening": [{"port": 102}, {"port": 1433}, {"port": 4840}],
            "drivers": ["dpmconv", "s7odpx2x"],
        },
    },
    "browser_kiosk": {
        "model": "win10_iot",
        "overrides": {
            "shell": '"C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe" --kiosk https://mes.plant.example',
            "software": [{"name": "Microsoft Edge", "version": "120.0.2210.91", "publisher": "Microsoft Corporation"}],
            "processes": [
                {"name": "msedge.exe", "path": "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
                 "command": "msedge.exe --kiosk https://mes.plant.example --edge-kiosk-type=fullscreen"}
            ],
            "shell_launcher": {
                "enabled": True,
                "users": [
                    {"Sid": "S-1-5-21-1004336348-1177238915-682003330-1001",
                     "Shell": "msedge.exe --kiosk https://mes.plant.example"}
                ],
            },
            "uwf": True,
            "touch": True,
            "autologon_password": True,
        },
    },
    "rdp_client": {
        "model": "win10_x64",
        "overrides": {
            "memory_gb": 4,
            "software": [{"name": "Citrix Workspace 2203", "version": "22.3.0.22", "publisher": "Citrix Systems"}],
            "processes": [
                {"name": "mstsc.exe", "path": "C:\\Windows\\System32\\mstsc.exe",
                 "command": "mstsc.exe C:\\ProgramData\\line.rdp"},
                {"name": "wfica32.exe", "path": "C:\\Program Files (x86)\\Citrix\\ICA Client\\wfica32.exe"},
            ],
            "autostart": [{"name": "Line screen", "command": "mstsc.exe C:\\ProgramData\\line.rdp"}],
        },
    },
    "vdi_client": {
        "model": "win11_x64",
        "overrides": {
            "software": [{"name": "VMware Horizon Client", "version": "8.10.0", "publisher": "VMware", "msi": True}],
            "processes": [
                {"name": "vmware-view.exe",
                 "path": "C:\\Program Files\\VMware\\VMware Horizon View Client\\vmware-view.exe"}
            ],
            "tpm": "2.0",
            "bitlocker": True,
            "domain": "plant.example",
            "secure_boot_ca": "Updated",
        },
    },
    "legacy_hmi": {
        "model": "win7_x86",
        "overrides": {
            "language": "de",
            "software": [
                {"name": "WinCC flexible 2008 Runtime", "version": "1.3.4", "publisher": "Siemens AG"},
                {"name": "Java 6 Update 45", "version": "6.0.450", "publisher": "Oracle"},
            ],
            "processes": [
                {"name": "HmiRTm.exe", "path": "C:\\Program Files\\Siemens\\SIMATIC WinCC flexible\\HmiRTm.exe"}
            ],
            "serial_ports": ["COM1", "COM2"],
            "usb": [
                {"id": "USB\\VID_0403&PID_6001\\FT0001", "name": "USB Serial Port (COM5)", "class_guid": PORTS,
                 "service": "FTSER2K"}
            ],
            "parallel_ports": ["LPT1"],
            "java": "1.6",
            "firewall": False,
            "antivirus": False,
            "hotfixes": ["KB976902", "KB2534111"],
            "shares": [{"Name": "Rezepte", "Path": "C:\\Rezepte"}],
            "mapped_drives": {"R": "\\\\10.20.50.9\\rezepte"},
        },
    },
    "vendor_pc": {
        "model": "win81_industry",
        "overrides": {
            "software": [
                {"name": "TeamViewer 11", "version": "11.0.65452", "publisher": "TeamViewer"},
                {"name": "TightVNC", "version": "2.8.27", "publisher": "GlavSoft LLC."},
                {"name": "Line Analyzer", "version": "3.1", "publisher": "vendor"},
            ],
            "services": [
                {"name": "TeamViewer", "display_name": "TeamViewer 11"},
                {"name": "tvnserver", "display_name": "TightVNC Server"},
            ],
            "processes": [
                {"name": "TeamViewer_Service.exe", "path": "C:\\TeamViewer\\TeamViewer_Service.exe"},
                {"name": "tvnserver.exe", "path": "C:\\Program Files\\TightVNC\\tvnserver.exe"},
            ],
            "listening": [{"port": 5900}, {"port": 5938}],
            "rdp": True,
            "users": [{"name": "service", "admin": True, "full_name": "Vendor service"}],
            "console_user": "service",
            "autologon_password": True,
            "adapters": [
                {"name": "Plant", "connected": True},
                {"mac": "00:0D:B9:00:00:99", "name": "Vendor modem", "pnp_id": "USB\\VID_12D1&PID_1F01\\1",
                 "description": "Remote NDIS based Internet Sharing Device", "connected": True},
            ],
        },
    },
    "softplc": {
        "model": "win10_iot",
        "overrides": {
            "maker": "Beckhoff Automation",
            "model": "C6015-0010",
            "software": [{"name": "Beckhoff TwinCAT 3.1 (x64)", "version": "3.1.4024.47",
                          "publisher": "Beckhoff Automation GmbH", "msi": True, "native": True}],
            "services": [{"name": "TcSysSrv", "display_name": "TwinCAT System Service",
                          "path": "C:\\TwinCAT\\3.1\\System\\TCATSysSrv.exe"}],
            "processes": [{"name": "TCATSysSrv.exe", "path": "C:\\TwinCAT\\3.1\\System\\TCATSysSrv.exe"}],
            "drivers": ["TcRte", "TcIo"],
            "pci": [{"id": "PCI\\VEN_15EC&DEV_5000&SUBSYS_00000000&REV_01\\4&2", "name": "Beckhoff EtherCAT device"}],
            "listening": [{"port": 48898}, {"port": 8016}],
        },
    },
}  # fmt: skip


def pc_of(kind: str | None, model: str | None, overrides: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Give (profile, overrides) of a PC: its kind, and what the inventory says otherwise.

    Raises:
        ValueError: there is no such kind.
    """
    chosen = KINDS.get(kind or "operator")
    if chosen is None:
        raise ValueError(f"twin_pc_kind {kind!r} is not known; there are {', '.join(sorted(KINDS))}")
    return model or str(chosen["model"]), {**chosen["overrides"], **overrides}
