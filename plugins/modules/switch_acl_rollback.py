# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: switch_acl_rollback
short_description: Bind the previous lists of a site switch again, hitless and self-reverting
version_added: 0.1.0
description:
  - M(otedge.endpoint.switch_acl) keeps the list it replaced, unbound. This brings it back by the same swap - the same
    guards, proof of protected flows and of the management path, revert timer, second session, save and evidence. The
    list is bound as it is on the switch, and proven there first; nothing is built and nothing is removed, so that the
    list that went stays as a way forward.
  - It asks for a state, not for a step, so a second run of the same task changes nothing. O(bindings[].from) is the
    list that has to go, O(bindings[].to) the one that has to come. With neither, the last change that the evidence of
    the switch records for the port is what has to go; where that was a rollback, it is done already.
  - Where it is not clear which list was before, because several are kept and neither evidence nor startup configuration
    tell, the binding is refused with their names. It is refused too where there is no earlier list of ours, or that one
    is empty or holds a line that is not understood. A list that was edited by hand since it was built, as the hash in
    its name tells, or that permits everything and is none that only logs, is bound only where O(bindings[].to) names
    it. A port that had a list of the site before our first one is given
    back by O(otedge.endpoint.switch_acl#module:phases) with V(absent).
  - The plan does not change. The next run of the role segment brings the planned lists again, unless the plan or the
    phase of the station says otherwise.
options:
  stations:
    description:
      - Stations whose last change has to go. Their ports come from the stored plan; stations on other switches are
        passed over. One that cannot go back, or whose gates are closed, is left out and reported in RV(refused).
      - It is the list of IPv4 that goes back, as the rules of a plan are of IPv4. One of IPv6 there stays; name it
        in O(bindings).
      - Of the gates only lock and stop are asked, because the way back must be open outside a window and without a
        release.
    type: list
    elements: str
  bindings:
    description: The bindings, without any plan. One that cannot go back stops all of them before the first write.
    type: list
    elements: dict
    suboptions:
      interface:
        description: Name of the interface, long or short, such as V(GigabitEthernet1/0/1) or V(Gi1/0/1).
        type: str
        required: true
      direction:
        description: The direction of the list.
        type: str
        choices: [in, out]
        default: in
      family:
        description: Whose packets the list decides.
        type: str
        choices: [ipv4, ipv6]
        default: ipv4
      name:
        description: What the list is for, as it was given to M(otedge.endpoint.switch_acl); a part of the list's name.
        type: str
        required: true
      address:
        description: The address behind the interface; decides which of O(protect) concern the binding.
        type: str
      from:
        description:
          - The list that has to go, by its name or the 8 hexadecimal digits at its end. If another one is bound, there
            is nothing to do.
          - Without O(bindings[].to) the list that was before it comes - by the evidence, by the startup configuration,
            or because only one is kept.
        type: str
      to:
        description: The list that has to come, by its name or the 8 hexadecimal digits at its end.
        type: str
  site_records:
    description:
      - The records folder of the site. With it evidence is written and read, and the site lock is held.
      - Needed with O(stations), and for O(bindings) that name neither list.
    type: path
extends_documentation_fragment:
  - otedge.endpoint.attributes
  - otedge.endpoint.attributes.controller
  - otedge.endpoint.switch
  - otedge.endpoint.swap
notes:
  - Check mode reads the switch and reports the same plan and difference as the real run; the gates are not asked.
  - Going back to a list that only logs (C(OTL_...)) opens the port; RV(bindings[].enforced) is false then.
seealso:
  - module: otedge.endpoint.switch_acl
  - module: otedge.endpoint.switch_acl_info
author: otedge.endpoint contributors (@otedge)
"""

EXAMPLES = r"""
- name: Take the last change of a station's port back
  otedge.endpoint.switch_acl_rollback:
    site_records: "{{ site_records }}"
    stations: [l1-op1]

- name: This list has to go, whatever was before it comes
  otedge.endpoint.switch_acl_rollback:
    bindings:
      - {interface: Gi1/0/4, name: l1-hmi1, from: OTE_l1_hmi1_in_1f3870be}
    management_address: 10.20.90.5

- name: This list has to come
  otedge.endpoint.switch_acl_rollback:
    bindings:
      - {interface: Gi1/0/4, name: l1-hmi1, to: 8b1a9953}
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
      description: Whose packets the list decides.
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
      sample: OTE_l1_op1_in_8b1a9953
    before:
      description: Name of the list that was bound, null for none.
      returned: success
      type: str
      sample: OTE_l1_op1_in_1f3870be
    changed:
      description: The binding was, or would be, changed.
      returned: success
      type: bool
      sample: true
    in_place:
      description: There was nothing to take back.
      returned: success
      type: bool
      sample: false
    equal:
      description: As RV(bindings[].in_place).
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
      description: Always false; lists are bound as they are on the switch.
      returned: success
      type: bool
      sample: false
    reason:
      description: Why it was changed, with a packet that was treated differently, or why not.
      returned: success
      type: str
      sample: OTE_l1_op1_in_1f3870be is not bound, but OTE_l1_op1_in_8b1a9953 - there is nothing to take back
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
  sample: {OTE_l1_op1_in_8b1a9953: [{action: deny, protocol: ip, src: any, dst: any, log: true}]}
counters:
  description: How often each entry matched, before and after; see M(otedge.endpoint.switch_acl).
  returned: success
  type: dict
  sample: {before: {OTE_l1_op1_in_1f3870be: [{entry: deny ip any any log, hits: 12}]}, after: {}, note: no proof}
unused:
  description: Entries of the lists found that were counted and had matched nothing; see the note of RV(counters).
  returned: success
  type: dict
  sample: {OTE_l1_op1_in_1f3870be: [permit tcp host 10.20.1.11 host 10.20.60.7 eq 443]}
saved:
  description: The startup configuration was, or would be, written.
  returned: success
  type: bool
  sample: true
removed:
  description: Always empty; a rollback removes no list.
  returned: success
  type: list
  elements: str
  sample: []
revert_timer:
  description:
    - What takes the change back if it is not confirmed - V(archive), V(eem), V(reload), V(session), V(scheduler),
      V(checkpoint), or V(none) where nothing is bound anew or there is none.
  returned: success
  type: str
  sample: archive
phases:
  description: Always empty; a port that went back is in no phase of the plan, and nothing shall take it for one.
  returned: success
  type: dict
  sample: {}
refused:
  description: Stations that were left out, with what was read, and what would open the way.
  returned: success
  type: dict
  sample: {l1-op2: {stop: {open: false, read: a stop file, needs: its removal}}}
"""

from ansible_collections.otedge.endpoint.plugins.module_utils._module import controller_face
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.switch_acl_rollback import SPEC


def main() -> None:
    controller_face(SPEC)


if __name__ == "__main__":
    main()
