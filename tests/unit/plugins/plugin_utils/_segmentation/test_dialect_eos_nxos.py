# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from types import ModuleType

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation import dialect_eos, dialect_nxos
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import Opaque
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.cubes import compare
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import (
    ANY,
    ANY6,
    Address,
    Rule,
    normal_ports,
    rules_from,
)
from hypothesis import given, settings
from hypothesis import strategies as st

BOTH = pytest.mark.parametrize("dialect", [dialect_eos, dialect_nxos], ids=["eos", "nxos"])
EOS, NXOS = dialect_eos, dialect_nxos

_PORT = st.integers(0, 65535)
_PAIRS = st.lists(st.tuples(_PORT, _PORT).map(sorted), min_size=1, max_size=3).map(normal_ports)
_IPV4 = st.one_of(
    st.just(ANY),
    st.builds(lambda v, n: Address.masked(v, (1 << n) - 1), st.integers(0, 2**32 - 1), st.integers(0, 32)),
    st.builds(Address.masked, st.integers(0, 2**32 - 1), st.sampled_from([0x000300FF, 0x00000600, 5])),
)
_IPV6 = st.one_of(
    st.just(ANY6),
    st.builds(lambda v, n: Address.masked(v, (1 << n) - 1, 128), st.integers(0, 2**128 - 1), st.integers(0, 128)),
    st.builds(lambda v: Address.masked(v, 5, 128), st.integers(0, 2**128 - 1)),
)


@st.composite
def _rules(draw: st.DrawFn, address: st.SearchStrategy[Address], icmp: int) -> Rule:
    protocol = draw(st.sampled_from([None, icmp, 6, 17, 47, 112]))
    ports = protocol in (6, 17)
    return Rule(
        draw(st.sampled_from(["permit", "deny"])),
        protocol,
        draw(address),
        draw(address),
        draw(st.none() | _PAIRS) if ports else None,
        draw(st.none() | _PAIRS) if ports else None,
        draw(st.none() | st.tuples(st.integers(0, 255), st.none() | st.integers(0, 255))) if protocol == icmp else None,
        protocol == 6 and draw(st.booleans()),
        draw(st.booleans()),
        draw(st.text(max_size=150)),
    )


def _config(lines: list[str], indent: str = "   ") -> str:
    return "\n".join([lines[0], *(f"{indent}{line}" for line in lines[1:]), "!"])


@BOTH
@settings(max_examples=100, deadline=None)
@given(st.lists(_rules(_IPV4, 1), min_size=1, max_size=6))
def test_render_then_parse_is_identity_on_cubes(dialect: ModuleType, rules: list[Rule]) -> None:
    read = dialect.parse_lists(_config(dialect.render("L", rules)))["L"]
    assert read.opaque == ()
    assert compare(read.rules, rules).equal


@BOTH
@settings(max_examples=60, deadline=None)
@given(st.lists(_rules(_IPV6, 58), min_size=1, max_size=4))
def test_render_then_parse_is_identity_for_ipv6(dialect: ModuleType, rules: list[Rule]) -> None:
    closed = [*rules, Rule("deny", None, ANY6, ANY6, log=True)]
    read = dialect.parse_lists(_config(dialect.render("L", closed)))["L"]
    assert read.kind == "ipv6"
    assert read.opaque == ()
    assert compare(read.rules, closed).equal


def _one(dialect: ModuleType, line: str, head: str = "ip access-list L") -> Rule | Opaque:
    (entry,) = dialect.parse_lists(f"{head}\n   {line}\n")["L"].entries
    return entry


def _rule(dialect: ModuleType, line: str) -> Rule:
    entry = _one(dialect, line)
    assert isinstance(entry, Rule), line
    return entry


@BOTH
@pytest.mark.parametrize("spelled", ["host 10.0.0.7", "10.0.0.7/32", "10.0.0.7 0.0.0.0"])
def test_pitfall_01_host_spellings_are_the_same(dialect: ModuleType, spelled: str) -> None:
    assert _rule(dialect, f"10 permit ip {spelled} any").src == Address.of("10.0.0.7")


def test_pitfall_01_each_platform_is_sent_what_it_stores() -> None:
    rule = Rule("permit", 6, Address.of("10.0.0.0/24"), Address.of("10.9.0.10"), dst_ports=((502, 502),))
    assert EOS.render("L", [rule])[-1] == "permit tcp 10.0.0.0/24 host 10.9.0.10 eq 502"
    assert NXOS.render("L", [rule])[-1] == "permit tcp 10.0.0.0/24 10.9.0.10/32 eq 502"


