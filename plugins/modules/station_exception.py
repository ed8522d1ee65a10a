# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: station_exception
short_description: Record that a station stays Windows, contained
version_added: 0.1.0
description:
  - Writes the exception record of a station that the plan contains - who owns the risk, when it is reviewed, what ends
    it, and why it could not be migrated.
  - Refuses for a station whose disposition is not V(contain), and for a review date that is past.
options:
  state:
    description: The record is to be there.
    type: str
    choices: [present]
    default: present
  site_records:
    description: The records folder of the site.
    type: path
    required: true
  owner:
    description: Who owns the risk.
    type: str
    required: true
  review_by:
    description: Date of the next review, like V(2027-04-30).
    type: str
    required: true
  exit_condition:
    description: What ends the exception.
    type: str
    required: true
extends_documentation_fragment:
  - otedge.endpoint.attributes
  - otedge.endpoint.attributes.controller
author: otedge.endpoint contributors (@otedge)
"""

EXAMPLES = r"""
- name: Record the exception of this station
  otedge.endpoint.station_exception:
    site_records: "{{ site_records }}"
    owner: "{{ station_containment.owner }}"
    review_by: "{{ station_containment.review_by }}"
    exit_condition: "{{ station_containment.exit_condition }}"
"""

RETURN = r"""
exception_record:
  description: The record.
  type: dict
  returned: success
  sample:
    station: l1-hmi1
    owner: ot-plant-a
    review_by: "2027-04-30"
    exit_condition: Press 3 gets its new panel
    reasons: [{"code": "local_only", "text": "Press 3 Panel runs only locally"}]
    plan_hash: 0b7c2d9e4f6a8b1c3d5e7f9a0b2c4d6e8f1a3b5c7d9e0f2a4b6c8d0e1f3a5b7c
"""

from ansible_collections.otedge.endpoint.plugins.module_utils._module import controller_face
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.station_exception import SPEC


def main() -> None:
    controller_face(SPEC)


if __name__ == "__main__":
    main()
