# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ums_directory_info
short_description: List the directories of IGEL UMS
version_added: 0.1.0
author: otedge.endpoint contributors (@otedge)
description:
  - Lists all directories of one tree with their paths, those in the recycle bin marked, in one session.
  - Warns if the login works but no directory is seen, which is how missing rights show.
options:
  tree:
    description:
      - Which tree - that of the devices, of the profiles, or of the priority profiles.
    type: str
    choices: [device, profile, priority_profile]
    default: device
  members:
    description:
      - Also tell what lies right inside each directory; one request more.
    type: bool
    default: false
  profiles:
    description:
      - Also tell which profiles and priority profiles each device directory is given directly, and which it inherits
        from directories above; one request a profile.
      - Only with O(tree=device).
    type: bool
    default: false
  query:
    description:
      - JMESPath expression over the list of directories; it must give a list.
      - Needs the Python library jmespath on the controller.
    type: str
extends_documentation_fragment:
  - otedge.endpoint.attributes.info
  - otedge.endpoint.ums
seealso:
  - module: otedge.endpoint.ums_directories
  - module: otedge.endpoint.ums_profile_assignments
"""

EXAMPLES = r"""
- name: Directories of the devices, with what lies in them
  otedge.endpoint.ums_directory_info:
    host: ums.example.com
    username: svc-imi
    password: "{{ vault_ums_password }}"
    ca_path: /etc/pki/ums-ca.pem
    members: true
  delegate_to: localhost
  register: ums

- name: Paths of the empty directories
  otedge.endpoint.ums_directory_info:
    host: ums.example.com
    username: svc-imi
    password: "{{ vault_ums_password }}"
    ca_path: /etc/pki/ums-ca.pem
    members: true
    query: "[?!in_bin && !members && !directories].path"
  delegate_to: localhost
"""

RETURN = r"""
directories:
  description: The directories by path, or what O(query) selects from them; those in the recycle bin at the end.
  returned: success
  type: list
  elements: raw
  contains:
    id:
      description: Id in UMS.
      type: str
      returned: always
      sample: "72327"
    name:
      description: Name.
      type: str
      returned: always
      sample: line-1
    path:
      description: Path from the root; null if it, or a directory above it, lies in the recycle bin.
      type: str
      returned: always
      sample: plant-a/line-1
    parent_id:
      description: Id of the directory above; V(-1), V(-2) or V(-14) is the root of the tree.
      type: str
      returned: always
      sample: "15592"
    in_bin:
      description: Whether it, or a directory above it, lies in the recycle bin.
      type: bool
      returned: always
      sample: false
    directories:
      description: Directories right inside, each with id, name and in_bin.
      type: list
      elements: dict
      returned: when O(members=true)
      sample: [{"id": "72328", "name": "cell-1", "in_bin": false}]
    members:
      description: Devices or profiles right inside, each with id, name and in_bin, devices with unit_id too.
      type: list
      elements: dict
      returned: when O(members=true)
      sample: [{"id": "7735", "name": "l1-op1", "in_bin": false, "unit_id": "001B1B001101"}]
    profiles:
      description: Names of the profiles assigned directly to it.
      type: list
      elements: str
      returned: when O(profiles=true)
      sample: [base-plant-a]
    inherited_profiles:
      description: Names of the profiles that directories above pass down.
      type: list
      elements: str
      returned: when O(profiles=true)
      sample: [base]
"""

from collections.abc import Sequence
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.module_utils._jmespath import check, selected
from ansible_collections.otedge.endpoint.plugins.module_utils._module import run_module
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.ums_directory_info import SPEC
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.face import session
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.info import unseen
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.info_tree import (
    DIRECTORY,
    PRIORITY,
    describe_directories,
    direct_profiles,
    tree_of,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import Device, Directory, Profile
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.resources import Ums

KINDS = {"device": "tc", "profile": "profile", "priority_profile": PRIORITY}


def read_directories(ums: Ums, kind: str) -> list[Directory]:
    return ums.directories() if kind == "tc" else ums.profile_directories(kind)


def read_members(ums: Ums, kind: str) -> Sequence[Device] | Sequence[Profile]:
    if kind == "tc":
        return ums.devices()
    return ums.priority_profiles() if kind == PRIORITY else ums.profiles()


def work(module: AnsibleModule) -> dict[str, Any]:
    params = module.params
    check(params["query"])
    kind = KINDS[params["tree"]]
    if params["profiles"] and kind != "tc":
        raise InputError(
            f"The option profiles is set and tree is {params['tree']}: only device directories are given profiles.",
            fix="Leave profiles out, or set tree to device.",
        )
    with session(params) as ums:
        directories = read_directories(ums, kind)
        members = read_members(ums, kind) if params["members"] else None
        profiles = direct_profiles(ums, DIRECTORY) if params["profiles"] else None
    found = describe_directories(directories, tree_of(directories, kind), members, profiles)
    if not directories:
        module.warn(unseen(params, "no directories"))
    return {"changed": False, "directories": selected(found, params["query"])}


def main() -> None:
    run_module(SPEC, work)


if __name__ == "__main__":
    main()
