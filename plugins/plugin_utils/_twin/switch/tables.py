# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that the simulated switch prints instead of numbers (Cisco IOS-XE 17 access lists).

Source: switch-acl.md sections 2.1 and 3 (names per protocol: 514 is ``syslog`` for udp and ``cmd`` for tcp).
"""

from __future__ import annotations

# [documented] The first name of a number is the one printed; later names of the same number are only understood.
TCP_PORTS: dict[str, int] = {
    "bgp": 179,
    "chargen": 19,
    "cmd": 514,
    "connectedapps-plain": 15001,
    "connectedapps-tls": 15002,
    "daytime": 13,
    "discard": 9,
    "domain": 53,
    "echo": 7,
    "exec": 512,
    "finger": 79,
    "ftp": 21,
    "ftp-data": 20,
    "gopher": 70,
    "hostname": 101,
    "ident": 113,
    "irc": 194,
    "klogin": 543,
    "kshell": 544,
    "login": 513,
    "lpd": 515,
    "msrpc": 135,
    "nntp": 119,
    "onep-plain": 15001,
    "onep-tls": 15002,
    "pim-auto-rp": 496,
    "pop2": 109,
    "pop3": 110,
    "smtp": 25,
    "sunrpc": 111,
    "syslog": 514,
    "tacacs": 49,
    "talk": 517,
    "telnet": 23,
    "time": 37,
    "uucp": 540,
    "whois": 43,
    "www": 80,
}

UDP_PORTS: dict[str, int] = {
    "biff": 512,
    "bootpc": 68,
    "bootps": 67,
    "discard": 9,
    "dnsix": 195,
    "domain": 53,
    "echo": 7,
    "isakmp": 500,
    "mobile-ip": 434,
    "nameserver": 42,
    "netbios-dgm": 138,
    "netbios-ns": 137,
    "netbios-ss": 139,
    "non500-isakmp": 4500,
    "ntp": 123,
    "pim-auto-rp": 496,
    "rip": 520,
    "ripv6": 521,
    "snmp": 161,
    "snmptrap": 162,
    "sunrpc": 111,
    "syslog": 514,
    "tacacs": 49,
    "talk": 517,
    "tftp": 69,
    "time": 37,
    "who": 513,
    "xdmcp": 177,
}

PROTOCOLS: dict[str, int] = {
    "ip": 0,
    "icmp": 1,
    "igmp": 2,
    "ipinip": 4,
    "tcp": 6,
    "udp": 17,
    "gre": 47,
    "esp": 50,
    "ahp": 51,
    "eigrp": 88,
    "ospf": 89,
    "nos": 94,
    "pim": 103,
    "pcp": 108,
    "sctp": 132,
}

# name -> (type, code or None for every code)
ICMP_TYPES: dict[str, tuple[int, int | None]] = {
    "echo-reply": (0, None),
    "unreachable": (3, None),
    "net-unreachable": (3, 0),
    "host-unreachable": (3, 1),
    "protocol-unreachable": (3, 2),
    "port-unreachable": (3, 3),
    "packet-too-big": (3, 4),
    "administratively-prohibited": (3, 13),
    "source-quench": (4, None),
    "redirect": (5, None),
    "echo": (8, None),
    "router-advertisement": (9, None),
    "router-solicitation": (10, None),
    "time-exceeded": (11, None),
    "ttl-exceeded": (11, 0),
    "reassembly-timeout": (11, 1),
    "parameter-problem": (12, None),
    "timestamp-request": (13, None),
    "timestamp-reply": (14, None),
    "information-request": (15, None),
    "information-reply": (16, None),
    "mask-request": (17, None),
    "mask-reply": (18, None),
    "traceroute": (30, None),
}

# ICMPv6: name -> (type, code or None for every code)
ICMP6_TYPES: dict[str, tuple[int, int | None]] = {
    "destination-unreachable": (1, None),
    "no-route": (1, 0),
    "no-admin": (1, 1),
    "beyond-scope": (1, 2),
    "port-unreachable": (1, 4),
    "packet-too-big": (2, None),
    "time-exceeded": (3, None),
    "hop-limit": (3, 0),
    "reassembly-timeout": (3, 1),
    "parameter-problem": (4, None),
    "header": (4, 0),
    "next-header": (4, 1),
    "parameter-option": (4, 2),
    "echo-request": (128, None),
    "echo-reply": (129, None),
    "mld-query": (130, None),
    "mld-report": (131, None),
    "mld-reduction": (132, None),
    "router-solicitation": (133, None),
    "router-advertisement": (134, None),
    "nd-ns": (135, None),
    "nd-na": (136, None),
    "redirect": (137, None),
    "router-renumbering": (138, None),
    "mld-v2-report": (143, None),
}

PORT_TABLES: dict[int, dict[str, int]] = {6: TCP_PORTS, 17: UDP_PORTS}


def port_name(protocol: int, port: int) -> str:
    """Give the spelling of a port that the switch prints."""
    for name, number in PORT_TABLES.get(protocol, {}).items():
        if number == port:
            return name
    return str(port)


def protocol_name(protocol: int) -> str:
    """Give the spelling of a protocol number that the switch prints (112 stays bare)."""
    for name, number in PROTOCOLS.items():
        if number == protocol:
            return name
    return str(protocol)


def icmp_name(kind: int, code: int | None) -> str:
    """Give the spelling of an ICMP type and code that the switch prints."""
    for name, pair in ICMP_TYPES.items():
        if pair == (kind, code):
            return name
    return str(kind) if code is None else f"{kind} {code}"
