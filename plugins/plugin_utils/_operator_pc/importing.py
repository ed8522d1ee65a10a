# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What other tools know about PCs: a CSV or JSON file into fields of assessments, origin kept (pure).

A survey, a passive discovery or a software inventory may know a PC that cannot be reached. What it tells fills fields
that were not read; it never replaces a reading, and it never releases a station (see dispositions).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import import_values as v
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.gates import IMPORTED, imported
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.network import mac_text

Row = dict[str, Any]

# How a row names its station; the first that is there counts.
KEYS = ("station", "mac", "address")

FIELDS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(
        (
            "system.manufacturer", "system.model", "system.uuid", "bios.serial", "cpu.name", "os.caption", "os.version",
            "os.edition_id",
        ),
        v.text,
    ),
    **dict.fromkeys(("system.memory_bytes", "disk.system_bytes", "disk.system_free_bytes"), v.size),
    **dict.fromkeys(("cpu.data_width", "cpu.cores", "cpu.max_mhz", "os.build", "os.product_type"), v.number),
    **dict.fromkeys(
        ("os.embedded", "firmware.secure_boot", "write_filter.enabled", "access.rdp_enabled", "access.autologon"),
        v.flag,
    ),
    "firmware.type": v.one_of("uefi", "bios"),
    "bitlocker.protection": v.one_of("on", "off", "not_installed"),
    "os.hotfixes": v.texts,
    "services.running": v.texts,
    "software.installed": v.products,
    "devices.pci": v.devices,
    "devices.usb": v.devices,
    "devices.serial_ports": v.devices,
    "network.connections": v.connections,
}  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What one row says of one station, and where it stands, for people."""

    station: str
    where: str
    fields: Mapping[str, Any]


def rows_of(text: str, name: str) -> list[Row]:
    """Read a file's rows: JSON (a list of objects) or CSV with a header line, separated by comma, semicolon or tab.

    Raises:
        InputError: it is neither.
    """
    if text.lstrip()[:1] in ("[", "{"):
        try:
            found = json.loads(text)
        except ValueError as exc:
            raise InputError(f"{name} is not valid JSON: {exc}.", fix="Export it again, or give a CSV file.") from exc
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            raise InputError(f"{name} is no list of objects.", fix="Give a JSON list with one object a PC.")
        return found
    head = text.lstrip("\ufeff").split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=separator))
    if not rows:
        raise InputError(f"{name} holds no rows.", fix="Give a CSV file with a header line and one line a PC.")
    return rows


def facts_of(
    rows: Iterable[Row], columns: Mapping[str, str], stations: Mapping[str, Mapping[str, Any]]
) -> tuple[list[Facts], list[str]]:
    """Read the rows that name a station.

    Args:
        rows: of rows_of().
        columns: field (or station, mac, address) to the column that holds it; the others are named like the field.
        stations: of the site model, with mac and address.

    Returns:
        The facts by station, and the rows that name none, in words.

    Raises:
        InputError: a column for a field nobody knows, no column that names the station, values that cannot be read, or
            two rows for one station: every problem in one message.
    """
    unknown = sorted(set(columns) - set(FIELDS) - set(KEYS))
    if unknown:
        fix = f"Map columns to: {', '.join((*KEYS, *FIELDS))}."
        raise InputError(f"There is no field {', '.join(unknown)} to import into.", fix=fix)
    problems: list[str] = []
    strangers: list[str] = []
    found: dict[str, Facts] = {}
    index = _Index(stations)
    for number, row in enumerate(rows, 1):
        where = f"row {number}"
        named = {key: str(row.get(columns.get(key, key)) or "").strip() for key in KEYS}
        station = index.find(named)
        if station is None:
            shown = ", ".join(f"{key} {value}" for key, value in named.items() if value) or "no station, mac or address"
            strangers.append(f"{where} ({shown})")
            continue
        if station in found:
            problems.append(f"{where} names {station}, as {found[station].where} does")
            continue
        values, wrong = _values(row, columns, where)
        problems += wrong
        found[station] = Facts(station, where, values)
    if problems:
        raise InputError(
            f"Nothing was imported: {'; '.join(problems)}.", fix="Correct the file, or map other columns.",
            problems=problems,
        )  # fmt: skip
    return list(found.values()), strangers


class _Index:
    def __init__(self, stations: Mapping[str, Mapping[str, Any]]) -> None:
        self._names = set(stations)
        self._by = {
            "mac": _unique((mac_text(entry.get("mac")), name) for name, entry in stations.items()),
            "address": _unique((str(entry.get("address") or ""), name) for name, entry in stations.items()),
        }

    def find(self, named: Mapping[str, str]) -> str | None:
        """Give the station a row names; a name that is none is not helped by its MAC."""
        if named["station"]:
            return named["station"] if named["station"] in self._names else None
        if named["mac"]:
            return self._by["mac"].get(mac_text(named["mac"]))
        return self._by["address"].get(named["address"])


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    twice: set[str] = set()
    for key, name in pairs:
        if key in found:
            twice.add(key)
        found[key] = name
    return {key: name for key, name in found.items() if key and key not in twice}


def _values(row: Row, columns: Mapping[str, str], where: str) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    problems: list[str] = []
    for key, convert in FIELDS.items():
        column = columns.get(key, key)
        cell = row.get(column)
        if cell is None or cell == "":
            continue
        try:
            values[key] = convert(cell)
        except ValueError as exc:
            problems.append(f"{where}, column {column}: {exc}")
    return values, problems


def merged(existing: Mapping[str, Any] | None, facts: Facts, source: str) -> tuple[dict[str, Any], list[str]]:
    """Put facts into a station's document.

    Args:
        existing: the stored document, or None.
        facts: of one row.
        source: which tool and file they come from.

    Returns:
        The new document, without what it means (judge again), and the fields that stay because they were read.
    """
    fields = dict((existing or {}).get("fields") or {})
    kept: list[str] = []
    for key, value in facts.fields.items():
        now = fields.get(key) or {}
        if now.get("available") and not imported({"fields": fields}, key):
            kept.append(key)
            continue
        fields[key] = {"value": value, "origin": f"{IMPORTED}{source}, {facts.where}", "available": True}
    base = existing or {"format": 1, "station": facts.station, "warnings": []}
    return {**base, "fields": fields}, sorted(kept)
