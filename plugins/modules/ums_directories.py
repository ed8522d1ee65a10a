# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ums_directories
short_description: Create and remove device directories in IGEL UMS
version_added: 0.1.0
author: otedge.endpoint contributors (@otedge)
description:
  - Makes sure that device directories exist, directories above them included, or that empty ones do not exist.
  - A directory is known by its name and the directory it lies in. Where one name stands twice in one directory, the
    task fails and changes nothing.
  - Directories in the recycle bin count as not there.
options:
  paths:
    description:
      - Paths from the root of the device tree, names separated by slashes.
      - A directory whose name itself holds a slash cannot be named.
    type: list
    elements: str
    required: true
  state:
    description:
      - V(present) creates what is missing.
      - V(absent) removes the directories; refused if one of them holds anything that is not removed too.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - otedge.endpoint.attributes
  - otedge.endpoint.ums
  - otedge.endpoint.ums.records
seealso:
  - module: otedge.endpoint.ums_devices
"""

EXAMPLES = r"""
- name: Directories of a plant and its lines
  otedge.endpoint.ums_directories:
    host: ums.example.com
    username: svc-imi
    password: "{{ vault_ums_password }}"
    ca_path: /etc/pki/ums-ca.pem
    paths:
      - plant-a/line-1
      - plant-a/line-2
  delegate_to: localhost

- name: Remove a line that was given up
  otedge.endpoint.ums_directories:
    host: ums.example.com
    username: svc-imi
    password: "{{ vault_ums_password }}"
    ca_path: /etc/pki/ums-ca.pem
    paths: [plant-a/line-3]
    state: absent
  delegate_to: localhost
"""

RETURN = r"""
directories:
  description: One entry a path of O(paths).
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: The path.
      type: str
      returned: always
      sample: plant-a/line-1
    id:
      description: Id of the directory in UMS; null where it does not exist.
      type: str
      returned: always
      sample: "72327"
    action:
      description: What was done, or would be done in check mode; V(created), V(deleted) or V(unchanged).
      type: str
      returned: always
      sample: created
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.otedge.endpoint.plugins.module_utils._module import run_module
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.ums_directories import SPEC
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.apply import apply_directories, filled
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.directories import (
    DirectoryPlan,
    plan_absent,
    plan_present,
    wanted_paths,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.face import reconcile, session
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree


def work(module: AnsibleModule) -> dict[str, Any]:
    wanted = wanted_paths(module.params["paths"])
    with session(module.params) as ums:

        def plan() -> DirectoryPlan:
            tree = Tree(ums.directories())
            if module.params["state"] == "present":
                return plan_present(tree, wanted)
            return plan_absent(tree, ums.devices(), wanted)

        outcome = reconcile(
            module, "ums_directories", plan, lambda decided: apply_directories(ums, decided.change.steps)
        )
    change = outcome.first.change
    rows = filled(outcome.first.rows, "path", outcome.applied)
    return {"changed": change.changed, "diff": change.diff("UMS device directories"), "directories": rows}


def main() -> None:
    run_module(SPEC, work)


if __name__ == "__main__":
    main()