@BOTH
def test_pitfall_02_host_before_a_port_loses_nothing(dialect: ModuleType) -> None:
    text = "ip access-list L\n   10 permit tcp host 10.0.0.1 eq 443 host 10.0.0.2 eq www\n   20 deny ip any any log\n"
    first, last = dialect.parse_lists(text)["L"].rules
    assert (first.src_ports, first.dst_ports) == (((443, 443),), ((80, 80),))
    assert last == Rule("deny", log=True)


@BOTH
@pytest.mark.parametrize(
    ("line", "src_ports", "dst_ports"),
    [
        ("permit tcp any any eq www", None, ((80, 80),)),
        ("permit tcp any any eq 80 443 8080", None, ((80, 80), (443, 443), (8080, 8080))),
        ("permit tcp any range ftp-data telnet any", ((20, 23),), None),
        ("permit tcp any any range time bgp", None, ((37, 179),)),
        ("permit tcp any any gt 1023", None, ((1024, 65535),)),
        ("permit udp any any lt ntp", None, ((0, 122),)),
        ("permit tcp any neq finger any", ((0, 78), (80, 65535)), None),
        ("permit udp any eq bootpc any eq bootps", ((68, 68),), ((67, 67),)),
        ("permit tcp any any range 443 80", None, ((80, 443),)),
    ],
)
def test_pitfall_03_ports_by_name_and_number(
    dialect: ModuleType, line: str, src_ports: object, dst_ports: object
) -> None:
    rule = _rule(dialect, line)
    assert (rule.src_ports, rule.dst_ports) == (src_ports, dst_ports)


def test_pitfall_03_several_ports_after_one_eq() -> None:
    rule = _rule(EOS, "20 permit tcp any eq www ups telnet time tunnel uucp vmnet host 10.10.10.10")
    assert rule.src_ports == tuple((port, port) for port in (23, 37, 80, 175, 401, 540, 604))
    assert rule.dst == Address.of("10.10.10.10")


@BOTH
def test_pitfall_04_port_names_are_per_protocol(dialect: ModuleType) -> None:
    assert _rule(dialect, "permit tcp any any eq cmd") == Rule("permit", 6, dst_ports=((514, 514),))
    assert _rule(dialect, "permit udp any any eq syslog") == Rule("permit", 17, dst_ports=((514, 514),))
    assert isinstance(_one(dialect, "permit udp any any eq cmd"), Opaque)
    assert isinstance(_one(dialect, "permit udp any any eq msrpc"), Opaque)


@BOTH
@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("permit 6 any any established", Rule("permit", 6, established=True)),
        ("permit 17 any any eq 161", Rule("permit", 17, dst_ports=((161, 161),))),
        ("permit 112 any any", Rule("permit", 112)),
        ("permit 0 any any", Rule("permit")),
        ("permit ospf any any", Rule("permit", 89)),
        ("deny icmp any any echo-reply", Rule("deny", 1, icmp=(0, None))),
        ("deny icmp any any 3 4 log", Rule("deny", 1, icmp=(3, 4), log=True)),
        ("deny   ip   any\tany   log", Rule("deny", log=True)),
        ("permit ip 10.0.0.7/24 any", Rule("permit", src=Address.of("10.0.0.0/24"))),
        ("permit ip 10.0.10.0 0.255.0.255 any", Rule("permit", src=Address.of("10.0.10.0/0.255.0.255"))),
    ],
)
def test_pitfall_06_10_numbers_names_and_states(dialect: ModuleType, line: str, rule: Rule) -> None:
    assert _rule(dialect, line) == rule


@BOTH
@pytest.mark.parametrize(
    "line",
    [
        "permit tcp any any eq 80 time-range WORK",
        "permit ip any any tracked",
        "permit udp any any eq bfd ttl eq 255",
        "permit ip 10.0.0.0/30 any fragments log",
        "permit tcp any any ack psh rst fin",
        "permit ip 10.0.0.0/24 any ttl 200",
        "permit tcp addrgroup A addrgroup B",
        "permit tcp any portgroup P any",
        "permit tcp any any eq 70000",
        "permit tcp any any eq no-such-port",
        "permit icmp any any 300",
        "permit ip any",
        "permit ip 2001:db8::/64 any",
        "permit ipv6 any any",
        "permit",
        "fragments permit-all",
        "no-such-setting",
    ],
)
def test_pitfall_08_09_what_is_not_understood_stays_opaque(dialect: ModuleType, line: str) -> None:
    assert _one(dialect, f"10 {line}" if line.startswith("permit") else line) == Opaque(line)


