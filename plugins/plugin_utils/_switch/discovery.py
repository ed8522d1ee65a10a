# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Neighbour discovery: what every IPv6 list has to let through, or nothing behind it speaks IPv6 at all. Pure.

The permits that some platforms put behind the last entry of an IPv6 list never count: ours always end in a rule for
everything (switch-acl.md section 1, rule 1).
"""

from __future__ import annotations

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import PROTOCOLS, Address, Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.paths import first_denied
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import IPV6
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.wanted import Wanted

SOLICITATION, ADVERTISEMENT = 135, 136
_LINK_LOCAL = Address.of("fe80::/10")
# Who asks whether an address is free has none yet, and asks a group only (RFC 4862, section 5.4.2).
_NO_ADDRESS = Address.of("::/128")
_ALL_NODES = Address.of("ff02::1/128")
_SOLICITED = Address.of("ff02::1:ff00:0/104")


def discovery(direction: str, behind: Address | None) -> list[Rule]:
    """Give the solicitations and advertisements that pass a list, as rules that match them (RFC 4861, section 4).

    Args:
        direction: in, from what is behind the interface; out, to it.
        behind: the address behind the interface, where it is known.
    """
    known = [] if behind is None else [behind]
    sources = [_LINK_LOCAL, *(known if direction == "in" else ())]
    targets = [_LINK_LOCAL, *(known if direction == "out" else ())]
    pairs = [(SOLICITATION, _NO_ADDRESS, _SOLICITED)]
    pairs += [(SOLICITATION, src, dst) for src in sources for dst in (_SOLICITED, *targets)]
    pairs += [(ADVERTISEMENT, src, dst) for src in sources for dst in (_ALL_NODES, *targets)]
    return [Rule("permit", PROTOCOLS["icmpv6"], src, dst, icmp=(kind, 0)) for kind, src, dst in pairs]


def denied_discovery(want: Wanted) -> list[str]:
    """Name the neighbour discovery that a new IPv6 list would deny, unless that is what is wanted."""
    if want.family != IPV6 or want.absent or want.again or want.no_discovery:
        return []
    behind = Address.of(want.address) if want.address else None
    denied = first_denied(want.rules, discovery(want.direction, behind))
    if not denied:
        return []
    return [
        f"the new list would deny neighbour discovery, without which nothing behind it speaks IPv6: {denied}; permit"
        f" icmpv6 {SOLICITATION} and {ADVERTISEMENT}, or set allow_no_neighbor_discovery where IPv6 is to be shut"
    ]
