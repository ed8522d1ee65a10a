# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: site_plan
short_description: Plan the rollout of a site
version_added: 0.1.0
description:
  - Makes the plan from the site model in the inventory and the assessments in the records - for each station a
    disposition with its reasons, its wave, the rules of its switch port for each phase, and its place in the UMS.
  - Unknown or missing evidence never means V(migrate).
  - The plan is canonical JSON without readings and times; its SHA-256 is what people release. The unsigned drafts of
    both releases are written beside it, valid for the plan's windows. A document that exists is never written again.
  - Takes the site lock first, unless in check mode.
options:
  site_records:
    description: The records folder of the site.
    type: path
    required: true
  keep:
    description: Use a stored plan as it is, so that nothing is planned anew while it is carried out.
    type: bool
    default: false
extends_documentation_fragment:
  - otedge.endpoint.attributes
  - otedge.endpoint.attributes.controller
seealso:
  - module: otedge.endpoint.site_release_info
author: otedge.endpoint contributors (@otedge)
"""

EXAMPLES = r"""
- name: Plan the site
  otedge.endpoint.site_plan:
    site_records: "{{ site_records }}"

- name: Carry out the plan that was released
  otedge.endpoint.site_plan:
    site_records: "{{ site_records }}"
    keep: true
"""

RETURN = r"""
plan:
  description: The plan as it is stored, or would be.
  type: dict
  returned: success
  sample: {"format": 1, "site": "plant-a", "stations": {}, "waves": []}
plan_hash:
  description: SHA-256 over the plan's canonical form.
  type: str
  returned: success
  sample: 0b7c2d9e4f6a8b1c3d5e7f9a0b2c4d6e8f1a3b5c7d9e0f2a4b6c8d0e1f3a5b7c
plan_path:
  description: Where it is stored.
  type: str
  returned: success
  sample: /srv/plant-a/records/plan.json
dispositions:
  description:
    - Disposition, reasons and confidence of each station.
    - C(confidence) is V(high) where all that decides was read from the PC, V(medium) where something beside it is not
      known, V(low) where what is not known decides.
  type: dict
  returned: success
  sample:
    l1-op1:
      disposition: migrate
      reasons: [{"code": "eligible", "text": "every gate passed and no blocker was found"}]
      confidence: high
waves:
  description: The waves in their order, with the stations that are converted or contained in them.
  type: list
  elements: dict
  returned: success
  sample: [{"id": "wave-1", "window": "night-1", "stations": ["l1-op1"]}]
"""

from ansible_collections.otedge.endpoint.plugins.module_utils._module import controller_face
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.site_plan import SPEC


def main() -> None:
    controller_face(SPEC)


if __name__ == "__main__":
    main()
