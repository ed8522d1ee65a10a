# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of our lists: OTE_<what it is for>_<way>_<8 hex of its content>, OTL_ where it logs and permits. Pure.

The way is the direction, ``in6`` and ``out6`` for IPv6: not every platform lets lists of both families share a name.
"""

from __future__ import annotations

import hashlib
import re

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import AccessList, content_hash
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import IPV4, IPV6, parts_of

# At most 31 characters: what the platforms take.
OURS = re.compile(r"OT[EL]_[A-Za-z0-9_]{1,15}_(?:in|out)6?_[0-9a-f]{8}")
_ENFORCED, _LOGGING = "OTE", "OTL"
_STUB = 15
# How many names there are for one content: a name may be taken by a list that is in use or was edited.
GENERATIONS = 16


def stub(name: str, length: int = _STUB) -> str:
    """Give a name's part in list names: letters, digits and _, cut to the length, still telling long ones apart."""
    clean = re.sub(r"[^A-Za-z0-9]", "_", name)
    if len(clean) <= length:
        return clean
    return f"{clean[: length - 5]}_{hashlib.sha256(name.encode()).hexdigest()[:4]}"


def prefix(name: str, way: str, *, logging: bool = False) -> str:
    """Give what all generations of one binding's list begin with; ``way`` as way_of() gives it."""
    family, direction = parts_of(way)
    tag = direction if family == IPV4 else f"{direction}6"
    # What is longer than "in" leaves less for the name.
    return f"{_LOGGING if logging else _ENFORCED}_{stub(name, _STUB + 2 - len(tag))}_{tag}_"


def family_of(listed: str) -> str:
    """Give the family of a list of ours."""
    return IPV6 if OURS.fullmatch(listed) and listed[:-9].endswith("6") else IPV4


def families_of(listed: str) -> tuple[str, ...]:
    """Give the families a list may be of: the name of one of ours tells, any other may be of both."""
    return (family_of(listed),) if OURS.fullmatch(listed) else (IPV4, IPV6)


def is_generation(listed: str | None, name: str, way: str) -> bool:
    """True if a list is a generation of this binding's own, enforcing or logging."""
    if not listed or not OURS.fullmatch(listed):
        return False
    return listed[:-8] in {prefix(name, way, logging=logging) for logging in (False, True)}


def logs_only(listed: str | None) -> bool:
    """True if a list of ours says by its name that it logs and permits."""
    return bool(listed and OURS.fullmatch(listed) and listed.startswith(_LOGGING))


def fits(found: AccessList) -> bool:
    """True if a list of ours holds what the hash in its name says: nobody has edited it since it was built."""
    if not OURS.fullmatch(found.name) or found.opaque:
        return False
    return found.name[-8:] in {content_hash(found.rules, generation) for generation in range(GENERATIONS)}
