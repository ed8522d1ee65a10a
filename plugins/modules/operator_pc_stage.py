# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: operator_pc_stage
short_description: Put the converter and the image of IGEL OS on the disk of a Windows PC
version_added: 0.1.0
author: otedge.endpoint contributors (@otedge)
description:
  - Gets the converter's package and the unattended image onto the PC, compares their SHA-256 on the PC itself, and
    installs the package silently. Nothing here changes what the PC boots; see M(otedge.endpoint.operator_pc_arm).
  - The PC gets the files itself, from an address or from a path it can read; nothing is pushed through the connection.
  - A file gets its final name only after its hash was right, so an interrupted download is never mistaken for the
    image.
  - Each step is verified on the PC; the second run changes nothing.
  - Refused, before anything is written, while a write filter is on, since everything would be gone at the next boot;
    while BitLocker protects the system volume, since the installer could not read the image; and where C(C:) has not
    the room (3 GB for the image, and as much again while it is fetched by URL). What cannot be read counts as on.
  - Another installation that is running on the PC (1618) is waited for, five times 30 seconds; every other exit code
    of Windows Installer is named with its meaning and the log on the PC, C(C:\Windows\Temp\otedge-converter.log).
  - What lay in C(C:\OSC) before is written down first. O(state=absent) restores exactly that - a converter that was
    there already stays. An image of somebody else, with another hash, is never replaced.
  - The files are the user's own, from the vendor; none is shipped here.
options:
  state:
    description:
      - V(present) stages what is missing.
      - V(absent) uninstalls the converter and deletes what was put into C(C:\OSC), and the downloads; the log stays.
        Refused while the PC is armed.
    type: str
    choices: [present, absent]
    default: present
  converter:
    description: The converter's Windows Installer package. Required with O(state=present).
    type: dict
    suboptions:
      url:
        description:
          - Where the PC fetches it, http or https. Either this or C(path).
          - A PC with Windows 7 needs KB3140245 for https; plain http is as safe here, since the hash is compared.
        type: str
      path:
        description:
          - Where the PC reads it, a full local path or one of a share. Instead of C(url).
          - For a share the login has to be valid beyond the PC, which NTLM is not; use CredSSP, or C(url).
        type: str
      sha256:
        description: SHA-256 of the file, 64 hex digits.
        type: str
        required: true
  image:
    description: The unattended installer image. Required with O(state=present).
    type: dict
    suboptions:
      url:
        description: Where the PC fetches it, http or https. Either this or C(path).
        type: str
      path:
        description:
          - Where the PC reads it, a full local path or one of a share. Instead of C(url).
          - For a share the login has to be valid beyond the PC, which NTLM is not; use CredSSP, or C(url).
        type: str
      sha256:
        description: SHA-256 of the file, 64 hex digits.
        type: str
        required: true
      after_install:
        description: What the image was prepared to do when it is done; passed on in the result, not set on the PC.
        type: str
        choices: [shutdown, reboot]
        default: shutdown
  site_records:
    description: The records folder of the site; evidence is written there before and after the change.
    type: path
    required: true
extends_documentation_fragment:
  - otedge.endpoint.attributes
  - otedge.endpoint.attributes.controller
notes:
  - The host needs C(ansible_connection=winrm). No PowerShell is used on the PC.
  - Everything lies in C(C:\OSC) and C(C:\ProgramData\otedge) on the PC.
seealso:
  - module: otedge.endpoint.operator_pc_info
  - module: otedge.endpoint.operator_pc_arm
"""

EXAMPLES = r"""
- name: Stage converter and image
  otedge.endpoint.operator_pc_stage:
    site_records: "{{ site_records }}"
    converter:
      url: https://ums.example.com:8443/ums_filetransfer/osc-converter.msi
      sha256: 5f0c1f6a6ac7e4c5f4c1a2a5d0f3a1b0d9a4f6f0a9a4b1c9f3d5c7e9b1a3d5f7
    image:
      url: https://ums.example.com:8443/ums_filetransfer/osc.iso
      sha256: 0b7c2d9e4f6a8b1c3d5e7f9a0b2c4d6e8f1a3b5c7d9e0f2a4b6c8d0e1f3a5b7c
      after_install: reboot

- name: Stage from a disk that a technician brought
  otedge.endpoint.operator_pc_stage:
    site_records: "{{ site_records }}"
    converter:
      path: E:\igel\osc-converter.msi
      sha256: 5f0c1f6a6ac7e4c5f4c1a2a5d0f3a1b0d9a4f6f0a9a4b1c9f3d5c7e9b1a3d5f7
    image:
      path: E:\igel\osc.iso
      sha256: 0b7c2d9e4f6a8b1c3d5e7f9a0b2c4d6e8f1a3b5c7d9e0f2a4b6c8d0e1f3a5b7c

- name: Leave nothing on the PC
  otedge.endpoint.operator_pc_stage:
    state: absent
    site_records: "{{ site_records }}"
"""

RETURN = r"""
staged:
  description: What lies on the PC; in check mode, what would.
  returned: success
  type: dict
  contains:
    installed:
      description: The converter is installed.
      returned: success
      type: bool
      sample: true
    package_sha256:
      description: SHA-256 of the kept package, empty without one.
      returned: success
      type: str
      sample: 5f0c1f6a6ac7e4c5f4c1a2a5d0f3a1b0d9a4f6f0a9a4b1c9f3d5c7e9b1a3d5f7
    image_sha256:
      description: SHA-256 of the image, empty without one.
      returned: success
      type: str
      sample: 0b7c2d9e4f6a8b1c3d5e7f9a0b2c4d6e8f1a3b5c7d9e0f2a4b6c8d0e1f3a5b7c
    armed:
      description: The loader would start the installer at the next boot.
      returned: success
      type: bool
      sample: false
    after_install:
      description: What O(image.after_install) says.
      returned: with O(state=present)
      type: str
      sample: reboot
loaders:
  description: SHA-256 of the text of each loader file as it was read last; before and after are in the evidence.
  returned: success
  type: dict
  sample:
    grub.cfg: 0f4d2c6b8a1e3957d5f7091b3d5e7f9a0c2e4d6f8a1b3c5d7e9f0a2b4c6d8e0f
    osc.cfg: 1a3c5e7f9b0d2f4a6c8e0f1b3d5f7a9c0e2f4b6d8a1c3e5f7b9d0f2a4c6e8a0b
"""

from ansible_collections.otedge.endpoint.plugins.module_utils._module import controller_face
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.operator_pc_stage import SPEC


def main() -> None:
    controller_face(SPEC)


if __name__ == "__main__":
    main()
