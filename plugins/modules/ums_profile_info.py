# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ums_profile_info
short_description: List the profiles of IGEL UMS
version_added: 0.1.0
author: otedge.endpoint contributors (@otedge)
description:
  - Lists profiles and priority profiles with their directory and firmware, those in the recycle bin marked, in one
    session.
  - The settings in a profile cannot be read through this API; look at them in the UMS console.
  - Priority profiles are left out where UMS has none of them, such as in the Essential edition.
  - Warns if the login works but no profile is seen, which is how missing rights show.
options:
  receivers:
    description:
      - Also tell to which devices and directories each profile is assigned directly; two requests a profile.
      - A device below such a directory inherits the profile and is not named here.
    type: bool
    default: false
  query:
    description:
      - JMESPath expression over the list of profiles; it must give a list.
      - Needs the Python library jmespath on the controller.
    type: str
extends_documentation_fragment:
  - otedge.endpoint.attributes.info
  - otedge.endpoint.ums
seealso:
  - module: otedge.endpoint.ums_profile_assignments
"""

EXAMPLES = r"""
- name: Profiles and who has them
  otedge.endpoint.ums_profile_info:
    host: ums.example.com
    username: svc-imi
    password: "{{ vault_ums_password }}"
    ca_path: /etc/pki/ums-ca.pem
    receivers: true
  delegate_to: localhost
  register: ums

- name: Names of the profiles that nobody has
  otedge.endpoint.ums_profile_info:
    host: ums.example.com
    username: svc-imi
    password: "{{ vault_ums_password }}"
    ca_path: /etc/pki/ums-ca.pem
    receivers: true
    query: "[?!in_bin && !devices && !directories].name"
  delegate_to: localhost
"""

RETURN = r"""
profiles:
  description: The profiles by name, or what O(query) selects from them.
  returned: success
  type: list
  elements: raw
  contains:
    id:
      description: Id in UMS.
      type: str
      returned: always
      sample: "6585"
    name:
      description: Name; not unique.
      type: str
      returned: always
      sample: role-operator
    priority:
      description: Whether it is a priority profile (formerly master profile).
      type: bool
      returned: always
      sample: false
    directory:
      description: Path of its directory in the tree of its kind, empty for the root; null in the recycle bin.
      type: str
      returned: always
      sample: Standards/Kiosk
    directory_id:
      description: Id of that directory; V(-2) or V(-14) is the root.
      type: str
      returned: always
      sample: "20453"
    firmware:
      description: Product and version of the firmware it is made for; null if UMS does not list it.
      type: dict
      returned: always
      sample: {"product": "IGEL OS 12", "version": "12.9.0"}
    overrides_sessions:
      description: Whether it overrides sessions; null if UMS does not say.
      type: bool
      returned: always
      sample: false
    in_bin:
      description: Whether it lies in the recycle bin.
      type: bool
      returned: always
      sample: false
    devices:
      description: Devices that have it directly, each with id, name and unit_id.
      type: list
      elements: dict
      returned: when O(receivers=true)
      sample: [{"id": "7735", "name": "l1-op1", "unit_id": "001B1B001101"}]
    directories:
      description: Device directories that have it directly, each with id and path.
      type: list
      elements: dict
      returned: when O(receivers=true)
      sample: [{"id": "72327", "path": "plant-a/line-1"}]
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.otedge.endpoint.plugins.module_utils._jmespath import check, selected
from ansible_collections.otedge.endpoint.plugins.module_utils._module import run_module
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.ums_profile_info import SPEC
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.face import session
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.info import unseen
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.info_tree import (
    DEVICE,
    DIRECTORY,
    describe_profiles,
    describe_receivers,
    tree_of,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import Profile
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.resources import Ums
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree


def read_receivers(ums: Ums, profiles: list[Profile]) -> dict[str, dict[str, list[dict[str, Any]]]]:
    devices = {device.id: device for device in ums.devices()}
    tree = Tree(ums.directories())
    return {
        profile.id: describe_receivers(
            ums.direct_receivers(profile, DEVICE), ums.direct_receivers(profile, DIRECTORY), devices, tree
        )
        for profile in profiles
        if not profile.in_bin
    }


def work(module: AnsibleModule) -> dict[str, Any]:
    params = module.params
    check(params["query"])
    with session(params) as ums:
        profiles = [*ums.profiles(), *ums.priority_profiles()]
        kinds = sorted({profile.kind for profile in profiles})
        trees = {kind: tree_of(ums.profile_directories(kind), kind) for kind in kinds}
        receivers = read_receivers(ums, profiles) if params["receivers"] else None
        found = describe_profiles(profiles, trees, ums.firmwares(), receivers)
    if not profiles:
        module.warn(unseen(params, "no profiles"))
    return {"changed": False, "profiles": selected(found, params["query"])}


def main() -> None:
    run_module(SPEC, work)


if __name__ == "__main__":
    main()
