# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that Aruba AOS-CX prints instead of numbers (reference switch-acl.md sections 2.5 and 3).

They are only read; numbers are always sent. ``dns`` is in the reference; the other port names are the usual ones of the
services and assumed. A name that is not here leaves its entry opaque. No name has another number under tcp than under
udp, so one table serves both.
"""

from __future__ import annotations

PORTS: dict[str, int] = {
    "bgp": 179, "dce-rpc": 135, "dhcp-client": 68, "dhcp-server": 67, "dns": 53, "ftp": 21, "ftp-data": 20,
    "http": 80, "https": 443, "imap": 143, "isakmp": 500, "iscsi": 3260, "kerberos": 88, "ldap": 389, "ldaps": 636,
    "microsoft-ds": 445, "nat-t": 4500, "netbios-dgm": 138, "netbios-ns": 137, "netbios-ssn": 139, "nntp": 119,
    "ntp": 123, "pop3": 110, "radius": 1812, "radius-acct": 1813, "rdp": 3389, "rip": 520, "smtp": 25, "snmp": 161,
    "snmp-trap": 162, "snmptrap": 162, "ssh": 22, "syslog": 514, "tacacs": 49, "telnet": 23, "tftp": 69,
    "vxlan": 4789,
}  # fmt: skip

PROTOCOLS: dict[str, int] = {
    "ah": 51, "eigrp": 88, "esp": 50, "gre": 47, "icmp": 1, "icmpv6": 58, "igmp": 2, "l2tp": 115, "ospf": 89,
    "pim": 103, "sctp": 132, "tcp": 6, "udp": 17, "vrrp": 112,
}  # fmt: skip

ICMP: dict[int, dict[str, int]] = {
    1: {"echo": 8, "echo-reply": 0},
    58: {"echo": 128, "echo-request": 128, "echo-reply": 129},
}
