# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that Cisco IOS and IOS-XE print instead of numbers, per protocol (reference switch-acl.md section 3).

They are only read; numbers are always sent. The same number has another name under tcp than under udp.
"""

from __future__ import annotations

TCP_PORTS: dict[str, int] = {
    "bgp": 179, "chargen": 19, "cmd": 514, "connectedapps-plain": 15001, "connectedapps-tls": 15002, "daytime": 13,
    "discard": 9, "domain": 53, "drip": 3949, "echo": 7, "exec": 512, "finger": 79, "ftp": 21, "ftp-data": 20,
    "gopher": 70, "hostname": 101, "ident": 113, "irc": 194, "klogin": 543, "kshell": 544, "login": 513, "lpd": 515,
    "msrpc": 135, "nntp": 119, "onep-plain": 15001, "onep-tls": 15002, "pim-auto-rp": 496, "pop2": 109, "pop3": 110,
    "smtp": 25, "sunrpc": 111, "syslog": 514, "tacacs": 49, "talk": 517, "telnet": 23, "time": 37, "uucp": 540,
    "whois": 43, "www": 80,
}  # fmt: skip

UDP_PORTS: dict[str, int] = {
    "biff": 512, "bootpc": 68, "bootps": 67, "discard": 9, "dnsix": 195, "domain": 53, "echo": 7, "isakmp": 500,
    "mobile-ip": 434, "nameserver": 42, "netbios-dgm": 138, "netbios-ns": 137, "netbios-ss": 139,
    "non500-isakmp": 4500, "ntp": 123, "pim-auto-rp": 496, "rip": 520, "ripv6": 521, "snmp": 161, "snmptrap": 162,
    "sunrpc": 111, "syslog": 514, "tacacs": 49, "talk": 517, "tftp": 69, "time": 37, "who": 513, "xdmcp": 177,
}  # fmt: skip

PORTS: dict[int, dict[str, int]] = {6: TCP_PORTS, 17: UDP_PORTS}

PROTOCOLS: dict[str, int] = {
    "ahp": 51, "eigrp": 88, "esp": 50, "gre": 47, "icmp": 1, "igmp": 2, "ipinip": 4, "nos": 94, "ospf": 89,
    "pcp": 108, "pim": 103, "sctp": 132, "tcp": 6, "udp": 17,
}  # fmt: skip

# A name without a code stands for every code of its type.
ICMP: dict[str, tuple[int, int | None]] = {
    "administratively-prohibited": (3, 13), "alternate-address": (6, None), "echo": (8, None),
    "echo-reply": (0, None), "host-unknown": (3, 7), "host-unreachable": (3, 1), "information-reply": (16, None),
    "information-request": (15, None), "mask-reply": (18, None), "mask-request": (17, None),
    "net-unreachable": (3, 0), "network-unknown": (3, 6), "packet-too-big": (3, 4), "parameter-problem": (12, None),
    "port-unreachable": (3, 3), "protocol-unreachable": (3, 2), "reassembly-timeout": (11, 1), "redirect": (5, None),
    "router-advertisement": (9, None), "router-solicitation": (10, None), "source-quench": (4, None),
    "source-route-failed": (3, 5), "time-exceeded": (11, None), "timestamp-reply": (14, None),
    "timestamp-request": (13, None), "traceroute": (30, None), "ttl-exceeded": (11, 0), "unreachable": (3, None),
}  # fmt: skip

# Inside an IPv6 list ``icmp`` is the ICMP of IPv6, with names of its own.
ICMP6: dict[str, tuple[int, int | None]] = {
    "address-unreachable": (1, 3), "beyond-scope": (1, 2), "destination-unreachable": (1, None),
    "echo-reply": (129, None), "echo-request": (128, None), "header": (4, 0), "hop-limit": (3, 0),
    "mld-query": (130, None), "mld-reduction": (132, None), "mld-report": (131, None), "nd-na": (136, None),
    "nd-ns": (135, None), "next-header": (4, 1), "no-admin": (1, 1), "no-route": (1, 0), "packet-too-big": (2, None),
    "parameter-option": (4, 2), "parameter-problem": (4, None), "port-unreachable": (1, 4),
    "reassembly-timeout": (3, 1), "redirect": (137, None), "renum-command": (138, 0), "renum-result": (138, 1),
    "renum-seq-number": (138, 255), "router-advertisement": (134, None), "router-renumbering": (138, None),
    "router-solicitation": (133, None), "time-exceeded": (3, None), "unreachable": (1, None),
}  # fmt: skip
