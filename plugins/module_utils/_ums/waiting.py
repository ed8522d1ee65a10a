# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wait until devices show that a command was done; the clock is passed in.

Source: UMS IMI v3 contract, section 6: there is no job to ask for, so the devices themselves are looked at, one by
one (asking all of a large site whether they are online takes minutes).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import TalkError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.errors import UmsError, UmsUnavailable
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import as_flag, as_text
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.resources import Ums

# command: what is waited for, as rows show it
GOALS: dict[str, str] = {
    "reboot": "online",
    "wake": "online",
    "shutdown": "offline",
    "send_settings": "applied",
    "factory_reset": "gone",
}


@dataclass(frozen=True)
class Patience:
    """How long to wait and how often to look, in seconds, on a clock that never goes back."""

    timeout: float
    poll: float
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass
class Watch:
    """One device that is waited for; ``booted``: its last start before the command, as the server shows it."""

    id: str
    label: str
    booted: str = ""
    was_off: bool = False
    trouble: str = field(default="", compare=False)


def wait_for(ums: Ums, command: str, watches: Sequence[Watch], patience: Patience) -> Mapping[str, str]:
    """Look at the devices until each has reached its goal.

    Args:
        ums: the server.
        command: what was sent.
        watches: the devices it was sent to.
        patience: how long and how often.

    Returns:
        What was reached, by id; a device that did not get there in time is missing.
    """
    end = patience.now() + patience.timeout
    reached: dict[str, str] = {}
    while True:
        for watch in watches:
            if watch.id in reached:
                continue
            try:
                if _looks_done(ums, command, watch):
                    reached[watch.id] = GOALS[command]
            except (UmsUnavailable, TalkError) as exc:
                watch.trouble = exc.message  # the command is out: only the time limit ends the wait
        left = end - patience.now()
        if len(reached) == len({watch.id for watch in watches}) or left <= 0:
            return reached
        patience.sleep(min(patience.poll, left))


def _looks_done(ums: Ums, command: str, watch: Watch) -> bool:
    if command == "send_settings":
        row = ums.device_row(watch.id, "details")
        return row is not None and as_text(row.get("configChanges")).upper() == "APPLIED"
    row = ums.device_row(watch.id, "online")
    if command == "factory_reset":
        return row is None
    if row is None:
        watch.trouble = "it is no longer on the server"
        return False
    watch.trouble = ""
    online = as_flag(row.get("online"))
    watch.was_off |= online is False
    if command == "shutdown" or online is not True:
        return command == "shutdown" and online is False
    # A device that has not begun to restart is online too: it must have been away, or show another start.
    if command == "wake" or watch.was_off:
        return True
    return boot_time(ums.device_row(watch.id, "details")) not in ("", watch.booted)


def boot_time(row: Mapping[str, Any] | None) -> str:
    """Give the last start of a device as the server shows it, to compare only; empty if it does not."""
    return as_text((row or {}).get("lastBoottime"))


def require_reached(command: str, watches: Sequence[Watch], timeout: float, **details: Any) -> None:
    """Raise UmsError with the devices that were sent the command and did not get there in time, if there are any."""
    shown = [f"{watch.label}{f' ({watch.trouble})' if watch.trouble else ''}" for watch in watches[:10]]
    more = f" and {len(watches) - 10} more" if len(watches) > 10 else ""
    if watches:
        raise UmsError(
            f"The command {command} was sent, but {len(watches)} device(s) were not seen {GOALS[command]} within"
            f" {timeout:g} s: {', '.join(shown)}{more}.",
            fix="Look at these devices, or raise wait_timeout. Do not send it again before you know why.",
            **details,
        )
