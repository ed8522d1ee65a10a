# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan: from site model and assessments to stations, dispositions, waves, rules and UMS objects.

Pure and deterministic: no clock, no readings, no order of input in it, so that its hash stands for the intent.
"""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.compile import compile_station
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.vlan_model import listed_at
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.assessment import (
    adapter_macs,
    identity,
    observed_flows,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.dispositions import (
    SURVEY_KEYS,
    Disposition,
    decide,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.gates import line_terms
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.times import parse_date, parse_time, utc_iso

FORMAT = 1
DRIVER = "oscw_local"
_NO_RULES: dict[str, list[Any]] = {"before": [], "after": [], "island": []}


def mac_key(value: Any) -> str:
    """Give a MAC as 12 upper-case hex digits, the form of the UMS; raise ValueError if it is none."""
    text = re.sub(r"[:.\-\s]", "", str(value or "")).upper()
    if not re.fullmatch(r"[0-9A-F]{12}", text):
        raise ValueError(f"{value!r} is not a MAC address")
    return text


def build_plan(model: Mapping[str, Any], assessments: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Build the plan.

    Args:
        model: the raw site model of collect().
        assessments: stored documents by station; a station without one is deferred.

    Returns:
        The plan as plain data: site, windows in UTC, stations, waves, ums_directories, staging, budget, blast_radius.

    Raises:
        InputError: the model cannot be read; the play validate names every gap at once.
    """
    site = model["site"]
    if not site.get("id") or not site.get("timezone"):
        raise InputError("The site model has no site_id or no site_timezone.", fix="Run the play validate.")
    waves = {name: str(wave.get("id")) for wave in model["waves"] for name in wave.get("stations") or []}
    near = _Neighbourhoods(model)
    stations = {
        name: _station(near.model_of(name), name, assessments.get(name), waves.get(name))
        for name in sorted(model["stations"])
    }
    _drop_shared_macs(stations)
    _defer_strangers(stations)
    _defer_behind_vlan_lists(stations, listed_at(model))
    planned_waves = _waves(model["waves"], stations)
    return {
        "format": FORMAT,
        "site": site["id"],
        "timezone": site["timezone"],
        "controller_address": site.get("controller_address"),
        "windows": _windows(model["windows"], str(site["timezone"])),
        "freeze_days": _freeze_days(model["freeze_days"]),
        "line_terms": {name: line_terms(line) for name, line in model["lines"].items()},
        "stations": stations,
        "waves": planned_waves,
        "ums_directories": _directories(entry for entry in stations.values() if entry["disposition"] == "migrate"),
        "staging": site.get("staging"),
        "budget": {"convert_minutes": site["convert_minutes"], "fallback_minutes": site["fallback_minutes"]},
        "blast_radius": [_blast(wave, stations) for wave in planned_waves],
    }


class _Neighbourhoods:
    """Cuts the model down to what the rules of one zone can depend on: thousands of stations share few zones."""

    def __init__(self, model: Mapping[str, Any]) -> None:
        self._model = model
        self._zones = {zone.get("id"): zone for zone in model["zones"]}
        self._cut: dict[Any, dict[str, Any]] = {}

    def model_of(self, station: str) -> dict[str, Any]:
        """Give the model with this station, its zone's conduits, and the zones these name."""
        own = self._model["stations"][station]
        zone = own.get("zone")
        if zone not in self._cut:
            around = self._around([zone])
            conduits = [
                conduit
                for conduit in self._model["conduits"]
                if conduit.get("from") in around or conduit.get("to") in around
            ]
            named = [conduit.get(side) for conduit in conduits for side in ("from", "to")]
            wanted = self._around([zone, *named])
            zones = [item for item in self._model["zones"] if item.get("id") in wanted]
            self._cut[zone] = {**self._model, "conduits": conduits, "zones": zones}
        return {**self._cut[zone], "stations": {station: own}}

    def _around(self, names: Iterable[Any]) -> set[Any]:
        found: set[Any] = set()
        for name in names:
            current = name
            while current is not None and current not in found:
                found.add(current)
                current = self._zones.get(current, {}).get("parent")
        return found


def _station(
    model: Mapping[str, Any], name: str, assessment: Mapping[str, Any] | None, wave: str | None
) -> dict[str, Any]:
    own, site = model["stations"][name], model["site"]
    decided = decide(own, assessment, model["station_roles"], igel_os=int(site.get("igel_os") or 12))
    decided, rules = _rules(model, name, decided, assessment or {})
    role = model["station_roles"].get(own.get("role")) or {}
    candidates = _candidates(own, assessment or {})
    ums = {
        "name": name,
        "directory": own.get("ums_directory") or f"{site['id']}/{own.get('line')}",
        "profiles": list(role.get("profiles") or []),
        "firmware": site.get("firmware"),
    }
    return {
        **{key: own.get(key) for key in SURVEY_KEYS},
        "wave": wave,
        **decided.as_dict(),
        "driver": DRIVER,
        "candidate_macs": candidates,
        "expect": identity(assessment or {}),
        "backup": own.get("backup"),
        "ums": ums,
        "ums_device": _ums_device(own, ums, candidates, str(site["id"])),
        "ums_assignments": [{"device": name, "profile": profile} for profile in ums["profiles"]],
        "containment": own.get("containment"),
        "rules": rules,
    }


