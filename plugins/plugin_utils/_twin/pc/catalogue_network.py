# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Network cards of a simulated PC and how they are set up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .texts import language

if TYPE_CHECKING:
    from .catalogue import Catalogue
    from .machine import Machine

Row = dict[str, Any]


def adapters(catalogue: Catalogue, machine: Machine) -> list[Row]:
    """Network adapters: {mac, name, pnp_id, connected}; the station's own card unless overridden."""
    default = {
        "mac": machine.config.get("mac", "00:00:00:00:00:00"),
        "name": _connection_name(machine),
        "pnp_id": "PCI\\VEN_8086&DEV_15BC&SUBSYS_08151028&REV_10\\3&11583659&0&FE",
        "connected": True,
    }
    return [{**default, **one} for one in catalogue.overrides.get("adapters") or [default]]


def _connection_name(machine: Machine) -> str:
    german = language(machine) == "de"
    if machine.profile.seven:
        return "LAN-Verbindung" if german else "Local Area Connection"
    return "Ethernet"


def network(catalogue: Catalogue, machine: Machine) -> dict[str, list[Row]]:
    """Instances of the network classes."""
    cards, settings = [], []
    for index, one in enumerate(adapters(catalogue, machine), start=1):
        mac, up = str(one["mac"]).upper(), bool(one["connected"])
        title = one.get("description") or f"Intel(R) Ethernet Connection ({index})"
        shared = {"Index": index, "InterfaceIndex": 10 + index, "MACAddress": mac, "Description": title}
        cards.append(
            {
                **shared,
                "DeviceID": str(index),
                "Name": title,
                "ProductName": title,
                "Manufacturer": "Intel Corporation",
                "AdapterType": "Ethernet 802.3",
                "NetConnectionID": one["name"],
                "NetConnectionStatus": 2 if up else 7,
                "NetEnabled": up,
                "PhysicalAdapter": True,
                "PNPDeviceID": one["pnp_id"],
                "Speed": 1_000_000_000 if up else None,
                "ServiceName": "e1dexpress",
            }
        )
        address = str(machine.config.get("address", ""))
        settings.append(
            {
                **shared,
                "IPEnabled": up,
                "DHCPEnabled": bool(one.get("dhcp", False)),
                "DHCPServer": one["dhcp"] if one.get("dhcp") else None,
                "ServiceName": "e1dexpress",
                "IPAddress": [address, f"fe80::21b:1bff:fe00:{index:x}"] if up else None,
                "IPSubnet": ["255.255.255.192", "64"] if up else None,
                "DefaultIPGateway": [f"{address.rpartition('.')[0]}.1"] if up else None,
                "DNSServerSearchOrder": ["10.20.95.10"] if up else None,
                "DNSHostName": machine.hostname,
                "IPConnectionMetric": 20 if up else None,
            }
        )
    tunnel = {"DeviceID": "0", "Index": 0, "InterfaceIndex": 2, "Name": "WAN Miniport (IP)", "PhysicalAdapter": False}
    tunnel |= {"PNPDeviceID": "ROOT\\MS_NDISWANIP\\0000", "ServiceName": "NdisWan"}
    return {
        "win32_networkadapter": [tunnel, *cards],
        "win32_networkadapterconfiguration": [
            {"Index": 0, "Description": "WAN Miniport (IP)", "IPEnabled": False, "DHCPEnabled": False},
            *settings,
        ],
        "win32_ip4routetable": _routes(machine),
        "win32_ip4persistedroutetable": [
            {"Metric1": 1, **one} for one in catalogue.overrides.get("persistent_routes") or []
        ],
    }


def _routes(machine: Machine) -> list[Row]:
    address = str(machine.config.get("address", ""))
    head = address.rpartition(".")[0]
    default = {"Destination": "0.0.0.0", "Mask": "0.0.0.0", "NextHop": f"{head}.1", "Metric1": 20}
    local = {"Destination": f"{head}.0", "Mask": "255.255.255.192", "NextHop": address, "Metric1": 276}
    return [{"InterfaceIndex": 11, "Protocol": 3, "Type": 4, **one} for one in (default, local)]
