# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check a site's zones, conduits and statements, and what its switches hold, against each other; writes nothing."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.segmentation_check import SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._action import EndpointAction
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.check import (
    PHASES,
    check_ports,
    check_statements,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.check_vlans import bindings, check_vlans
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.compile import compile_station
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.lint import SEVERITIES, Finding, lint
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.lint_zones import Site
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.matrix import matrix
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.model_shape import require_readable
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.time_box import rules_in_force
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.vlan_lists import VlanList
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.vlan_model import vlan_lists
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation_sources import read_switches
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.assessment import observed_flows
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.collect import collect
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.records import plan_path, read_folder, read_json
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.times import from_epoch, local_date


class ActionModule(EndpointAction):
    """Action of otedge.endpoint.segmentation_check."""

    SPEC = SPEC

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Lint the model, prove the statements, compare what was read of switches."""
        model = collect(task_vars, self._templar.template)
        now, records, phases = time.time(), options.get("site_records"), options["phases"]
        require_readable(model)
        site, lists = Site(model), vlan_lists(model)
        _require_known(phases, model["stations"])
        at = {name: one for one in lists for name in one.stations}
        flows = _flows(model, records)
        wanted = _wanted(model, records, from_epoch(now), at, flows)
        read = read_switches(options["configs"], options.get("live"), task_vars)
        # Every station, also one whose zone is not known: its port can be looked at all the same.
        held, unread = read.ports(model["stations"], at, phases)
        within = {name: one.networks for name, one in at.items()}
        addresses = {name: str(site.stations[name]["address"]) for name in at}
        vlans = check_vlans(lists, wanted, addresses, phases, read.vlans(lists))
        found = _Found(
            lint(model, _today(now, model), flows),
            check_statements(site, options["assertions"], wanted, held, within),
            check_ports(wanted, held, phases),
            vlans,
            [_unread(name, model["stations"][name], at.get(name)) for name in unread],
            read.missing,
        )
        result: dict[str, Any] = {
            "findings": [item.as_dict() for item in found.findings],
            "assertions": found.statements,
            "ports": found.ports,
            "vlan_lists": vlans,
            "vlan_bindings": bindings(vlans),
            "unread": unread,
            "unread_switches": dict(read.missing),
            "matrix": matrix(model),
        }
        told = found.told(options["fail_on"])
        if told:
            result |= {"failed": True, "msg": "\n".join([f"{len(told)} thing(s) to look at:", *told])}
        return result


def _unread(name: str, station: Mapping[str, Any], at: VlanList | None) -> str:
    switch, port = (at.switch, at.interface) if at else (station.get("switch"), station.get("port"))
    place = f"{switch or 'no station_switch'} {port or 'no station_port'}"
    return f"{place} ({name}): it is not in what was read, so nothing is known of its list"


def _today(now: float, model: Mapping[str, Any]) -> date:
    try:
        return local_date(now, str(model["site"].get("timezone") or "UTC"))
    except ValueError as exc:
        raise InputError(f"site_timezone cannot be read: {exc}.", fix="Write a name like Europe/Berlin.") from exc


def _require_known(phases: Mapping[str, Any], stations: Mapping[str, Any]) -> None:
    """Refuse a phase of nobody, and a phase that is none: neither would ever be found wrong."""
    known = (*PHASES, "none")
    wrong = [f"{name}: no such station" for name in phases if name not in stations]
    wrong += [f"{name}: {phase!r} is no phase" for name, phase in phases.items() if phase not in known]
    if wrong:
        raise InputError(
            f"The option phases cannot be read: {'; '.join(wrong)}.",
            fix=f"Name hosts of the group stations, and one of {', '.join(known)}.",
        )


def _wanted(
    model: dict[str, Any],
    records: str | None,
    now: datetime,
    at: Mapping[str, Any],
    flows: Mapping[str, Sequence[Mapping[str, Any]]],
) -> dict[str, dict[str, tuple[Rule, ...]]]:
    """Give the rules in force now of each station and phase: of the stored plan, else compiled from the model.

    A plan has no rules for stations of VLAN lists.
    """
    plan = read_json(plan_path(records)) if records else None
    found: dict[str, dict[str, tuple[Rule, ...]]] = {}
    for name, station in model["stations"].items():
        if plan is not None and name not in at:
            rules = (plan.get("stations") or {}).get(name, {}).get("rules") or {}
        elif station.get("zone") and station.get("address"):
            disposition = "contain" if station.get("containment") else "migrate"
            seen = flows.get(name, []) if name in at else []
            rules = compile_station(model, name, disposition=disposition, observed_flows=seen)
        else:
            continue
        found[name] = {phase: rules_in_force(items, now) for phase, items in rules.items()}
    return found


def _flows(model: Mapping[str, Any], records: str | None) -> dict[str, list[dict[str, Any]]]:
    if not records:
        return {}
    documents = read_folder(Path(records) / "assessments")
    controller = model["site"].get("controller_address")
    return {name: observed_flows(document, controller) for name, document in documents.items()}


@dataclass(frozen=True)
class _Found:
    """Everything that may fail the task."""

    findings: list[Finding]
    statements: list[dict[str, Any]]
    ports: list[dict[str, Any]]
    vlans: list[dict[str, Any]]
    unread: list[str]
    missing: Mapping[str, str]

    def told(self, fail_on: str) -> list[str]:
        """Give what fails the task, one line each."""
        if fail_on == "never":
            return []
        worst = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
        lines = [
            f"{one.severity}: {one.where}: {one.text}. {one.fix}" for one in self.findings if one.severity in worst
        ]
        lines += [
            f"statement {item['id']} {item['verdict']} for {item['station'] or 'nobody'} ({item['of']})"
            + (f": {item['witness'] or item['note']}" if item["witness"] or item["note"] else "")
            for item in self.statements
            if item["verdict"] != "holds"
        ]
        lines += [
            f"{item['switch']} {item['port']} ({item['station']}): phase {item['phase']} instead of {item['expected']}"
            + _opaque(item)
            for item in self.ports
            if item["ok"] is False
        ]
        lines += [
            f"{item['switch']} {item['interface']} {item['direction']} ({item['id']}): its list is not that of its "
            f"stations' phases{': ' + str(item['difference']['witness']) if item['difference'] else ''}{_opaque(item)}"
            for item in self.vlans
            if item["ok"] is False
        ]
        return lines + self.unread + [f"{switch} was not checked: {why}" for switch, why in self.missing.items()]


def _opaque(item: Mapping[str, Any]) -> str:
    lines = item["not_understood"]
    return f"; not understood: {', '.join(repr(line) for line in lines)}" if lines else ""