def _drop_shared_macs(stations: dict[str, dict[str, Any]]) -> None:
    """Keep a MAC that several PCs showed (a virtual adapter, a dock that moved) only where the survey names it."""
    seen = Counter(mac for entry in stations.values() for mac in entry["candidate_macs"])
    for entry in stations.values():
        own = re.sub(r"[^0-9A-F]", "", str(entry["mac"] or "").upper())
        kept = [mac for mac in entry["candidate_macs"] if mac == own or seen[mac] == 1]
        entry["candidate_macs"] = entry["ums_device"]["candidate_macs"] = kept


def _defer_strangers(stations: dict[str, dict[str, Any]]) -> None:
    """Defer what would be converted although no reading could tell its PC from another one.

    Right before arming, serial and UUID are all that says a PC answers at its own address and not at another's.
    """
    alike: dict[tuple[str, str], set[str]] = {}
    for name, entry in stations.items():
        for key, text in entry["expect"].items():
            if text:
                alike.setdefault((key, text), set()).add(name)
    for name, entry in stations.items():
        if entry["disposition"] != "migrate":
            continue
        known = [alike[key, text] for key, text in entry["expect"].items() if text]
        others = sorted(set.intersection(*known) - {name}) if known else []
        reason = {"code": "identity_unknown", "text": "the PC told neither a serial number nor a UUID"}
        if others:
            text = f"{', '.join(others)} shows the same serial number and UUID"
            reason = {"code": "identity_shared", "text": text}
        if others or not known:
            entry["disposition"], entry["rules"] = "defer", dict(_NO_RULES)
            entry["reasons"] = [*entry["reasons"], reason]


def _defer_behind_vlan_lists(stations: dict[str, dict[str, Any]], places: Mapping[str, str]) -> None:
    """Defer what is segmented at a VLAN interface: one list for several stations follows no single station's phase.

    Nor does it contain anybody: within the VLAN nothing is enforced.
    """
    for name in sorted(set(places) & set(stations)):
        entry = stations[name]
        text = (
            f"its list stands at {places[name]}, which enforces nothing within the VLAN; a rollout needs its own port"
        )
        entry["disposition"], entry["rules"] = "defer", dict(_NO_RULES)
        entry["reasons"] = [*entry["reasons"], {"code": "vlan_list", "text": text}]


def _rules(
    model: Mapping[str, Any], name: str, decided: Disposition, assessment: Mapping[str, Any]
) -> tuple[Disposition, dict[str, list[Any]]]:
    if any(not model["stations"][name].get(key) for key in SURVEY_KEYS):
        return decided, dict(_NO_RULES)
    flows = observed_flows(assessment, model["site"].get("controller_address"))
    try:
        rules = compile_station(model, name, disposition=decided.disposition, observed_flows=flows)
    except RefusedError as exc:
        # A list that would break what runs today is never planned; the station is left alone and says why.
        reason = {"code": "rules_refused", "text": str(exc)}
        return Disposition("defer", (*decided.reasons, reason), decided.confidence), dict(_NO_RULES)
    return decided, rules


def _candidates(own: Mapping[str, Any], assessment: Mapping[str, Any]) -> list[str]:
    found = set()
    for mac in (own.get("mac"), *adapter_macs(assessment)):
        with contextlib.suppress(ValueError):
            found.add(mac_key(mac))
    return sorted(found)


def _ums_device(own: Mapping[str, Any], ums: Mapping[str, Any], candidates: list[str], site: str) -> dict[str, Any]:
    """Give the item that ums_devices takes for this station."""
    return {
        "name": ums["name"],
        "mac": own.get("mac"),
        "candidate_macs": candidates,
        "directory": ums["directory"],
        "firmware": ums["firmware"],
        "site": site,
    }


def _windows(windows: list[Mapping[str, Any]], timezone: str) -> list[dict[str, str]]:
    found = []
    for window in windows:
        try:
            start = parse_time(str(window.get("start")), timezone, late=True)
            end = parse_time(str(window.get("end")), timezone)
        except ValueError as exc:
            raise InputError(f"Window {window.get('id')}: {exc}.", fix="Correct it in site_windows.") from exc
        found.append({"id": str(window.get("id")), "start": utc_iso(start), "end": utc_iso(end)})
    return sorted(found, key=lambda window: window["id"])


def _freeze_days(days: list[Mapping[str, Any]]) -> list[dict[str, str]]:
    try:
        found = [{"date": str(parse_date(day.get("date", ""))), "reason": str(day.get("reason", ""))} for day in days]
    except ValueError as exc:
        raise InputError(f"A freeze day cannot be read: {exc}.", fix="Correct it in site_freeze_days.") from exc
    return sorted(found, key=lambda day: (day["date"], day["reason"]))


def _waves(waves: list[Mapping[str, Any]], stations: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "id": str(wave.get("id")),
            "window": wave.get("window"),
            "stations": [
                name
                for name in wave.get("stations") or []
                if name in stations and stations[name]["disposition"] in ("migrate", "contain")
            ],
        }
        for wave in waves
    ]


def _directories(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    found = set()
    for entry in entries:
        parts = [part for part in str(entry["ums"]["directory"]).split("/") if part]
        found |= {"/".join(parts[: length + 1]) for length in range(len(parts))}
    return sorted(found)


def _blast(wave: Mapping[str, Any], stations: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    per_line = Counter(str(stations[name]["line"]) for name in wave["stations"])
    return {
        "wave": wave["id"],
        "stations": len(wave["stations"]),
        "per_line": dict(sorted(per_line.items())),
        "lines": sorted(per_line),
    }
