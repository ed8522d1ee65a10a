# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: switch_acl
short_description: Swap the lists on a site switch's ports, hitless and self-reverting
version_added: 0.1.0
description:
  - Brings the access lists bound to interfaces of one switch to what is wanted. Runs on the controller, once a switch,
    over SSH (Netmiko) with strict host keys.
  - A bound list that lets the same packets through stays as it is, however it is spelled; a second run sends no
    configuration line.
  - A list is never edited. A new one is built unbound, read back and proven equal, a revert timer is armed, every
    interface is bound to its new list by one command, and a second SSH session reads the bindings before it confirms.
    Then older generations but the last are removed, and the configuration is saved and read back.
  - If anything fails in between, the old lists are bound again at once; if no session can be had, the revert timer
    does it. The next run repairs what a cut run left.
  - Cisco IOS and IOS-XE, Arista EOS, Cisco NX-OS and Aruba AOS-CX are supported. How each takes a change back by
    itself, and what is only assumed of it, stands in the collection's docs folder.
options:
  bindings:
    description:
      - The wanted bindings, without any plan. One binding that cannot be made stops all of them before the first write.
    type: list
    elements: dict
    suboptions:
      interface:
        description: Name of the interface, long or short, such as V(GigabitEthernet1/0/1) or V(Gi1/0/1).
        type: str
        required: true
      direction:
        description:
          - The direction of the list - V(in) for what comes from behind the interface, V(out) for what goes there.
          - Where a platform takes no list of a direction on an interface, the binding is refused before any write.
        type: str
        choices: [in, out]
        default: in
      family:
        description:
          - Whose packets the list decides. An interface has one list for each family and direction.
          - A list of V(ipv4) does not stop IPv6, which every Windows since Vista speaks with its link-local address. To
            shut it on the port of a station that needs none, bind a second list of V(ipv6) that denies everything.
        type: str
        choices: [ipv4, ipv6]
        default: ipv4
      name:
        description: What the list is for, such as the station's name; a part of the list's name on the switch.
        type: str
        required: true
      address:
        description: The address behind the interface; decides which of O(protect) concern the binding.
        type: str
      rules:
        description:
          - Ordered rules, the first match decides. Keys are C(action) (permit or deny), C(protocol) (ip, tcp, udp,
            icmp or a number), C(src) and C(dst) (a prefix or any), C(src_ports) and C(dst_ports) (C([[low, high]])),
            C(icmp) (C([type, code])), C(established), C(log), C(remark).
          - Unless the last one matches everything, a logged deny of everything is added.
          - In a binding of V(ipv6) C(any) means every IPv6 address, and C(icmpv6) is a protocol.
        type: list
        elements: dict
        required: true
      allow_no_neighbor_discovery:
        description:
          - A list of family V(ipv6) that would deny neighbour discovery (ICMPv6 types 135 and 136) is refused, because
            nothing behind it could speak IPv6. Set this where that is wanted.
        type: bool
        default: false
  phases:
    description:
      - The wanted phase of each station, V(before), V(after) or V(island), or V(none) to leave it alone. Rules and
        ports come from the stored plan; stations on other switches are passed over.
      - V(absent) gives the port back. A list of ours (C(OTE_...)) that was made for the station is taken off its port
        and removed with its older generations. The list that was bound before ours, as the evidence of the switch
        records it, is bound again; without one the port ends up without a list. A port without a list of ours is left
        as it is. The station is refused where the list to bind again is gone, empty or not understood, or where the
        port has a list of ours that was made for something else.
      - The gates are read again right before the first write. A station whose gates are closed, or whose binding cannot
        be made, is left out and reported in RV(refused) while the others go on. For V(absent) only the gates lock and
        stop are asked, because the way back must be open outside a window and without a release.
    type: dict
  deny_ipv6:
    description:
      - With O(phases), binds a second list to the port of each station that denies and logs all IPv6 that comes in,
        neighbour discovery too. The rules of a plan are of IPv4, and their lists do not stop IPv6.
      - Without it lists of IPv6 are left as they are, but V(absent) gives back one that was bound by this option.
    type: bool
    default: false
  mode:
    description:
      - V(log_and_permit) binds the wanted list with every denial turned into a logged permission, for the first
        cycle on a live cell. Such lists are named C(OTL_...), RV(bindings[].enforced) is false, and RV(phases) does not
        name their stations. The next run with V(enforce) swaps them.
      - On a port with a list in force V(log_and_permit) opens it.
    type: str
    choices: [enforce, log_and_permit]
    default: enforce
extends_documentation_fragment:
  - otedge.endpoint.attributes
  - otedge.endpoint.attributes.controller
  - otedge.endpoint.gates
  - otedge.endpoint.switch
  - otedge.endpoint.swap
notes:
  - Check mode reads the switch and reports the same plan and difference as the real run; the gates are not asked.
  - On a VLAN interface the list is bound too, but RV(bindings[].enforced) is false, because it does not filter what
    stays within the VLAN.
