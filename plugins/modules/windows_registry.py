# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: windows_registry
short_description: Read and change the registry of any Windows host, without PowerShell
version_added: 0.1.0
author: otedge.endpoint contributors (@otedge)
description:
  - Reads a key, or makes sure that a key and its values are there or gone, through the WMI class C(StdRegProv) over the
    host's ordinary C(winrm) connection. Needs no PowerShell and pushes nothing to the host.
  - What was written is read back; a value that is right already is not written.
options:
  path:
    description:
      - The key, beginning with C(HKLM), C(HKCU), C(HKU), C(HKCR) or C(HKCC) or their long names.
      - On a 64-bit Windows the 64-bit view is meant. What 32-bit software reads lies below C(SOFTWARE\Wow6432Node).
      - C(HKCU) is the hive of the account Ansible logs in with, not that of the person at the PC; a warning says so.
        That person's is C(HKU\<SID>), while the person is logged on.
    type: str
    required: true
  state:
    description:
      - V(present) makes sure that the key and all O(entries) exist; keys above it are made as well.
      - V(absent) makes sure that the O(entries) are gone, or without entries the key itself.
      - V(query) reads the O(entries), or without entries all values and the names of the keys right below.
    type: str
    choices: [absent, present, query]
    default: present
  entries:
    description: The values of the key; its other values are left alone.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the value; the empty name is the key's default value.
        type: str
        default: ''
      type:
        description: Type of the value; only for O(state=present).
        type: str
        choices: [binary, dword, expandstring, multistring, qword, string]
        default: string
      data:
        description:
          - Data of the value; only for O(state=present).
          - V(dword) and V(qword) take a number or C(0x...); V(multistring) takes a list; V(binary) takes hexadecimal
            digits (C(hex:de,ad) works too) or a list of numbers.
        type: raw
      secret:
        description: Whether the data is left out of results, diffs and messages.
        type: bool
        default: false
  recursive:
    description: Whether O(state=absent) may delete a key that has keys below it.
    type: bool
    default: false
  max_keys:
    description: Most keys below that O(recursive) may delete. If there are more, nothing is deleted.
    type: int
    default: 100
extends_documentation_fragment:
  - otedge.endpoint.attributes
  - otedge.endpoint.attributes.controller
notes:
  - The host needs C(ansible_connection=winrm); C(psrp), C(ssh) and C(local) are refused.
  - C(StdRegProv) gives expandable strings expanded only. To compare what is stored, C(reg query) is run for such a
    value; where the policy forbids remote shells, it is read expanded and a warning says so.
  - Hives, and the keys right below them, are never deleted.
  - An empty multistring and empty binary data cannot be written.
  - A write filter (UWF, EWF, FBWF) throws changes away at the next boot unless it is told to keep them.
seealso:
  - module: otedge.endpoint.cim_invoke
  - module: ansible.windows.win_regedit
    description: The same for hosts with PowerShell.
"""

EXAMPLES = r"""
- name: Let a local administrator in with full rights
  otedge.endpoint.windows_registry:
    path: HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System
    entries:
      - name: LocalAccountTokenFilterPolicy
        type: dword
        data: 1

- name: Read how Windows logs on by itself, without the password beside it
  otedge.endpoint.windows_registry:
    path: HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon
    state: query
    entries:
      - name: AutoAdminLogon
      - name: DefaultUserName
  register: logon

- name: Delete a value and, in another task, a key with all below it
  otedge.endpoint.windows_registry:
    path: HKLM\SOFTWARE\Example\Run
    state: absent
    entries:
      - name: Updater

- name: Delete a small tree
  otedge.endpoint.windows_registry:
    path: HKLM\SOFTWARE\Example\Old
    state: absent
    recursive: true
    max_keys: 20
"""

RETURN = r"""
exists:
  description: The key exists.
  returned: with O(state=query)
  type: bool
  sample: true
entries:
  description: The values found, by name. A type that cannot be read is given as C(type_<number>) without data.
  returned: with O(state=query)
  type: list
  elements: dict
  sample: [{name: AutoAdminLogon, type: string, data: "1"}]
subkeys:
  description: Names of the keys right below.
  returned: with O(state=query) and no O(entries)
  type: list
  elements: str
  sample: [Run, RunOnce]
steps:
  description: What was done, or would be in check mode, without data.
  returned: with another O(state)
  type: list
  elements: str
  sample: ["SetDWORDValue HKLM\\SOFTWARE\\Example value 'Enabled'"]
"""

from ansible_collections.otedge.endpoint.plugins.module_utils._module import controller_face
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.windows_registry import SPEC


def main() -> None:
    controller_face(SPEC)


if __name__ == "__main__":
    main()
