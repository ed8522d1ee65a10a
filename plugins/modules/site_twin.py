# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: site_twin
short_description: Start, ask and stop the simulated site of an inventory
version_added: 0.1.0
description:
  - Starts one process on the controller that plays every peer of the inventory on loopback - operator PCs (WinRM with
    NTLM), site switches (SSH), the management server (HTTPS) and the production lines (OPC UA) - with one world behind
    them.
  - Any inventory in the layout of C(inventories/lab) can be simulated, also a copy of a real site, to rehearse its
    rollout.
  - The process outlives the task and the play. It ends when it is told to, or when its run folder is removed.
  - What is simulated, how sure each behaviour is, and all control commands stand in C(docs/twin.md).
  - When the overlay inventory of the same run folder is among the inventories, the site is started again as it was
    written down first.
options:
  state:
    description:
      - V(started) starts the site unless it runs already; it resumes where the last run in the same folder ended, on
        the same ports.
      - V(stopped) stops it and keeps its state. Remove the folder for a fresh site.
      - V(restarted) stops and starts it.
      - V(observed) tells whether it runs, and changes nothing.
    type: str
    choices: [started, stopped, restarted, observed]
    default: started
  run_dir:
    description: Folder for everything that the simulated site writes. Made with mode 0700 if missing.
    type: path
    required: true
  options:
    description:
      - C(install_seconds), how long the installer runs on a PC, default 6.
      - C(boot_seconds), how long a PC boots, default 2.
    type: dict
    default: {}
  command:
    description:
      - One control command for the running site, such as C(power_cut) with its C(station).
      - Sent after O(state) was reached; in check mode only the reading ones are (C(state), C(journal), C(evaluate),
        C(ping)).
    type: dict
  timeout:
    description: Seconds to wait until the site runs or has stopped.
    type: int
    default: 30
requirements:
  - the libraries of C(requirements-twin.txt)
extends_documentation_fragment:
  - otedge.endpoint.attributes
  - otedge.endpoint.attributes.controller
attributes:
  diff_mode:
    support: none
author: otedge.endpoint contributors (@otedge)
"""

EXAMPLES = r"""
- name: The simulated site runs
  otedge.endpoint.site_twin:
    state: started
    run_dir: "{{ lookup('env', 'PWD') }}/.cache/twin"
  register: twin

- name: Line 1 is running, as its server tells
  otedge.endpoint.site_twin:
    state: observed
    run_dir: "{{ twin.run_dir }}"
    command:
      command: set_line
      line: line-1
      state: running

- name: The simulated site is stopped
  otedge.endpoint.site_twin:
    state: stopped
    run_dir: "{{ twin.run_dir }}"
"""

RETURN = r"""
running:
  description: Whether the simulated site runs now.
  returned: success
  type: bool
  sample: true
run_dir:
  description: The run folder, absolute.
  returned: success
  type: str
  sample: /srv/rehearsal/.cache/twin
inventory:
  description: The overlay inventory; give it after the site's own with C(-i).
  returned: success
  type: str
  sample: /srv/rehearsal/.cache/twin/inventory
pid:
  description: Process id of the simulated site.
  returned: when it runs
  type: int
  sample: 4711
endpoints:
  description: Where every peer listens on loopback - ports of stations and switches, port and CA of the management
    server, OPC UA endpoints of the lines.
  returned: when it runs
  type: dict
  sample:
    stations: {l1-op1: 40101}
    switches: {sw-l1: 40201}
    ums: {name: ums-1, port: 40301, ca_path: /srv/rehearsal/.cache/twin/pki/ca.pem}
    lines: {line-1: "opc.tcp://127.0.0.1:40401"}
    inventory: /srv/rehearsal/.cache/twin/inventory
reply:
  description: What the site answered to O(command).
  returned: when a command was sent
  type: dict
  sample: {ok: true, state: running, value: 0, quality: good, stale: false}
"""

from ansible_collections.otedge.endpoint.plugins.module_utils._module import controller_face
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.site_twin import SPEC


def main() -> None:
    controller_face(SPEC)


if __name__ == "__main__":
    main()
