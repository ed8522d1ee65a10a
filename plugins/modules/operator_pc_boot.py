# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: operator_pc_boot
short_description: Restart a Windows PC with proof that it did, or choose what its firmware boots once
version_added: 0.1.0
author: otedge.endpoint contributors (@otedge)
description:
  - Restarts the PC and proves it - it answers again, says that it started later than before by more than clocks are
    corrected, and is up for less time than has passed since. The start time alone proves nothing, since it moves with
    the clock.
  - With O(boot_entry) the firmware is told by C(bcdedit) to boot that entry once, and it is read back. Windows is then
    not expected back; the proof is that the PC went away.
  - In a site (O(site_records)) the gates of the station are asked, twice - for a restart all but the backup, for
    another boot entry all that a conversion needs, since it may wipe the disk. A closed gate does not fail the task,
    it gives RV(refused=true). Without a site O(confirm) has to be given.
  - An armed PC is never restarted here; see M(otedge.endpoint.operator_pc_arm).
  - A restart or shutdown that somebody else announced is never replaced; the task is refused.
options:
  state:
    description:
      - V(restarted) restarts, into O(boot_entry) if it is given. It always changes something.
      - V(prepared) only sets O(boot_entry).
      - V(cancelled) calls off a pending restart or shutdown and forgets a one-time entry. It asks no gates. In check
        mode it says nothing about pending restarts, which Windows shows to nobody.
    type: str
    choices: [restarted, prepared, cancelled]
    default: restarted
  boot_entry:
    description:
      - Identifier of the firmware's entry in braces, or a part of its description that fits one entry only, such as
        V(IPV4). Required with O(state=prepared).
      - Refused on legacy BIOS, where Windows cannot choose; and while BitLocker protects the system volume, which would
        ask for its recovery key - suspend it first.
      - Where RV(secure_boot) is true the firmware passes over an entry whose loader is not signed for it, and boots
        the next one, which is Windows.
    type: str
  confirm:
    description: Says without a site that this PC may be restarted now. Not looked at where O(site_records) is given.
    type: bool
    default: false
  wait_minutes:
    description: How long to wait for the proof, up to 240; V(0) does not wait and proves nothing.
    type: int
    default: 15
extends_documentation_fragment:
  - otedge.endpoint.attributes
  - otedge.endpoint.attributes.controller
  - otedge.endpoint.gates
notes:
  - The host needs C(ansible_connection=winrm). No PowerShell is used on the PC.
  - The words of C(bcdedit) are localised; identifiers and the order of the lists are read, not words.
seealso:
  - module: otedge.endpoint.operator_pc_arm
"""

EXAMPLES = r"""
- name: Restart within the rules of the site
  otedge.endpoint.operator_pc_boot:
    site_records: "{{ site_records }}"
    allowed_signers: "{{ site_allowed_signers }}"
    signers: "{{ site_signers }}"
    lines: "{{ site_lines }}"
    windows: "{{ site_windows }}"

- name: Boot once from the network, a PC on the bench
  otedge.endpoint.operator_pc_boot:
    boot_entry: IPV4
    confirm: true

- name: Not after all
  otedge.endpoint.operator_pc_boot:
    state: cancelled
    confirm: true
"""

RETURN = r"""
refused:
  description: A gate is closed; nothing was done.
  returned: success
  type: bool
  sample: false
gates:
  description: Each gate that was asked, whether it is open, what was read, and what would open it.
  returned: success
  type: dict
  sample:
    line_state: {open: false, read: line-1 is running, needs: the line stopped for 300 s}
boots_once:
  description: Identifier of the entry that the firmware boots once; empty without one.
  returned: success
  type: str
  sample: "{7b1f5ee2-6d6a-11e9-a2c4-806e6f6e6963}"
secure_boot:
  description: Secure Boot is on.
  returned: success
  type: bool
  sample: true
uptime:
  description: Seconds that Windows was up when the restart was proved; null where it was not expected back.
  returned: when it was restarted
  type: float
  sample: 41.0
"""

from ansible_collections.otedge.endpoint.plugins.module_utils._module import controller_face
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.operator_pc_boot import SPEC


def main() -> None:
    controller_face(SPEC)


if __name__ == "__main__":
    main()