SHOW_EOS = """\
IP Access List default-control-plane-acl [readonly]
        statistics per-entry
        10 permit icmp any any
        20 permit ip any any tracked
        50 permit tcp any any eq ssh telnet www snmp bgp https msdp

IP Access List CELL
        counters per-entry
        10 permit tcp 10.0.0.0/24 host 10.9.0.10 eq 502 [match 12 packets, 0:00:05 ago]
        20 permit tcp 10.0.0.0/24 host 10.9.0.11 eq www [match 1 packet, 1 day, 0:00:05 ago]
        100 deny ip any any log

        Total rules configured: 3
        Configured on Ingress: Et1
        Active on     Ingress: Et1
Standard IP Access List S
        10 permit host 10.1.2.3
        20 permit 10.2.0.0/16
        30 deny any log
IPV6 Access List V6
        10 permit icmpv6 any any nd-na
        20 permit tcp host 2001:db8::1 2001:db8:2::/64 eq https
"""

SHOW_NXOS = """\
IP access list CELL
        statistics per-entry
        10 remark conduit a
        20 permit tcp 10.0.0.0/24 10.9.0.10/32 eq 502 [match=12]
        25 permit tcp 10.0.0.0/24 10.9.0.11/32 eq www [match=0]
        100 deny ip any any log [match=0]
IPv6 access list V6
        10 permit icmp any any router-advertisement
        20 permit udp any ff02::66/128 eq 2029
MAC access list copp-system-p-acl-mac-lacp
        10 permit any 0180.c200.0002 0000.0000.0000 0x8809
"""

CELL = """\
hostname sw\r
ip access-list CELL\r
{i}{counted}\r
{i}10 remark conduit a\r
{i}20 permit tcp 10.0.0.0/24 10.9.0.10/32 eq 502\r
{i}25 permit tcp 10.0.0.0/24 host 10.9.0.11 eq 80\r
{i}100 deny ip any any log\r
!\r
ip access-list EMPTY\r
interface Vlan10\r
{i}ip access-group CELL in\r
"""
CONFIG_EOS = CELL.format(i="   ", counted="statistics per-entry\r\n   counters per-entry")
CONFIG_NXOS = CELL.format(i="  ", counted="statistics per-entry")
SHOWN = pytest.mark.parametrize(
    ("dialect", "show", "config"), [(EOS, SHOW_EOS, CONFIG_EOS), (NXOS, SHOW_NXOS, CONFIG_NXOS)], ids=["eos", "nxos"]
)


@SHOWN
def test_pitfall_07_11_19_counters_numbers_and_settings_say_nothing(
    dialect: ModuleType, show: str, config: str
) -> None:
    shown, configured = dialect.parse_lists(show)["CELL"], dialect.parse_lists(config)["CELL"]
    assert shown.opaque == configured.opaque == ()
    assert [rule.match for rule in shown.rules] == [rule.match for rule in configured.rules]
    assert [rule.remark for rule in configured.rules] == ["conduit a", "", ""]


@SHOWN
def test_pitfall_13_an_empty_list_permits_everything(dialect: ModuleType, show: str, config: str) -> None:
    empty = dialect.parse_lists(config)["EMPTY"]
    assert empty.entries == ()
    assert compare(empty.effective, [Rule("permit")]).equal


def test_pitfall_14_a_standard_list_stays_standard() -> None:
    shown = dialect_eos.parse_lists(SHOW_EOS)["S"]
    assert shown.kind == "standard"
    assert [str(rule.src) for rule in shown.rules] == ["10.1.2.3/32", "10.2.0.0/16", "any"]
    configured = dialect_eos.parse_lists("ip access-list standard S\n   10 permit 10.1.2.3\n")["S"]
    assert configured.rules == (Rule("permit", src=Address.of("10.1.2.3")),)


@BOTH
def test_pitfall_15_equal_entries_and_remarks_are_written_once(dialect: ModuleType) -> None:
    rule = Rule("permit", 6, dst_ports=((80, 80),), remark="same")
    other = Rule("permit", 6, dst_ports=((81, 81),), remark="same")
    lines = dialect.render("L", [rule, other, Rule("permit", 6, dst_ports=((80, 80),), log=True)])
    assert lines[2:] == ["remark same", "permit tcp any any eq 80", "permit tcp any any eq 81"]


@BOTH
def test_a_remark_holds_nothing_the_command_line_acts_on(dialect: ModuleType) -> None:
    line = dialect.render("L", [Rule("permit", remark="owner? a ; reload | b > c $(X)\n end \u00fc")])[2]
    assert line == "remark owner a reload b c (X) end"


