# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of our lists: OTE_<what it is for>_<direction>_<8 hex of its content>, OTL_ where it logs and permits. Pure."""

from __future__ import annotations

import hashlib
import re

# At most 31 characters: what the platforms take.
OURS = re.compile(r"OT[EL]_[A-Za-z0-9_]{1,15}_(?:in|out)_[0-9a-f]{8}")
_ENFORCED, _LOGGING = "OTE", "OTL"
_STUB = 15


def stub(name: str, length: int = _STUB) -> str:
    """Give a name's part in list names: letters, digits and _, cut to the length, still telling long ones apart."""
    clean = re.sub(r"[^A-Za-z0-9]", "_", name)
    if len(clean) <= length:
        return clean
    return f"{clean[: length - 5]}_{hashlib.sha256(name.encode()).hexdigest()[:4]}"


def prefix(name: str, direction: str, *, logging: bool = False) -> str:
    """Give what all generations of one binding's list begin with."""
    # "out" is one letter longer than "in".
    return f"{_LOGGING if logging else _ENFORCED}_{stub(name, _STUB + 2 - len(direction))}_{direction}_"


def is_generation(listed: str | None, name: str, direction: str) -> bool:
    """True if a list is a generation of this binding's own, enforcing or logging."""
    if not listed or not OURS.fullmatch(listed):
        return False
    return listed[:-8] in {prefix(name, direction, logging=logging) for logging in (False, True)}


def logs_only(listed: str | None) -> bool:
    """True if a list of ours says by its name that it logs and permits."""
    return bool(listed and OURS.fullmatch(listed) and listed.startswith(_LOGGING))
