# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ums_device_info
short_description: List the devices of IGEL UMS
version_added: 0.1.0
author: otedge.endpoint contributors (@otedge)
description:
  - Lists all devices outside the recycle bin, with directory and firmware resolved, in one session.
  - Warns if the login works but neither devices nor directories are seen, which is how missing rights show.
options:
  online:
    description:
      - Ask which devices are online now. UMS then contacts every device; allow for minutes on large sites, and raise
        O(timeout).
    type: bool
    default: false
  profiles:
    description:
      - Also read the names of the profiles and priority profiles assigned directly to each device; one request a
        profile.
      - Profiles that a directory passes down are not among them.
    type: bool
    default: false
  query:
    description:
      - JMESPath expression over the list of devices; it must give a list.
      - Needs the Python library jmespath on the controller.
    type: str
extends_documentation_fragment:
  - otedge.endpoint.attributes.info
  - otedge.endpoint.ums
seealso:
  - module: otedge.endpoint.ums_devices
"""

EXAMPLES = r"""
- name: All devices
  otedge.endpoint.ums_device_info:
    host: ums.example.com
    username: svc-imi
    password: "{{ vault_ums_password }}"
    ca_path: /etc/pki/ums-ca.pem
  delegate_to: localhost
  register: ums

- name: Names of the thin clients of one line
  otedge.endpoint.ums_device_info:
    host: ums.example.com
    username: svc-imi
    password: "{{ vault_ums_password }}"
    ca_path: /etc/pki/ums-ca.pem
    query: "[?thin_client && directory == 'plant-a/line-1'].name"
  delegate_to: localhost
"""

RETURN = r"""
devices:
  description: The devices by name, or what O(query) selects from them.
  returned: success
  type: list
  elements: raw
  contains:
    id:
      description: Id of the record in UMS.
      type: str
      returned: always
      sample: "7735"
    unit_id:
      description: Unit id.
      type: str
      returned: always
      sample: 001B1B001101
    mac:
      description: MAC address, 12 upper-case digits.
      type: str
      returned: always
      sample: 001B1B001101
    name:
      description: Name in UMS; may be empty and is not unique.
      type: str
      returned: always
      sample: l1-op1
    directory:
      description: Path of its directory, empty for the root; null if that lies in the recycle bin.
      type: str
      returned: always
      sample: plant-a/line-1
    firmware:
      description: Product and version of its firmware; null if UMS does not list it.
      type: dict
      returned: always
      sample: {"product": "IGEL OS 12", "version": "12.9.0"}
    last_ip:
      description: Last known IP address; empty for a device that never connected.
      type: str
      returned: always
      sample: 10.20.1.11
    connected:
      description: Whether the device itself has ever talked to the server; a pre-registered record has not.
      type: bool
      returned: always
      sample: true
    thin_client:
      description:
        - Whether it is a thin client that has been there.
        - True if the product of its firmware is IGEL OS (or IGEL Universal Desktop LX or OS) and
          RV(devices[].connected) is true.
        - A pre-registered record carries the firmware it is to get, so its product alone proves nothing.
      type: bool
      returned: always
      sample: true
    online:
      description: Whether it answers now; null unless O(online=true).
      type: bool
      returned: always
      sample: true
    profiles:
      description: Names of the profiles assigned directly; null unless O(profiles=true).
      type: list
      elements: str
      returned: always
      sample: [role-operator]
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.otedge.endpoint.plugins.module_utils._module import run_module
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.ums_device_info import SPEC
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.assignments import DEVICE
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.face import session
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.info import describe, selected
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.resources import Ums
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree


def direct_profiles(ums: Ums) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for profile in [*ums.profiles(), *ums.priority_profiles()]:
        if not profile.in_bin:
            for device_id in ums.direct_receivers(profile, DEVICE):
                names.setdefault(device_id, []).append(profile.name)
    return names


def work(module: AnsibleModule) -> dict[str, Any]:
    with session(module.params) as ums:
        devices = ums.devices("online" if module.params["online"] else None)
        tree = Tree(ums.directories())
        profiles = direct_profiles(ums) if module.params["profiles"] else None
        found = describe(devices, tree, ums.firmwares(), profiles)
    if not devices and not tree:
        module.warn(
            f"{module.params['host']} let {module.params['username']} in but shows neither devices nor directories: the"
            " account may lack the right Browse, or the server is still empty."
        )
    return {"changed": False, "devices": selected(found, module.params["query"])}


def main() -> None:
    run_module(SPEC, work)


if __name__ == "__main__":
    main()
