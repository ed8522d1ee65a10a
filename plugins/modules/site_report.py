# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: site_report
short_description: Write the report of a site as one HTML page
version_added: 0.1.0
description:
  - Writes one self-contained page - numbers, waves, stations with disposition, stage and reasons, gates that refused,
    releases, a map of the conduits from zone to zone, what the lists on stations' ports had matched when their switch
    was last written, exceptions, and whether the evidence chain holds.
  - The page needs no script and asks for nothing outside itself. Its content lies beside it as JSON, the map under
    C(conduits).
  - The same records and stations give the same bytes; its date is that of the last evidence.
options:
  site_records:
    description: The records folder of the site.
    type: path
    required: true
  stations:
    description: Results of M(otedge.endpoint.station_info), by station.
    type: dict
    default: {}
  path:
    description: Where to write the page; default C(report.html) in the records.
    type: path
extends_documentation_fragment:
  - otedge.endpoint.attributes
  - otedge.endpoint.attributes.controller
author: otedge.endpoint contributors (@otedge)
"""

EXAMPLES = r"""
- name: Write the report
  otedge.endpoint.site_report:
    site_records: "{{ site_records }}"
    stations: "{{ dict(groups['stations'] | zip(groups['stations'] | map('extract', hostvars, ['seen', 'station']))) }}"
"""

RETURN = r"""
path:
  description: Where the page is.
  type: str
  returned: success
  sample: /srv/plant-a/records/report.html
json_path:
  description: Where its content is as JSON.
  type: str
  returned: success
  sample: /srv/plant-a/records/report.json
summary:
  description: The page's numbers, waves and the state of the evidence.
  type: dict
  returned: success
  sample: {"site": "plant-a", "numbers": {"stations": 8, "verified": 5, "contained": 3, "remaining": 0}}
"""

from ansible_collections.otedge.endpoint.plugins.module_utils._module import controller_face
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.site_report import SPEC


def main() -> None:
    controller_face(SPEC)


if __name__ == "__main__":
    main()