author: otedge.endpoint contributors (@otedge)
"""

EXAMPLES = r"""
- name: Let a panel speak to its controller only
  otedge.endpoint.switch_acl:
    bindings:
      - interface: GigabitEthernet1/0/4
        name: l1-hmi1
        address: 10.20.1.65
        rules:
          - {action: permit, protocol: tcp, src: 10.20.1.65/32, dst: 10.20.11.10/32, dst_ports: [[102, 102]]}
    management_address: 10.20.90.5

- name: Shut IPv6 on the same port
  otedge.endpoint.switch_acl:
    bindings:
      - interface: GigabitEthernet1/0/4
        name: l1-hmi1
        family: ipv6
        rules: [{action: deny, log: true}]
        allow_no_neighbor_discovery: true

- name: Put the released stations of this switch into their phase
  otedge.endpoint.switch_acl:
    site_records: "{{ site_records }}"
    phases: {l1-op1: before, l1-op2: after}
    allowed_signers: "{{ site_allowed_signers }}"
    signers: "{{ site_signers }}"
    lines: "{{ site_lines }}"

- name: Give the port of a station back to what it was before our first list
  otedge.endpoint.switch_acl:
    site_records: "{{ site_records }}"
    phases: {l1-op1: absent}
"""

RETURN = r"""
bindings:
  description: Each binding that is managed, as it is after the task.
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
      description: The direction.
      returned: success
      type: str
      sample: in
    family:
      description: The family.
      returned: success
      type: str
      sample: ipv4
    name:
      description: The station, or what the binding was called.
      returned: success
      type: str
      sample: l1-op1
    list:
      description: Name of the list that is bound, or would be in check mode; null for none.
      returned: success
      type: str
      sample: OTE_l1_op1_in_1f3870be
    before:
      description: Name of the list that was bound, null for none.
      returned: success
      type: str
      sample: OTE_l1_op1_in_8b1a9953
    changed:
      description: The binding was, or would be, changed.
      returned: success
      type: bool
      sample: true
    in_place:
      description: The list was in place already.
      returned: success
      type: bool
      sample: false
    equal:
      description: The list found is proven to let the same packets through, or there was no list of ours to take off.
      returned: success
      type: bool
      sample: false
    enforced:
      description: A list filters everything that enters the interface; false on a VLAN interface and without a list.
      returned: success
      type: bool
      sample: true
    mode:
      description: Whether the list enforces or only logs.
      returned: success
      type: str
      sample: enforce
    edited:
      description: The list found has the name of these rules and other content, so somebody has edited it.
      returned: success
      type: bool
      sample: false
    reason:
      description: Why it was changed, with a packet that was treated differently, or why not.
      returned: success
      type: str
      sample: the bound list lets the same packets through
    notes:
      description:
        - What the list does not do, such as stopping IPv6 on a port without a list of IPv6, and what was not proven
          of it, such as the management path where an address is not known; of that there is a warning too.
      returned: success
      type: list
      elements: str
      sample: ["IPv6 is not stopped: no list of IPv6 is bound to this port"]
lists:
  description: The rules in force, by name of the list.
  returned: success
  type: dict
  sample: {OTE_l1_op1_in_1f3870be: [{action: deny, protocol: ip, src: any, dst: any, log: true}]}
counters:
  description:
    - How often each entry matched, for the lists found (C(before)) and those in force (C(after)); a list that is bound
      anew counts from zero. Empty where the platform does not tell, C(hits) null where the entry is not counted.
    - Hits in hardware may not be counted on every model; none counted is no proof of no traffic.
  returned: success
  type: dict
  sample: {before: {OTE_l1_op1_in_8b1a9953: [{entry: deny ip any any log, hits: 12}]}, after: {}, note: no proof}
unused:
  description: Entries of the lists found that were counted and had matched nothing; see the note of RV(counters).
  returned: success
  type: dict
  sample: {OTE_l1_op1_in_8b1a9953: [permit tcp host 10.20.1.11 host 10.20.60.7 eq 443]}
saved:
  description: The startup configuration was, or would be, written.
  returned: success
  type: bool
  sample: true
revert_timer:
  description:
    - What would have taken the change back, or would in check mode - V(archive), V(eem) or V(reload) on Cisco IOS and
      IOS-XE, V(session) on Arista EOS, V(scheduler) on Cisco NX-OS, V(checkpoint) on Aruba AOS-CX.
    - V(none) where no binding is changed, or where the switch has no timer and that was allowed.
  returned: success
  type: str
  sample: archive
removed:
  description: Lists of ours that nobody uses any more and that were, or would be, removed.
  returned: success
  type: list
  elements: str
  sample: [OTE_l1_op1_in_0cc175b9]
phases:
  description: Stations of O(phases) whose rules are in force on their port now, with their phase; V(absent) for none.
  returned: success
  type: dict
  sample: {l1-op1: before}
refused:
  description: Stations that were left out, with each closed gate - what was read, and what would open it.
  returned: success
  type: dict
  sample: {l1-op2: {window: {open: false, read: night-1 is over, needs: an open window}}}
"""

from ansible_collections.otedge.endpoint.plugins.module_utils._module import controller_face
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.switch_acl import SPEC


def main() -> None:
    controller_face(SPEC)


if __name__ == "__main__":
    main()
