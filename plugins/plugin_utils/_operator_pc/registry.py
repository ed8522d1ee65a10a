# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ``reg query`` prints: key lines and ``    name    TYPE    data`` (not localised except the default value)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_VALUE = re.compile(r"^ {4}(?P<name>.*?) {4}(?P<type>REG_[A-Z_]+)(?: {4}(?P<data>.*))?$")

Keys = dict[str, dict[str, str]]


def parse(text: str) -> Keys:
    """Give {key: {value name: data}}; names as printed, keys with their long root name."""
    keys: Keys = {}
    current: dict[str, str] | None = None
    for line in text.splitlines():
        if line.startswith("HKEY_"):
            current = keys.setdefault(line.strip(), {})
        elif current is not None and (match := _VALUE.match(line)):
            current[match["name"]] = (match["data"] or "").strip()
    return keys


def value(text: str, name: str) -> str | None:
    """Give the data of the first value of this name (case does not matter), or None."""
    for values in parse(text).values():
        for found, data in values.items():
            if found.lower() == name.lower():
                return data
    return None


def number(data: str | None) -> int | None:
    """Give a DWORD as printed (``0x1``) or a number in a string value."""
    try:
        return int(data, 0) if data else None
    except ValueError:
        return int(data) if data and data.isdigit() else None


def installed(text: str) -> list[dict[str, str]]:
    """Give installed software from Uninstall keys: [{name, version, publisher, installed}], sorted, no hidden parts.

    ``installed`` is a day in ISO 8601, empty where the installer wrote none. Each product of one version comes once.
    """
    found: dict[tuple[str, str], dict[str, str]] = {}
    for values in parse(text).values():
        lower = {name.lower(): data for name, data in values.items()}
        name, version = lower.get("displayname", "").strip(), lower.get("displayversion", "").strip()
        hidden = number(lower.get("systemcomponent")) == 1 or lower.get("parentkeyname")
        if name and not hidden:
            day = re.fullmatch(r"(\d{4})-?(\d\d)-?(\d\d)", lower.get("installdate", "").strip())
            found.setdefault(
                (name, version),
                {
                    "name": name,
                    "version": version,
                    "publisher": lower.get("publisher", "").strip(),
                    "installed": "-".join(day.groups()) if day else "",
                },
            )
    return [found[key] for key in sorted(found)]


def from_codes(codes: list[int]) -> str:
    """Give a text that Windows sends as an array of character codes, ended by zero."""
    shown = ""
    for code in codes:
        if code == 0:
            break
        shown += chr(code) if 32 <= code < 0xD800 else ""
    return shown.strip()


def filetime_day(shown: str) -> str:
    """Give the day of a FILETIME written as 16 hexadecimal digits, ISO 8601; an empty text for anything else."""
    if not re.fullmatch(r"[0-9A-Fa-f]{16}", shown):
        return ""
    try:
        return (datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(shown, 16) // 10)).date().isoformat()
    except OverflowError:
        return ""
