# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: switch_acl_info
short_description: Tell which lists a site switch holds, what they are bound to and what is open
version_added: 0.1.0
description:
  - Reads access lists, their bindings, hit counters, room in the hardware, a pending revert timer and what a restart
    would change, of one switch. Runs on the controller, once a switch, over SSH (Netmiko) with strict host keys.
  - It never writes; not even configuration mode is entered.
  - The result has the same keys always; a part that was not asked for is null.
  - Supports the platforms of M(otedge.endpoint.switch_acl). A user who may read the configuration is enough.
options:
  gather:
    description:
      - What to read - V(lists), V(bindings), V(counters), V(resources) (room in the hardware), V(timer), V(saved) (what
        a restart would change) and V(obstacles) (what stands against writing).
    type: list
    elements: str
    choices: [lists, bindings, counters, resources, timer, saved, obstacles]
    default: [lists, bindings, counters, resources, timer, saved, obstacles]
  names:
    description:
      - Only these lists, in RV(lists), RV(bindings), RV(counters) and RV(unused).
      - With V(lists) or V(counters) and nothing else that needs the configuration, each list is asked for by its name,
        so that the time depends on them and not on what else the switch holds. Remarks are then given only where the
        platform shows them beside the entries, and what is bound is null.
    type: list
    elements: str
    default: []
  query:
    description:
      - JMESPath over the whole result, such as V(open[].interface). It has to give a list, which is RV(selected).
      - Needs the Python library jmespath on the controller.
    type: str
extends_documentation_fragment:
  - otedge.endpoint.attributes.info
  - otedge.endpoint.attributes.controller
  - otedge.endpoint.switch
seealso:
  - module: otedge.endpoint.switch_acl
  - module: otedge.endpoint.switch_acl_rollback
author: otedge.endpoint contributors (@otedge)
"""

EXAMPLES = r"""
- name: Read everything
  otedge.endpoint.switch_acl_info:
  register: switch_lists

- name: Refuse to go on with a port that looks filtered and is open
  ansible.builtin.assert:
    that: switch_lists.open | length == 0
    fail_msg: "{{ switch_lists.open }}"

- name: Which entries of a list did nothing match
  otedge.endpoint.switch_acl_info:
    gather: [counters]
    names: [OTE_l1_op1_in_1f3870be]

- name: Lists of ours that nothing uses, to which switch_acl_rollback could go
  otedge.endpoint.switch_acl_info:
    gather: [lists, bindings]
    query: lists[?own && idle].name
