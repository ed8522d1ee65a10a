# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Releases: what two people signed for one plan, read with their signatures and judged. Nothing here signs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._signature import sign_command, verify
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.records import read_bytes, release_path
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.times import from_epoch, parse_time, utc_iso

ROLES = ("ot", "it")
NAMESPACES = {"ot": "otedge-release-ot", "it": "otedge-release-it"}
# ot-segmentation reference, section 8: two persons, bound to the hash of the plan, expiry within 72 hours.
LONGEST = timedelta(hours=72)


@dataclass(frozen=True)
class Release:
    """One role's release as found: the document, who signed it, or why it does not hold.

    Args:
        role: ``ot`` or ``it``.
        path: of the document.
        document: its content; empty when it cannot be read.
        identity: who signed; empty without a signature that holds.
        fingerprint: of the signing key.
        problem: why there is no signature that holds, with the next step; empty if it holds.
    """

    role: str
    path: str
    document: dict[str, Any] = field(default_factory=dict)
    identity: str = ""
    fingerprint: str = ""
    problem: str = ""


def read_releases(records: str, plan_hash: str, allowed_signers: str, signers: Mapping[str, str]) -> list[Release]:
    """Read both release documents of a plan and verify their signatures; problems stand in the result."""
    return [_read(records, plan_hash, allowed_signers, str(signers.get(role) or ""), role) for role in ROLES]


def _read(records: str, plan_hash: str, allowed_signers: str, signer: str, role: str) -> Release:
    path = release_path(records, plan_hash, role)
    if not signer:
        return Release(role, str(path), problem=f"site_signers names nobody for role {role}")
    raw = read_bytes(path)
    if raw is None:
        return Release(role, str(path), problem="there is no such document; the play plan writes the draft")
    try:
        document = json.loads(raw)
    except ValueError as exc:
        return Release(role, str(path), problem=f"the document is not JSON: {exc}")
    if not isinstance(document, dict):
        return Release(role, str(path), problem="the document is not a JSON object")
    try:
        signature = verify(raw, f"{path}.sig", allowed_signers, signer, NAMESPACES[role])
    except OtedgeError as exc:
        return Release(role, str(path), document, problem=str(exc))
    return Release(role, str(path), document, signature.identity, signature.fingerprint)


def commands(records: str, plan_hash: str) -> list[str]:
    """Give the two commands with which people sign, OT first."""
    return [sign_command(str(release_path(records, plan_hash, role)), NAMESPACES[role]) for role in ROLES]


@dataclass(frozen=True)
class Verdict:
    """What the releases allow: valid or the problems; the OT release's waivers as {(gate, station): reason}."""

    problems: tuple[str, ...]
    waivers: dict[tuple[str, str], str]
    not_after: str = ""

    @property
    def valid(self) -> bool:
        """True if both hold now."""
        return not self.problems


def judge(releases: list[Release], plan_hash: str, site: str, now: float) -> Verdict:
    """Judge both releases against the plan; pure.

    Args:
        releases: as found, one of each role.
        plan_hash: SHA-256 of the stored plan.
        site: id of the site.
        now: epoch seconds on the controller's clock.

    Returns:
        Valid only if both roles released this plan of this site, now is within both spans, no span is longer than
        72 hours, and identities and keys differ.
    """
    problems: list[str] = []
    for role in ROLES:
        mine = [release for release in releases if release.role == role]
        if len(mine) != 1:
            problems.append(f"{role}: {'no release' if not mine else 'more than one release'}")
            continue
        problems += [f"{role}: {problem}" for problem in _own_problems(mine[0], plan_hash, site, now)]
    problems += _two_people(releases)
    if problems:
        return Verdict(tuple(problems), {})
    ends = sorted(str(release.document["not_after"]) for release in releases)
    return Verdict((), _waivers(next(release for release in releases if release.role == "ot")), ends[0])


def _own_problems(release: Release, plan_hash: str, site: str, now: float) -> list[str]:
    found = []
    document = release.document
    if release.problem or not release.identity or not release.fingerprint:
        found.append(f"{release.path}: {release.problem or 'not signed'}")
    if not document:
        return found
    for key, wanted in (("plan_hash", plan_hash), ("site", site), ("role", release.role)):
        if document.get(key) != wanted:
            found.append(f"it says {key} {document.get(key)!r}, this is {wanted!r}")
    if release.identity and document.get("signer") not in (None, "", release.identity):
        found.append(f"it names signer {document.get('signer')!r}, it was signed by {release.identity!r}")
    return found + _span_problems(document, now)


def _span_problems(document: dict[str, Any], now: float) -> list[str]:
    span: dict[str, datetime] = {}
    for key in ("not_before", "not_after"):
        try:
            span[key] = parse_time(str(document.get(key)), "UTC")
        except ValueError as exc:
            return [f"{key}: {exc}"]
    length = span["not_after"] - span["not_before"]
    if length > LONGEST:
        return [f"it is valid for {length}, the longest is 72 hours"]
    if length <= timedelta(0):
        return ["it ends before it begins"]
    moment = from_epoch(now)
    if moment < span["not_before"]:
        return [f"it is not valid before {utc_iso(span['not_before'])}"]
    if moment >= span["not_after"]:
        return [f"it expired at {utc_iso(span['not_after'])}"]
    return []


def _two_people(releases: list[Release]) -> list[str]:
    signed = [release for release in releases if release.identity and release.fingerprint]
    if len(signed) != 2:
        return []
    found = []
    if signed[0].identity == signed[1].identity:
        found.append(f"both were signed by {signed[0].identity}: two different people are needed")
    if signed[0].fingerprint == signed[1].fingerprint:
        found.append(f"both were signed with key {signed[0].fingerprint}: two different keys are needed")
    return found


def _waivers(release: Release) -> dict[tuple[str, str], str]:
    found = {}
    listed = release.document.get("waivers")
    for waiver in listed if isinstance(listed, list) else []:
        if isinstance(waiver, dict) and waiver.get("gate") and waiver.get("station") and waiver.get("reason"):
            found[(str(waiver["gate"]), str(waiver["station"]))] = str(waiver["reason"])
    return found


def draft(plan: dict[str, Any], plan_hash: str, role: str, signer: str) -> dict[str, Any]:
    """Give the unsigned draft for one role: valid for the plan's windows, at most 72 hours; no clock is read."""
    starts = [parse_time(window["start"], "UTC") for window in plan["windows"]]
    ends = [parse_time(window["end"], "UTC") for window in plan["windows"]]
    begin = min(starts, default=from_epoch(0))
    end = min(max(ends, default=begin), begin + LONGEST)
    return {
        "plan_hash": plan_hash,
        "site": plan["site"],
        "role": role,
        "signer": signer,
        "not_before": utc_iso(begin),
        "not_after": utc_iso(end),
        "waivers": [],
    }
