# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Is ``twin_ums`` of the inventory one that can be simulated? Pure; every gap is told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .accounts import EDITIONS, RIGHTS
from .seed import as_entry

_MAC_SIGNS = frozenset("0123456789abcdefABCDEF")
_ATTRIBUTE_TYPES = ("range", "string", "number", "date")
_EVENTS = ("add", "remove", "add_on_boot", "remove_on_boot")
# section -> (key a bare text stands for or "", keys it must have, keys it may have)
_SECTIONS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "accounts": ("", ("name", "password"), ("rights", "below", "superuser")),
    "firmwares": ("", ("product", "version"), ("id", "type")),
    "profiles": ("name", ("name",), ("id", "directory", "firmware", "bin", "overrides_sessions")),
    "priority_profiles": ("name", ("name",), ("id", "directory", "firmware", "bin", "overrides_sessions")),
    "master_profiles": ("name", ("name",), ("id", "directory", "firmware", "bin", "overrides_sessions")),
    "directories": ("path", ("path",), ("id", "bin", "rule")),
    "profile_directories": ("path", ("path",), ("id", "bin")),
    "priority_profile_directories": ("path", ("path",), ("id", "bin")),
    "attributes": ("identifier", ("identifier",), ("name", "type", "allowed_values", "imi")),
    "devices": ("mac", ("mac",), ("id", "unit_id", "name", "directory", "firmware", "last_ip", "online", "bin",
                                  "details", "attributes", "adapters", "logins", "count")),
    "assignments": ("", ("profile",), ("device", "directory")),
    "views": ("", ("name",), ("id", "devices", "where")),
    "assets": ("name", ("name",), ("id", "vendor", "device_id", "device", "categories", "details")),
    "asset_history": ("", ("asset", "device"), ("id", "event", "at")),
}  # fmt: skip
_MAPPINGS = ("details", "attributes", "where", "firmware")
_LISTS = ("adapters", "logins", "devices", "categories", "allowed_values", "rights", "below")
_NUMBERS = ("latency_ms", "online_timeout_ms", "react_seconds", "boot_seconds", "return_seconds", "seed")
_SWITCHES = ("direct_basic", "automatic_registration", "adjust_network_name")
_WORDS = {"edition": EDITIONS, "messages": ("recorded", "manual")}


def gaps(config: Mapping[str, Any]) -> list[str]:
    """Give what is wrong with ``twin_ums``, one text each; empty if nothing is."""
    known = {*_SECTIONS, *_NUMBERS, *_SWITCHES, *_WORDS, "version"}
    found = [f"{key}: not known; known are {', '.join(sorted(known))}" for key in config if key not in known]
    for key, allowed in _WORDS.items():
        if key in config and config[key] not in allowed:
            found.append(f"{key}: is {config[key]!r}, must be one of {', '.join(allowed)}")
    for key in _NUMBERS:
        value = config.get(key, 0)
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            found.append(f"{key}: is {value!r}, must be a number of 0 or more")
    found += [f"{key}: is {config[key]!r}, must be true or false"
              for key in _SWITCHES if not isinstance(config.get(key, False), bool)]  # fmt: skip
    entries: dict[str, list[dict[str, Any]]] = {}
    for section in _SECTIONS:
        entries[section] = list(_entries(section, config.get(section) or [], found))
    return found or _meanings(entries)


def _entries(section: str, listed: Any, found: list[str]) -> Iterator[dict[str, Any]]:
    """Give the entries of a section that have the right shape; note the others."""
    bare, must, may = _SECTIONS[section]
    if not isinstance(listed, list):
        found.append(f"{section}: is no list")
        return
    for number, value in enumerate(listed):
        if not isinstance(value, Mapping) and not (bare and isinstance(value, str) and value):
            found.append(f"{section}[{number}]: is {value!r}, must be a mapping{' or a text' if bare else ''}")
            continue
        entry = as_entry(value, bare)
        wrong = [f"{key} is missing" for key in must if entry.get(key) in (None, "")]
        wrong += [f"{key} is not known" for key in entry if key not in must + may]
        wrong += [f"{key} must be a mapping" for key in _MAPPINGS if not isinstance(entry.get(key, {}), Mapping)]
        wrong += [f"{key} must be a list" for key in _LISTS if not isinstance(entry.get(key, []), list)]
        if not wrong and entry.get("firmware") and not {"product", "version"} <= set(entry["firmware"]):
            wrong.append("firmware needs product and version")
        if "id" in entry and not str(entry["id"]).isdecimal():
            wrong.append(f"id is {entry['id']!r}, must be digits")
        found += [f"{section}[{number}]: {text}" for text in wrong]
        if not wrong:
            yield entry


