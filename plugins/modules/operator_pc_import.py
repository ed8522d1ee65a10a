# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: operator_pc_import
short_description: Take over what other tools know about operator PCs
version_added: 0.1.0
author: otedge.endpoint contributors (@otedge)
description:
  - Reads a CSV or JSON file that a survey, a software inventory or a passive discovery has made, and puts what it says
    into the assessments of the site. For PCs that cannot be reached, or not yet.
  - Each value keeps its origin. A value that was read from the PC itself is never replaced, and the next
    M(otedge.endpoint.operator_pc_info) replaces the whole document.
  - What is known only from another tool can hold a station on Windows; it never releases it. A station whose gates
    rest on imported values is deferred until its PC was read.
  - Run it once, on the host of group C(site); one file speaks of many stations.
options:
  path:
    description:
      - The file on the controller, UTF-8. CSV has a header line and is separated by comma, semicolon or tab; JSON is a
        list with one object a PC.
    type: path
    required: true
  source:
    description: Which tool or survey it comes from; becomes part of each value's origin.
    type: str
    required: true
  columns:
    description:
      - Field to the column that holds it, where the column is not named like the field.
      - A row names its station by C(station), else by C(mac), else by C(address); the last two are compared with
        C(station_mac) and C(station_address).
      - The fields are C(system.manufacturer), C(system.model), C(system.uuid), C(system.memory_bytes), C(bios.serial),
        C(cpu.name), C(cpu.data_width), C(cpu.cores), C(cpu.max_mhz), C(disk.system_bytes), C(disk.system_free_bytes),
        C(os.caption), C(os.version), C(os.build), C(os.edition_id), C(os.product_type), C(os.embedded), C(os.hotfixes),
        C(firmware.type), C(firmware.secure_boot), C(bitlocker.protection), C(write_filter.enabled),
        C(access.rdp_enabled), C(access.autologon), C(software.installed), C(services.running), C(devices.pci),
        C(devices.usb), C(devices.serial_ports) and C(network.connections).
      - Sizes may have a unit (C(8 GiB), C(500 GB)); lists in one cell are separated by semicolons, with
        C(name|version), C(id|name) or C(10.20.60.10:443/tcp).
    type: dict
    default: {}
  site_records:
    description: The records folder of the site; the documents are C(assessments/<station>.json) in it.
    type: path
    required: true
  igel_os:
    description: The generation of IGEL OS to judge the gates for.
    type: int
    choices: [11, 12]
    default: 12
  fingerprints:
    description: The site's own fingerprints; see M(otedge.endpoint.operator_pc_info).
    type: list
    elements: dict
    default: []
extends_documentation_fragment:
  - otedge.endpoint.attributes
  - otedge.endpoint.attributes.controller
seealso:
  - module: otedge.endpoint.operator_pc_info
  - module: otedge.endpoint.site_plan
"""

EXAMPLES = r"""
- name: What the survey found
  hosts: site
  gather_facts: false
  tasks:
    - name: Take it over
      otedge.endpoint.operator_pc_import:
        path: "{{ inventory_dir }}/survey.csv"
        source: survey of October
        site_records: "{{ site_records }}"
        columns:
          mac: MAC address
          system.memory_bytes: RAM
          software.installed: Programs
"""

RETURN = r"""
imported:
  description: For each station that a row means, the fields that were taken over and those kept because they were read.
  returned: success
  type: dict
  sample: {"l2-op3": {"fields": ["system.memory_bytes"], "kept": ["os.version"]}}
unmatched:
  description: The rows that mean no station of the inventory.
  returned: success
  type: list
  elements: str
  sample: ["row 7 (mac 00:1B:1B:00:99:01)"]
"""

from ansible_collections.otedge.endpoint.plugins.module_utils._module import controller_face
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.operator_pc_import import SPEC


def main() -> None:
    controller_face(SPEC)


if __name__ == "__main__":
    main()
