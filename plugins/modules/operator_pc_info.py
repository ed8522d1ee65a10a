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
  - Gentle. Column lists instead of whole instances, one question at a time, one command shell, about 40 messages with
    the login over one connection; each class is bounded in rows, bytes and time; heavy reads wait for a busy PC.
  - C(Win32_Product) is never asked; reading it makes Windows Installer verify, and perhaps repair, every package.
  - Passwords, tokens and accounts in command lines, tasks and data sources are masked before anything is kept.
options:
  sections:
    description:
      - What to read; gates of a section that was not read are undecided.
      - V(system) is the machine - maker, processor, memory, disks; V(os) is Windows, its time and updates;
        V(firmware) is how it starts, Secure Boot and TPM; V(protection) is BitLocker, write filters and antivirus.
      - V(network) is adapters, peers, open ports, routes and firewall; V(devices) is cards, USB, ports and screens.
      - V(software), V(processes), V(services), V(tasks) and V(printers) are lists; V(access) is who uses the PC and
        how - sessions, autologon, shell, autostart, Remote Desktop, shares; V(converter) is what is staged.
    type: list
    elements: str
    choices:
      - system
      - os
      - firmware
      - protection
      - network
      - devices
      - software
      - processes
      - services
      - tasks
      - printers
      - access
      - converter
    default:
      - system
      - os
      - firmware
      - protection
      - network
      - devices
      - software
      - processes
      - services
      - tasks
      - printers
      - access
      - converter
  skip:
    description:
      - What not to ask this PC, by the name of a section, a class such as C(Win32_Printer), or a source such as C(opc).
      - Its fields are not available, and say so; what they decide stays undecided.
    type: list
    elements: str
    default: []
  cpu_guard:
    description:
      - CPU load in percent from which the heavy reads are held back - processes, services, devices, updates, tasks and
        the search for OPC servers. V(0) does not look at the load.
    type: int
    default: 90
  cpu_wait:
    description:
      - Seconds to wait, at most, for a busy PC; after them the heavy reads are left out and their fields say so.
    type: int
    default: 30
  igel_os:
    description: Generation of IGEL OS whose gates are judged.
    type: int
    choices: [12, 11]
    default: 12
  fingerprints:
    description:
      - What this site recognises by itself, beside what the collection knows - each with C(seen_in) (one of
        C(software), C(process), C(service), C(pci), C(usb)), C(match) (a regular expression), C(text), and at least
        one of C(blocker), C(product) with C(delivery), C(weak_point).
    type: list
    elements: dict
    default: []
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

- name: A PC that is never idle, and has a printer that is slow to answer
  hosts: l1-op1
  gather_facts: false
  tasks:
    - name: Read what can be read
      otedge.endpoint.operator_pc_info:
        cpu_wait: 120
        skip: [Win32_Printer, opc]

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
        - All fields with their forms are listed in C(docs/assessment-fields.md).
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
        - Requirements of IGEL OS and its converter; C(ok) is null where the evidence is missing.
        - C(text) holds what was read; C(needs) is the requirement alone, and what a plan says of it.
      returned: success
      type: list
      elements: dict
      sample:
        - {code: memory, ok: true, text: 8.0 GiB of memory (needs 4 GB), needs: 4 GB of memory, imported: false}
    blockers:
      description: What speaks against a conversion, each with the field it was seen in.
      returned: success
      type: list
      elements: dict
      sample:
        - code: licence_dongle
          text: "Licence dongle (Aladdin/SafeNet HASP, Sentinel HL): Sentinel HL Key"
          field: devices.usb
    igel_os:
      description: Generation of IGEL OS whose gates were judged.
      returned: success
      type: int
      sample: 12
    applications:
      description: Known products that are installed or run, with how they could be delivered.
      returned: success
      type: list
      elements: dict
      sample: []
    delivery:
      description: How the station's work could be delivered - C(verdict), C(confidence) and C(evidence).
      returned: success
      type: dict
    weak_points:
      description: Weak entry points that were seen, each with the field it was seen in.
      returned: success
      type: list
      elements: dict
      sample:
        - {code: rdp_open, text: Remote Desktop accepts connections, field: access.rdp_enabled}
    station_role:
      description: A proposal for the station role - C(proposal), C(confidence) and C(evidence).
      returned: success
      type: dict
    support:
      description: Until when this Windows gets security updates; null where it is not known.
      returned: success
      type: dict
      sample: {product: Windows 7, ends: "2020-01-14", extended: "2023-01-10"}
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
  sample: 37
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
