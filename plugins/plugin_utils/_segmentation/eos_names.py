# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that Arista EOS prints instead of numbers, per protocol (reference switch-acl.md section 3).

They are only read; numbers are always sent. A name that is not in here makes its line opaque, which stops: better than
a number that is only guessed. A part of the names is recorded from devices, the others are taken to be what the vendor
calls the services of the IANA registry.
"""

from __future__ import annotations

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.prefix_entries import Names

_BOTH: dict[str, int] = {
    "bfd": 3784, "bgp": 179, "discard": 9, "domain": 53, "echo": 7, "https": 443, "kerberos": 88, "kpasswd": 464,
    "ldap": 389, "ldaps": 636, "ldp": 646, "microsoft-ds": 445, "ms-sql-m": 1434, "ms-sql-s": 1433,
    "netbios-dgm": 138, "netbios-ns": 137, "netbios-ss": 139, "netbios-ssn": 139, "nfs": 2049, "pim-auto-rp": 496,
    "ptp-event": 319, "ptp-general": 320, "radius": 1812, "radius-acct": 1813, "sip": 5060, "snmp": 161,
    "snmptrap": 162, "sunrpc": 111, "tacacs": 49, "talk": 517, "time": 37, "www": 80,
}  # fmt: skip

TCP_PORTS: dict[str, int] = _BOTH | {
    "acap": 674, "acr-nema": 104, "afpovertcp": 548, "arns": 384, "asip-webadmin": 311, "at-rtmp": 201, "aurp": 387,
    "auth": 113, "bftp": 152, "bgmp": 264, "chargen": 19, "cisco-tdp": 711, "citadel": 504, "clearcase": 371,
    "cmd": 514, "commerce": 542, "courier": 530, "csnet-ns": 105, "daytime": 13, "dhcp-failover2": 847,
    "dhcpv6-client": 546, "dhcpv6-server": 547, "dsp": 33, "efs": 520, "epp": 700, "esro-gen": 259, "exec": 512,
    "finger": 79, "ftp": 21, "ftp-data": 20, "ftps": 990, "ftps-data": 989, "gopher": 70, "ha-cluster": 694,
    "hostname": 101, "hp-alarm-mgr": 383, "http-alt": 8080, "http-mgmt": 280, "http-rpc-epmap": 593,
    "ident": 113, "ieee-mms-ssl": 695, "imap3": 220, "imap4": 143, "imaps": 993, "ipp": 631, "ipx": 213, "irc": 194,
    "irc-serv": 529, "ircs": 994, "iscsi": 3260, "iso-tsap": 102, "klogin": 543, "kshell": 544, "la-maint": 51,
    "lmp": 701, "login": 513, "lpd": 515, "mac-srvr-admin": 660, "matip-type-a": 350,
    "matip-type-b": 351, "micom-pfs": 490, "mpp": 218, "msdp": 639,
    "msexch-routing": 691, "msg-icp": 29, "msp": 18, "nas": 991, "ncp": 524, "netconf-ssh": 830, "netrjs-1": 71,
    "netrjs-2": 72, "netrjs-3": 73, "netrjs-4": 74, "netwnews": 532, "new-rwho": 550, "nntp": 119,
    "nntps": 563, "nsw-fe": 27, "odmr": 366, "openvpn": 1194, "pkix-timestamp": 318, "pkt-krb-ipsec": 1293,
    "pop2": 109, "pop3": 110, "pop3s": 995, "pptp": 1723, "print-srv": 170, "qmtp": 209, "qotd": 17,
    "re-mail-ck": 50, "remotefs": 556, "repcmd": 641, "rje": 5, "rlp": 39, "rlzdbase": 635, "rmc": 657,
    "rmonitor": 560, "rpc2portmap": 369, "rsync": 873, "rtelnet": 107, "rtsp": 554, "sgmp": 153, "silc": 706,
    "smtp": 25, "smux": 199, "snagas": 108, "snpp": 444, "sqlserv": 118, "sqlsrv": 156, "ssh": 22, "svrloc": 427,
    "systat": 11, "tbrpf": 712, "tcpmux": 1, "tcpnethaspsrv": 475, "telnet": 23, "tunnel": 604, "ups": 401,
    "uucp": 540, "uucp-path": 117, "vmnet": 175, "whois": 43, "xns-ch": 54, "xns-mail": 58,
    "xns-time": 52, "z39-50": 210,
}  # fmt: skip

UDP_PORTS: dict[str, int] = _BOTH | {
    "bfd-echo": 3785, "biff": 512, "bootpc": 68, "bootps": 67, "dhcpv6-client": 546,
    "dhcpv6-server": 547, "dnsix": 195, "isakmp": 500, "micro-bfd": 6784, "mobile-ip": 434, "multihop-bfd": 4784,
    "nameserver": 42, "non500-isakmp": 4500, "ntp": 123,
    "rip": 520, "ripng": 521, "syslog": 514, "tftp": 69, "vxlan": 4789, "who": 513, "xdmcp": 177,
}  # fmt: skip

PROTOCOLS: dict[str, int] = {
    "ahp": 51, "eigrp": 88, "esp": 50, "gre": 47, "icmp": 1, "icmpv6": 58, "igmp": 2, "ospf": 89, "pim": 103,
    "rsvp": 46, "sctp": 132, "tcp": 6, "udp": 17, "vrrp": 112,
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

ICMP6: dict[str, tuple[int, int | None]] = {
    "echo-reply": (129, None), "echo-request": (128, None), "mld-query": (130, None), "mld-reduction": (132, None),
    "mld-report": (131, None), "nd-na": (136, None), "nd-ns": (135, None), "neighbor-advertisement": (136, None),
    "neighbor-solicitation": (135, None), "packet-too-big": (2, None), "parameter-problem": (4, None),
    "port-unreachable": (1, 4), "router-advertisement": (134, None), "router-solicitation": (133, None),
    "time-exceeded": (3, None), "unreachable": (1, None),
}  # fmt: skip

EOS = Names({6: TCP_PORTS, 17: UDP_PORTS}, PROTOCOLS, ICMP, ICMP6)
