# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: site_validate
short_description: Name every gap of a site model at once
version_added: 0.1.0
description:
  - Reads the site model from the inventory (the variables C(site_*) and C(station_*), the groups C(stations),
    C(site_switches) and C(ums)) and checks what the plays of O(scope) need.
  - Finds unknown zones, roles, switches, services and windows; overlapping networks without a C(parent); conduits
    without owner, justification or review date, or past it; stations without a switch port; bad and duplicate
    addresses and MACs; addresses outside their zone; waves that name a missing station or one twice; windows that end
    before they start or fall into the hour that daylight saving skips; missing hashes; variables that nothing reads.
  - Fails if there is any gap, and names all of them with file, key, value and fix. Talks to no host.
options:
  scope:
    description:
      - The plays that are to run; only the keys they use are demanded.
      - V(validate) is everything. V(assess) alone needs no site model.
    type: list
    elements: str
    choices: [validate, assess, plan, segment, register, convert, contain]
    default: [validate]
extends_documentation_fragment:
  - otedge.endpoint.attributes.info
  - otedge.endpoint.attributes.controller
author: otedge.endpoint contributors (@otedge)
"""

EXAMPLES = r"""
- name: Hold the site model against everything that could run
  otedge.endpoint.site_validate:

- name: Check only what planning needs
  otedge.endpoint.site_validate:
    scope: [plan]
"""

RETURN = r"""
gaps:
  description: Every gap, in order of file and key; empty if the model is whole.
  type: list
  elements: dict
  returned: always
  sample: []
  contains:
    file:
      description: File of the variable, relative to the inventory, where Ansible knows it; else the customary one.
      type: str
      returned: always
      sample: group_vars/all/segmentation.yml
    key:
      description: The variable, with the way into it.
      type: str
      returned: always
      sample: site_conduits[3].to
    value:
      description: What stands there, empty if nothing does.
      type: str
      returned: always
      sample: SUPP
    problem:
      description: What is wrong with it.
      type: str
      returned: always
      sample: unknown zone
    fix:
      description: What to do.
      type: str
      returned: always
      sample: Name a zone of site_zones
"""

from ansible_collections.otedge.endpoint.plugins.module_utils._module import controller_face
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.site_validate import SPEC


def main() -> None:
    controller_face(SPEC)


if __name__ == "__main__":
    main()
