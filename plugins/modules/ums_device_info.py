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
  - Each of O(online), O(details), O(attributes), O(network_adapters) and O(login_history) costs one more list of all
    devices. Passwords and certificates for shadowing are never read.
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
  details:
    description:
      - Also read what UMS knows of each device besides, such as hardware, comment and last boot.
    type: bool
    default: false
  attributes:
    description:
      - Also read the custom device attributes.
    type: bool
    default: false
  network_adapters:
    description:
      - Also read the network adapters; IGEL OS 11.07.100 or newer tells them.
    type: bool
    default: false
  login_history:
    description:
      - Also read who logged in at each device, and when. These are personal data - ask for them only where that is
        agreed.
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
  - plugin: otedge.endpoint.ums
    plugin_type: inventory
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

- name: What runs on how much memory
  otedge.endpoint.ums_device_info:
    details: true
    query: "[].{name: name, type: details.device_type, megabytes: details.memory_size}"
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
    directory_id:
      description: Id of its directory; V(-1) is the root.
      type: str
      returned: always
      sample: "72327"
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
    details:
      description:
        - What UMS knows besides. The fields differ between UMS versions and devices; what is not known is missing or
          empty.
        - Names are those of M(otedge.endpoint.ums_devices) where it has them, else the names of UMS in small letters
          with underscores. Dates are texts in the formats of UMS and carry no time zone.
      type: dict
      returned: when O(details=true)
      sample: {"site": "plant-a", "device_type": "IGEL M340C", "memory_size": 1705, "registered": true}
    attributes:
      description: Custom attributes, each with identifier, name, value, type and allowed_values.
      type: list
      elements: dict
      returned: when O(attributes=true)
      sample:
        - identifier: division
          name: Division
          value: Assembly
          type: range
          allowed_values: [Assembly, Logistics]
    network_adapters:
      description: Network adapters, each with name, type, mac and state.
      type: list
      elements: dict
      returned: when O(network_adapters=true)
      sample: [{"name": "enp1s0", "type": "lan", "mac": "001B1B001101", "state": "up"}]
    login_history:
      description:
        - Logins, each with user, result, login_time, logoff_time and type.
        - C(logoff_time) is empty while the user is still logged in.
      type: list
      elements: dict
      returned: when O(login_history=true)
      sample:
        - user: shift-1
          result: ok
          login_time: "2026-01-08 06:00:12.000"
          logoff_time: ""
          type: kerberos
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.otedge.endpoint.plugins.module_utils._jmespath import check, selected
from ansible_collections.otedge.endpoint.plugins.module_utils._module import run_module
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.ums_device_info import SPEC
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.face import session
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.facets import asked, read_facets
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.info import describe, unseen
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.info_tree import DEVICE, direct_profiles
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree


def work(module: AnsibleModule) -> dict[str, Any]:
    params = module.params
    check(params["query"])
    with session(params) as ums:
        devices, extras = read_facets(ums, asked(params))
        tree = Tree(ums.directories())
        profiles = direct_profiles(ums, DEVICE) if params["profiles"] else None
        found = describe(devices, tree, ums.firmwares(), profiles, extras)
    if not devices and not tree:
        module.warn(unseen(params, "neither devices nor directories"))
    return {"changed": False, "devices": selected(found, params["query"])}


def main() -> None:
    run_module(SPEC, work)


if __name__ == "__main__":
    main()
