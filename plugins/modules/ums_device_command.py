# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ums_device_command
short_description: Reboot, shut down, wake or reset devices of IGEL UMS, or send them their settings
version_added: 0.1.0
author: otedge.endpoint contributors (@otedge)
description:
  - Sends one command to a whole list of devices in one request, and reports what the server says of each.
  - Accepted means sent; with O(wait) the devices themselves are looked at until they show that it was done.
  - The task fails if the command did not go to all of them; the failure says to which it went and to which not.
  - A command is never sent twice by itself, neither after a lost session nor after a lost answer.
  - It sends each time it runs; it does not look whether a device is already in the state wanted.
  - "Line state is not checked here: V(reboot), V(shutdown) and V(factory_reset) warn of it. In a rollout the roles of
    this collection check the line first."
options:
  command:
    description:
      - V(reboot) restarts, V(shutdown) switches off.
      - V(wake) sends a magic packet. The server reports success even where it reaches nobody; use O(wait) to know.
      - V(send_settings) sends changed settings and profiles now instead of at the next start.
      - V(factory_reset) deletes settings, certificates and the registration of the device. It needs O(confirm).
      - The API has no others. To update, to convert Windows PCs by OSCW, to send a message or to fetch log files, use
        the UMS console or web app.
    type: str
    choices: [reboot, shutdown, wake, send_settings, factory_reset]
    required: true
  devices:
    description:
      - Unit ids, MAC addresses or names. Names and MAC addresses that several devices have are refused, as are devices
        that are unknown or lie in the recycle bin; then nothing is sent to any.
      - With an empty list nothing is sent.
    type: list
    elements: str
    required: true
  confirm:
    description:
      - The unit ids of exactly the devices in O(devices). Required for O(command=factory_reset), without meaning
        otherwise.
    type: list
    elements: str
  wait:
    description:
      - Wait until each device that the command went to shows the result.
      - For V(reboot) that it has been away, or shows another time of its last start, and is online; for V(wake) that it
        is online; for V(shutdown) that it is offline; for V(send_settings) that no change is pending any more (UMS
        6.07 and newer); for V(factory_reset) that its record is gone.
    type: bool
    default: false
  wait_timeout:
    description: Seconds to wait at most with O(wait).
    type: int
    default: 300
  wait_poll:
    description: Seconds between two looks with O(wait). A look is one request for each device that is waited for.
    type: int
    default: 5
  site_records:
    description:
      - Folder of the site's records on the controller.
      - If given, the command requires that the running play holds the site lock and that no stop file exists, and
        intent and result are recorded as evidence.
      - Leave it out to use the module on its own.
    type: path
extends_documentation_fragment:
  - otedge.endpoint.attributes
  - otedge.endpoint.ums
seealso:
  - module: otedge.endpoint.ums_device_info
  - module: otedge.endpoint.ums_profile_assignments
"""

EXAMPLES = r"""
- name: Changed profiles take effect now
  otedge.endpoint.ums_device_command:
    host: ums.example.com
    username: svc-imi
    password: "{{ vault_ums_password }}"
    ca_path: /etc/pki/ums-ca.pem
    command: send_settings
    devices: [l1-op1, l1-op2]
  delegate_to: localhost

- name: Restart a kiosk and go on when it is back
  otedge.endpoint.ums_device_command:
    host: ums.example.com
    username: svc-imi
    password: "{{ vault_ums_password }}"
    ca_path: /etc/pki/ums-ca.pem
    command: reboot
    devices: ["00:1B:1B:00:11:01"]
    wait: true
    wait_timeout: 600
  delegate_to: localhost

- name: Reset a device that leaves the plant
  otedge.endpoint.ums_device_command:
    host: ums.example.com
    username: svc-imi
    password: "{{ vault_ums_password }}"
    ca_path: /etc/pki/ums-ca.pem
    command: factory_reset
    devices: [l1-op9]
    confirm: [001B1B001109]
  delegate_to: localhost
"""

RETURN = r"""
devices:
  description:
    - One entry a device, in the order of O(devices). If the task fails because of some of them, C(failure.devices)
      holds the same.
  returned: success
  type: list
  elements: dict
  contains:
    device:
      description: The device as given.
      type: str
      returned: always
      sample: l1-op1
    name:
      description: Name in UMS.
      type: str
      returned: always
      sample: l1-op1
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
    state:
      description:
        - V(sent), or V(planned) in check mode.
        - In a failure also V(failed), or V(no_answer) where the server says nothing about the device.
      type: str
      returned: always
      sample: sent
    message:
      description: What the server says of it, in the language of the server.
      type: str
      returned: always
      sample: OK
    seen:
      description: What O(wait) saw, V(online), V(offline), V(applied) or V(gone); null without it.
      type: str
      returned: always
      sample: online
others:
  description: What the server says of devices that were not asked for, such as those that pass a magic packet on.
  returned: success
  type: list
  elements: dict
  sample: []
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
      sample: Look at these devices.
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
      sample: []
    devices:
      description:
        - If the command did not go to all, or was not seen to be done, one entry a device as in RV(devices).
      type: list
      elements: dict
      returned: if a device failed
      sample: []
    others:
      description: As RV(others).
      type: list
      elements: dict
      returned: if a device failed
      sample: []
"""

import time
from collections.abc import Callable
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.module_utils._module import run_module
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.ums_device_command import SPEC
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.commands import plan_command, targets_of
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.face import reconcile, session
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import read_device
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.send import Sender
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.waiting import Patience, boot_time


def patience_of(params: dict[str, Any], now: Callable[[], float], sleep: Callable[[float], None]) -> Patience | None:
    if not params["wait"]:
        return None
    if params["wait_timeout"] < 1 or params["wait_poll"] < 1:
        raise InputError("wait_timeout and wait_poll must be 1 or more.", fix="Give seconds.")
    return Patience(params["wait_timeout"], params["wait_poll"], now, sleep)


def work(
    module: AnsibleModule, now: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
) -> dict[str, Any]:
    params = module.params
    command, confirm = params["command"], params["confirm"] or []
    if confirm and command != "factory_reset":
        raise InputError(f"confirm has no meaning with command={command}.", fix="It belongs to factory_reset alone.")
    patience = patience_of(params, now, sleep)
    with session(params) as ums:
        # The start before the command is only needed to see the start after it.
        rows = ums.device_rows("details" if patience and command == "reboot" else None)
        targets = targets_of(params["devices"], [read_device(row) for row in rows])
        planned = plan_command(command, targets, confirm)
        sender = Sender(ums, patience, {read_device(row).id: boot_time(row) for row in rows})
        reconcile(module, "ums_device_command", lambda: planned, sender.apply)
    change = planned.change
    return {
        "changed": change.changed,
        "diff": change.diff("UMS commands"),
        "devices": sender.rows or list(planned.rows),
        "others": sender.others,
    }


def main() -> None:
    run_module(SPEC, work)


if __name__ == "__main__":
    main()
