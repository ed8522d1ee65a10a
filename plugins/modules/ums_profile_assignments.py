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
    assignment of it; RV(assignments[].inherited_from) tells where it comes from.
  - Assignments that are not listed are left alone, unless O(exclusive) is set. Their order cannot be set.
  - Profiles themselves are made in the UMS console; this API cannot create them.
  - All problems with the list are reported in one message, and then nothing is changed.
  - A device gets a changed assignment when it next starts or is sent its settings
    (M(otedge.endpoint.ums_device_command)).
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
      type:
        description:
          - Whether it is an ordinary or a priority profile.
          - If not given, an ordinary profile of that name is taken, else a priority profile.
        type: str
        choices: [profile, priority]
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
  exclusive:
    description:
      - Take away every other direct assignment of the devices and directories that O(assignments) names, those of
        priority profiles included. Devices and directories that are not named are left alone, and so are profiles
        in the recycle bin.
      - Refused with an empty list, as it would name nothing, and with O(state=absent).
    type: bool
    default: false
  max_deletions:
    description:
      - With O(exclusive), how many assignments may be taken away at most. If there are more, the task is refused, and
        says which.
    type: int
    default: 5
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

- name: One line gets exactly these profiles, others are taken away
  otedge.endpoint.ums_profile_assignments:
    host: ums.example.com
    username: svc-imi
    password: "{{ vault_ums_password }}"
    ca_path: /etc/pki/ums-ca.pem
    assignments:
      - {profile: base-plant-a, directory: plant-a/line-1}
      - {profile: company-policy, type: priority, directory: plant-a/line-1}
    exclusive: true
    max_deletions: 2
  delegate_to: localhost
"""

RETURN = r"""
assignments:
  description:
    - One entry an assignment of O(assignments), then with O(exclusive) one entry an assignment that was taken away.
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
    type:
      description: Whether it is a V(profile) or a V(priority) profile; null if it does not exist.
      type: str
      returned: always
      sample: profile
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
    inherited_from:
      description: Paths of the directories above that pass the same profile down, nearest first.
      type: list
      elements: str
      returned: always
      sample: [plant-a]
    action:
      description: What was done, or would be done in check mode; V(assigned), V(removed) or V(unchanged).
      type: str
      returned: always
      sample: assigned
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
      sample: Profiles are made in the UMS console.
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
      sample: [{"action": "assigned", "item": "role-operator -> device l1-op1"}]
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, RefusedError
from ansible_collections.otedge.endpoint.plugins.module_utils._module import run_module
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.ums_profile_assignments import SPEC
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.apply_tree import apply_assignments
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.assignees import ProfileFinder, resolve
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.assignments import (
    AssignmentPlan,
    plan_absent,
    plan_exclusive,
    plan_present,
    used,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.face import reconcile, session
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import Profile
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.resources import Ums
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree


def check(params: dict[str, Any]) -> None:
    if not params["exclusive"]:
        return
    if params["state"] == "absent":
        raise InputError(
            "exclusive has no meaning with state=absent.",
            fix="List what is to stay, with state=present, or leave it out.",
        )
    if not params["assignments"]:
        raise RefusedError(
            "Nothing was changed: exclusive with an empty list of assignments names no device and no directory.",
            fix="Check where the list comes from. To take assignments away, list them with state=absent.",
        )
    if params["max_deletions"] < 0:
        raise InputError("max_deletions must not be negative.", fix="Give 0 to take nothing away.")


def known_profiles(ums: Ums, params: dict[str, Any]) -> list[Profile]:
    profiles = ums.profiles()
    names = {profile.name for profile in profiles if not profile.in_bin}
    wanted = params["assignments"]
    if params["exclusive"] or any(item["type"] == "priority" or item["profile"] not in names for item in wanted):
        profiles += ums.priority_profiles()
    return profiles


def work(module: AnsibleModule) -> dict[str, Any]:
    params = module.params
    check(params)
    items, present = params["assignments"], params["state"] == "present"
    missing = frozenset() if present else frozenset({"receiver", "profile"})
    if module.check_mode:
        missing |= {"receiver"}
    with session(params) as ums:
        profiles = known_profiles(ums, params)
        resolved = resolve(
            items,
            ProfileFinder(profiles, ums.priority_refused),
            ums.devices() if any(item["device"] is not None for item in items) else [],
            Tree(ums.directories()),
            allow_missing=missing,
        )
        live = [profile for profile in profiles if not profile.in_bin]
        kinds = sorted({item.receiver for item in resolved})

        def plan() -> AssignmentPlan:
            pairs = used(resolved)
            if params["exclusive"]:
                pairs += [(profile, kind) for profile in live for kind in kinds if (profile, kind) not in pairs]
            direct = {(profile.id, kind): ums.direct_receivers(profile, kind) for profile, kind in pairs}
            if params["exclusive"]:
                return plan_exclusive(resolved, live, direct, params["max_deletions"])
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
