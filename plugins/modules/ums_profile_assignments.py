# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ums_profile_assignments
short_description: Assign IGEL UMS profiles to devices and directories
version_added: 0.1.0
author: otedge.endpoint contributors (@otedge)
description:
  - Makes sure that profiles are assigned directly to devices or device directories, or that they are not.
  - Only direct assignments count and are changed. A device that inherits a profile from its directory has no direct
    assignment of it.
  - Assignments that are not listed are left alone. Their order cannot be set.
  - Profiles themselves are made in the UMS console; this API cannot create them. A name that is no profile is
    looked for among the priority profiles.
  - A device gets a changed assignment when it next starts or is sent its settings.
options:
  assignments:
    description:
      - The assignments; each with O(assignments[].profile) and either O(assignments[].device) or
        O(assignments[].directory).
    type: list
    elements: dict
    required: true
    suboptions:
      profile:
        description: Name of the profile; it must exist once.
        type: str
        required: true
      device:
        description:
          - Unit id, MAC address or name of the device. A name that several devices have is refused.
        type: str
      directory:
        description: Path of the device directory.
        type: str
  state:
    description:
      - V(present) adds what is missing. In check mode a device or directory that does not exist is taken as about
        to be created.
      - V(absent) removes the assignments; one whose profile, device or directory does not exist counts as removed.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - otedge.endpoint.attributes
  - otedge.endpoint.ums
  - otedge.endpoint.ums.records
seealso:
  - module: otedge.endpoint.ums_devices
  - module: otedge.endpoint.ums_directories
"""

EXAMPLES = r"""
- name: A base profile for the plant, a role profile for one station
  otedge.endpoint.ums_profile_assignments:
    host: ums.example.com
    username: svc-imi
    password: "{{ vault_ums_password }}"
    ca_path: /etc/pki/ums-ca.pem
    assignments:
      - {profile: base-plant-a, directory: plant-a}
      - {profile: role-operator, device: l1-op1}
  delegate_to: localhost
"""

RETURN = r"""
assignments:
  description: One entry an assignment of O(assignments).
  returned: success
  type: list
  elements: dict
  contains:
    profile:
      description: Name of the profile.
      type: str
      returned: always
      sample: role-operator
    profile_id:
      description: Id of the profile; null if it does not exist.
      type: str
      returned: always
      sample: "6585"
    device:
      description: The device as given; null for a directory.
      type: str
      returned: always
      sample: l1-op1
    directory:
      description: The directory as given; null for a device.
      type: str
      returned: always
      sample: plant-a
    receiver_id:
      description: Id of the device or directory; null if it does not exist.
      type: str
      returned: always
      sample: "7735"
    action:
      description: What was done, or would be done in check mode; V(assigned), V(removed) or V(unchanged).
      type: str
      returned: always
      sample: assigned
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.otedge.endpoint.plugins.module_utils._module import run_module
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.ums_profile_assignments import SPEC
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.apply import apply_assignments
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.assignments import (
    AssignmentPlan,
    plan_absent,
    plan_present,
    resolve,
    used,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.face import reconcile, session
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree


def work(module: AnsibleModule) -> dict[str, Any]:
    items = module.params["assignments"]
    present = module.params["state"] == "present"
    missing = frozenset() if present else frozenset({"receiver", "profile"})
    if module.check_mode:
        missing |= {"receiver"}
    with session(module.params) as ums:
        profiles = ums.profiles()
        if {item["profile"] for item in items} - {profile.name for profile in profiles}:
            profiles += ums.priority_profiles()
        resolved = resolve(
            items,
            profiles,
            ums.devices() if any(item["device"] is not None for item in items) else [],
            Tree(ums.directories() if any(item["directory"] is not None for item in items) else []),
            allow_missing=missing,
        )

        def plan() -> AssignmentPlan:
            pairs = used(resolved)
            direct = {(profile.id, kind): ums.direct_receivers(profile, kind) for profile, kind in pairs}
            return plan_present(resolved, direct) if present else plan_absent(resolved, direct)

        outcome = reconcile(
            module, "ums_profile_assignments", plan, lambda decided: apply_assignments(ums, decided.change.steps)
        )
    change = outcome.first.change
    rows = list(outcome.first.rows)
    return {"changed": change.changed, "diff": change.diff("UMS profile assignments"), "assignments": rows}


def main() -> None:
    run_module(SPEC, work)


if __name__ == "__main__":
    main()
