# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that the simulated NX-OS switch prints instead of numbers, and what it understands of an entry.

Source: switch-acl.md sections 2.3 and 3; the spelling of addresses is recorded ([13]), the names mostly assumed.
"""

from __future__ import annotations

from ..rule_reader import Syntax

TCP: dict[str, int] = {
    "echo": 7, "discard": 9, "daytime": 13, "chargen": 19, "ftp-data": 20, "ftp": 21, "telnet": 23, "smtp": 25,
    "time": 37, "whois": 43, "tacacs": 49, "domain": 53, "gopher": 70, "finger": 79, "www": 80, "hostname": 101,
    "pop2": 109, "pop3": 110, "sunrpc": 111, "ident": 113, "nntp": 119, "bgp": 179, "irc": 194, "pim-auto-rp": 496,
    "exec": 512, "login": 513, "cmd": 514, "lpd": 515, "talk": 517, "uucp": 540, "klogin": 543, "kshell": 544,
    "drip": 3949,
}  # fmt: skip
UDP: dict[str, int] = {
    "echo": 7, "discard": 9, "time": 37, "nameserver": 42, "tacacs": 49, "domain": 53, "bootps": 67, "bootpc": 68,
    "tftp": 69, "sunrpc": 111, "ntp": 123, "netbios-ns": 137, "netbios-dgm": 138, "netbios-ss": 139, "snmp": 161,
    "snmptrap": 162, "xdmcp": 177, "dnsix": 195, "mobile-ip": 434, "pim-auto-rp": 496, "isakmp": 500, "biff": 512,
    "who": 513, "syslog": 514, "talk": 517, "rip": 520, "non500-isakmp": 4500,
}  # fmt: skip
PROTOCOLS: dict[str, int] = {
    "ip": 0, "icmp": 1, "igmp": 2, "tcp": 6, "udp": 17, "gre": 47, "esp": 50, "ahp": 51, "eigrp": 88, "ospf": 89,
    "nos": 94, "pim": 103, "pcp": 108,
}  # fmt: skip
PROTOCOLS6: dict[str, int] = {
    "ipv6": 0, "tcp": 6, "udp": 17, "esp": 50, "ahp": 51, "icmp": 58, "eigrp": 88, "pim": 103, "pcp": 108, "sctp": 132,
}  # fmt: skip
# name -> (type, code or None for every code)
ICMP: dict[str, tuple[int, int | None]] = {
    "echo-reply": (0, None), "unreachable": (3, None), "net-unreachable": (3, 0), "host-unreachable": (3, 1),
    "protocol-unreachable": (3, 2), "port-unreachable": (3, 3), "packet-too-big": (3, 4),
    "administratively-prohibited": (3, 13), "source-quench": (4, None), "redirect": (5, None), "echo": (8, None),
    "router-advertisement": (9, None), "router-solicitation": (10, None), "time-exceeded": (11, None),
    "ttl-exceeded": (11, 0), "reassembly-timeout": (11, 1), "parameter-problem": (12, None),
    "timestamp-request": (13, None), "timestamp-reply": (14, None), "traceroute": (30, None),
}  # fmt: skip
ICMP6: dict[str, tuple[int, int | None]] = {
    "unreachable": (1, None), "packet-too-big": (2, None), "time-exceeded": (3, None), "parameter-problem": (4, None),
    "echo-request": (128, None), "echo-reply": (129, None), "router-solicitation": (133, None),
    "router-advertisement": (134, None), "nd-ns": (135, None), "nd-na": (136, None),
}  # fmt: skip

SYNTAX = Syntax(
    tcp=TCP,
    udp=UDP,
    protocols=PROTOCOLS,
    protocols6=PROTOCOLS6,
    icmp=ICMP,
    icmp6=ICMP6,
    opaque=(
        "ack", "fin", "psh", "rst", "syn", "urg", "dscp", "precedence", "time-range", "ttl", "fragments",
        "packet-length", "capture", "udf",
    ),
    host_word=False,
    masks_host_bits=False,
    port_list=1,
    groups=True,
)  # fmt: skip
