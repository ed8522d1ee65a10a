# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that Aruba AOS-CX prints instead of numbers (reference switch-acl.md sections 2.5 and 3).

They are only read; numbers are always sent. ``dns`` is in the reference; the other port names are assumed, and one that
is not here leaves its entry opaque.
"""

from __future__ import annotations

TCP_PORTS: dict[str, int] = {
    "bgp": 179, "dns": 53, "ftp": 21, "ftp-data": 20, "http": 80, "https": 443, "kerberos": 88, "ldap": 389,
    "ldaps": 636, "pop3": 110, "smtp": 25, "ssh": 22, "tacacs": 49, "telnet": 23,
}  # fmt: skip

UDP_PORTS: dict[str, int] = {
    "dhcp-client": 68, "dhcp-server": 67, "dns": 53, "isakmp": 500, "kerberos": 88, "ldap": 389, "ntp": 123,
    "radius": 1812, "radius-acct": 1813, "rip": 520, "snmp": 161, "snmp-trap": 162, "snmptrap": 162, "syslog": 514,
    "tacacs": 49, "tftp": 69,
}  # fmt: skip

PORTS: dict[int, dict[str, int]] = {6: TCP_PORTS, 17: UDP_PORTS}

PROTOCOLS: dict[str, int] = {
    "ah": 51, "esp": 50, "gre": 47, "icmp": 1, "icmpv6": 58, "igmp": 2, "ospf": 89, "pim": 103, "sctp": 132, "tcp": 6,
    "udp": 17,
}  # fmt: skip

ICMP: dict[int, dict[str, int]] = {
    1: {"echo": 8, "echo-reply": 0},
    58: {"echo": 128, "echo-request": 128, "echo-reply": 129},
}
