# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: site_release_info
short_description: Read who released the stored plan
version_added: 0.1.0
description:
  - Reads both release documents of the stored plan, verifies their signatures with C(ssh-keygen -Y verify), and says
    whether the plan is released now.
  - Released means that OT and IT each signed a document for exactly this plan and site, with different identities and
    different keys, valid now and for no longer than 72 hours.
  - It holds no private key and signs nothing. The message names every problem and both signing commands.
options:
  site_records:
    description: The records folder of the site.
    type: path
    required: true
  allowed_signers:
    description: File with the signers' public keys in the C(ALLOWED SIGNERS) form of C(ssh-keygen).
    type: path
    required: true
  signers:
    description: The identities whose release counts, by role; keys V(ot) and V(it).
    type: dict
    required: true
  plan_hash:
    description:
      - Hash of the plan this run executes. If another plan is stored by then, that is a problem and nothing is valid.
      - Without it whatever plan is stored counts.
    type: str
  required:
    description: Fail unless the plan is released.
    type: bool
    default: false
extends_documentation_fragment:
  - otedge.endpoint.attributes.info
  - otedge.endpoint.attributes.controller
requirements:
  - C(ssh-keygen) of OpenSSH on the controller
author: otedge.endpoint contributors (@otedge)
"""

EXAMPLES = r"""
- name: Stop unless the plan is released
  otedge.endpoint.site_release_info:
    site_records: "{{ site_records }}"
    allowed_signers: "{{ site_allowed_signers }}"
    signers: "{{ site_signers }}"
    required: true
"""

RETURN = r"""
valid:
  description: Whether the plan is released now.
  type: bool
  returned: success
  sample: true
releases:
  description: What was found for each role; empty without a plan.
  type: dict
  returned: success
  sample:
    ot:
      path: /srv/plant-a/records/releases/0b7c2d9e4f6a-ot.json
      identity: ot@plant-a
      fingerprint: SHA256:3mNqO0R0yJt1mYvJ1mY0cP8QyqSgDqvI9f0vG2g7bXk
      signer: ot@plant-a
      not_before: "2026-12-05T01:00:00Z"
      not_after: "2026-12-05T05:00:00Z"
      waivers: []
      problem: ""
problems:
  description: Everything that keeps the plan from being released.
  type: list
  elements: str
  returned: success
  sample: ["it: it expired at 2026-12-05T05:00:00Z"]
commands:
  description: The commands with which OT and IT sign, in this order.
  type: list
  elements: str
  returned: success
  sample:
    - ssh-keygen -Y sign -f <private key> -n otedge-release-ot /srv/plant-a/records/releases/0b7c2d9e4f6a-ot.json
    - ssh-keygen -Y sign -f <private key> -n otedge-release-it /srv/plant-a/records/releases/0b7c2d9e4f6a-it.json
plan_hash:
  description: Hash of the stored plan; null if there is none.
  type: str
  returned: success
  sample: 0b7c2d9e4f6a8b1c3d5e7f9a0b2c4d6e8f1a3b5c7d9e0f2a4b6c8d0e1f3a5b7c
"""

from ansible_collections.otedge.endpoint.plugins.module_utils._module import controller_face
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.site_release_info import SPEC


def main() -> None:
    controller_face(SPEC)


if __name__ == "__main__":
    main()
