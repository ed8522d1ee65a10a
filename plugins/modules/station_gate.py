# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: station_gate
short_description: Ask the gates of a station
version_added: 0.1.0
description:
  - Reads everything anew - plan, releases, window, freeze days, line state, backup, inventory, site lock, stop file -
    and says for each gate whether it is open, what was read, and what would open it.
  - What is not known closes its gate.
options:
  site_records:
    description: The records folder of the site, with the plan, its releases, the evidence and the site lock.
    type: path
    required: true
  gates:
    description:
      - The gates to ask.
      - V(lock) - no other run holds the site. V(stop) - there is no stop file. V(release) - OT and IT released this
        plan. V(window) - between the start and the last start of the station's wave. V(freeze) - today is no freeze
        day. V(line_state) - the station's line stands still. V(backup) - a restored image is recorded, or waived in
        the OT release. V(drift) - the inventory still says what the plan assumed.
    type: list
    elements: str
    choices: [lock, stop, release, window, freeze, line_state, backup, drift]
    default: [lock, stop, release, window, freeze, line_state, backup, drift]
  stations:
    description: The stations to ask for; default this host.
    type: list
    elements: str
  fail:
    description: Fail if any gate is closed.
    type: bool
    default: false
extends_documentation_fragment:
  - otedge.endpoint.gates
  - otedge.endpoint.attributes.info
  - otedge.endpoint.attributes.controller
author: otedge.endpoint contributors (@otedge)
"""

EXAMPLES = r"""
- name: Ask all gates of this station
  otedge.endpoint.station_gate:
    site_records: "{{ site_records }}"
    allowed_signers: "{{ site_allowed_signers }}"
    signers: "{{ site_signers }}"
    lines: "{{ site_lines }}"
    windows: "{{ site_windows }}"
    freeze_days: "{{ site_freeze_days }}"
  register: gate

- name: Stop unless its line stands still
  otedge.endpoint.station_gate:
    site_records: "{{ site_records }}"
    lines: "{{ site_lines }}"
    gates: [line_state]
    fail: true
"""

RETURN = r"""
open:
  description: Whether every gate of every station is open.
  type: bool
  returned: success
  sample: false
gates:
  description: Each gate; of several stations the first that is closed.
  type: dict
  returned: success
  sample:
    line_state:
      open: false
      read: "line-1: running, quality good"
      needs: line-1 stopped, with good quality, long enough
stations:
  description: The gates of each station.
  type: dict
  returned: success
  sample: {"l1-op1": {"stop": {"open": true, "read": "no stop file", "needs": ""}}}
"""

from ansible_collections.otedge.endpoint.plugins.module_utils._module import controller_face
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.station_gate import SPEC


def main() -> None:
    controller_face(SPEC)


if __name__ == "__main__":
    main()
