# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ums_devices
short_description: Pre-register, update, move and remove devices in IGEL UMS
version_added: 0.1.0
author: otedge.endpoint contributors (@otedge)
description:
  - Reconciles a whole list of devices in one session. The server is listed once and only differences are written.
  - A device is found by its unit id, then by its MAC address, among O(devices[].mac) and O(devices[].candidate_macs).
  - A device that is not there is pre-registered; it gets its settings when it first connects.
  - A PC with several network cards may come back from its conversion under another MAC address than it was
    pre-registered with. If exactly one of its records has connected, that one is kept and adapted, and those that never
    have are removed. If two of them have connected, the task is refused.
  - All problems with the list are reported in one message, and then nothing is changed.
options:
  devices:
    description:
      - The devices. Those not listed are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - Name in the UMS tree.
          - A naming convention set in UMS may overwrite it; then the task changes it again each time.
        type: str
      mac:
        description:
          - MAC address the device is pre-registered with; 12 hexadecimal digits, with or without separators. Quote it.
        type: str
        required: true
      candidate_macs:
        description:
          - Other MAC addresses of the same device, under which it may come back.
        type: list
        elements: str
      directory:
        description:
          - Path of its directory; V(/) for the root. The directory must exist; in check mode a missing one is taken as
            about to be created.
          - Moving a device to the root is not documented by the vendor.
          - If not given, a new device is put into the root and a known one is left where it is.
        type: str
      firmware:
        description:
          - Firmware of a new record, as listed in UMS. Needed to create one; a known record keeps its own.
        type: dict
        suboptions:
          product:
            description: Product, as UMS shows it.
            type: str
            required: true
          version:
            description: Version, as UMS shows it.
            type: str
            required: true
      site:
        description: Site. An empty string clears it; not given leaves it, as with all fields below.
        type: str
      department:
        description: Department.
        type: str
      cost_center:
        description: Cost centre.
        type: str
      comment:
        description: Comment.
        type: str
      asset_id:
        description: Asset id.
        type: str
      in_service_date:
        description: Date of being put in service, as free text.
        type: str
      serial_number:
        description: Serial number.
        type: str
  state:
    description:
      - V(present) makes sure that each device has one record, as described.
      - V(absent) removes the records of the devices from the server at once, without the recycle bin and without
        contacting the devices.
    type: str
    choices: [present, absent]
    default: present
  never_connected:
    description:
      - With O(state=absent), remove only what was pre-registered and has never connected. A device that has is left
        alone with all its records, and a warning names it. Each record is looked at again right before it is removed.
      - Records count only by their unit id, so another device that shares a MAC address is left alone.
      - With O(state=present) it has no meaning.
    type: bool
    default: false
extends_documentation_fragment:
  - otedge.endpoint.attributes
  - otedge.endpoint.ums
  - otedge.endpoint.ums.records
seealso:
  - module: otedge.endpoint.ums_directories
  - module: otedge.endpoint.ums_profile_assignments
"""

EXAMPLES = r"""
- name: Pre-register two stations
  otedge.endpoint.ums_devices:
    host: ums.example.com
    username: svc-imi
    password: "{{ vault_ums_password }}"
    ca_path: /etc/pki/ums-ca.pem
    devices:
      - name: l1-op1
        mac: "00:1B:1B:00:11:01"
        directory: plant-a/line-1
        firmware: {product: IGEL OS 12, version: 12.9.0}
      - name: l1-ws1
        mac: "00:1B:1B:00:11:03"
        candidate_macs: ["00:1B:1B:00:11:13"]
        directory: plant-a/line-1
        firmware: {product: IGEL OS 12, version: 12.9.0}
        comment: two network cards
  delegate_to: localhost

- name: Take a pre-registration back, but never a device that is there
  otedge.endpoint.ums_devices:
    host: ums.example.com
    username: svc-imi
    password: "{{ vault_ums_password }}"
    ca_path: /etc/pki/ums-ca.pem
    devices:
      - name: l1-op1
        mac: "00:1B:1B:00:11:01"
    state: absent
    never_connected: true
  delegate_to: localhost

- name: Remove a station that was retired
  otedge.endpoint.ums_devices:
    host: ums.example.com
    username: svc-imi
    password: "{{ vault_ums_password }}"
    ca_path: /etc/pki/ums-ca.pem
    devices:
      - mac: "00:1B:1B:00:11:09"
    state: absent
  delegate_to: localhost
"""

RETURN = r"""
devices:
  description:
    - One entry a device of O(devices); with O(state=absent) one entry a removed record, and with O(never_connected) one
      entry a record that was left alone because it has connected.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name in UMS.
      type: str
      returned: always
      sample: l1-op1
    id:
      description: Id of the record in UMS; null where check mode would create it.
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
    action:
      description:
        - What was done, or would be done in check mode.
        - One of V(created), V(updated), V(moved) (and updated where needed), V(merged), V(deleted), V(unchanged).
      type: str
      returned: always
      sample: created
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.otedge.endpoint.plugins.module_utils._module import run_module
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.ums_devices import SPEC
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.apply import apply_devices, filled
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.device_steps import Current, DevicePlan
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.devices import plan_absent, plan_present
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.face import reconcile, session
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.wanted import wanted_devices


def work(module: AnsibleModule) -> dict[str, Any]:
    wanted = wanted_devices(module.params["devices"])
    present = module.params["state"] == "present"
    with session(module.params) as ums:

        def plan() -> DevicePlan:
            current = Current(ums.devices("details"), Tree(ums.directories()), ums.firmwares())
            if present:
                return plan_present(current, wanted, assume_missing=module.check_mode)
            return plan_absent(current, wanted, never_connected=module.params["never_connected"])

        outcome = reconcile(module, "ums_devices", plan, lambda decided: apply_devices(ums, decided.change.steps))
    first = outcome.first
    rows = filled(outcome.last.rows if present else first.rows, "mac", outcome.applied)
    for row, planned in zip(rows, first.rows, strict=True):
        row["action"] = planned["action"]
    return {"changed": first.change.changed, "diff": first.change.diff("UMS devices"), "devices": rows}


def main() -> None:
    run_module(SPEC, work)


if __name__ == "__main__":
    main()
