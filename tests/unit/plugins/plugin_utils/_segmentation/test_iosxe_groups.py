# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Object groups, lists of classic 15.x and IPv6 lists of Cisco IOS and IOS-XE."""

from __future__ import annotations

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import Opaque
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.cubes import compare
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.dialect_iosxe import parse_lists, render
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.iosxe_entry import Service, parse_entry
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.iosxe_groups import parse_groups
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import (
    ANY,
    ANY6,
    Address,
    Rule,
    normal_ports,
)
from hypothesis import given, settings
from hypothesis import strategies as st

GROUPS = """\
object-group network INNER
 description the servers
 10.9.0.0 255.255.255.0
 host 10.8.0.1
object-group network PCS
 host 10.20.1.11
 range 10.20.2.2 10.20.2.4
 group-object INNER
object-group network LOOP
 group-object LOOP
object-group network EMPTY
object-group network ODD
 host 10.0.0.1
 fqdn server.example
object-group service WEB
 tcp eq www
 tcp source gt 1023 range 8000 8010
 tcp-udp eq domain
 icmp echo
 udp
 112
 group-object REST
object-group service REST
 ip
object-group service BAD
 tcp eq nonsense
object-group network GONE
 group-object NOWHERE
"""
LIST = """\
ip access-list extended CELL
 10 permit tcp object-group PCS object-group INNER eq 443
 20 permit object-group ICMP_WEB any any
 30 deny ip any object-group ODD
 40 deny ip any any log
"""


def test_network_groups_are_expanded_to_their_last_member() -> None:
    networks = parse_groups(GROUPS).networks
    assert [str(address) for address in networks["INNER"]] == ["10.9.0.0/24", "10.8.0.1/32"]
    assert [str(address) for address in networks["PCS"]] == [
        "10.20.1.11/32",
        "10.20.2.2/31",
        "10.20.2.4/32",
        "10.9.0.0/24",
        "10.8.0.1/32",
    ]
    assert set(networks) == {"INNER", "PCS"}


def test_service_groups_are_expanded_to_their_last_member() -> None:
    services = parse_groups(GROUPS).services
    assert services["WEB"] == (
        Service(6, None, ((80, 80),)),
        Service(6, ((1024, 65535),), ((8000, 8010),)),
        Service(6, None, ((53, 53),)),
        Service(17, None, ((53, 53),)),
        Service(1, icmp=(8, None)),
        Service(17),
        Service(112),
        Service(),
    )
    assert set(services) == {"WEB", "REST"}


def test_pitfall_09_lines_with_groups_are_expanded_or_opaque_never_dropped() -> None:
    cell = parse_lists(f"{GROUPS}{LIST}")["CELL"]
    assert cell.opaque == ("permit object-group ICMP_WEB any any", "deny ip any object-group ODD")
    assert len(cell.rules) == 5 * 2 + 1
    assert cell.rules[0].match == Rule(
        "permit", 6, Address.of("10.20.1.11"), Address.of("10.9.0.0/24"), dst_ports=((443, 443),)
    )
    assert cell.rules[-1] == Rule("deny", log=True)


def test_pitfall_09_an_entry_of_services_means_each_of_them() -> None:
    found = parse_entry("permit object-group WEB any host 10.0.0.9 log", groups=parse_groups(GROUPS))
    assert len(found) == 8
    assert Rule("permit", 6, dst=Address.of("10.0.0.9"), dst_ports=((80, 80),), log=True) in found


def test_groups_equal_the_same_rules_written_out() -> None:
    grouped = parse_lists(f"{GROUPS}ip access-list extended A\n permit ip object-group INNER any\n deny ip any any\n")
    plain = parse_lists("ip access-list extended A\n permit ip 10.9.0.0 0.0.0.255 any\n permit ip host 10.8.0.1 any\n")
    assert compare(grouped["A"].rules, plain["A"].rules).equal


def test_a_shown_list_takes_its_groups_from_the_configuration() -> None:
    shown = "Extended IP access list CELL\n    10 permit ip object-group INNER any (3 matches)\n"
    assert parse_lists(shown)["CELL"].opaque == ("permit ip object-group INNER any",)
    assert len(parse_lists(shown, parse_groups(GROUPS))["CELL"].rules) == 2


CLASSIC = """\
ip access-list extended CELL
 remark conduit a
 permit tcp 10.0.0.0 0.0.0.255 host 10.9.0.10 eq 502
 remark 10 permit nothing
 deny   ip any any log
access-list 10 remark the managers
access-list 10 permit 10.20.90.0 0.0.0.255
access-list 10 deny   any log
access-list 1300 permit 10.1.1.1
access-list 2000 permit tcp any any eq www
"""


def test_pitfall_12_classic_lists_have_no_numbers() -> None:
    numbered = "Extended IP access list CELL\n    10 permit tcp 10.0.0.0 0.0.0.255 host 10.9.0.10 eq 502\n"
    classic, new = (
        parse_lists(CLASSIC)["CELL"],
        parse_lists(f"{numbered}    100 deny ip any any log (1 match)\n")["CELL"],
    )
    assert [rule.match for rule in classic.rules] == [rule.match for rule in new.rules]
    assert [rule.remark for rule in classic.rules] == ["conduit a", "10 permit nothing"]