# A rule under two numbers, as NX-OS keeps it, is one rule
def test_pitfall_12_the_same_rule_twice_says_nothing_new() -> None:
    twice = "ip access-list L\n  10 permit tcp any any eq 80\n  20 permit tcp any any eq www\n"
    assert compare(NXOS.parse_lists(twice)["L"].rules, [Rule("permit", 6, dst_ports=((80, 80),))]).equal


def test_pitfall_20_a_list_of_the_system_is_known_as_such() -> None:
    found = dialect_eos.parse_lists(SHOW_EOS)["default-control-plane-acl"]
    assert found.kind == dialect_eos.READ_ONLY
    assert found.opaque == ("permit ip any any tracked",)


@BOTH
def test_pitfall_17_lists_of_both_families_may_share_a_name(dialect: ModuleType) -> None:
    four, six = "ip access-list L\n   10 permit ip any any\n", "ipv6 access-list L\n   10 deny ipv6 any any\n"
    for text in (four + six, six + four):
        lists = dialect.parse_lists(text)
        assert lists["L"].rules == (Rule("permit"),)
        assert lists["L (ipv6)"].rules == (Rule("deny", None, ANY6, ANY6),)


def test_ipv6_lists_of_each_platform() -> None:
    eos = dialect_eos.parse_lists(SHOW_EOS)["V6"]
    assert [rule.icmp for rule in eos.rules] == [(136, None), None]
    assert (str(eos.rules[1].src), str(eos.rules[1].dst)) == ("2001:db8::1/128", "2001:db8:2::/64")
    nxos = dialect_nxos.parse_lists(SHOW_NXOS)["V6"]
    assert nxos.rules[0].protocol == 58
    # Neighbour discovery is permitted invisibly unless the list ends in an entry for everything.
    assert [rule.icmp for rule in nxos.rules[2:]] == [(136, None), (135, None), (134, None), (133, None)]
    assert set(dialect_nxos.parse_lists(SHOW_NXOS)) == {"CELL", "V6"}


GROUPS = """\
object-group ip address PLC
  10 host 10.9.0.10
  20 10.9.1.0/24
  30 10.9.2.0 0.0.0.255
object-group ip port WEB
  10 eq 80
  20 range 8000 8010
object-group ip address ODD
  10 host-info nothing
ip access-list L
  10 permit tcp 10.0.0.0/24 addrgroup PLC portgroup WEB
  20 permit tcp any addrgroup ODD
  30 permit tcp any addrgroup GONE
"""


def test_pitfall_09_object_groups_are_expanded_or_stay_opaque() -> None:
    found = NXOS.parse_lists(GROUPS)["L"]
    assert [str(rule.dst) for rule in found.rules] == ["10.9.0.10/32", "10.9.1.0/24", "10.9.2.0/24"]
    assert {rule.dst_ports for rule in found.rules} == {((80, 80), (8000, 8010))}
    assert found.opaque == ("permit tcp any addrgroup ODD", "permit tcp any addrgroup GONE")


@BOTH
def test_a_list_is_of_one_family(dialect: ModuleType) -> None:
    mixed = rules_from([{"action": "permit"}, {"action": "permit", "family": "ipv6"}])
    with pytest.raises(InputError, match="mixes"):
        dialect.render("L", mixed)


@BOTH
def test_pitfall_16_18_remarks_stay_with_their_entries_whatever_their_number(dialect: ModuleType) -> None:
    rules = [Rule("permit", 6, dst_ports=((80, 80),), remark="web"), Rule("deny", log=True, remark="the end")]
    read = dialect.parse_lists(_config(dialect.render("L", rules)))["L"].rules
    assert [rule.remark for rule in read] == ["web", "the end"]
    before = "ip access-list L\n   10 remark web\n   20 permit tcp any any eq 80\n   30 deny ip any any log\n"
    after = "ip access-list L\n   10 permit tcp any any eq 80\n   20 remark web\n   30 deny ip any any log\n"
    first, second = dialect.parse_lists(before)["L"], dialect.parse_lists(after)["L"]
    assert compare(first.rules, second.rules).equal
    assert [rule.remark for rule in second.rules] == ["", "web"]


@BOTH
def test_names_of_every_port_that_is_sent_are_read_back(dialect: ModuleType) -> None:
    names = dialect_eos.EOS if dialect is EOS else dialect_nxos.NXOS
    for protocol, table in names.ports.items():
        word = "tcp" if protocol == 6 else "udp"
        for name, number in table.items():
            assert _rule(dialect, f"permit {word} any any eq {name}").dst_ports == ((number, number),)
