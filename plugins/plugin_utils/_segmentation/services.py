# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Named services: the vendor default ports of reference ot-segmentation.md section 4, each overridable by the site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import (
    WITH_PORTS,
    Ports,
    normal_ports,
    protocol_number,
)


@dataclass(frozen=True)
class Service:
    """One protocol with its ports as the initiator sees it.

    ``any_to_any``: the initiator has no address yet or speaks by broadcast, so addresses are not matched.
    """

    protocol: int | None
    dst_ports: Ports | None = None
    src_ports: Ports | None = None
    any_to_any: bool = False


def _tcp(*ports: int | tuple[int, int]) -> Service:
    return Service(6, normal_ports([(port, port) if isinstance(port, int) else port for port in ports]))


def _udp(*ports: int | tuple[int, int]) -> Service:
    return Service(17, normal_ports([(port, port) if isinstance(port, int) else port for port in ports]))


SERVICES: dict[str, tuple[Service, ...]] = {
    # Display and remote access (4a)
    "rdp": (_tcp(3389), _udp(3389)),
    "ica": (_tcp(1494, 2598), _udp(1494, 2598)),
    "blast": (_tcp(22443), _udp(22443)),
    "pcoip": (_tcp(4172), _udp(4172)),
    "vnc": (_tcp(5900),),
    "ssh": (_tcp(22),),
    "http": (_tcp(80),),
    "https": (_tcp(443),),
    # Endpoint management (4b)
    "igel_os12": (_tcp(8443),),
    "igel_os11": (_tcp(8443, 30001),),
    "winrm": (_tcp(5985, 5986),),
    "smb": (_tcp(445),),
    # Industrial (4c)
    "opcua": (_tcp(4840),),
    "modbus": (_tcp(502),),
    "ethernet_ip": (_tcp(44818), _udp(44818, 2222)),
    "profinet": (_udp((34962, 34964)),),
    "s7": (_tcp(102),),
    "fins": (_tcp(9600), _udp(9600)),
    "ads": (_tcp(48898, 8016), _udp(48899)),
    "bacnet": (_udp(47808),),
    "dnp3": (_tcp(20000), _udp(20000)),
    "iec104": (_tcp(2404),),
    "iec61850_mms": (_tcp(102),),
    "mqtt": (_tcp(1883),),
    "mqtts": (_tcp(8883),),
    "pi": (_tcp(5450),),
    # Infrastructure (4d)
    "dns": (_udp(53), _tcp(53)),
    "dhcp": (Service(17, ((67, 67),), ((68, 68),), any_to_any=True),),
    "ntp": (_udp(123),),
    "tftp": (_udp(69),),
    "kerberos": (_udp(88), _tcp(88)),
    "ldap": (_tcp(389), _udp(389)),
    "ldaps": (_tcp(636),),
    "radius": (_udp(1812, 1813),),
    "snmp": (_udp(161),),
    "snmptrap": (_udp(162),),
    "syslog": (_udp(514),),
    "syslog_tls": (_tcp(6514),),
    "netconf": (_tcp(830),),
    "kms": (_tcp(1688),),
    "ping": (Service(1),),
}


def ports_of(value: Any) -> Ports | None:
    """Read ports as a site writes them: 443, "1024-65535", [443, 3389], [[1, 2]] or nothing for every port.

    Raises:
        InputError: not a port.
    """
    if value is None:
        return None
    items = value if isinstance(value, list | tuple) else [value]
    if all(isinstance(item, int | str) for item in items):
        return _single_ports(tuple(items))
    return _pairs(items, value)


@lru_cache(maxsize=4096)  # a site names the same few ports for thousands of stations
def _single_ports(items: tuple[int | str, ...]) -> Ports | None:
    return _pairs(items, list(items))


def _pairs(items: Iterable[Any], value: Any) -> Ports | None:
    pairs: list[tuple[int, int]] = []
    try:
        for item in items:
            if isinstance(item, list | tuple):
                low, high = item
            else:
                low, _dash, high = str(item).partition("-")
            pairs.append((int(low), int(high if high != "" else low)))
    except (TypeError, ValueError) as exc:
        raise InputError(f"{value!r} is not a list of ports.", fix="Write ports like [443, 3389, 5000-5010].") from exc
    return normal_ports(pairs)


def services_of(entry: Mapping[str, Any], overrides: Mapping[str, Any] | None = None) -> tuple[Service, ...]:
    """Read one service of a conduit or flow: ``{service: name}`` or ``{protocol, ports}``.

    Args:
        entry: as the site wrote it; a flow of a station has the same keys beside its address.
        overrides: the site's own meaning of service names, {name: [{protocol, ports}]}.

    Raises:
        InputError: an unknown name, a name with ports beside it, or ports without a protocol that has them.
    """
    if not isinstance(entry, Mapping):
        raise InputError(f"{entry!r} is no service.", fix="Write {service: name}, or {protocol: tcp, ports: [443]}.")
    name = entry.get("service")
    if name:
        besides = [key for key in ("protocol", "ports", "port") if entry.get(key) is not None]
        if besides:
            raise InputError(
                f"Service {name!r} has {' and '.join(besides)} beside its name, which says both already.",
                fix="Write the name alone, or protocol and ports alone.",
            )
        if overrides and isinstance(name, str) and name in overrides:
            own = overrides[name]
            parts = own if isinstance(own, list) else [own]
            return tuple(service for part in parts for service in services_of(part))
        if not isinstance(name, str) or name not in SERVICES:
            raise InputError(
                f"Service {name!r} is unknown.",
                fix=f"Use protocol and ports, or one of: {', '.join(sorted(SERVICES))}.",
            )
        return SERVICES[name]
    protocol = protocol_number(entry.get("protocol", "ip"))
    ports = ports_of(entry.get("ports", entry.get("port")))
    if ports and protocol not in WITH_PORTS:
        raise InputError(f"Ports need protocol tcp or udp, not {entry.get('protocol')!r}.", fix="Set the protocol.")
    return (Service(protocol, ports),)
