# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated UMS: IMI v3 over TLS as the reference ums-imi-v3 has it, odd types and messages included."""

from __future__ import annotations

from .server import UmsServer
from .store import UmsStore

__all__ = ["UmsServer", "UmsStore"]
