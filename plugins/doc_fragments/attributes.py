# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a plugin supports, in the words ansible-doc shows."""

from __future__ import annotations


class ModuleDocFragment:
    """Attributes shared by modules and action plugins."""

    # Override each value in the plugin's own attributes where it differs.
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Runs in check mode and reports what it would change, without changing anything.
    support: full
  diff_mode:
    description: Shows the difference between what was found and what is wanted.
    support: full
"""

    # Read-only plugins: nothing to show in diff mode.
    INFO = r"""
options: {}
attributes:
  check_mode:
    description: Runs in check mode; it never changes anything.
    support: full
  diff_mode:
    description: Shows the difference between what was found and what is wanted.
    support: N/A
"""

    # Action plugins: the work runs on the controller.
    CONTROLLER = r"""
options: {}
attributes:
  action:
    description: The work runs on the controller, in process.
    support: full
"""