def _meanings(entries: Mapping[str, list[dict[str, Any]]]) -> list[str]:
    """Give what each entry means that cannot be, by itself or beside the others."""
    checks: dict[str, Callable[[dict[str, Any]], Iterator[str]]] = {
        "accounts": lambda entry: _among("rights", entry.get("rights", ()), RIGHTS),
        "attributes": lambda entry: _among("type", [entry.get("type", "string")], _ATTRIBUTE_TYPES),
        "devices": _device,
        "asset_history": lambda entry: _among("event", [entry.get("event", "add")], _EVENTS),
    }
    found = [
        f"{section}[{number}]: {text}"
        for section, check in checks.items()
        for number, entry in enumerate(entries[section])
        for text in check(entry)
    ]
    attributes = {str(entry["identifier"]) for entry in entries["attributes"]}
    for number, entry in enumerate(entries["devices"]):
        strange = set(entry.get("attributes", {})) - attributes
        found += [f"devices[{number}]: twin_ums has no attribute {one!r}" for one in sorted(strange)]
    names = {
        "device": {str(entry.get("name")) for entry in entries["devices"]},
        "asset": {str(entry["name"]) for entry in entries["assets"]},
        "profile": {str(entry["name"]) for key in ("profiles", "priority_profiles", "master_profiles")
                    for entry in entries[key]},
    }  # fmt: skip
    for section in ("assignments", "assets", "asset_history"):
        for number, entry in enumerate(entries[section]):
            named = [kind for kind, known in names.items() if entry.get(kind) and str(entry[kind]) not in known]
            found += [f"{section}[{number}]: twin_ums has no {kind} {entry[kind]!r}" for kind in named]
    found += [f"assignments[{number}]: needs device or directory" for number, entry in enumerate(entries["assignments"])
              if bool(entry.get("device")) == bool(entry.get("directory"))]  # fmt: skip
    return found + _twice(entries)


def _among(name: str, values: Any, allowed: tuple[str, ...]) -> Iterator[str]:
    for value in values:
        if value not in allowed:
            yield f"{name}: {value!r} is none of {', '.join(allowed)}"


def _device(entry: dict[str, Any]) -> Iterator[str]:
    mac = str(entry["mac"]).replace(":", "").replace("-", "")
    if len(mac) != 12 or not _MAC_SIGNS.issuperset(mac):
        yield f"mac is {entry['mac']!r}, must be 12 hex digits"
    count = entry.get("count", 1)
    if not isinstance(count, int) or count < 1:
        yield f"count is {count!r}, must be 1 or more"
    elif count > 1 and {"id", "unit_id"} & set(entry):
        yield "count and id or unit_id exclude one another"


def _twice(entries: Mapping[str, list[dict[str, Any]]]) -> list[str]:
    """Ids and unit ids are unique; names need not be."""
    found, ids, units = [], set[str](), set[str]()
    for section, listed in entries.items():
        for number, entry in enumerate(listed):
            one = str(entry.get("id", ""))
            if one and one in ids:
                found.append(f"{section}[{number}]: id {one} is given twice")
            ids.add(one)
            if section == "devices":
                mac = str(entry["mac"]).replace(":", "").replace("-", "")
                unit = str(entry.get("unit_id", mac)).upper()
                if unit in units:
                    found.append(f"{section}[{number}]: unit id {unit} is given twice")
                units.add(unit)
    return found
