# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What dispositions and plan take from a stored assessment document. Pure; the document is not trusted to be whole."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

# The gates of IGEL OS 12 and its converter (igel-conversion reference, section 2) that have to be answered.
REQUIRED_GATES = (
    "cpu_64bit",
    "cpu_cores",
    "cpu_mhz",
    "memory",
    "disk_size",
    "disk_free",
    "os_eligible",
    "secure_boot",
    "bitlocker",
    "write_filter",
)
# "No blocker" means nothing unless these were read (ot-segmentation reference, section 7).
BLOCKER_FIELDS = (
    "devices.pci", "devices.usb", "devices.serial_ports", "processes.running", "services.running", "software.installed",
)  # fmt: skip
# From here up a port belongs to the client of a connection (RFC 6335, dynamic ports): the flow is the other way round.
DYNAMIC_PORTS = 49152


def value(assessment: Mapping[str, Any], key: str) -> Any:
    """Give a field's value, None where it is unavailable or was not read."""
    fields = assessment.get("fields")
    found = fields.get(key) if isinstance(fields, Mapping) else None
    return found.get("value") if isinstance(found, Mapping) and found.get("available") is True else None


def imported(assessment: Mapping[str, Any], key: str) -> bool:
    """True if a field holds what another tool told, and was not read from the PC."""
    fields = assessment.get("fields")
    found = fields.get(key) if isinstance(fields, Mapping) else None
    return isinstance(found, Mapping) and str(found.get("origin") or "").startswith("import: ")


def identity(assessment: Mapping[str, Any]) -> dict[str, str]:
    """Give {serial, uuid}, empty where the PC has none or it was not read."""
    keys = {"serial": "bios.serial", "uuid": "system.uuid"}
    return {name: str(value(assessment, key) or "") for name, key in keys.items()}


def adapter_macs(assessment: Mapping[str, Any]) -> list[str]:
    """Give the MACs of all adapters that were read."""
    return [str(adapter.get("mac") or "") for adapter in value(assessment, "network.adapters") or []]


def observed_flows(assessment: Mapping[str, Any], controller: str | None) -> list[dict[str, Any]]:
    """Give the flows the PC was seen with, {to, protocol, ports}, sorted; without those of the reading itself."""
    found: dict[tuple[str, str], set[int]] = {}
    for seen in value(assessment, "network.connections") or []:
        address, port = str(seen.get("address")), int(seen.get("port") or 0)
        if address == controller or not 0 < port < DYNAMIC_PORTS or not _routed(address):
            continue
        found.setdefault((address, str(seen.get("protocol"))), set()).add(port)
    return [
        {"to": address, "protocol": protocol, "ports": sorted(ports)}
        for (address, protocol), ports in sorted(found.items())
    ]


@lru_cache(maxsize=65536)  # the same few servers are seen from every station
def _routed(address: str) -> bool:
    try:
        found = ipaddress.IPv4Address(address)
    except ValueError:
        return False
    return not (found.is_loopback or found.is_unspecified or found.is_link_local)
