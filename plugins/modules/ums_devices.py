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
  - Compares, too. O(state=compared), or check mode, names every difference, every device without a record and every
    record nobody declared, and writes nothing.
  - A device is found by its unit id, then by its MAC address, among O(devices[].mac) and O(devices[].candidate_macs).
  - A device that is not there is pre-registered; it gets its settings when it first connects.
  - A PC with several network cards may come back from its conversion under another MAC address than it was
    pre-registered with. If exactly one of its records has connected, that one is kept and adapted, and those that never
    have are removed. If two of them have connected, the task is refused.
  - All problems with the list are reported in one message, and then nothing is changed.
options:
  devices:
    description:
      - The devices. Those not listed are left alone, unless O(exclusive) says otherwise.
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
      unit_id:
        description:
          - Its unit id, where that is not its MAC address, as with a boot stick, which shows the MAC address of the PC
            it is plugged into. Then only the record with this unit id counts, and another device may have the same
            O(devices[].mac).
          - A record cannot be created with a unit id other than its MAC address.
        type: str
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
      attributes:
        description:
          - Custom device attributes, identifier to value; an empty string clears one, those not given stay.
          - An attribute must exist in UMS, and its overwrite rule must allow changes by UMS. Values of an attribute
            with a range are checked against it before anything is written.
          - Costs one more list of all devices, which is read only if a device of the list has attributes.
        type: dict
  state:
    description:
      - V(present) makes sure that each device has one record, as described.
      - V(absent) removes the records of the devices from the server at once, without the recycle bin and without
        contacting the devices.
      - V(compared) only compares and never writes. What would make V(present) fail is listed in RV(drift.problems).
    type: str
    choices: [present, absent, compared]
    default: present
  never_connected:
    description:
      - With O(state=absent), remove only what was pre-registered and has never connected. A device that has is left
        alone with all its records, and a warning names it. Each record is looked at again right before it is removed.
      - Records count only by their unit id, so another device that shares a MAC address is left alone.
      - With any other O(state) it has no meaning.
    type: bool
    default: false
  directory:
    description:
      - Path of the directory for which O(devices) is meant to be complete, with all directories below it; V(/) for the
        whole server. Records there that belong to no device of the list are strangers, and RV(drift.strangers) names
        them, beside those right in the directories that the devices name.
      - With O(state=absent) it has no meaning.
    type: str
  exclusive:
    description:
      - Remove the strangers below O(directory), which must not be the root then.
      - Refused, before anything is written, if O(devices) is empty, if one of the strangers is online (each is asked)
        or the server does not say, or if there are more of them than O(max_deletions). Each is asked once more right
        before it is removed, and the server is read again afterwards.
      - A record that shares a MAC address with a device of the list is left alone, with a warning; it may be a boot
        stick in the same PC.
      - Records in the recycle bin do not count.
    type: bool
    default: false
  max_deletions:
    description: How many strangers O(exclusive) may remove in one task.
    type: int
    default: 5
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

- name: The list is all there is in the plant; a station that was forgotten in UMS goes
  otedge.endpoint.ums_devices:
    host: ums.example.com
    username: svc-imi
    password: "{{ vault_ums_password }}"
    ca_path: /etc/pki/ums-ca.pem
    devices: "{{ plant_devices }}"
    directory: plant-a
    exclusive: true
    max_deletions: 2
  delegate_to: localhost

- name: Compare what is declared with what is there
  otedge.endpoint.ums_devices:
    host: ums.example.com
    username: svc-imi
    password: "{{ vault_ums_password }}"
    ca_path: /etc/pki/ums-ca.pem
    devices: "{{ plant_devices }}"
    directory: plant-a
    state: compared
  delegate_to: localhost
  register: plant
  failed_when: not plant.drift.in_sync

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
        - What was done; in check mode and with O(state=compared) what would be done.
        - One of V(created), V(updated), V(moved) (and updated where needed), V(merged), V(deleted), V(unchanged).
      type: str
      returned: always
      sample: created
drift:
  description: What was declared compared with what was found when the task began.
  returned: success, unless O(state=absent)
  type: dict
  contains:
    in_sync:
      description: Whether there is nothing to correct, nothing missing, no stranger and no problem.
      type: bool
      returned: always
      sample: false
    differences:
      description:
        - One entry a field that differs, with C(device) (as in O(devices)), C(id), C(unit_id), C(field), C(declared)
          and C(actual).
        - C(field) is an option of O(devices), C(attributes.) and an identifier, or C(spare_record) for a second record
          of the device that never connected.
        - C(corrected) is false for C(firmware), which a known record keeps, and for C(mac), under which the device
          came.
      type: list
      elements: dict
      returned: always
      sample:
        - {"device": "l1-op1", "id": "7735", "unit_id": "001B1B001101", "field": "directory",
           "declared": "plant-a/line-1", "actual": "", "corrected": true}
    missing:
      description: The devices declared that have no record, each with C(name), C(mac) and C(directory).
      type: list
      elements: dict
      returned: always
      sample: [{"name": "l1-ws1", "mac": "001B1B001103", "directory": "plant-a/line-1"}]
    strangers:
      description:
        - The records that nobody declared, below O(directory) and right in the directories that the devices name.
        - Each with C(name), C(id), C(unit_id), C(mac), C(directory), C(connected) and C(action), which is V(deleted) if
          O(exclusive) removes it and V(left) if it stays.
      type: list
      elements: dict
      returned: always
      sample:
        - {"name": "old", "id": "7001", "unit_id": "001B1B001199", "mac": "001B1B001199",
           "directory": "plant-a/line-1", "connected": false, "action": "left"}
    problems:
      description: With O(state=compared), what would make the task fail otherwise; C(problem) and C(fix).
      type: list
      elements: dict
      returned: always
      sample: []
