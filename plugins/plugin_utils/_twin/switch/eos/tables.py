# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that the simulated EOS switch prints instead of numbers, and what it understands of an entry.

Source: switch-acl.md sections 2.2 and 3; port names of the transcript behind [13] are recorded, the rest assumed.
"""

from __future__ import annotations

from ..rule_reader import Syntax

TCP: dict[str, int] = {
    "ftp-data": 20, "ftp": 21, "ssh": 22, "telnet": 23, "smtp": 25, "time": 37, "whois": 43, "tacacs": 49,
    "domain": 53, "gopher": 70, "finger": 79, "www": 80, "kerberos": 88, "hostname": 101, "iso-tsap": 102, "pop2": 109,
    "pop3": 110, "sunrpc": 111, "ident": 113, "nntp": 119, "http-rpc-epmap": 593, "netbios-ssn": 139, "imap4": 143,
    "bgp": 179, "irc": 194, "z39-50": 210, "ldap": 389, "ups": 401, "https": 443, "microsoft-ds": 445, "kpasswd": 464,
    "exec": 512, "login": 513, "cmd": 514, "lpd": 515, "talk": 517, "uucp": 540, "klogin": 543, "kshell": 544,
    "tunnel": 604, "ipp": 631, "ldaps": 636, "msdp": 639, "ftps-data": 989, "ftps": 990, "imaps": 993, "vmnet": 175,
    "ms-sql-s": 1433, "ms-sql-m": 1434, "iscsi": 3260, "http-alt": 8080, "echo": 7, "discard": 9, "daytime": 13,
    "chargen": 19, "pim-auto-rp": 496, "bfd": 3784,
}  # fmt: skip
UDP: dict[str, int] = {
    "echo": 7, "discard": 9, "time": 37, "nameserver": 42, "tacacs": 49, "domain": 53, "bootps": 67, "bootpc": 68,
    "tftp": 69, "sunrpc": 111, "ntp": 123, "netbios-ns": 137, "netbios-dgm": 138, "netbios-ss": 139, "snmp": 161,
    "snmptrap": 162, "xdmcp": 177, "dnsix": 195, "mobile-ip": 434, "pim-auto-rp": 496, "isakmp": 500, "biff": 512,
    "who": 513, "syslog": 514, "talk": 517, "rip": 520, "ptp-event": 319, "ptp-general": 320, "radius": 1812,
    "radius-acct": 1813, "bfd": 3784, "bfd-echo": 3785, "non500-isakmp": 4500, "vxlan": 4789,
}  # fmt: skip
PROTOCOLS: dict[str, int] = {
    "ip": 0, "icmp": 1, "igmp": 2, "tcp": 6, "udp": 17, "rsvp": 46, "gre": 47, "esp": 50, "ahp": 51, "ospf": 89,
    "pim": 103, "vrrp": 112, "sctp": 132,
}  # fmt: skip
PROTOCOLS6: dict[str, int] = {
    "ipv6": 0, "tcp": 6, "udp": 17, "rsvp": 46, "esp": 50, "ahp": 51, "icmpv6": 58, "ospf": 89, "pim": 103,
    "vrrp": 112, "sctp": 132,
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
    "router-advertisement": (134, None), "neighbor-solicitation": (135, None), "neighbor-advertisement": (136, None),
}  # fmt: skip

SYNTAX = Syntax(
    tcp=TCP,
    udp=UDP,
    protocols=PROTOCOLS,
    protocols6=PROTOCOLS6,
    icmp=ICMP,
    icmp6=ICMP6,
    opaque=("tracked", "fragments", "ttl", "dscp", "tos", "ack", "fin", "psh", "rst", "syn", "urg", "nexthop-group"),
    host_word=True,
    masks_host_bits=True,
    port_list=10,
)
