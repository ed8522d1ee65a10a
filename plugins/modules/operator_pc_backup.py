# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: operator_pc_backup
short_description: Let a Windows PC make an image of itself, or copy folders, and record what was verified
version_added: 0.1.0
author: otedge.endpoint contributors (@otedge)
description:
  - V(image) lets C(wbadmin) make an image of every volume that Windows needs (C(-allCritical)), on an attached
    disk or on a share. It counts when C(wbadmin) lists a version on that target that was not there before.
  - V(files) lets C(robocopy) copy named folders. It is no image and does not satisfy the backup gate.
  - The work runs as a scheduled task of the SYSTEM account of the PC, so it outlives a lost connection and reaches a
    share as the PC's own account of the domain. No password is asked for, none is on any command line. A PC in a
    workgroup can therefore use attached disks only.
  - What was verified is recorded in C(backups/) of the records. An image opens the backup gate where C(station_backup)
    names its O(id) and the day on which a restore was tested; see the notes.
  - Nothing changes while a recorded backup of the same PC on the same target is younger than O(max_age_hours) and,
    for an image, still listed by C(wbadmin).
  - A run that was lost while the PC went on is taken up again - the next run waits for the same image.
  - Refused before anything is written - a target on the volume or the disk that Windows runs from, since a conversion
    wipes it; a volume that is not there or has less room than what it has to take (the first image on it only); a
    Windows without C(wbadmin), as many embedded images.
options:
  kind:
    description: An image of whole volumes, or a copy of folders.
    type: str
    choices: [image, files]
    default: image
  target:
    description:
      - V(image) takes a volume such as V(E:) or a share such as V(\\\\server\\share); C(wbadmin) keeps several versions
        on a disk of its own, but only the last one of each PC on a share.
      - V(files) takes a folder on a volume or a share; the copy lies below the name of the host.
    type: str
    required: true
  folders:
    description: Local folders to copy. Required with O(kind=files).
    type: list
    elements: str
  volumes:
    description: More volumes for the image, such as V(D:), beside those Windows needs.
    type: list
    elements: str
  id:
    description: Name of the backup in its record. Without it, the host's name and O(kind), such as V(l1-op1-image).
    type: str
  max_age_hours:
    description: A verified backup younger than this is enough; V(0) makes a new one each time.
    type: int
    default: 24
  timeout_minutes:
    description: How long to wait, 1 to 2880. Then the task fails and the PC goes on; the next run waits for it.
    type: int
    default: 480
  poll_seconds:
    description: How often to look whether it has ended, 1 to 300.
    type: int
    default: 15
  site_records:
    description: The records folder of the site; evidence is written there before and after, and the backup's record.
    type: path
    required: true
extends_documentation_fragment:
  - otedge.endpoint.attributes
  - otedge.endpoint.attributes.controller
notes:
  - The host needs C(ansible_connection=winrm). No PowerShell is used on the PC.
  - "In the inventory - C(station_backup: {id: l1-op1-image, restore_tested_on: 2026-11-20}). A restore is tested by
    people, on a spare disk. C(max_age_hours) beside it, 168 without it, says how old the image may be by then."
  - It asks no gates but the site lock and the stop file. An image reads the whole disk; make it while the line stands.
  - Task, exit code and log lie in C(C:\ProgramData\otedge-backup) on the PC and are removed in the end.
seealso:
  - module: otedge.endpoint.operator_pc_stage
  - module: otedge.endpoint.station_gate
"""

EXAMPLES = r"""
- name: Image on the attached disk
  otedge.endpoint.operator_pc_backup:
    target: "E:"
    site_records: "{{ site_records }}"

- name: Recipes as well, on the plant's file server
  otedge.endpoint.operator_pc_backup:
    kind: files
    target: \\files.plant-a.example\pc-backup
    folders: ['C:\Recipes', 'C:\ProgramData\HMI']
    site_records: "{{ site_records }}"
"""

RETURN = r"""
backup:
  description: The record of the last verified backup of this kind; in check mode the one found, empty without one.
  returned: success
  type: dict
  contains:
    station:
      description: The host.
      returned: always
      type: str
      sample: l1-op1
    id:
      description: What C(station_backup) names.
      returned: always
      type: str
      sample: l1-op1-image
    kind:
      description: What O(kind) says.
      returned: always
      type: str
      sample: image
    target:
      description: Where it lies.
      returned: always
      type: str
      sample: "E:"
    version:
      description: The version's identifier, as C(wbadmin) lists it; empty with O(kind=files).
      returned: always
      type: str
      sample: 11/22/2026-20:15
    made_at:
      description: When it was verified, by the controller's clock.
      returned: always
      type: str
      sample: "2026-11-22T20:47:11.000Z"
    codes:
      description: Exit code of each command.
      returned: always
      type: list
      elements: int
      sample: [0]
    serial:
      description: Serial number of the PC.
      returned: always
      type: str
      sample: 5CD1234XYZ
    uuid:
      description: UUID of the PC.
      returned: always
      type: str
      sample: 4C4C4544-0051-3510-8054-B7C04F4A3132
"""

from ansible_collections.otedge.endpoint.plugins.module_utils._module import controller_face
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.operator_pc_backup import SPEC


def main() -> None:
    controller_face(SPEC)


if __name__ == "__main__":
    main()
