# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Vendors, services and products that mean local I/O, a local licence, an application or an open door.

Engineering knowledge (windows-wsman-cim reference, section 5), never proof: each gives a reason to look and, at most,
a reason not to convert. The first entry that fits a thing counts.
"""

from __future__ import annotations

import re

from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.fingerprints import Fingerprint, fingerprint

_CARDS = (
    (r"VEN_110A", "fieldbus_card", "Siemens fieldbus card"),
    (r"VEN_15CF", "fieldbus_card", "Hilscher fieldbus card"),
    (r"VEN_15EC", "fieldbus_card", "Beckhoff fieldbus card"),
    (r"VEN_1677", "fieldbus_card", "B&R card"),
    (r"VEN_12FE", "fieldbus_card", "esd CAN card"),
    (r"VEN_13FE", "io_card", "Advantech I/O card"),
    (r"VEN_1393", "serial_adapter", "Moxa serial card"),
    # Bridges that many makers of I/O cards buy: a person has to look, unless the name already tells.
    (
        r"anybus|softing|molex|woodhead|profibus|profinet|devicenet|\bcan\b.*card",
        "fieldbus_card",
        "Fieldbus card by its name",
    ),
    (r"VEN_10EE", "unknown_card", "Card with a generic bridge (Xilinx)"),
    (r"VEN_10B5", "unknown_card", "Card with a generic bridge (PLX)"),
    (r"VEN_1172", "unknown_card", "Card with a generic bridge (Altera)"),
)
_DONGLES = (
    (r"VID_0529", "Aladdin/SafeNet HASP, Sentinel HL"),
    (r"VID_04B9", "Rainbow/SafeNet Sentinel"),
    (r"VID_064F", "WIBU CodeMeter"),
    (r"VID_096E", "Feitian"),
    (r"VID_1BC0", "Senselock"),
)
_SERVICES = (
    (r"^hasplms$", "licence_service", "Licence manager of a dongle (HASP)"),
    (r"^codemeter(\.exe)?$", "licence_service", "Licence manager of a dongle (CodeMeter)"),
    (r"^sentinelprotectionserver$", "licence_service", "Licence manager of a dongle (Sentinel)"),
    (r"^wksvw32$", "licence_service", "Licence manager of a dongle (WibuKey)"),
    (r"^s7oiehsx", "fieldbus_driver", "Siemens fieldbus driver"),
    (r"^opcenum$", "opc_server", "OPC server list"),
    (r"^tc(at)?syssrv$", "soft_plc", "TwinCAT real-time control"),
    (r"^codesyscontrol", "soft_plc", "CODESYS control runtime"),
)

# Applications: name as installed, name of the process, what it is, how it is delivered, and what that blocks.
_SOFT_PLC = ("local_only", "soft_plc")
_LOCAL_HMI = ("local_only", "local_hmi")
_OPC = ("local_only", "opc_server")
_PUBLISHED = ("published", "")
_WEB = ("web", "")
_REMOTE = ("vdi", "")
_APPLICATIONS = (
    (r"\btwincat\b", r"^(tcatsyssrv|tchmisrv)\.exe", "TwinCAT", _SOFT_PLC),
    (r"codesys|automation studio", r"^codesyscontrol", "CODESYS or B&R control software", _SOFT_PLC),
    (r"wincc flexible|wincc runtime advanced", r"^hmirtm\.exe", "WinCC flexible or Advanced runtime", _LOCAL_HMI),
    (r"wincc unified", r"^scada.?rt", "WinCC Unified", _WEB),
    (r"wincc oa|\bpvss\b", r"^(wccil|wccoaui|pvss00)", "WinCC OA or PVSS", _LOCAL_HMI),
    (r"simatic wincc|wincc runtime", r"^(pdlrt|wincc|ccprojectmgr)", "WinCC", _LOCAL_HMI),
    (
        r"factorytalk view machine|rsview",
        r"^(merruntime|meruntime|rsview32)\.exe",
        "FactoryTalk View ME, RSView",
        _LOCAL_HMI,
    ),
    (r"factorytalk view", r"^displayclient\.exe", "FactoryTalk View SE client", _PUBLISHED),
    (r"intouch|wonderware|system platform", r"^(view|wm)\.exe", "InTouch or System Platform", _PUBLISHED),
    (r"plant scada|citect", r"^(citect32|ctruntimemanager)\.exe", "Plant SCADA", _PUBLISHED),
    (r"\bifix\b|proficy|cimplicity", r"^(fix|workspace|cimview|cimlayout)\.exe", "iFIX or CIMPLICITY", _PUBLISHED),
    (r"perspective workstation", r"^perspective-workstation", "Ignition Perspective", _WEB),
    (r"\bignition\b", r"^vision-client", "Ignition Vision", _PUBLISHED),
    (r"\bzenon\b", r"^zen(rt32|rt64|adminsrv)\.exe", "zenon", _LOCAL_HMI),
    (r"genesis ?64|mc works|iconics", r"^(graphworx64|gwxruntime)", "GENESIS64", _PUBLISHED),
    (
        r"movicon|vijeo|wingp|indusoft",
        r"^(movicon|wingp|studio manager)",
        "Movicon, Vijeo, WinGP or InduSoft",
        _LOCAL_HMI,
    ),
    (r"kepserver|matrikonopc|\binat\b.*opc|softing.*opc", r"^(server_runtime|matrikon)", "OPC server", _OPC),
    (r"\brslinx\b", r"^rslinx\.exe", "RSLinx", _OPC),
    (r"citrix (workspace|receiver)", r"^wfica32\.exe", "Citrix client", _REMOTE),
    (r"horizon client", r"^vmware-view\.exe", "Horizon client", _REMOTE),
    (r"thinmanager", r"^thinmanager", "ThinManager", _REMOTE),
    ("", r"^mstsc\.exe", "Remote Desktop client", _REMOTE),
    # That one is installed says little: it comes with the server, or for maintenance.
    ("", r"^(vnc|tvn)viewer\.exe", "VNC viewer", _REMOTE),
)
# Ways in that nobody may have meant to leave open: name as installed, service, process.
_DOORS = (
    (
        r"(ultra|tight|real|tiger)?vnc( server)?\b(?!.*viewer)",
        r"vnc|^tvnserver$",
        r"^(win)?vnc(server)?4?\.exe|^tvnserver",
        "vnc",
        "VNC server",
    ),
    (r"teamviewer", r"^teamviewer", r"^teamviewer", "remote_tool", "Remote support tool (TeamViewer)"),
    (r"anydesk", r"^anydesk", r"^anydesk", "remote_tool", "Remote support tool (AnyDesk)"),
    (r"logmein|gotoassist", r"^(logmein|lmi)", r"^(logmein|lmi)", "remote_tool", "Remote support tool (LogMeIn class)"),
    (r"radmin", r"^(rserver|radmin)", r"^rserver", "remote_tool", "Remote support tool (Radmin)"),
    (r"dameware", r"^(dwmrcs|dameware)", r"^dwrcs", "remote_tool", "Remote support tool (DameWare)"),
    (r"pcanywhere", r"^awhost", r"^awhost", "remote_tool", "Remote support tool (pcAnywhere)"),
    (r"ammyy", r"^ammyy", r"^(aa_v3|ammyy)", "remote_tool", "Remote support tool (Ammyy)"),
    ("", r"^(tlntsvr|telnet)$", "", "telnet", "Telnet server"),
    (r"filezilla server", r"^(ftpsvc|msftpsvc|filezilla.?server)", "", "ftp", "FTP server"),
)


def _all() -> list[Fingerprint]:
    found = [fingerprint("pci", match, text, blocker=code) for match, code, text in _CARDS]
    found += [fingerprint("usb", vid, f"Licence dongle ({text})", blocker="licence_dongle") for vid, text in _DONGLES]
    found += [fingerprint("service", match, text, blocker=code) for match, code, text in _SERVICES]
    for installed, process, product, (delivery, blocker) in _APPLICATIONS:
        meaning = {"product": product, "delivery": delivery, "blocker": blocker}
        for seen_in, match in (("software", installed), ("process", process)):
            if match:
                found.append(fingerprint(seen_in, match, product, **meaning))
    for installed, service, process, code, text in _DOORS:
        for seen_in, match in (("software", installed), ("service", service), ("process", process)):
            if match:
                found.append(fingerprint(seen_in, match, text, weak_point=code))
    return found


FINGERPRINTS: tuple[Fingerprint, ...] = tuple(_all())

# Ports of the main board itself; that they exist says nothing about their use.
ONBOARD_PORT = re.compile(r"^(ACPI\\|ROOT\\|BTHENUM\\|PCI\\VEN_8086)", re.IGNORECASE)
BROWSERS = re.compile(r"\b(iexplore|chrome|msedge|firefox)(\.exe)?\b", re.IGNORECASE)

# When security updates end, by what tells the product: (version and build, pattern of edition id or caption, name,
# end, end of paid extension or ""). First match; re-check once a year against the vendor's lifecycle pages.
SUPPORT = (
    ("5.1", r"posready", "POSReady 2009", "2019-04-09", ""),
    ("5.1", r"embedded", "Windows XP Embedded", "2016-01-12", ""),
    ("5.1", r"", "Windows XP", "2014-04-08", ""),
    ("6.1", r"posready", "Windows Embedded POSReady 7", "2021-10-12", "2024-10-14"),
    ("6.1", r"embedded", "Windows Embedded Standard 7", "2020-10-13", "2023-10-10"),
    ("6.1", r"", "Windows 7", "2020-01-14", "2023-01-10"),
    ("6.3", r"embedded|industry", "Windows Embedded 8.1 Industry", "2023-07-11", ""),
    ("6.3", r"", "Windows 8.1", "2023-01-10", ""),
    ("10.0.10240", r"enterprises|ltsb", "Windows 10 LTSB 2015", "2025-10-14", ""),
    ("10.0.14393", r"enterprises|ltsb", "Windows 10 LTSB 2016", "2026-10-13", ""),
    ("10.0.17763", r"enterprises|ltsc", "Windows 10 LTSC 2019", "2029-01-09", ""),
    ("10.0.19044", r"iotenterprises", "Windows 10 IoT Enterprise LTSC 2021", "2032-01-13", ""),
    ("10.0.19044", r"enterprises|ltsc", "Windows 10 Enterprise LTSC 2021", "2027-01-12", ""),
    ("10.0.26100", r"iotenterprises", "Windows 11 IoT Enterprise LTSC 2024", "2034-10-10", ""),
    ("10.0.26100", r"enterprise\b(?!.*lts)", "Windows 11 24H2 Enterprise", "2027-10-12", ""),
    ("10.0.1", r"", "Windows 10", "2025-10-14", ""),
)
