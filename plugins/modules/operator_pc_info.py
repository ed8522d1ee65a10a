# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: operator_pc_info
short_description: Assess a Windows operator PC without touching it
version_added: 0.1.0
author: otedge.endpoint contributors (@otedge)
description:
  - Reads what a conversion has to know about a PC - hardware, Windows, firmware, disk protection, network, cards,
    dongles, software, services - and judges the gates of IGEL OS 12 and its converter.
  - Talks WS-Management and plain C(cmd) over the host's ordinary C(winrm) connection. Needs no PowerShell and pushes
    nothing to the PC; works with the WinRM that Windows 7 shipped.
  - What this Windows does not have, or the account may not read, is reported as not available with its reason. It
    is never a failure and never a guess.
  - Only one command shell and about 30 messages are used, over one connection.
options:
  sections:
    description: What to read; gates of a section that was not read are undecided.
    type: list
    elements: str
    choices: [system, os, firmware, protection, network, devices, software, services, access, converter]
    default: [system, os, firmware, protection, network, devices, software, services, access, converter]
  site_records:
    description:
      - The records folder of the site. When given, the assessment is kept in it as C(assessments/<host>.json), except
        in check mode.
    type: path
extends_documentation_fragment:
  - otedge.endpoint.attributes.info
  - otedge.endpoint.attributes.controller
notes:
  - The host needs C(ansible_connection=winrm); C(psrp) and C(ssh) are refused.
  - A transport that sends the password over http in clear text (C(plaintext), C(basic)) is refused.
  - Set C(gather_facts) to V(false) in the play; facts need PowerShell on the PC.
seealso:
  - module: otedge.endpoint.operator_pc_stage
"""

EXAMPLES = r"""
- name: Assess the operator PCs
  hosts: stations
  gather_facts: false
  tasks:
    - name: Read and keep the assessment
      otedge.endpoint.operator_pc_info:
        site_records: "{{ site_records }}"
      register: pc

    - name: What holds this PC on Windows
      ansible.builtin.debug:
        msg: "{{ pc.assessment.blockers | map(attribute='text') }}"

- name: Only whether the disk is protected
  hosts: stations
  gather_facts: false
  tasks:
    - name: Read two sections
      otedge.endpoint.operator_pc_info:
        sections: [os, protection]
"""

RETURN = r"""
assessment:
  description: What was read and what it means.
  returned: success
  type: dict
  contains:
    format:
      description: Version of this form.
      returned: success
      type: int
      sample: 1
    station:
      description: Inventory name of the host.
      returned: success
      type: str
      sample: l1-op1
    fields:
      description:
        - One entry a field, with its value, where it comes from and whether it could be read; C(reason) says why not.
      returned: success
      type: dict
      sample:
        os.caption: {value: Microsoft Windows 10 Enterprise, origin: Win32_OperatingSystem.Caption, available: true}
        cpu.cores: {value: 6, origin: Win32_Processor.NumberOfCores, available: true}
        system.uuid:
          value: null
          origin: Win32_ComputerSystemProduct.UUID
          available: false
          reason: UUID is empty on this PC
    gates:
      description:
        - Requirements of IGEL OS 12 and its converter; C(ok) is null where the evidence is missing.
        - C(text) holds what was read; C(needs) is the requirement alone, and what a plan says of it.
      returned: success
      type: list
      elements: dict
      sample:
        - {code: memory, ok: true, text: 8.0 GiB of memory (needs 4 GB), needs: 4 GB of memory}
    blockers:
      description: What speaks against a conversion, each with the field it was seen in.
      returned: success
      type: list
      elements: dict
      sample:
        - code: licence_dongle
          text: "Licence dongle (Aladdin/SafeNet HASP, Sentinel HL): Sentinel HL Key"
          field: devices.usb
    warnings:
      description: What was odd while reading, such as characters that had to be replaced.
      returned: success
      type: list
      elements: str
      sample: []
requests:
  description: Messages sent to the PC, without those of the login.
  returned: success
  type: int
  sample: 31
path:
  description: The file the assessment was written to.
  returned: when O(site_records) is given and this is not check mode
  type: str
  sample: /srv/plant-a/records/assessments/l1-op1.json
"""

from ansible_collections.otedge.endpoint.plugins.module_utils._module import controller_face
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.operator_pc_info import SPEC


def main() -> None:
    controller_face(SPEC)


if __name__ == "__main__":
    main()
