# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ums_asset_info
short_description: List what is plugged into the devices of IGEL UMS
version_added: 0.1.0
author: otedge.endpoint contributors (@otedge)
description:
  - Lists the assets that UMS knows, such as keyboards, scanners and dongles, with the device each is plugged into.
  - Needs a UMS licence that includes asset information - since UMS 12.07.100 an edition other than Essential and
    Standard, before that the Enterprise Management Pack. Without it the task fails and says so.
options:
  history:
    description:
      - Also list when assets were plugged in and out; one request more.
    type: bool
    default: false
  query:
    description:
      - JMESPath expression over the list of assets; it must give a list.
      - Needs the Python library jmespath on the controller.
    type: str
extends_documentation_fragment:
  - otedge.endpoint.attributes.info
  - otedge.endpoint.ums
seealso:
  - module: otedge.endpoint.ums_device_info
"""

EXAMPLES = r"""
- name: Assets and their history
  otedge.endpoint.ums_asset_info:
    host: ums.example.com
    username: svc-imi
    password: "{{ vault_ums_password }}"
    ca_path: /etc/pki/ums-ca.pem
    history: true
  delegate_to: localhost
  register: ums

- name: Devices with a Bluetooth dongle
  otedge.endpoint.ums_asset_info:
    host: ums.example.com
    username: svc-imi
    password: "{{ vault_ums_password }}"
    ca_path: /etc/pki/ums-ca.pem
    query: "[?device && contains(name, 'Bluetooth')].device.name"
  delegate_to: localhost
"""

RETURN = r"""
assets:
  description: The assets by name, or what O(query) selects from them.
  returned: success
  type: list
  elements: raw
  contains:
    id:
      description: Id of the asset in UMS.
      type: str
      returned: always
      sample: "49067"
    name:
      description: Name.
      type: str
      returned: always
      sample: Elite Keyboard
    vendor:
      description: Vendor.
      type: str
      returned: always
      sample: Example
    usb_id:
      description: USB id as UMS writes it.
      type: str
      returned: always
      sample: 046d:c30f
    categories:
      description: Names of its categories.
      type: list
      elements: str
      returned: always
      sample: [Keyboard]
    details:
      description: Further details by their key.
      type: dict
      returned: always
      sample: {"serial": "1"}
    device:
      description: The device it is plugged into, with id, name and unit_id; null if it is unplugged.
      type: dict
      returned: always
      sample: {"id": "47922", "name": "l1-op1", "unit_id": "001B1B001101"}
history:
  description: Events of all assets, oldest first; O(query) does not touch them.
  returned: when O(history=true)
  type: list
  elements: dict
  contains:
    id:
      description: Id of the event.
      type: str
      returned: always
      sample: "29"
    asset_id:
      description: Id of the asset.
      type: str
      returned: always
      sample: "49067"
    unit_id:
      description: Unit id of the device.
      type: str
      returned: always
      sample: 001B1B001101
    name:
      description: Name of that device; empty if UMS does not list it any more.
      type: str
      returned: always
      sample: l1-op1
    event:
      description: What happened, as UMS writes it; V(add), V(remove), V(add_on_boot) or V(remove_on_boot).
      type: str
      returned: always
      sample: add
    time_ms:
      description: When, in milliseconds since 1970-01-01 UTC; null if UMS does not say.
      type: int
      returned: always
      sample: 1500380741000
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.otedge.endpoint.plugins.module_utils._jmespath import check, selected
from ansible_collections.otedge.endpoint.plugins.module_utils._module import run_module
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.ums_asset_info import SPEC
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.errors import UmsError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.face import session
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.info_assets import (
    describe_assets,
    describe_history,
    no_assets,
)


def work(module: AnsibleModule) -> dict[str, Any]:
    params = module.params
    check(params["query"])
    with session(params) as ums:
        devices = ums.devices()
        try:
            rows = ums.assets()
            events = ums.asset_history() if params["history"] else None
        except UmsError as exc:
            raise no_assets(exc, params["host"]) from exc
    result: dict[str, Any] = {"changed": False, "assets": selected(describe_assets(rows, devices), params["query"])}
    if events is not None:
        result["history"] = describe_history(events, devices)
    return result


def main() -> None:
    run_module(SPEC, work)


if __name__ == "__main__":
    main()
