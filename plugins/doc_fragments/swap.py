# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of the plugins that swap lists on a switch."""

from __future__ import annotations


class ModuleDocFragment:
    """What a swap may do, and what it must not take away."""

    DOCUMENTATION = r"""
options:
  revert_minutes:
    description:
      - Minutes until the switch takes the change back unless it is confirmed; what the platform takes, such as V(1) to
        V(120).
      - Without it three times what reading the switch and building the lists took, at least two minutes.
    type: int
  allow_no_revert_timer:
    description:
      - Write also to a switch that has nothing to take a change back by itself. If the session is lost in the middle,
        nothing does.
    type: bool
    default: false
  allow_reload_timer:
    description:
      - Let a Cisco IOS or IOS-XE switch that has neither an archive nor EEM take a change back by B(restarting), with
        C(reload in). If the session is lost, the switch and everything behind it is down until it has started again.
      - Only where the startup configuration is, word for word, what runs; else it is refused.
    type: bool
    default: false
  allow_no_routing:
    description: Bind a list to a VLAN interface of a switch that does not route. It protects only the switch itself.
    type: bool
    default: false
  protect:
    description:
      - Flows that no new list may deny, nor their replies; proven for every packet from client ports above 1023.
      - A flow counts for a binding whose address is within its C(src) or C(dst), and for all bindings whose address is
        not known.
    type: list
    elements: dict
    default: []
    suboptions:
      src:
        description: Prefix of the source; left out it is any.
        type: str
      dst:
        description: Prefix of the destination.
        type: str
        required: true
      protocol:
        description: Protocol by name or number.
        type: str
        default: tcp
      dst_port:
        description: Destination port of tcp and udp.
        type: int
  management_address:
    description:
      - Address of the automation node as the switch sees it. A list on an uplink, a routed port or a VLAN interface
        that would deny its SSH to C(ansible_host), or the replies, is refused, and so is a switch whose terminal lines
        would not let this address in.
    type: str
"""
