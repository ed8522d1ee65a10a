# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: station_info
short_description: Observe the stage of a station
version_added: 0.1.0
description:
  - Says how far a station is - V(unreachable), V(legacy), V(staged), V(armed), V(converting), V(thin_client),
    V(verified) or V(contained) - from what is observed now, and which rules its switch port is to have.
  - Looks for the station's MACs in O(ums_devices) first and dials the PC, through the host's own winrm connection,
    only if the UMS knows no thin client for it. A PC that cannot be reached is a stage, never an unreachable host.
  - Changes nothing. A stage that the evidence does not know yet is added to it by the run that holds the site lock.
options:
  site_records:
    description: The records folder of the site, with the plan, the evidence and the exceptions.
    type: path
  ums_devices:
    description: Devices as M(otedge.endpoint.ums_device_info) returns them, with their online state and profiles.
    type: list
    elements: dict
    default: []
  observed_phase:
    description: The phase whose rules the station's switch port was seen with, such as V(after).
    type: str
extends_documentation_fragment:
  - otedge.endpoint.attributes.info
  - otedge.endpoint.attributes.controller
author: otedge.endpoint contributors (@otedge)
"""

EXAMPLES = r"""
- name: Observe the station
  otedge.endpoint.station_info:
    site_records: "{{ site_records }}"
    ums_devices: "{{ hostvars['ums-1'].seen.devices }}"
  register: seen
"""

RETURN = r"""
station:
  description: The station as it was observed.
  type: dict
  returned: success
  sample: {"name": "l1-op1", "stage": "verified", "phase": "after"}
  contains:
    name:
      description: Its inventory name.
      type: str
      returned: always
      sample: l1-op1
    stage:
      description: How far it is.
      type: str
      returned: always
      sample: staged
    reasons:
      description: Why it is that stage.
      type: list
      elements: dict
      returned: always
      sample: [{"code": "staged", "text": "converter and image are on the disk"}]
    disposition:
      description: What the plan says becomes of it; null without a plan.
      type: str
      returned: always
      sample: migrate
    wave:
      description: Its wave in the plan; null if it is in none.
      type: str
      returned: always
      sample: wave-1
    phase:
      description:
        - The phase its switch port is to have - V(before), V(after), or V(none), which leaves the port alone.
        - V(none) where a PC to migrate does not answer, or another PC than the planned one does; why stands in
          RV(station.reasons).
      type: str
      returned: always
      sample: before
    observations:
      description:
        - What was seen - C(ums) its device or null, C(probe) the look at the PC or null if nobody looked, C(arming)
          whether evidence says it was armed, C(exception) whether an exception record exists, C(phase) as given.
      type: dict
      returned: always
      sample: {"ums": null, "probe": {"reachable": true, "staged": true, "armed": false}, "arming": false,
               "exception": false, "phase": "before"}
"""

from ansible_collections.otedge.endpoint.plugins.module_utils._module import controller_face
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.station_info import SPEC


def main() -> None:
    controller_face(SPEC)


if __name__ == "__main__":
    main()
