# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ``reg query`` prints: key lines and ``    name    TYPE    data`` (not localised except the default value)."""

from __future__ import annotations

import re

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
    """Give installed software from Uninstall keys: [{name, version}], each once, sorted; hidden parts left out."""
    found = set()
    for values in parse(text).values():
        lower = {name.lower(): data for name, data in values.items()}
        name = lower.get("displayname", "").strip()
        hidden = number(lower.get("systemcomponent")) == 1 or lower.get("parentkeyname")
        if name and not hidden:
            found.add((name, lower.get("displayversion", "").strip()))
    return [{"name": name, "version": version} for name, version in sorted(found)]
