# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ums_directories
short_description: Create, rename, move and remove device directories in IGEL UMS
version_added: 0.1.0
author: otedge.endpoint contributors (@otedge)
description:
  - Reconciles a whole list in one session; makes sure that device directories exist, directories above them included,
    that they have their new name and place, or that empty ones do not exist.
  - A directory is known by its name and the directory it lies in. Where one name stands twice in one directory, the
    task fails and changes nothing. It never creates a second one.
  - Directories that are not listed are left alone, as are those in the recycle bin.
  - All problems with the list are reported in one message, and then nothing is changed.
options:
  paths:
    description:
      - Paths from the root of the device tree, names separated by slashes.
      - A directory whose name itself holds a slash cannot be named.
      - One of O(paths) and O(directories) is required.
    type: list
    elements: str
  directories:
    description:
      - As O(paths), for directories that may have to be renamed or moved.
    type: list
    elements: dict
    suboptions:
      path:
        description: Path the directory is to have.
        type: str
        required: true
      from:
        description:
          - Path the directory had. It is renamed, moved, or both, with everything below it.
          - It can stay in the playbook. If only O(directories[].path) exists, nothing changes. If both exist, the
            task is refused. If neither exists, the directory is created, with a warning.
          - Items with O(directories[].from) are worked first, in their order; write it as it is after the items
            before it.
          - Moving a directory to the root is not documented by the vendor.
          - Only with O(state=present).
        type: str
  state:
    description:
      - V(present) creates what is missing, and renames and moves.
      - V(absent) removes the directories; refused if one of them holds anything that is not removed too, in the recycle
        bin included.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - otedge.endpoint.attributes
  - otedge.endpoint.ums
  - otedge.endpoint.ums.records
notes:
  - A directory that a default directory rule uses cannot be removed through this API; remove the rule in the UMS
    console first.
  - Devices get other profiles with another directory above them. They take effect when the device next starts or is
    sent its settings (M(otedge.endpoint.ums_device_command)).
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

- name: A line gets a new name, a cell goes to another line
  otedge.endpoint.ums_directories:
    host: ums.example.com
    username: svc-imi
    password: "{{ vault_ums_password }}"
    ca_path: /etc/pki/ums-ca.pem
    directories:
      - {path: plant-a/packing, from: plant-a/line-2}
      - {path: plant-a/packing/cell-3, from: plant-a/line-1/cell-3}
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
  description: One entry a path of O(paths), then one an item of O(directories).
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
    from:
      description: The path it had, as given; null if none was.
      type: str
      returned: always
      sample: plant-a/line-9
    action:
      description:
        - What was done, or would be done in check mode.
        - One of V(created), V(renamed), V(moved) (and renamed where needed), V(deleted), V(unchanged).
      type: str
      returned: always
      sample: created
failure:
  description: What went wrong, for other tasks. A failure in the middle of the writes says what was done.
  returned: failure
  type: dict
  contains:
    code:
      description: Kind of failure, such as V(input), V(refused), V(ums), V(talk) or V(ums_unavailable).
      type: str
      returned: always
      sample: refused
    fix:
      description: The next step.
      type: str
      returned: always
      sample: Empty it first.
    problems:
      description: Everything that is wrong with the list.
      type: list
      elements: str
      returned: if the list cannot be right
      sample: []
    written:
      description:
        - What was written before it, each with C(action) and C(item); beside it C(failed), C(unknown) (sent and not
          answered) and C(left).
      type: list
      elements: dict
      returned: if the failure came while writing
      sample: [{"action": "created", "item": "plant-a/line-1"}]
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.otedge.endpoint.plugins.module_utils._module import run_module
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.ums_directories import SPEC
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.apply import filled
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.apply_tree import apply_directories
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.directories import (
    plan_absent,
    plan_present,
    wanted_directories,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.directory_steps import DirectoryPlan
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.face import reconcile, session
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree


def work(module: AnsibleModule) -> dict[str, Any]:
    params = module.params
    absent = params["state"] == "absent"
    wanted = wanted_directories(params["paths"] or [], params["directories"] or [], absent=absent)
    with session(params) as ums:

        def plan() -> DirectoryPlan:
            tree = Tree(ums.directories())
            return plan_absent(tree, ums.devices(), wanted) if absent else plan_present(tree, wanted)

        outcome = reconcile(
            module,
            "ums_directories",
            plan,
            lambda decided: apply_directories(ums, decided.change.steps, blind=decided.blind),
        )
    change = outcome.first.change
    rows = filled(outcome.first.rows, "path", outcome.applied)
    return {"changed": change.changed, "diff": change.diff("UMS device directories"), "directories": rows}


def main() -> None:
    run_module(SPEC, work)


if __name__ == "__main__":
    main()
