# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The stage of a station: one pure function maps observations to it (design, section 5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

STAGES = ("unreachable", "legacy", "staged", "armed", "converting", "thin_client", "verified", "contained")
PHASES = ("before", "after", "island")


@dataclass(frozen=True)
class Observations:
    """What was seen of one station; None where nobody looked.

    Args:
        device: its record in the UMS if that is a thin client: {online, directory, profiles, name, ...}.
        probe: of the PC: {reachable, cause, staged, armed}.
        arming: evidence says it was armed, and nothing seen since speaks against it.
        exception: an exception record exists.
        phase: the phase whose rules its switch port was seen with.
    """

    device: Mapping[str, Any] | None = None
    probe: Mapping[str, Any] | None = None
    arming: bool = False
    exception: bool = False
    phase: str | None = None


def match_device(devices: Iterable[Mapping[str, Any]], macs: Iterable[str]) -> Mapping[str, Any] | None:
    """Find the thin client that stands for the station under any of its MACs (12 upper-case hex digits)."""
    wanted = set(macs)
    found = [
        device
        for device in devices
        if device.get("thin_client") is True
        and {str(device.get(key) or "").replace(":", "").upper() for key in ("mac", "unit_id")} & wanted
    ]
    # Two records of one station: the one that answers is the one that stands there.
    found.sort(key=lambda device: (device.get("online") is not True, str(device.get("id"))))
    return found[0] if found else None


def stage_of(planned: Mapping[str, Any], seen: Observations) -> tuple[str, list[dict[str, str]]]:
    """Give the stage and why, as [{code, text}].

    Args:
        planned: the plan's entry of the station; {} without a plan.
        seen: what was observed.
    """
    if seen.device is not None:
        wrong = _not_verified(planned, seen.device)
        return ("thin_client", wrong) if wrong else ("verified", [_reason("verified", "online, as planned")])
    probe = seen.probe or {}
    if probe.get("reachable") and probe.get("armed"):
        return "armed", [_reason("armed", "the loader starts the installer at the next boot")]
    # A contained PC keeps its rules while it is switched off.
    if planned.get("disposition") == "contain" and seen.exception and seen.phase == "after":
        return "contained", [_reason("contained", "the port list is enforced and the exception is recorded")]
    if probe.get("reachable"):
        return _windows(probe)
    cause = str(probe.get("cause") or "nobody could look")
    if seen.arming:
        return "converting", [_reason("converting", f"it was armed and has not come back yet: {cause}")]
    return "unreachable", [_reason("unreachable", cause)]


def _windows(probe: Mapping[str, Any]) -> tuple[str, list[dict[str, str]]]:
    note = [_reason("incomplete", str(probe["cause"]))] if probe.get("cause") else []
    if probe.get("staged"):
        return "staged", [_reason("staged", "converter and image are on the disk"), *note]
    text = "Windows answers" if note else "Windows answers, nothing is prepared"
    return "legacy", [_reason("legacy", text), *note]


def _reason(code: str, text: str) -> dict[str, str]:
    return {"code": code, "text": text}


def _not_verified(planned: Mapping[str, Any], device: Mapping[str, Any]) -> list[dict[str, str]]:
    wanted = planned.get("ums")
    if not wanted:
        return [_reason("not_planned", "the plan does not say where it belongs")]
    found = []
    if device.get("online") is not True:
        found.append(_reason("offline", "the UMS does not see it online"))
    if device.get("directory") != wanted.get("directory"):
        text = f"it is in directory {device.get('directory')!r}, planned is {wanted.get('directory')!r}"
        found.append(_reason("directory", text))
    missing = sorted(set(wanted.get("profiles") or []) - set(device.get("profiles") or []))
    if missing:
        found.append(_reason("profiles", f"not assigned: {', '.join(missing)}"))
    return found


def wanted_phase(disposition: str | None, stage: str) -> str:
    """Give the phase the station's port is to have: before, after, or none where it is left alone."""
    if disposition == "contain":
        # Also where nobody answers: a PC that is switched off is contained before it comes back.
        return "after"
    if disposition == "migrate" and stage != "unreachable":
        return "after" if stage == "verified" else "before"
    return "none"


def other_pc(planned: Mapping[str, Any], probe: Mapping[str, Any] | None) -> list[dict[str, str]]:
    """Say why the PC that answers is not the one that was planned, as [{code, text}]; [] if it is, or none answers."""
    expect = planned.get("expect") or {}
    found = [
        f"{key} of the PC: planned {expect[key]!r}, now {probe.get(key)!r}"
        for key in ("serial", "uuid")
        if probe and probe.get("reachable") and expect.get(key) and probe.get(key) != expect[key]
    ]
    if not found:
        return []
    fix = "put the planned PC back, or assess it, plan again and have the new plan released"
    return [_reason("drift", f"Gate drift was closed: read {'; '.join(found)}; it opens with: {fix}.")]


def arming(entries: Iterable[Mapping[str, Any]]) -> bool:
    """Say whether a station's evidence, in order, ends in an arming that nothing seen later speaks against.

    An intent without a result counts, and a failed one: the PC may have taken the command right before the end.
    """
    found = False
    for entry in entries:
        action, outcome, kind = entry.get("action"), entry.get("outcome"), entry.get("kind")
        if action == "arm":
            found = kind == "intent" or (found and outcome != "refused")
        elif action == "disarm" and kind == "result" and outcome == "done":
            found = False
        elif kind == "observation" and "stage" in (entry.get("data") or {}):
            found = found and entry["data"]["stage"] in ("armed", "converting", "unreachable")
    return found


def is_news(entries: Iterable[Mapping[str, Any]], stage: str) -> bool:
    """Say whether evidence has to learn of ``stage``: a goal reached first, or an arming that came to nothing.

    Looking again at a finished site is no news, so its evidence, and its report, stay as they are.
    """
    known = list(entries)
    if stage in ("verified", "contained"):
        stages = [entry["data"]["stage"] for entry in known if "stage" in (entry.get("data") or {})]
        return not stages or stages[-1] != stage
    return stage in ("legacy", "staged") and arming(known)
