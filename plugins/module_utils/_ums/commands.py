# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Commands to devices: whom to send them, and what the answer says of each. Pure.

Source: UMS IMI v3 contract, section 6: one request for many devices, HTTP 200 even if some fail, entries in any order
and more of them than asked for. Accepted means sent, not done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._change import Change
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, RefusedError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.device_finder import DeviceFinder
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.errors import UmsError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import Device, as_text, normal_mac

# option: word on the wire; the API has no others (contract 6 and 11)
COMMANDS: dict[str, str] = {
    "reboot": "reboot",
    "shutdown": "shutdown",
    "wake": "wakeup",
    "send_settings": "settings2tc",
    "factory_reset": "tcreset2facdefs",
}
_STOPS_WORK = ("reboot", "shutdown", "factory_reset")
_SHOWN = 10
Row = dict[str, Any]


@dataclass(frozen=True)
class Target:
    """A device and what the user called it."""

    reference: str
    device: Device

    @property
    def label(self) -> str:
        """The device, for people."""
        return f"{self.reference} (unit id {self.device.unit_id})"


@dataclass(frozen=True)
class Send:
    """Send the command to all targets in one request (D8)."""

    command: str
    targets: tuple[Target, ...]

    @property
    def label(self) -> str:
        """What is sent, for people."""
        return f"{self.command} to {len(self.targets)} device(s)"


@dataclass(frozen=True)
class CommandPlan:
    """The decision: the one step and its diff, one row a device, and what to warn of."""

    change: Change[Send]
    rows: tuple[Row, ...]
    warnings: tuple[str, ...] = ()


def targets_of(references: Iterable[str], devices: Iterable[Device]) -> tuple[Target, ...]:
    """Find the devices, each once, in the order given.

    Args:
        references: names, unit ids or MAC addresses.
        devices: what the server has, in any facet.

    Raises:
        InputError: every unknown or ambiguous device in one message, those in the recycle bin too.
    """
    finder = DeviceFinder(devices)
    problems: list[str] = []
    found: dict[str, Target] = {}
    for text in references:
        reference = text.strip()
        try:
            device = finder.find(reference)
        except InputError as exc:
            problems.append(exc.message)
            continue
        if device is None:
            problems.append(f"device {reference}: {finder.absence(reference)}")
        else:
            found.setdefault(device.id, Target(reference, device))
    if problems:
        raise InputError(
            f"Nothing was sent: {'; '.join(dict.fromkeys(problems))}.",
            fix="Give the name, unit id or MAC address of a device; the unit id where another is not unique.",
            problems=problems,
        )
    return tuple(found.values())


def plan_command(command: str, targets: Sequence[Target], confirm: Sequence[str]) -> CommandPlan:
    """Plan one request to all targets; none for an empty list.

    Args:
        command: a key of COMMANDS.
        targets: the devices.
        confirm: for a factory reset, the unit ids of exactly these devices.

    Raises:
        RefusedError: ``confirm`` names others.
    """
    if command == "factory_reset":
        _require_confirmed(targets, confirm)
    change = Change([], sorted(f"{command} -> {target.label}" for target in targets), (Send(command, tuple(targets)),))
    if not targets:
        return CommandPlan(Change(), ())
    warning = (
        f"Line state is not checked here: {command} takes the device from whoever works at it. In a rollout the roles"
        " check the line first."
    )
    rows = tuple(_row(target, "planned") for target in targets)
    return CommandPlan(change, rows, (warning,) if command in _STOPS_WORK else ())


def _require_confirmed(targets: Sequence[Target], confirm: Sequence[str]) -> None:
    wanted = {target.device.unit_id: target.label for target in targets}
    given = {normal_mac(text) or text.strip().upper() for text in confirm}
    missing = sorted(label for unit_id, label in wanted.items() if unit_id not in given)
    extra = sorted(given - set(wanted))
    if missing or extra:
        parts = [f"it does not name {', '.join(missing)}"] if missing else []
        parts += [f"it names {', '.join(extra)}, which would not be reset"] if extra else []
        raise RefusedError(
            f"Nothing was sent: confirm has to name exactly the devices to reset, and {'; '.join(parts)}.",
            fix="A factory reset deletes settings and registration. If it is meant, list these unit ids in confirm.",
        )


def _row(target: Target, state: str, message: str = "") -> Row:
    device = target.device
    return {
        "device": target.reference,
        "name": device.name,
        "id": device.id,
        "unit_id": device.unit_id,
        "mac": device.mac,
        "state": state,
        "message": message,
        "seen": None,
    }


def judge(targets: Sequence[Target], entries: Iterable[Mapping[str, Any]]) -> tuple[list[Row], list[Row]]:
    """Match the entries of an answer with the targets, by id alone.

    Returns:
        One row a target, ``state`` ``sent``, ``failed`` or ``no_answer``; and one row an entry of another device.
    """
    by_id: dict[str, list[Mapping[str, Any]]] = {}
    for entry in entries:
        by_id.setdefault(as_text(entry.get("id")), []).append(entry)
    rows: list[Row] = []
    for target in targets:
        own = by_id.pop(target.device.id, [])
        failed = [entry for entry in own if as_text(entry.get("state")).upper() != "SUCCESS"]
        state = "failed" if failed else "sent" if own else "no_answer"
        rows.append(_row(target, state, _message((failed or own or [{}])[0])))
    others = [
        {
            "id": key or None,
            "mac": as_text(entry.get("mac")).upper(),
            "state": as_text(entry.get("state")).lower(),
            "message": _message(entry),
        }
        for key, found in by_id.items()
        for entry in found
    ]
    return rows, others


def _message(entry: Mapping[str, Any]) -> str:
    return " ".join(as_text(entry.get("message")).split())[:200]


def require_sent(command: str, rows: Sequence[Row], others: Sequence[Row]) -> None:
    """Raise UmsError if the command did not go to all devices; ``details`` hold all rows."""
    bad = [row for row in rows if row["state"] != "sent"]
    if bad:
        shown = [f"{row['device']}: {row['message'] or _WORDS[row['state']]}" for row in bad[:_SHOWN]]
        more = f"; and {len(bad) - _SHOWN} more" if len(bad) > _SHOWN else ""
        rest = f" It was sent to the other {len(rows) - len(bad)}." if len(bad) < len(rows) else ""
        raise UmsError(
            f"The command {command} failed for {len(bad)} of {len(rows)} device(s): {'; '.join(shown)}{more}.{rest}",
            fix="Check that these devices are switched on and known to the server with an IP address, then send it to"
            " them alone.",
            devices=list(rows),
            others=list(others),
        )


_WORDS = {"failed": "the server gives no reason", "no_answer": "the server says nothing about it"}
