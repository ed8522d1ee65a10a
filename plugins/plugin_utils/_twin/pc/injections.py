# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults that can be injected into a PC, and how each is kept (the control command `fault`, docs/twin-pc.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FLAGS = ("drop", "install_fails", "winrm_off", "wrong_password", "filtered_token")
# Strike `count` times (1 by default), then are over.
COUNTED = (
    "busy",
    "cut_reply",
    "truncated_xml",
    "wrong_relates_to",
    "expired_context",
    "invalid_char",
    "status",
    "msiexec",
)
# Last until `none`: name -> (argument, smallest, largest)
VALUES: dict[str, tuple[str, float, float]] = {
    "clock_skew": ("seconds", -10 * 365 * 86400.0, 10 * 365 * 86400.0),
    "huge_item": ("bytes", 1, 4_000_000),
    "idle": ("seconds", 0.05, 600.0),
    "provider_delay": ("seconds", 0.0, 300.0),
    "rtt": ("seconds", 0.0, 5.0),
    "slow": ("bytes_per_second", 1, 1_000_000),
}
# Strike once, after so many more events: name -> argument
LATER = {"cut_after": "commands", "drop_after": "requests", "reboot_after": "requests"}
LISTS = {"deny_key": "key", "deny_namespace": "namespace"}
STATUSES = (400, 401, 403, 404, 407, 411, 413, 500, 502, 503)
NAMES = (*FLAGS, *COUNTED, *VALUES, *LATER, *LISTS)


def accept(faults: dict[str, Any], name: str, args: Mapping[str, Any]) -> None:
    """Note a fault in `faults`; ValueError for an unknown one or a value out of its range."""
    if name in FLAGS:
        faults[name] = True
    elif name in COUNTED:
        faults[name] = int(args.get("count", 1))
        if name == "status":
            status = int(args.get("status", 503))
            if status not in STATUSES:
                raise ValueError(f"status {status} is none of {STATUSES}")
            faults["status_code"] = status
        if name == "msiexec":
            faults["msiexec_code"] = int(args.get("code", 1618))
    elif name in VALUES:
        argument, low, high = VALUES[name]
        value = float(args[argument])
        if not low <= value <= high:
            raise ValueError(f"{name}: {argument} {value} is not between {low} and {high}")
        faults[name] = value
    elif name in LATER:
        faults[name] = int(args.get(LATER[name], 0))
    elif name in LISTS:
        faults.setdefault(name, []).append(str(args[LISTS[name]]))
    else:
        raise ValueError(f"a PC knows no fault {name!r}; it knows {', '.join((*NAMES, 'power_on', 'none'))}")


def strikes(faults: dict[str, Any], name: str) -> bool:
    """Use up one stroke of a counted fault."""
    left = int(faults.get(name, 0))
    if left:
        faults[name] = left - 1
    return left > 0


def falls_due(faults: dict[str, Any], name: str) -> bool:
    """Count one event towards a fault that strikes later; True when this one triggers it, and it is over."""
    if name not in faults:
        return False
    faults[name] = int(faults[name]) - 1
    if faults[name] > 0:
        return False
    del faults[name]
    return True
