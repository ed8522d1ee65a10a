# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Vendor access that exists for hours: conduits with a time box, and which of their rules are in force (pure).

Nothing opens by itself. A plan carries the box of each such rule; a run of the play segment inside the box binds a list
with the rule, a run after it binds one without. Rules of ot-segmentation reference, section 8: a ticket, an approver,
at most eight hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule, rules_from

LONGEST = timedelta(hours=8)
KEYS = ("valid_from", "valid_to")
NEEDED = ("ticket", "approver")

Box = tuple[str, str]


def box_of(conduit: Mapping[str, Any]) -> Box | None:
    """Give a conduit's time box as it is written, or None for a conduit that always holds.

    Raises:
        InputError: half a box, times without an offset, an end before the start, more than eight hours, or no ticket
            or approver.
    """
    written = [conduit.get(key) for key in KEYS]
    if not any(written):
        return None
    name = f"Conduit {conduit.get('id')}"
    missing = [key for key in (*KEYS, *NEEDED) if not conduit.get(key)]
    if missing:
        raise InputError(
            f"{name} is open for a time and has no {', '.join(missing)}.",
            fix="Give valid_from, valid_to, ticket, approver.",
        )
    start, end = (_instant(value, name) for value in written)
    if not timedelta() < end - start <= LONGEST:
        raise InputError(f"{name} is open from {written[0]} to {written[1]}.", fix="Open it for at most eight hours.")
    return str(written[0]), str(written[1])


def _instant(value: Any, name: str) -> datetime:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError as exc:
        raise InputError(f"{name}: {value!r} is not a time.", fix="Write it like 2026-12-05T02:00:00+01:00.") from exc
    if found.tzinfo is None:
        raise InputError(f"{name}: {value} has no offset.", fix="Write it like 2026-12-05T02:00:00+01:00, or with Z.")
    return found


def is_open(item: Mapping[str, Any], now: datetime) -> bool:
    """True if a plain rule holds now: always without a box; with one from its start up to, not including, its end."""
    box = [item.get(key) for key in KEYS]
    if not any(box):
        return True
    if not all(box):
        return False
    return _instant(box[0], "A rule") <= now < _instant(box[1], "A rule")


def rules_in_force(data: Iterable[Mapping[str, Any]], now: datetime) -> tuple[Rule, ...]:
    """Read the plain rules of a plan that hold now; a rule whose box is shut is not there at all."""
    return rules_from(
        {key: value for key, value in item.items() if key not in KEYS} for item in data if is_open(item, now)
    )
