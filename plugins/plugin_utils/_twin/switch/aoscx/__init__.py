# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated Aruba AOS-CX access switch; see docs/twin-switch.md for what is real about it."""

from __future__ import annotations

from .device import Switch

__all__ = ["Switch"]
