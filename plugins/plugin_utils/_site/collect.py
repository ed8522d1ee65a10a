# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Collect the raw site model from inventory variables: the only place that knows their names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError

try:
    from ansible._internal._datatag._tags import Origin
except ImportError:
    Origin = None  # type: ignore[assignment, misc]

# The port IGEL OS 12 devices dial (igel-conversion reference); ums_port may be another door for the automation node.
DEVICE_PORT = 8443
SITE_KEYS: dict[str, Any] = {
    "id": None,
    "timezone": None,
    "owner_ot": None,
    "owner_it": None,
    "signers": {},
    "controller_address": None,
    "convert_minutes": 60,
    "fallback_minutes": 30,
    "igel_os": 12,
    "firmware": None,
    "staging": None,
}
TOP_KEYS: dict[str, Any] = {
    "zones": [],
    "conduits": [],
    "lines": {},
    "station_roles": {},
    "windows": [],
    "freeze_days": [],
    "waves": [],
    "services": {},
    "vlan_lists": [],
}
STATION_KEYS: dict[str, Any] = {
    "line": None,
    "role": None,
    "zone": None,
    "switch": None,
    "port": None,
    "address": None,
    "mac": None,
    "apps": [],
    "flows": [],
    "flows_complete": False,
    "backup": None,
    "containment": None,
}
STATION_OPTIONAL = ("disposition", "ums_directory")
# Variables of these prefixes that are no part of the model but are ours.
OTHER_KEYS = {
    "site_assertions",
    "site_fingerprints",
    "site_protected_flows",
    "site_records",
    "site_allowed_signers",
    "site_twin_started",
    "station_backup_target",
}
FILES = {
    "zones": "segmentation.yml",
    "conduits": "segmentation.yml",
    "vlan_lists": "segmentation.yml",
    "windows": "rollout.yml",
    "freeze_days": "rollout.yml",
    "waves": "rollout.yml",
    "convert_minutes": "rollout.yml",
    "fallback_minutes": "rollout.yml",
    "station_roles": "station_roles.yml",
    "staging": "station_roles.yml",
    "igel_os": "station_roles.yml",
    "firmware": "station_roles.yml",
}

Template = Callable[[Any], Any]
Errors = list[dict[str, str]]


def plain(value: Any) -> Any:
    """Give plain data: no tags, no lazy containers, dates as ISO text."""
    if isinstance(value, Mapping):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(item) for item in value]
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, bool) or value is None:
        return value
    return int(value) if isinstance(value, int) else value


class _Reader:
    def __init__(self, host: str, variables: Mapping[str, Any], template: Template, errors: Errors | None) -> None:
        self._host, self._variables, self._template, self._errors = host, variables, template, errors

    def get(self, name: str, default: Any = None) -> Any:
        """Give the rendered variable; one that cannot be rendered is an error, not a default."""
        if name not in self._variables:
            return plain(default)
        try:
            value = plain(self._template(self._variables[name]))
        except AnsibleError as exc:
            if self._errors is None:
                raise InputError(
                    f"Cannot render {name} of {self._host}: {exc}", fix="Define what it refers to."
                ) from exc
            self._errors.append({"host": self._host, "key": name, "problem": str(exc)})
            return plain(default)
        return plain(default) if value is None else value


def _as_it_is(value: Any) -> Any:
    return value


def _host(task_vars: Mapping[str, Any], host: str, errors: Errors | None) -> _Reader:
    # hostvars renders on access by itself.
    return _Reader(host, task_vars["hostvars"][host], _as_it_is, errors)


def _station(reader: _Reader) -> dict[str, Any]:
    station = {key: reader.get(f"station_{key}", default) for key, default in STATION_KEYS.items()}
    for key in STATION_OPTIONAL:
        value = reader.get(f"station_{key}")
        if value is not None:
            station[key] = value
    return station


def _ums(task_vars: Mapping[str, Any], names: Iterable[str], errors: Errors | None) -> dict[str, Any]:
    for name in sorted(names):
        reader = _host(task_vars, name, errors)
        host = reader.get("ums_host")
        address = reader.get("ums_address") or reader.get("ansible_host") or host
        port = reader.get("ums_device_port", DEVICE_PORT)
        return {"name": name, "host": host, "port": port, "address": address}
    return {}


def collect(
    task_vars: Mapping[str, Any],
    template: Template = _as_it_is,
    stations: Iterable[str] | None = None,
    errors: Errors | None = None,
) -> dict[str, Any]:
    """Collect the site model.

    Args:
        task_vars: of the task, with ``groups`` and ``hostvars``.
        template: renders a raw variable of the task; hostvars renders by itself.
        stations: only these; default every host of group ``stations``.
        errors: takes {host, key, problem} for each variable that cannot be rendered; without it that is an InputError.

    Returns:
        {site, zones, conduits, vlan_lists, lines, station_roles, windows, freeze_days, waves, stations, switches, ums}:
        the inventory's variables without their prefix, as plain data.
    """
    groups = task_vars.get("groups", {})
    own = _Reader("site", task_vars, template, errors)
    known = sorted(groups.get("stations", []))
    wanted = known if stations is None else [name for name in stations if name in known]
    model: dict[str, Any] = {key: own.get(f"site_{key}", default) for key, default in TOP_KEYS.items()}
    model["site"] = {key: own.get(f"site_{key}", default) for key, default in SITE_KEYS.items()}
    model["stations"] = {name: _station(_host(task_vars, name, errors)) for name in wanted}
    model["switches"] = {name: {} for name in sorted(groups.get("site_switches", []))}
    model["ums"] = _ums(task_vars, groups.get("ums", []), errors)
    return model


def _raw(task_vars: Mapping[str, Any], host: str) -> Mapping[str, Any]:
    if not host:
        return task_vars
    hostvars = task_vars["hostvars"]
    found: Mapping[str, Any] = hostvars.raw_get(host) if hasattr(hostvars, "raw_get") else hostvars[host]
    return found


def unknown_keys(task_vars: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give (host or "", variable) for each site_ or station_ variable of an inventory file that nothing reads.

    Results and facts of plays may carry such names too; they were not written in the inventory and do not count.
    """
    known = {f"site_{key}" for key in (*SITE_KEYS, *TOP_KEYS)} | OTHER_KEYS
    known |= {f"station_{key}" for key in (*STATION_KEYS, *STATION_OPTIONAL)}
    folder = str(task_vars.get("inventory_dir") or "")
    found = []
    for host in ("", *sorted(task_vars.get("groups", {}).get("stations", []))):
        prefix = "station_" if host else "site_"
        for name, value in _raw(task_vars, host).items():
            if name.startswith(prefix) and name not in known and folder and origin_of(value).startswith(folder):
                found.append((host, name))
    return found


def origin_of(value: Any) -> str:
    """Give the file a variable was written in, or "" where Ansible does not say."""
    tag = Origin.get_tag(value) if Origin is not None else None
    return str(tag.path) if tag is not None and tag.path else ""


def file_of(task_vars: Mapping[str, Any], host: str, name: str) -> str:
    """Give the file where a variable of a host ("" = the site) stands, else where it belongs by convention."""
    raw = _raw(task_vars, host)
    found = origin_of(raw[name]) if name in raw else ""
    folder = str(task_vars.get("inventory_dir") or "")
    if found and folder and Path(found).is_relative_to(folder):
        return str(Path(found).relative_to(folder))
    if found:
        return found
    key = name.removeprefix("site_")
    return f"host_vars/{host}.yml" if host else f"group_vars/all/{FILES.get(key, 'site.yml')}"
