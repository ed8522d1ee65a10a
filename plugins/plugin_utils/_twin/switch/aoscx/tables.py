# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names the simulated AOS-CX knows in access lists. Source: switch-acl.md section 2.5 (names differ from Cisco's)."""

from __future__ import annotations

# [recorded] One table for TCP and UDP; the name is what is printed.
PORTS: dict[str, int] = {
    "ftp-data": 20, "ftp": 21, "ssh": 22, "telnet": 23, "smtp": 25, "tacacs": 49, "dns": 53, "dhcp-server": 67,
    "dhcp-client": 68, "tftp": 69, "http": 80, "pop3": 110, "nntp": 119, "ntp": 123, "dce-rpc": 135,
    "netbios-ns": 137, "netbios-dgm": 138, "netbios-ssn": 139, "snmp": 161, "snmp-trap": 162, "bgp": 179, "ldap": 389,
    "https": 443, "microsoft-ds": 445, "isakmp": 500, "syslog": 514, "radius": 1812, "radius-acct": 1813,
    "iscsi": 3260, "rdp": 3389, "nat-t": 4500, "vxlan": 4789,
}  # fmt: skip
# [documented] `ip` is an alias of `any`.
PROTOCOLS: dict[str, int] = {
    "any": 0, "icmp": 1, "igmp": 2, "tcp": 6, "udp": 17, "gre": 47, "esp": 50, "ah": 51, "eigrp": 88, "ospf": 89,
    "pim": 103, "vrrp": 112, "l2tp": 115, "sctp": 132, "ip": 0,
}  # fmt: skip
# [documented] in IPv6 lists; `ipv6` is an alias of `any` there [assumed]
PROTOCOLS6: dict[str, int] = {
    "any": 0, "tcp": 6, "udp": 17, "gre": 47, "esp": 50, "ah": 51, "icmpv6": 58, "ospf": 89, "pim": 103, "vrrp": 112,
    "sctp": 132, "ipv6": 0,
}  # fmt: skip
WITH_PORTS = (6, 17, 132)
ICMP = {"echo": 8, "echo-reply": 0}
ICMP6 = {"echo": 128, "echo-reply": 129}  # [assumed]
FLAGS = ("urg", "ack", "psh", "rst", "syn", "fin")
# words that narrow a rule in ways a packet of the simulated site cannot show: stored, never matched
NARROWING = ("dscp", "ecn", "ip-precedence", "tos", "vlan", "ttl", "ip-option")


def name_of(table: dict[str, int], number: int) -> str:
    """Give the printed spelling of a number."""
    return next((name for name, value in table.items() if value == number), str(number))
