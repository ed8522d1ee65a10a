# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: site_lock
short_description: Let the site go at the end of a run
version_added: 0.1.0
description:
  - Every plugin that writes takes the site lock in the records for its run, so that a second run is refused. The
    lock of a process that has ended is taken over by the next run on the same host, without anybody's help.
  - On another host nobody can tell whether the holder lives. Where each job runs under a host name of its own, as in
    the job pods of AWX, a run therefore has to remove its lock before it ends. The plays of this collection do.
  - The lock of another live run, or of another host, is never removed.
  - The lock is no part of the site, so removing it is not reported as a change.
options:
  site_records:
    description: The records folder of the site.
    type: path
    required: true
  state:
    description:
      - V(released) removes the lock if this run holds it, or a run on this host that has ended.
      - V(observed) only says who holds it.
    type: str
    choices: [observed, released]
    default: released
extends_documentation_fragment:
  - otedge.endpoint.attributes.info
  - otedge.endpoint.attributes.controller
author: otedge.endpoint contributors (@otedge)
"""

EXAMPLES = r"""
- name: Let the site go
  otedge.endpoint.site_lock:
    site_records: "{{ site_records }}"

- name: See who holds the site
  otedge.endpoint.site_lock:
    site_records: "{{ site_records }}"
    state: observed
"""

RETURN = r"""
released:
  description: Whether a lock was removed; in check mode, would be.
  returned: success
  type: bool
  sample: true
held:
  description: Whether a run holds the site now. True for the lock of another host, where that cannot be told.
  returned: success
  type: bool
  sample: false
mine:
  description: Whether that is this run.
  returned: success
  type: bool
  sample: false
lock:
  description: The lock as it stands now; empty without one.
  returned: success
  type: dict
  sample:
    host: job-4711
    pid: 21
    since: "2026-12-05T01:12:00.000Z"
    start: "b2f3:4711"
    what: otedge.endpoint.site_plan
"""

from ansible_collections.otedge.endpoint.plugins.module_utils._module import controller_face
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.site_lock import SPEC


def main() -> None:
    controller_face(SPEC)


if __name__ == "__main__":
    main()
