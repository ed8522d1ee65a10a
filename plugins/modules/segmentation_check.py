# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: segmentation_check
short_description: Check zones, conduits and what switches hold without touching anything
version_added: 0.1.0
author: otedge.endpoint contributors (@otedge)
description:
  - Runs once, on the host of group C(site), and talks to nobody; made for CI. The site model comes from the inventory,
    what switches hold from files, or from M(otedge.endpoint.switch_acl_info) run on them before.
  - Lints zones and conduits - mixed zones, skipped levels, pairs that must never speak, conduits without owner or with
    a past review, too wide ones, ones that no station uses, ones that add nothing (proven), flows seen in assessments
    that no conduit allows.
  - Proves statements such as "stations of OPZ-L1 cannot reach tcp/502 in CEL-1" for every packet, on the rules of the
    plan (or, without one, compiled from the model), and on what saved configurations bind to the stations' ports. What
    cannot be decided within the bound on work does not hold.
  - Says for each station's port that was read which phase its list means, however it is spelled, and else a packet that
    is treated otherwise than wanted.
  - Builds the lists of VLAN interfaces that C(site_vlan_lists) names from the phases of their stations, in the form
    that M(otedge.endpoint.switch_acl) takes. Within the VLAN they enforce nothing, so statements about it are
    not decided.
  - Rules of a conduit that is open for a time count while it is open.
options:
  site_records:
    description: The records folder of the site; its plan and assessments count if they are there.
    type: path
  assertions:
    description:
      - Statements to prove. Keys are C(id), C(from) (a zone, its inner ones included, or a station), C(to) (a zone or a
        prefix), C(service) or C(protocol) and C(ports), C(expect) (V(denied), of new connections, or V(permitted)) and
        C(phase) (V(after) unless said).
    type: list
    elements: dict
    default: []
  configs:
    description: Switch of the group C(site_switches) to a file on the controller with its running configuration.
    type: dict
    default: {}
  live:
    description:
      - Name of the variable under which a task before has registered M(otedge.endpoint.switch_acl_info) on the
        switches, such as V(switch_lists). Every switch of the group C(site_switches) counts; one without an answer
        was not checked and fails the task, unless O(configs) has a file for it.
    type: str
  phases:
    description:
      - Station to the phase its port has to be in, V(before), V(after), V(island) or V(none) for no list; others are
        only told. A station named here whose switch was not read fails the task if any switch was.
      - The list of a VLAN interface is built once the phases of all its stations are said.
    type: dict
    default: {}
  fail_on:
    description:
      - From which severity on a finding fails the task. A statement that does not hold, a port in another phase than
        O(phases) says, a VLAN list that is not that of its stations' phases, a port that is missing in what was
        read of its switch, and a switch of O(live) without an answer fail it too, unless this is V(never).
    type: str
    choices: [error, warning, note, never]
    default: error
extends_documentation_fragment:
  - otedge.endpoint.attributes.info
  - otedge.endpoint.attributes.controller
seealso:
  - module: otedge.endpoint.switch_acl
  - module: otedge.endpoint.switch_acl_info
  - module: otedge.endpoint.site_validate
"""

EXAMPLES = r"""
- name: Check the segmentation in CI
  hosts: site
  gather_facts: false
  tasks:
    - name: The model, its statements, and last night's configurations
      otedge.endpoint.segmentation_check:
        site_records: "{{ site_records }}"
        assertions:
          - {id: no-modbus, from: OPZ-L1, to: CEL-1, service: modbus, expect: denied}
          - {id: ums, from: OPZ-L1, to: MGT-UMS, service: igel_os12, expect: permitted}
        configs:
          sw-l1: backups/sw-l1.cfg
        phases:
          l1-op1: after

- name: Read every switch, ten at a time
  hosts: site_switches
  gather_facts: false
  tasks:
    - name: Lists and bindings
      otedge.endpoint.switch_acl_info:
        gather: [lists, bindings]
      register: switch_lists
      ignore_errors: true
      ignore_unreachable: true

- name: Judge what was read
  hosts: site
  gather_facts: false
  tasks:
    - name: A switch that did not answer fails it
      otedge.endpoint.segmentation_check:
        site_records: "{{ site_records }}"
        live: switch_lists
"""

RETURN = r"""
findings:
  description: What the linter found, the worst first.
  returned: success
  type: list
  elements: dict
  sample:
    - severity: warning
      code: review_overdue
      where: conduit opz-l1-to-vdi
      text: its review was due on 2026-05-31
      fix: Review it, and set the next date.
assertions:
  description:
    - The verdict of each statement for each station it is about; C(of) is V(plan) or the switch whose list was read.
    - C(verdict) is V(holds), V(does not hold) with a packet as witness and the index of the rule that decides it (null
      for the end of the list), or V(not decided), with the reason in C(note) where it is not the bound on work. A zone
      where no station stands gives one with an empty C(station) that is not decided, and so does a station without
      rules or address.
  returned: success
  type: list
  elements: dict
  sample:
    - {id: no-modbus, station: l1-op1, of: plan, verdict: holds, witness: null, rule: null, note: ""}
ports:
  description:
    - The ports that were read; for a station of C(site_vlan_lists) its VLAN interface, and what its list does for this
      station alone (C(note)). C(phase) is V(after), V(before), V(island), V(none) without a list, or V(other) with
      C(difference), a packet that the list treats otherwise than the expected phase (or V(after)).
  returned: success
  type: list
  elements: dict
  sample:
    - station: l1-op1
      switch: sw-l1
      port: GigabitEthernet1/0/1
      list: OTE_l1_op1_in_1f2e3d4c
      phase: after
      expected: after
      ok: true
      difference: null
      not_understood: []
      note: ""
vlan_lists:
  description:
    - The lists of VLAN interfaces by C(site_vlan_lists), one for each direction, with the rules they should have (null
      until the phases of all stations are said), the list that was read, and whether it does the same (C(ok), null
      where nothing was read or the rules are not known). Where every phase is V(none), none is to be bound.
    - C(enforced_within_vlan) is always false.
  returned: success
  type: list
  elements: dict
  sample:
    - id: line-1
      switch: sw-core
      interface: Vlan10
      direction: in
      stations: {l1-op1: after, l1-op2: null}
      rules: null
      list: null
      ok: null
      difference: null
      not_understood: []
      enforced_within_vlan: false
      note: "not enforced within its VLAN: a VLAN interface filters only what is routed"
vlan_bindings:
  description: The lists of RV(vlan_lists) that have rules, by switch, as O(otedge.endpoint.switch_acl#module:bindings).
  returned: success
  type: dict
  sample: {}
unread:
  description:
    - Stations whose port is missing in what was read of their switch; with O(live) also those whose switch is none of
      the group C(site_switches).
  returned: success
  type: list
  elements: str
  sample: []
unread_switches:
  description: Switches without an answer under O(live), and why.
  returned: success
  type: dict
  sample: {sw-l2: "its task was unreachable: no route to host"}
matrix:
  description: The intended zone-by-zone matrix; what has no cell, nor one of the zones around, is denied.
  returned: success
  type: dict
  sample:
    from: [OPZ-L1]
    to: [VDI]
    cells: {"OPZ-L1": {"VDI": [{"id": "opz-l1-to-vdi", "services": ["tcp 443"]}]}}
"""

from ansible_collections.otedge.endpoint.plugins.module_utils._module import controller_face
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.segmentation_check import SPEC


def main() -> None:
    controller_face(SPEC)


if __name__ == "__main__":
    main()
