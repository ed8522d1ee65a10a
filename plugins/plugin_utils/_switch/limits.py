# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a list does not do where it is bound, though somebody may think so, in words. Pure."""

from __future__ import annotations

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.vlan_lists import NOT_WITHIN
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import IPV6, Config, Interface, way_of

_NO_IPV6 = "IPv6 is not stopped: no list of IPv6 is bound to this port"
_NO_ROUTING = "and without 'ip routing' it protects only the switch itself"


def past_vlan(config: Config, port: Interface) -> str:
    """Say what a list on a VLAN interface leaves out; "" for every other interface."""
    if not port.is_svi:
        return ""
    return NOT_WITHIN if config.ip_routing else f"{NOT_WITHIN}, {_NO_ROUTING}"


def past_ipv6(config: Config, port: Interface, way: str) -> list[str]:
    """Say that IPv6 passes a port of layer 2 beside the IPv4 list that goes this way."""
    other = config.find(port.lists.get(way_of("in", IPV6)), IPV6)
    return [_NO_IPV6] if way == way_of("in") and port.access and not (other and other.entries) else []