msg:
  description: The drift in one sentence, so that a task with C(failed_when) says what differs.
  returned: if O(state=compared) and not RV(drift.in_sync)
  type: str
  sample: "UMS is not as declared: 1 missing: l1-ws1; 1 not declared: old."
failure:
  description: What went wrong, for other tasks. A failure in the middle of the writes says what was done.
  returned: failure
  type: dict
  contains:
    code:
      description: Kind of failure, such as V(input), V(refused), V(peer), V(talk) or V(ums_unavailable).
      type: str
      returned: always
      sample: ums_unavailable
    fix:
      description: The next step.
      type: str
      returned: always
      sample: Wait until the server is up, then run it again.
    error_code:
      description: Error code of the server.
      type: str
      returned: if the server gave one
      sample: ITG-0A015
    written:
      description: What was written before it, each with C(action) and C(item). The next run writes only what is left.
      type: list
      elements: dict
      returned: if the failure came while writing
      sample: [{"action": "created", "item": "l1-op1"}]
    failed:
      description: What the server refused.
      type: list
      elements: dict
      returned: if the failure came while writing
      sample: [{"action": "created", "item": "l1-op2"}]
    unknown:
      description: What was sent and not answered, so that it may have been done; the next run sees.
      type: list
      elements: dict
      returned: if the failure came while writing
      sample: []
    left:
      description: What was not sent, by the last look right before it too.
      type: list
      elements: dict
      returned: if the failure came while writing
      sample: [{"action": "moved", "item": "l1-ws1"}]
"""

from dataclasses import replace
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError, TalkError
from ansible_collections.otedge.endpoint.plugins.module_utils._module import run_module
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.ums_devices import SPEC
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.apply import apply_devices, filled
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.device_steps import Current, Delete, DevicePlan
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.devices import plan_present
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.devices_absent import plan_absent
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.exclusive import Terms, terms_of
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.face import reconcile, session
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.facets import read_facets
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.resources import Ums
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.wanted import Wanted, read_wanted


def read_current(ums: Ums, attributes: bool) -> Current:
    tree = Tree(ums.directories())
    devices, extras = read_facets(ums, ["details", "attributes"] if attributes else ["details"])
    return Current(devices, tree, ums.firmwares(), extras.get("attributes", {}))


def checked_terms(params: dict[str, Any], bad: OtedgeError | None) -> Terms:
    if params["state"] == "absent" and params["exclusive"]:
        raise InputError(
            "exclusive and state: absent contradict each other.",
            fix="List the devices that are to stay, with state: present.",
        )
    terms = terms_of(params["directory"], params["exclusive"], params["max_deletions"], len(params["devices"]))
    return replace(terms, compare=params["state"] == "compared", bad=bad)


def removed_as_strangers(plan: DevicePlan) -> frozenset[str]:
    return frozenset(step.id for step in plan.change.steps if isinstance(step, Delete) and step.offline_in is not None)


def run(module: AnsibleModule, wanted: list[Wanted], terms: Terms) -> dict[str, Any]:
    state = module.params["state"]
    with session(module.params) as ums:

        def online(device_id: str) -> bool | None:
            record = ums.device(device_id, "online")
            return False if record is None else record.online

        asking = replace(terms, online=online)

        def plan() -> DevicePlan:
            nonlocal asking
            current = read_current(ums, any(item.attributes for item in wanted))
            if state == "absent":
                return plan_absent(current, wanted, never_connected=module.params["never_connected"], bad=terms.bad)
            decided = plan_present(current, wanted, assume_missing=module.check_mode, terms=asking)
            if asking.only is None:  # a later round removes nobody whom the diff does not show
                asking = replace(asking, only=removed_as_strangers(decided))
            return decided

        if terms.compare:
            decided = plan()
            for warning in decided.warnings:
                module.warn(warning)
            told = {"msg": decided.drift_summary} if decided.drift_summary else {}
            return {"changed": False, "devices": list(decided.rows), "drift": decided.drift, **told}
        outcome = reconcile(module, "ums_devices", plan, lambda decided: apply_devices(ums, decided.change.steps))
    first = outcome.first
    result: dict[str, Any] = {"changed": first.change.changed, "diff": first.change.diff("UMS devices")}
    if state == "absent":
        return {**result, "devices": list(first.rows)}
    rows = filled(outcome.last.rows, "mac", outcome.applied)
    for row, planned in zip(rows, first.rows, strict=True):
        row["action"] = planned["action"]
    return {**result, "devices": rows, "drift": first.drift}


def work(module: AnsibleModule) -> dict[str, Any]:
    wanted, bad = read_wanted(module.params["devices"])
    terms = checked_terms(module.params, bad)
    try:
        return run(module, wanted, terms)
    except TalkError:
        if bad is not None:
            raise bad from None  # whoever gave a bad list learns that first
        raise


def main() -> None:
    run_module(SPEC, work)


if __name__ == "__main__":
    main()
