# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: operator_pc_arm
short_description: Arm a staged Windows PC and restart it into the installer, or disarm it
version_added: 0.1.0
author: otedge.endpoint contributors (@otedge)
description:
  - Arming is the point of no return. From then on a power cut may wipe the disk; everything before it can be undone.
  - Right before it the gates are read again (site lock, stop file, release, window, freeze day, line state, backup,
    drift from the plan, serial number and UUID of the PC), and once more after the PC was prepared.
  - Release, window and freeze days have to allow it not only now but until the disarm timer goes off - a PC that did
    not restart stays armed so long.
  - Before it two scheduled tasks on the PC are set and read back that put the loader of Windows back - one by the
    clock, if the restart does not come; one whenever Windows starts, since a PC that comes up as Windows was not
    converted. A minute that a clock change skips is moved; where it comes twice, arming is refused.
  - Then one detached command switches the loader, by a copy and one rename, and restarts the PC; if Windows does not
    take the restart, the same command puts the loader back.
  - The task ends when the PC is armed; it does not wait for the restart.
  - In check mode a PC that is not staged yet is taken as staged.
  - Where the answer to the arming command is lost, or the loader is not seen switched, the task fails with
    C(failure.launched) true - the PC may be on its way.
  - A closed gate does not fail the task. It gives RV(refused=true) with the gates, and a PC that is found armed then is
    disarmed first.
options:
  state:
    description:
      - V(armed) arms and restarts. It always changes something, also on a PC found armed, which is restarted.
      - V(disarmed) restores the loader that boots Windows and removes both tasks; it asks no gates.
    type: str
    choices: [armed, disarmed]
    default: armed
  disarm_after_minutes:
    description: After how many minutes, 2 to 120, the PC puts Windows back by itself if it has not restarted.
    type: int
    default: 10
  site_records:
    description: The records folder of the site, with the plan, its releases, the evidence and the site lock.
    type: path
    required: true
extends_documentation_fragment:
  - otedge.endpoint.attributes
  - otedge.endpoint.attributes.controller
  - otedge.endpoint.gates
notes:
  - The host needs C(ansible_connection=winrm). No PowerShell is used on the PC.
  - Task Scheduler starts no such task while a PC runs on battery; convert panel PCs and laptops on mains only.
seealso:
  - module: otedge.endpoint.operator_pc_stage
  - module: otedge.endpoint.station_gate
"""

EXAMPLES = r"""
- name: Arm and restart
  otedge.endpoint.operator_pc_arm:
    site_records: "{{ site_records }}"
    allowed_signers: "{{ site_allowed_signers }}"
    signers: "{{ site_signers }}"
    lines: "{{ site_lines }}"
    windows: "{{ site_windows }}"
    freeze_days: "{{ site_freeze_days }}"
  register: arm

- name: A closed gate ends this station
  ansible.builtin.fail:
    msg: "{{ arm.gates | dict2items | rejectattr('value.open') | map(attribute='value.needs') | join('; ') }}"
  when: arm.refused

- name: Back to Windows
  otedge.endpoint.operator_pc_arm:
    state: disarmed
    site_records: "{{ site_records }}"
"""

RETURN = r"""
armed:
  description: The PC was armed and restarts; in check mode, would be.
  returned: success
  type: bool
  sample: true
refused:
  description: A gate is closed; the PC is not armed.
  returned: success
  type: bool
  sample: false
gates:
  description: Each gate, whether it is open, what was read, and what would open it. Empty with O(state=disarmed).
  returned: success
  type: dict
  sample:
    line_state: {open: false, read: line-1 is running, needs: the line stopped for 300 s}
    stop: {open: true, read: no stop file, needs: ""}
"""

from ansible_collections.otedge.endpoint.plugins.module_utils._module import controller_face
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.operator_pc_arm import SPEC


def main() -> None:
    controller_face(SPEC)


if __name__ == "__main__":
    main()
