# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Packets that stand for what a station does: its declared flows and the few the world sends itself."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any

from .hooks import Packet, Verdict

# A port no service listens on: the near end of a conversation. [assumed]
EPHEMERAL = 50123

# Named services of the site model; the twin keeps its own table, so that a slip in the product's shows.
SERVICES: dict[str, tuple[tuple[str, int], ...]] = {
    "dhcp": (("udp", 67),),
    "dns": (("udp", 53), ("tcp", 53)),
    "http": (("tcp", 80),),
    "https": (("tcp", 443),),
    "igel_os12": (("tcp", 8443),),
    "ntp": (("udp", 123),),
    "opcua": (("tcp", 4840),),
    "rdp": (("tcp", 3389),),
    "smb": (("tcp", 445),),
    "winrm": (("tcp", 5985), ("tcp", 5986)),
}


def address_of(text: str, names: Mapping[str, str]) -> str | None:
    """Give an IPv4 address for an address, a network (its first host) or a name of ``twin_names``; else None."""
    wanted = names.get(text, text)
    try:
        network = ipaddress.IPv4Network(wanted, strict=False)
    except ValueError:
        return None
    if network.prefixlen == 32:
        return str(network.network_address)
    return str(next(network.hosts()))


def _ports(ports: Iterable[Any]) -> list[int]:
    """Give the ports to try: a range, written "lo-hi", is tried at both ends."""
    found: list[int] = []
    for port in ports:
        found.extend(int(part) for part in str(port).split("-"))
    return found


def _targets(flow: Mapping[str, Any]) -> list[tuple[str | int, int | None]]:
    if "service" in flow:
        return list(SERVICES.get(str(flow["service"]), ()))
    protocol = str(flow.get("protocol", "tcp")).lower()
    wanted: str | int = int(protocol) if protocol.isdigit() else protocol
    ports = _ports(flow.get("ports") or [])
    return [(wanted, port) for port in ports] or [(wanted, None)]


def tcp(src: str, dst: str, dst_port: int) -> Packet:
    """Give the first packet of a TCP conversation."""
    return Packet(protocol="tcp", src=src, dst=dst, src_port=EPHEMERAL, dst_port=dst_port, established=False)


def answer(src: str, src_port: int, dst: str) -> Packet:
    """Give an answer within a TCP conversation that the other side began."""
    return Packet(protocol="tcp", src=src, dst=dst, src_port=src_port, dst_port=EPHEMERAL, established=True)


def declared(
    src: str, flows: Iterable[Mapping[str, Any]], names: Mapping[str, str] | None = None
) -> dict[str, Packet | None]:
    """Give one packet for each port of each declared flow.

    Args:
        src: the station's address.
        flows: station_flows: {"to", "protocol", "ports"} or {"to", "service"}.
        names: addresses of host names.

    Returns:
        {"tcp 10.20.60.10:443": packet}; None where the target's name has no address here.
    """
    packets: dict[str, Packet | None] = {}
    for flow in flows:
        target = str(flow.get("to", ""))
        dst = address_of(target, names or {})
        for protocol, port in _targets(flow):
            label = f"{protocol} {target}" + (f":{port}" if port is not None else "")
            if dst is None:
                packets[label] = None
                continue
            near = EPHEMERAL if port is not None else None
            packets[label] = Packet(
                protocol=protocol, src=src, dst=dst, src_port=near, dst_port=port, established=False
            )
    return packets


def judge(switch: Any, port: str, packet: Packet) -> Verdict:
    """Judge a packet that enters at a port: by the list there, then by the list of the SVI that routes it.

    A list on an SVI filters only what leaves its VLAN, and only on a switch that routes (``gateway``).
    """
    verdict = switch.evaluate(port, "in", packet)
    svi = switch.gateway(port, packet) if verdict["permit"] else ""
    if svi:
        routed = switch.evaluate(svi, "in", packet)
        verdict = verdict if routed["rule"] == "no list" else routed
    return Verdict(permit=bool(verdict["permit"]), rule=str(verdict["rule"]))