def test_pitfall_14_numbered_lists_keep_their_kind() -> None:
    lists = parse_lists(CLASSIC)
    assert {name: found.kind for name, found in lists.items()} == {
        "CELL": "extended",
        "10": "standard",
        "1300": "standard",
        "2000": "extended",
    }
    assert lists["10"].rules[0] == Rule("permit", src=Address.of("10.20.90.0/24"), remark="the managers")
    assert lists["1300"].rules[0].src == Address.of("10.1.1.1")


IPV6_CONFIG = """\
ipv6 access-list SIX
 sequence 10 remark the conduit
 sequence 20 permit tcp 2001:DB8:1::/64 host 2001:DB8:2::1 eq 443
 sequence 30 permit icmp any any nd-na
 sequence 40 deny ipv6 any any log
ipv6 access-list OLD
 remark old boxes write no numbers
 permit udp host 2001:DB8::1 any eq domain
ip access-list extended BOTH
 permit ip any any
ipv6 access-list BOTH
 permit ipv6 any any
"""
IPV6_SHOW = """\
IPv6 access list SIX
    permit tcp 2001:DB8:1::/64 host 2001:DB8:2::1 eq 443 (12 matches) sequence 20
    permit icmp any any nd-na sequence 30
    deny ipv6 any any log (1 match) sequence 40
"""


def test_pitfall_17_ipv6_lists_of_new_and_old_boxes() -> None:
    lists = parse_lists(IPV6_CONFIG)
    assert set(lists) == {"SIX", "OLD", "BOTH", "BOTH (ipv6)"}
    six = lists["SIX"]
    assert six.kind == "ipv6"
    assert six.opaque == ()
    assert six.rules[0] == Rule(
        "permit",
        6,
        Address.of("2001:db8:1::/64"),
        Address.of("2001:db8:2::1/128"),
        dst_ports=((443, 443),),
        remark="the conduit",
    )
    shown = parse_lists(IPV6_SHOW)["SIX"]
    assert [rule.match for rule in shown.rules] == [rule.match for rule in six.rules]
    assert lists["OLD"].rules[0].remark == "old boxes write no numbers"


def test_pitfall_17_neighbour_discovery_is_permitted_behind_the_last_entry() -> None:
    old = parse_lists(IPV6_CONFIG)["OLD"]
    wanted = [
        old.rules[0],
        Rule("permit", 58, ANY6, ANY6, icmp=(136, None)),
        Rule("permit", 58, ANY6, ANY6, icmp=(135, None)),
        Rule("deny", src=ANY6, dst=ANY6),
    ]
    assert compare(old.rules, wanted).equal
    # An explicit last deny comes first: then nothing is permitted behind it.
    assert len(parse_lists(IPV6_CONFIG)["SIX"].rules) == 3


@pytest.mark.parametrize(
    "text",
    [
        "permit ip any any",
        "permit tcp any 10.0.0.0 0.0.0.255",
        "permit ipv6 any any dscp ef",
        "permit ipv6 any any routing",
        "permit icmp any any echo",
        "permit ipv6 2001:DB8::1 any",
        "permit tcp any any reflect X",
        "evaluate X",
    ],
)
def test_pitfall_08_unknown_words_of_ipv6_lists_stay_opaque(text: str) -> None:
    assert parse_entry(text, kind="ipv6") == [Opaque(text)]


_PORT = st.integers(0, 65535)
_PAIRS = st.lists(st.tuples(_PORT, _PORT).map(sorted), min_size=1, max_size=3).map(normal_ports)
_ADDRESS6 = st.one_of(
    st.just(ANY6),
    st.builds(lambda v, n: Address.masked(v, (1 << n) - 1, 128), st.integers(0, 2**128 - 1), st.integers(0, 128)),
    st.builds(lambda v: Address.masked(v, 0x600FF, 128), st.integers(0, 2**128 - 1)),
)


@st.composite
def _rules6(draw: st.DrawFn) -> Rule:
    protocol = draw(st.sampled_from([None, 58, 6, 17, 47]))
    ports = protocol in (6, 17)
    kinds = st.tuples(st.integers(0, 255), st.none() | st.integers(0, 255))
    return Rule(
        draw(st.sampled_from(["permit", "deny"])),
        protocol,
        draw(_ADDRESS6),
        draw(_ADDRESS6),
        draw(st.none() | _PAIRS) if ports else None,
        draw(st.none() | _PAIRS) if ports else None,
        draw(st.none() | kinds) if protocol == 58 else None,
        protocol == 6 and draw(st.booleans()),
        draw(st.booleans()),
        draw(st.text(max_size=60)),
    )


@settings(max_examples=80, deadline=None)
@given(st.lists(_rules6(), max_size=5))
def test_render_then_parse_is_identity_on_cubes_of_ipv6(rules: list[Rule]) -> None:
    rules = [*rules, Rule("deny", src=ANY6, dst=ANY6, log=True)]
    lines = render("L", rules)
    assert lines[0] == "ipv6 access-list L"
    read = parse_lists("\n".join([lines[0], *(f" {line}" for line in lines[1:]), "!"]))["L"]
    assert read.opaque == ()
    assert compare(read.rules, rules).equal


def test_the_icmp_of_the_other_family_is_written_by_its_number() -> None:
    assert render("L", [Rule("permit", 58)])[1] == "permit 58 any any"
    assert render("L", [Rule("permit", 1, ANY6, ANY6)])[1] == "permit 1 any any"
    assert render("L", [Rule("permit", 58, ANY6, ANY6, icmp=(135, None))])[1] == "permit icmp any any 135"
    assert render("L", [Rule("permit", 1, ANY, ANY)])[1] == "permit icmp any any"
