# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Vendors, services and products that mean local I/O, a local licence or a local HMI; engineering knowledge."""

from __future__ import annotations

import re
from collections.abc import Mapping

PCI_VENDORS: Mapping[str, tuple[str, str]] = {
    "110A": ("fieldbus_card", "Siemens fieldbus card"),
    "15CF": ("fieldbus_card", "Hilscher fieldbus card"),
    "15EC": ("fieldbus_card", "Beckhoff fieldbus card"),
    "1677": ("fieldbus_card", "B&R card"),
    "12FE": ("fieldbus_card", "esd CAN card"),
    "13FE": ("io_card", "Advantech I/O card"),
    "1393": ("serial_adapter", "Moxa serial card"),
    # Bridges that many makers of I/O cards buy: a person has to look.
    "10EE": ("unknown_card", "Card with a generic bridge (Xilinx)"),
    "10B5": ("unknown_card", "Card with a generic bridge (PLX)"),
    "1172": ("unknown_card", "Card with a generic bridge (Altera)"),
}
FIELDBUS_NAMES = re.compile(r"anybus|softing|molex|woodhead|profibus|profinet|devicenet|\bcan\b.*card", re.IGNORECASE)

DONGLE_VENDORS: Mapping[str, str] = {
    "0529": "Licence dongle (Aladdin/SafeNet HASP, Sentinel HL)",
    "04B9": "Licence dongle (Rainbow/SafeNet Sentinel)",
    "064F": "Licence dongle (WIBU CodeMeter)",
    "096E": "Licence dongle (Feitian)",
    "1BC0": "Licence dongle (Senselock)",
}

# Ports of the main board itself; that they exist says nothing about their use.
ONBOARD_PORT = re.compile(r"^(ACPI\\|ROOT\\|BTHENUM\\|PCI\\VEN_8086)", re.IGNORECASE)

SERVICES: Mapping[str, tuple[str, str]] = {
    "hasplms": ("licence_service", "Licence manager of a dongle (HASP)"),
    "codemeter.exe": ("licence_service", "Licence manager of a dongle (CodeMeter)"),
    "sentinelprotectionserver": ("licence_service", "Licence manager of a dongle (Sentinel)"),
    "wksvw32": ("licence_service", "Licence manager of a dongle (WibuKey)"),
    "s7oiehsx": ("fieldbus_driver", "Siemens fieldbus driver"),
    "opcenum": ("opc_server", "OPC server list"),
    "tcsyssrv": ("soft_plc", "TwinCAT real-time control"),
    "tcatsyssrv": ("soft_plc", "TwinCAT real-time control"),
}


def _names(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


# First match of a product counts.
PRODUCTS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (_names(r"\btwincat\b|codesys|automation studio"), "soft_plc", "Control software that may drive a machine"),
    (
        _names(r"wincc flexible runtime|wincc runtime advanced|factorytalk view machine|rsview"),
        "local_hmi",
        "Local HMI",
    ),
    (_names(r"simatic wincc|wincc runtime|wincc oa|pvss|\bzenon\b|movicon|vijeo|wingp"), "local_hmi", "Local HMI"),
    (_names(r"kepserver|matrikonopc|\binat\b.*opc|softing.*opc"), "opc_server", "OPC server"),
)
