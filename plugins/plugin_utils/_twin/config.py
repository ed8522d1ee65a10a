# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The site as the starter wrote it down (DIR/site.json), checked and turned into what the peers take. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .pc.kinds import pc_of
from .switch import platform_of
from .ums.settings import gaps as ums_gaps

DEFAULTS: dict[str, float] = {"install_seconds": 6.0, "boot_seconds": 2.0}


class ConfigError(Exception):
    """site.json cannot be simulated; the text lists every gap."""


@dataclass(frozen=True)
class Station:
    """One operator position: where it is plugged in, and the machine there."""

    name: str
    address: str
    switch: str
    port: str
    flows: tuple[Mapping[str, Any], ...]
    user: str
    password: str
    pc: dict[str, Any]


@dataclass(frozen=True)
class Site:
    """The whole simulated site."""

    stations: dict[str, Station]
    switches: dict[str, dict[str, Any]]
    ums_name: str
    ums: dict[str, Any]
    lines: dict[str, dict[str, Any]]
    controller_address: str
    downloads: dict[str, str]
    names: dict[str, str]
    firmware: dict[str, str]


def mac12(text: str) -> str:
    """Give a MAC as 12 upper-case hex digits; ValueError if it is none."""
    digits = re.sub(r"[^0-9A-Fa-f]", "", text).upper()
    if len(digits) != 12:
        raise ValueError(f"not a MAC address: {text!r}")
    return digits


def _station(name: str, raw: Mapping[str, Any], site_vars: Mapping[str, Any], options: Mapping[str, Any]) -> Station:
    given = dict(raw.get("twin_pc_overrides") or {})
    model, overrides = pc_of(raw.get("twin_pc_kind"), raw.get("twin_pc"), given)
    mac = str(raw.get("station_mac", ""))
    address = str(raw.get("station_address") or raw.get("ansible_host") or "")
    staging = site_vars.get("site_staging") or {}
    flows = tuple(raw.get("station_flows") or ())
    user, password = str(raw["ansible_user"]), str(raw["ansible_password"])
    pc = {
        "name": name,
        "model": model,
        "overrides": overrides,
        "address": address,
        "mac": mac,
        "user": user,
        "password": password,
        "flows": list(flows),
        "apps": list(raw.get("station_apps") or []),
        "timezone": site_vars.get("site_timezone") or "UTC",
        "install_seconds": float(options.get("install_seconds", DEFAULTS["install_seconds"])),
        "boot_seconds": float(options.get("boot_seconds", DEFAULTS["boot_seconds"])),
        "converter_sha256": str((staging.get("converter") or {}).get("sha256") or "").lower(),
        "after_install": (staging.get("image") or {}).get("after_install", "reboot"),
        "unit_mac": mac12(str(overrides.get("unit_mac") or mac)),
    }
    return Station(
        name=name,
        address=address,
        switch=str(raw.get("station_switch") or ""),
        port=str(raw.get("station_port") or ""),
        flows=flows,
        user=user,
        password=password,
        pc=pc,
    )


def _gaps(kind: str, hosts: Mapping[str, Mapping[str, Any]], keys: tuple[str, ...]) -> list[str]:
    return [f"{kind} {name}: {key} is missing" for name, raw in hosts.items() for key in keys if not raw.get(key)]


def _switches(site: Mapping[str, Any], stations: Mapping[str, Station]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name, raw in (site.get("switches") or {}).items():
        config: dict[str, Any] = dict(raw.get("twin_switch") or {})
        config["ports"] = [item.port for item in stations.values() if item.switch == name and item.port]
        config["address"] = raw.get("ansible_host", "")
        config["controller_address"] = str((site.get("site_vars") or {}).get("site_controller_address") or "")
        config["platform"] = platform_of(config, str(raw.get("ansible_network_os") or ""))
        found[name] = {"config": config, "user": raw["ansible_user"], "password": raw["ansible_password"]}
    return found


def _ums(raw: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Give the management server's variables; its devices take as long to boot as the PCs do."""
    boot = float(options.get("boot_seconds", DEFAULTS["boot_seconds"]))
    return {**raw, "twin_ums": {"react_seconds": 1.0, "boot_seconds": boot, **(raw.get("twin_ums") or {})}}


def _lines(lines: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Give the state sources that are servers; a manual one is a file that people sign."""
    sources = {name: dict(line.get("state_source") or {}) for name, line in lines.items()}
    return {name: source for name, source in sources.items() if source.get("type") == "opcua"}


def parse(site: Mapping[str, Any]) -> Site:
    """Check site.json and give the site.

    Args:
        site: {"site_vars", "stations", "switches", "ums", "lines", "options"} as the action site_twin writes it.

    Raises:
        ConfigError: with every gap found.
    """
    raw_stations: Mapping[str, Any] = site.get("stations") or {}
    raw_ums: Mapping[str, Any] = site.get("ums") or {}
    site_vars: Mapping[str, Any] = site.get("site_vars") or {}
    gaps = _gaps("station", raw_stations, ("ansible_user", "ansible_password", "station_mac"))
    gaps += _gaps("switch", site.get("switches") or {}, ("ansible_user", "ansible_password"))
    gaps += _gaps("ums", raw_ums, ("ums_username", "ums_password"))
    gaps += [
        f"ums {name}: twin_ums.{text}" for name, raw in raw_ums.items() for text in ums_gaps(raw.get("twin_ums") or {})
    ]
    if len(raw_ums) > 1:
        gaps.append(f"one management server can be simulated, found: {', '.join(sorted(raw_ums))}")
    for name, raw in (site.get("switches") or {}).items():
        try:
            platform_of(raw.get("twin_switch") or {})
        except ValueError as exc:
            gaps.append(f"switch {name}: twin_switch.{exc}")
    stations: dict[str, Station] = {}
    for name, raw in raw_stations.items():
        try:
            stations[name] = _station(name, raw, site_vars, site.get("options") or {})
        except (KeyError, ValueError) as exc:
            gaps.append(f"station {name}: {exc}")
    if gaps:
        raise ConfigError("; ".join(dict.fromkeys(gaps)))
    staging = site_vars.get("site_staging") or {}
    return Site(
        stations=stations,
        switches=_switches(site, stations),
        ums_name=next(iter(raw_ums), ""),
        ums=_ums(next(iter(raw_ums.values()), {}), site.get("options") or {}),
        lines=_lines(site.get("lines") or {}),
        controller_address=str(site_vars.get("site_controller_address") or ""),
        downloads={str(part["url"]): str(part["sha256"]).lower() for part in staging.values() if part.get("url")},
        firmware=dict(site_vars.get("site_firmware") or {}),
        names={str(name): str(address) for name, address in (site_vars.get("twin_names") or {}).items()},
    )
