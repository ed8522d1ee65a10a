# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the switch stores and prints for what is typed; one row a rewrite of switch-acl.md section 3."""

from __future__ import annotations

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch.entry import (
    CliError,
    parse_entry,
    tokens_of,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch.tables import (
    ICMP_TYPES,
    PROTOCOLS,
    TCP_PORTS,
    UDP_PORTS,
)

CANONICAL = [
    ("permit ip 0.0.0.0 255.255.255.255 any", "permit ip any any"),
    ("permit ip 10.1.2.3 255.255.255.255 any", "permit ip any any"),
    ("permit ip 10.1.2.3 0.0.0.0 any", "permit ip host 10.1.2.3 any"),
    ("permit ip host 10.1.2.3 host 10.1.2.4", "permit ip host 10.1.2.3 host 10.1.2.4"),
    ("permit ip 10.0.0.7 0.0.0.255 any", "permit ip 10.0.0.0 0.0.0.255 any"),
    ("permit ip 10.9.8.7 0.255.0.255 any", "permit ip 10.0.8.0 0.255.0.255 any"),
    ("permit tcp any any eq 80", "permit tcp any any eq www"),
    ("permit tcp any any eq www", "permit tcp any any eq www"),
    ("permit tcp any any eq 443", "permit tcp any any eq 443"),
    ("permit tcp any eq 22 any", "permit tcp any eq 22 any"),
    (
        "permit tcp host 10.0.0.1 eq 5985 host 10.0.0.2 established",
        "permit tcp host 10.0.0.1 eq 5985 host 10.0.0.2 established",
    ),
    ("permit tcp any any eq 80 443 8080", "permit tcp any any eq www 443 8080"),
    ("permit tcp any any range 20 80", "permit tcp any any range ftp-data www"),
    ("permit tcp any any range 80 20", "permit tcp any any range ftp-data www"),
    ("permit tcp any any gt 1023", "permit tcp any any gt 1023"),
    ("permit tcp any any lt 1024", "permit tcp any any lt 1024"),
    ("permit tcp any any neq 23", "permit tcp any any neq telnet"),
    ("permit udp any any eq 53", "permit udp any any eq domain"),
    ("permit udp any any eq 123", "permit udp any any eq ntp"),
    ("permit udp any eq 68 any eq 67", "permit udp any eq bootpc any eq bootps"),
    ("permit udp any any eq 514", "permit udp any any eq syslog"),
    ("permit tcp any any eq 514", "permit tcp any any eq cmd"),
    ("permit tcp any any eq syslog", "permit tcp any any eq cmd"),
    ("permit udp any any eq 135", "permit udp any any eq 135"),
    ("permit tcp any any eq 135", "permit tcp any any eq msrpc"),
    ("permit udp any any eq 512", "permit udp any any eq biff"),
    ("permit tcp any any eq 512", "permit tcp any any eq exec"),
    ("permit 6 any any", "permit tcp any any"),
    ("permit 17 any any eq 161", "permit udp any any eq snmp"),
    ("permit 0 any any", "permit ip any any"),
    ("permit 112 any any", "permit 112 any any"),
    ("permit 51 any any", "permit ahp any any"),
    ("permit icmp any any 8", "permit icmp any any echo"),
    ("permit icmp any any 3 3", "permit icmp any any port-unreachable"),
    ("permit icmp any any 3 9", "permit icmp any any 3 9"),
    ("permit icmp any any echo-reply", "permit icmp any any echo-reply"),
    ("DENY   ip   any  ANY   log", "deny ip any any log"),
    ("deny ip any any log-input", "deny ip any any log-input"),
    ("remark  two   blanks ", "remark two blanks"),
    ("evaluate mirror", "evaluate mirror"),
    ("permit tcp any any eq 80 dscp ef", "permit tcp any any eq www dscp ef"),
    ("permit tcp any any time-range night", "permit tcp any any time-range night"),
    ("permit object-group svc any object-group DST", "permit object-group svc any object-group DST"),
]
STANDARD = [
    ("permit host 10.0.0.1", "permit 10.0.0.1", "permit 10.0.0.1"),
    ("permit 10.0.0.1", "permit 10.0.0.1", "permit 10.0.0.1"),
    ("deny any log", "deny   any log", "deny   any log"),
    ("permit 10.0.10.7 0.255.0.255", "permit 10.0.10.0 0.255.0.255", "permit 10.0.10.0, wildcard bits 0.255.0.255"),
]
REFUSED = [
    ("permit", "incomplete", None),
    ("permit tcp any", "incomplete", None),
    ("permit tcp any any eq", "incomplete", None),
    ("permit ip host", "incomplete", None),
    ("allow ip any any", "invalid", 0),
    ("permit tcp any any eq https", "invalid", 22),
    ("permit ip 10.0.0.0/24 any", "invalid", 10),
    ("permit tcp any any eq 70000", "invalid", 22),
    ("permit ip any any eq 80", "invalid", 18),
    ("permit udp any any established", "invalid", 19),
    ("permit ip host 10.0.0.256 any", "invalid", 15),
    ("permit 256 any any", "invalid", 7),
    ("deny ip any any nonsense", "invalid", 16),
]


@pytest.mark.parametrize(("typed", "stored"), CANONICAL)
def test_stored_spelling(typed: str, stored: str) -> None:
    entry = parse_entry(tokens_of(typed), standard=False)
    assert entry.body == stored
    assert parse_entry(tokens_of(stored), standard=False) == entry


@pytest.mark.parametrize(("typed", "stored", "shown"), STANDARD)
def test_stored_spelling_of_standard_lists(typed: str, stored: str, shown: str) -> None:
    entry = parse_entry(tokens_of(typed), standard=True)
    assert (entry.body, entry.shown) == (stored, shown)
    assert parse_entry(tokens_of(stored), standard=True) == entry


@pytest.mark.parametrize(("typed", "kind", "column"), REFUSED)
def test_refused(typed: str, kind: str, column: int | None) -> None:
    with pytest.raises(CliError) as caught:
        parse_entry(tokens_of(typed), standard=False)
    assert caught.value.kind == kind
    if column is not None:
        assert caught.value.column == column


@pytest.mark.parametrize(("protocol", "table"), [("tcp", TCP_PORTS), ("udp", UDP_PORTS)])
def test_every_port_name_and_its_number_are_one_entry(protocol: str, table: dict[str, int]) -> None:
    for name, number in table.items():
        by_name = parse_entry(tokens_of(f"permit {protocol} any any eq {name}"), standard=False)
        assert by_name == parse_entry(tokens_of(f"permit {protocol} any any eq {number}"), standard=False)


def test_every_protocol_and_icmp_name_reads_back() -> None:
    for name in PROTOCOLS:
        assert parse_entry(tokens_of(f"deny {name} any any"), standard=False).body == f"deny {name} any any"
    for name in ICMP_TYPES:
        assert parse_entry(tokens_of(f"deny icmp any any {name}"), standard=False).body == f"deny icmp any any {name}"