"""

RETURN = r"""
platform:
  description: What the switch was talked to as - device_type (Netmiko's name) and family.
  returned: success
  type: dict
  sample: {device_type: cisco_xe, family: Cisco IOS or IOS-XE}
names:
  description: The lists that were asked for; empty for every one.
  returned: success
  type: list
  elements: str
  sample: []
lists:
  description: The lists by name; null if not gathered.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Its name.
      returned: success
      type: str
      sample: OTE_l1_op1_in_1f3870be
    kind:
      description: V(extended), V(standard) or V(ipv6); V(readonly) for a list of the system that says so.
      returned: success
      type: str
      sample: extended
    family:
      description: V(ipv4) or V(ipv6).
      returned: success
      type: str
      sample: ipv4
    rules:
      description:
        - Its entries in order, in the form that M(otedge.endpoint.switch_acl) takes; object groups are expanded.
      returned: success
      type: list
      elements: dict
      sample: [{action: permit, protocol: tcp, src: 10.20.1.11/32, dst: any, dst_ports: [[443, 443]], remark: web}]
    understood:
      description: Every line was understood. If not, RV(lists[].rules) is not what the list does.
      returned: success
      type: bool
      sample: true
    opaque:
      description: The lines that were not understood.
      returned: success
      type: list
      elements: str
      sample: []
    empty:
      description: It has no entry, so a binding of it permits everything.
      returned: success
      type: bool
      sample: false
    system:
      description: The platform brought it along; it is never touched.
      returned: success
      type: bool
      sample: false
    own:
      description:
        - For a list of ours, what its name tells - binding (as list names hold it), direction, family, hash and mode
          (V(enforce) or V(log_and_permit)). Null for any other.
      returned: success
      type: dict
      sample: {binding: l1_op1, direction: in, family: ipv4, hash: 1f3870be, mode: enforce}
    edited:
      description: A list of ours whose content is not what the hash in its name says, so somebody edited it.
      returned: success
      type: bool
      sample: false
    bound:
      description: Interface and direction of each binding; null if the configuration was not read.
      returned: success
      type: list
      elements: dict
      sample: [{interface: GigabitEthernet1/0/1, direction: in}]
    used_elsewhere:
      description: Something else than an interface names it, such as a terminal line; null if that was not read.
      returned: success
      type: bool
      sample: false
    idle:
      description: Nothing uses it; null if that was not read.
      returned: success
      type: bool
      sample: false
missing:
  description: Those of O(names) that are not on the switch; null if no lists were gathered.
  returned: success
  type: list
  elements: str
  sample: []
bindings:
  description: Each binding of a list to an interface; null if not gathered.
  returned: success
  type: list
  elements: dict
  contains:
    interface:
      description: The interface in the spelling of the configuration.
      returned: success
      type: str
      sample: GigabitEthernet1/0/1
    direction:
      description: V(in) or V(out).
      returned: success
      type: str
      sample: in
    family:
      description: V(ipv4) or V(ipv6).
      returned: success
      type: str
      sample: ipv4
    list:
      description: Name of the list.
      returned: success
      type: str
      sample: OTE_l1_op1_in_1f3870be
    own:
      description: As in RV(lists[].own).
      returned: success
      type: dict
      sample: {binding: l1_op1, direction: in, family: ipv4, hash: 1f3870be, mode: enforce}
    defined:
      description: There is such a list.
      returned: success
      type: bool
      sample: true
    open:
      description: The list is not there or empty, so everything is permitted.
      returned: success
      type: bool
      sample: false
    enforced:
      description: The list filters everything that passes the interface in this direction.
      returned: success
      type: bool
      sample: true
    note:
      description: Why it is not enforced.
      returned: success
      type: str
      sample: ""
    notes:
      description: What the list does not do, such as stopping IPv6 on a port without a list of IPv6.
      returned: success
      type: list
      elements: str
      sample: ["IPv6 is not stopped: no list of IPv6 is bound to this port"]
open:
  description: Those of RV(bindings) that permit everything because their list is not there or empty.
  returned: success
  type: list
  elements: dict
  sample: []
counters:
  description:
    - How often each entry matched (lists), of O(names), else of bound lists and ours; C(hits) null where the entry is
      not counted. Hits in hardware may not be counted on every model; none counted is no proof of no traffic (note).
    - A list that was bound anew counts from zero.
  returned: success
  type: dict
  sample: {lists: {OTE_l1_op1_in_1f3870be: [{entry: deny ip any any log, hits: 12}]}, note: no proof of no traffic}
unused:
  description: Entries that are counted and matched nothing, by list; see the note of RV(counters).
  returned: success
  type: dict
  sample: {OTE_l1_op1_in_1f3870be: [permit tcp host 10.20.1.11 host 10.20.60.7 eq 443]}
resources:
  description:
    - Entries for lists in the hardware (used, maximum, free), each null where the switch does not tell, and what it
      says of lists that did not fit (messages).
  returned: success
  type: dict
  sample: {used: 120, maximum: 5120, free: 5000, messages: []}
timer:
  description:
    - Whether a revert timer is pending, of which user as far as the switch tells, what it says of it (text), and
      whether a run of ours left it (ours). The next run of M(otedge.endpoint.switch_acl) resolves that one; any other
      stops it.
  returned: success
  type: dict
  sample: {pending: false, user: null, text: null, ours: false}
startup_equal:
  description: A restart would bring back the bindings there are, with lists that do the same; null if not gathered.
  returned: success
  type: bool
  sample: true
unsaved:
  description: The bindings that a restart would change, with the list that is bound, the one it would bind, and why.
  returned: success
  type: list
  elements: dict
  sample: []
obstacles:
  description: What stands against writing to the switch at all, and what it needs.
  returned: success
  type: list
  elements: dict
  sample: [{found: "The switch has no configuration archive, so no revert timer", needs: configure one}]
selected:
  description: What O(query) selects.
  returned: when query is set
  type: list
  sample: [OTE_l1_op1_in_8b1a9953]
"""

from ansible_collections.otedge.endpoint.plugins.module_utils._module import controller_face
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.switch_acl_info import SPEC


def main() -> None:
    controller_face(SPEC)


if __name__ == "__main__":
    main()
