# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of the plugins that ask the gates right before they act."""

from __future__ import annotations


class ModuleDocFragment:
    """The gates read the records, the releases, the line state and today's inventory by these options."""

    DOCUMENTATION = r"""
options:
  site_records:
    description: The records folder of the site, with the plan, its releases, the evidence and the site lock.
    type: path
  allowed_signers:
    description:
      - File with the public keys of the people who may release or state a line's state, in the C(ALLOWED SIGNERS)
        form of C(ssh-keygen), each bound to its namespace.
      - Without it the release gate is closed.
    type: path
  signers:
    description: The identities in O(allowed_signers) whose release counts, by role; keys V(ot) and V(it).
    type: dict
    default: {}
  plan_hash:
    description:
      - Hash of the plan this run executes. If another plan is stored by then, its gates are closed.
      - Without it whatever plan is stored counts.
    type: str
  lines:
    description:
      - The site's production lines with their C(state_source), as in C(site_lines).
      - A line that is not in it counts as running.
    type: dict
    default: {}
  windows:
    description:
      - Today's windows, as in C(site_windows). A wave's window has to be open in the released plan and here.
      - Without it the plan's windows alone count.
    type: list
    elements: dict
  freeze_days:
    description: Today's freeze days, as in C(site_freeze_days); those of the plan always count as well.
    type: list
    elements: dict
"""
