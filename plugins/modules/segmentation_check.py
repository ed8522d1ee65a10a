# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: segmentation_check
short_description: Check zones, conduits and saved switch configurations without touching anything
version_added: 0.1.0
author: otedge.endpoint contributors (@otedge)
description:
  - Runs once, on the host of group C(site), and reads files only; made for CI. The site model comes from the inventory.
  - Lints zones and conduits - mixed zones, skipped levels, pairs that must never speak, conduits without owner or with
    a past review, too wide ones, ones that no station uses, ones that add nothing (proven), flows seen in assessments
    that no conduit allows.
  - Proves statements such as "stations of OPZ-L1 cannot reach tcp/502 in CEL-1" for every packet, on the rules of the
    plan (or, without one, compiled from the model), and on what saved configurations bind to the stations' ports. What
    cannot be decided within the bound on work does not hold.
  - Says for each station's port of a saved configuration which phase its list means, however it is spelled, and else a
    packet that is treated otherwise than wanted.
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
  phases:
    description: Station to the phase its port has to be in; others are only told.
    type: dict
    default: {}
  fail_on:
    description:
      - From which severity on a finding fails the task. A statement that does not hold, a port in another phase than
        O(phases) says, and a port that is missing in its switch's configuration fail it too, unless this is V(never).
    type: str
    choices: [error, warning, note, never]
    default: error
extends_documentation_fragment:
  - otedge.endpoint.attributes.info
  - otedge.endpoint.attributes.controller
seealso:
  - module: otedge.endpoint.switch_acl
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
      for the end of the list), or V(not decided).
  returned: success
  type: list
  elements: dict
  sample: [{"id": "no-modbus", "station": "l1-op1", "of": "plan", "verdict": "holds", "witness": null, "rule": null}]
ports:
  description:
    - The ports that were read. C(phase) is V(after), V(before), V(island), V(none) without a list, or V(other) with
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
unread:
  description: Stations whose port is missing in the configuration of their switch.
  returned: success
  type: list
  elements: str
  sample: []
matrix:
  description: The intended zone-by-zone matrix; what has no cell is denied.
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
