# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: line_state_info
short_description: Tell whether production lines are running
version_added: 0.1.0
author: otedge.endpoint contributors (@otedge)
description:
  - Reads the state of production lines, all at the same time, from OPC UA servers or from signed documents.
  - Only reads. Over OPC UA it opens a session without security policy as an anonymous user and calls the read service
    of the nodes named in O(lines), nothing else.
  - A line counts as running until everything speaks for the opposite. An unreachable server, a value that is not of
    quality C(Good), not in the line's C(state_map), without source time, older than C(max_age_s) or from the future,
    and a stop shorter than C(min_dwell_s) all mean running, and RV(lines) says which it was.
  - Not a safety function. Lock-out and tag-out stay what they are.
options:
  lines:
    description:
      - The lines by name, as C(site_lines) of the site model. Each has a C(state_source).
      - "C(type): V(opcua) or V(manual)."
      - "C(stopped_values): names of the states in which the line counts as stopped."
      - "C(endpoint), C(node): server and node of the state value, for V(opcua)."
      - "C(state_map): value to name. No state number has a meaning without it, since standards contradict each other."
      - "C(since_node): node with the time since when the line is in its state. Without it a stopped line is watched for
        C(min_dwell_s) before it is believed, which takes that long."
      - "C(max_age_s): oldest source time that is believed, default 60. The server must refresh the source time."
      - "C(min_dwell_s): seconds the line must have been stopped, default 300 for V(opcua) and 0 for V(manual)."
      - "C(signers): identities that may sign a V(manual) state; without it whoever O(allowed_signers) accepts."
    type: dict
    required: true
  names:
    description: The lines to read. Without it all of them.
    type: list
    elements: str
  site_records:
    description:
      - The site's records folder. A V(manual) state is C(line_state/<line>.json) in it, an object of exactly C(line),
        C(state), C(signer), C(not_before) and C(not_after) (ISO 8601 with time zone, at most 72 hours apart).
      - Beside it stands its signature, made with C(ssh-keygen -Y sign -n otedge-line-state).
    type: path
  allowed_signers:
    description: Whose signatures count, in the form of C(ssh-keygen), for V(manual) states.
    type: path
requirements:
  - asyncua (C(requirements-opcua.txt) of the collection) where a line is of type V(opcua)
  - ssh-keygen where a line is of type V(manual)
extends_documentation_fragment:
  - otedge.endpoint.attributes.info
  - otedge.endpoint.attributes.controller
seealso:
  - module: otedge.endpoint.station_gate
"""

EXAMPLES = r"""
- name: State of all lines
  otedge.endpoint.line_state_info:
    lines: "{{ site_lines }}"
    site_records: "{{ site_records }}"
    allowed_signers: "{{ site_allowed_signers }}"
  register: line_state

- name: Line 1 stands still
  ansible.builtin.assert:
    that: not line_state.lines['line-1'].running
    fail_msg: "{{ line_state.lines['line-1'].reason }}"

- name: A line described in place
  otedge.endpoint.line_state_info:
    lines:
      press-3:
        state_source:
          type: opcua
          endpoint: opc.tcp://10.20.50.11:4840
          node: ns=2;s=Line/State
          since_node: ns=2;s=Line/StateSince
          state_map: {0: running, 2: stopped}
          stopped_values: [stopped]
"""

RETURN = r"""
lines:
  description: The verdict by line name.
  returned: success
  type: dict
  contains:
    running:
      description: False only if everything speaks for a stopped line.
      type: bool
      returned: always
      sample: false
    state:
      description: Name from the line's C(state_map), or C(unknown).
      type: str
      returned: always
      sample: stopped
    quality:
      description: Name of the value's OPC UA status code; C(Signed) for a manual state, empty if nothing was read.
      type: str
      returned: always
      sample: Good
    source_time:
      description: When the source made the value (ISO 8601, UTC), or null.
      type: str
      returned: always
      sample: "2026-11-22T19:00:00.000Z"
    age_s:
      description: Seconds between source time and now, or null.
      type: float
      returned: always
      sample: 0.4
    dwell_s:
      description: Seconds the line is in this state, or null.
      type: float
      returned: always
      sample: 1800.0
    reason:
      description: What speaks for the verdict.
      type: str
      returned: always
      sample: The line is stopped for 1800 s.
  sample:
    line-1: {running: false, state: stopped, quality: Good, source_time: "2026-11-22T19:00:00.000Z", age_s: 0.4,
             dwell_s: 1800.0, reason: The line is stopped for 1800 s.}
"""

from ansible_collections.otedge.endpoint.plugins.module_utils._module import controller_face
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.line_state_info import SPEC


def main() -> None:
    controller_face(SPEC)


if __name__ == "__main__":
    main()
