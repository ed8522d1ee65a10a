# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check a site's zones, conduits and statements, and saved switch configurations against them; reads files only."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.segmentation_check import SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._action import EndpointAction
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.check import (
    Held,
    check_ports,
    check_statements,
    strangers,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.compile import compile_station
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.lint import SEVERITIES, Finding, lint
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.lint_zones import Site
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.matrix import matrix
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.time_box import rules_in_force
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.assessment import observed_flows
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.collect import collect
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.records import plan_path, read_folder, read_json
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.times import from_epoch, local_date
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.drivers import driver_for, netmiko_type
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import Config


class ActionModule(EndpointAction):
    """Action of otedge.endpoint.segmentation_check."""

    SPEC = SPEC

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Lint the model, prove the statements, compare saved configurations."""
        model = collect(task_vars, self._templar.template)
        now = time.time()
        records = options.get("site_records")
        wanted = _wanted(model, records, from_epoch(now))
        site = Site(model)
        configs = {
            switch: _config(str(switch), Path(str(path)), task_vars) for switch, path in options["configs"].items()
        }
        held = _held(site, configs, task_vars)
        findings = lint(model, local_date(now, str(model["site"].get("timezone") or "UTC")), _flows(model, records))
        statements = check_statements(site, options["assertions"], wanted, held)
        ports = check_ports(wanted, held, options["phases"])
        on_read = [name for name, station in site.stations.items() if str(station.get("switch")) in configs]
        unread = strangers(on_read, held)
        result: dict[str, Any] = {
            "findings": [item.as_dict() for item in findings],
            "assertions": statements,
            "ports": ports,
            "unread": unread,
            "matrix": matrix(model),
        }
        told = _told(findings, statements, ports, unread, options["fail_on"])
        if told:
            result |= {"failed": True, "msg": "\n".join([f"{len(told)} thing(s) to look at:", *told])}
        return result


def _wanted(model: dict[str, Any], records: str | None, now: datetime) -> dict[str, dict[str, tuple[Rule, ...]]]:
    """Give the rules in force now of each station and phase: of the stored plan, else compiled from the model."""
    plan = read_json(plan_path(records)) if records else None
    found: dict[str, dict[str, tuple[Rule, ...]]] = {}
    for name, station in model["stations"].items():
        if plan is not None:
            rules = (plan.get("stations") or {}).get(name, {}).get("rules") or {}
        elif station.get("zone") and station.get("address"):
            rules = compile_station(model, name, disposition="contain" if station.get("containment") else "migrate")
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


def _platform(switch: str, task_vars: Mapping[str, Any]) -> str:
    if switch not in task_vars.get("groups", {}).get("site_switches", []):
        raise InputError(f"{switch} is no switch of the inventory.", fix="Name a host of the group site_switches.")
    return netmiko_type(str(task_vars["hostvars"][switch].get("ansible_network_os") or "cisco.ios.ios"))


def _config(switch: str, path: Path, task_vars: Mapping[str, Any]) -> Config:
    driver = driver_for(_platform(switch, task_vars))
    try:
        return driver.parse_config(path.read_text(encoding="utf-8", errors="replace"))
    except OSError as exc:
        raise InputError(
            f"Cannot read {path} of {switch}: {exc.strerror}.", fix="Give a saved configuration on the controller."
        ) from exc


def _held(site: Site, configs: Mapping[str, Config], task_vars: Mapping[str, Any]) -> dict[str, Held]:
    """Give what the saved configurations hold on the stations' ports."""
    found: dict[str, Held] = {}
    for name, station in site.stations.items():
        switch = str(station.get("switch"))
        config = configs.get(switch)
        if config is None or not station.get("port"):
            continue
        port = config.interfaces.get(driver_for(_platform(switch, task_vars)).interface_name(str(station["port"])))
        if port is None:
            continue
        bound = port.lists.get("in")
        lines = config.lists[bound].opaque if bound is not None and bound in config.lists else ()
        found[name] = Held(switch, port.name, bound, config.effective(bound), lines)
    return found


def _told(
    findings: list[Finding],
    statements: list[dict[str, Any]],
    ports: list[dict[str, Any]],
    unread: list[str],
    fail_on: str,
) -> list[str]:
    """Give what fails the task, one line each."""
    if fail_on == "never":
        return []
    worst = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    lines = [f"{item.severity}: {item.where}: {item.text}. {item.fix}" for item in findings if item.severity in worst]
    lines += [
        f"statement {item['id']} {item['verdict']} for {item['station']} ({item['of']})"
        + (f": {item['witness']}" if item["witness"] else "")
        for item in statements
        if item["verdict"] != "holds"
    ]
    lines += [
        f"{item['switch']} {item['port']} ({item['station']}): phase {item['phase']} instead of {item['expected']}"
        for item in ports
        if item["ok"] is False
    ]
    return lines + [f"the port of {name} is not in the configuration of its switch" for name in unread]
