# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every reader of a field is made of (pure): rows, text, registry keys; each raises Unreadable with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import identity, registry
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.answers import Answers
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.redaction import redacted
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.parsing import as_list, parse_time

__all__ = [
    "Reader", "Unreadable", "as_bool", "as_number", "as_text", "as_time", "column", "first_digits", "first_row", "keys",
    "listed", "redacted", "registry_number", "registry_text", "rows", "text", "texts", "write_filter",
]  # fmt: skip

Reader = Callable[[Answers], Any]
MAX_ITEMS = 5000


class Unreadable(Exception):  # noqa: N818 - not an error of the run: the field says available: false
    """The answers do not hold this field; the text is the reason."""


def rows(answers: Answers, name: str) -> list[dict[str, Any]]:
    """Give a query's rows or raise Unreadable with its reason."""
    if name not in answers.rows:
        raise Unreadable(answers.reasons.get(name, "not asked"))
    return answers.rows[name]


def first_row(answers: Answers, name: str) -> dict[str, Any]:
    """Give the one row of a class that has one."""
    found = rows(answers, name)
    if not found:
        raise Unreadable("the PC gave no instance of it")
    return found[0]


def text(answers: Answers, name: str) -> str:
    """Give a command's output or raise Unreadable with its reason."""
    if name not in answers.text:
        base = name.partition(".")[0]
        raise Unreadable(answers.reasons.get(name) or answers.reasons.get(base) or "not asked")
    return answers.text[name]


def keys(answers: Answers, name: str) -> registry.Keys:
    """Give what a registry command showed; no keys where the key or value does not exist.

    ``reg`` has one exit code and a localised text for everything. What it says of a key that cannot exist (the command
    ``none``) is what it says of any missing one; another text, such as a denied access, makes the field unreadable.
    """
    shown = text(answers, name)
    if "HKEY_" in shown:
        return registry.parse(shown)
    said = _said(shown)
    if said and said != _said(answers.text.get("none", "")):
        raise Unreadable(f"the PC said: {said[:200]}")
    return {}


def _said(shown: str) -> str:
    return " ".join(shown.split())


def values(answers: Answers, name: str) -> dict[str, str]:
    """Give the values of the first key of a registry command, names in lower case."""
    for found in keys(answers, name).values():
        return {value.lower(): data for value, data in found.items()}
    return {}


def _data(answers: Answers, command: str, name: str) -> str | None:
    for found in keys(answers, command).values():
        for value, data in found.items():
            if value.lower() == name.lower():
                return data
    return None


def registry_text(command: str, name: str) -> Reader:
    """Give a reader of one registry value out of a command."""

    def read(answers: Answers) -> str:
        data = _data(answers, command, name)
        if not data:
            raise Unreadable(f"the registry value {name} does not exist on this Windows")
        return data

    return read


def registry_number(command: str, name: str) -> Reader:
    """Give a reader of one number in the registry."""

    def read(answers: Answers) -> int:
        number = registry.number(registry_text(command, name)(answers))
        if number is None:
            raise Unreadable(f"the registry value {name} is no number")
        return number

    return read


def optional_number(answers: Answers, command: str, name: str) -> int | None:
    """Give one number in the registry, None where the value does not exist."""
    return registry.number(_data(answers, command, name))


def optional_text(answers: Answers, command: str, name: str) -> str | None:
    """Give one text in the registry, None where the value does not exist."""
    return _data(answers, command, name)


def column(query: str, name: str, convert: Callable[[Any], Any] = identity.clean) -> Reader:
    """Give a reader of the first row's column, converted; an empty value is unreadable."""

    def read(answers: Answers) -> Any:
        found = rows(answers, query)
        value = found[0].get(name) if found else None
        if value is None or (result := convert(value)) in ("", None):
            raise Unreadable(f"{name} is empty on this PC")
        return result

    return read


def listed(query: str, build: Callable[[dict[str, Any]], Any]) -> Reader:
    """Give a reader of a list: one item a row, in the order of their text; a row may give None."""

    def read(answers: Answers) -> list[Any]:
        found = [item for row in rows(answers, query) if (item := build(row)) is not None]
        return bounded(sorted(found, key=str))

    return read


def bounded(items: list[Any]) -> list[Any]:
    """Give the items, or Unreadable where there are more than any real PC has."""
    if len(items) > MAX_ITEMS:
        raise Unreadable(f"too many: {len(items)}, the limit is {MAX_ITEMS}")
    return items


def as_number(value: Any) -> int | None:
    """Give a whole number, or None."""
    shown = str(value).strip()
    return int(shown) if re.fullmatch(r"-?[0-9]{1,30}", shown) else None


def as_bool(value: Any) -> bool | None:
    """Give a boolean, or None."""
    return {"true": True, "false": False}.get(str(value).strip().lower())


def as_text(value: Any) -> str:
    """Give the trimmed text; an empty one for nothing."""
    return " ".join(str(value).split()) if isinstance(value, str | int) else ""


def texts(value: Any) -> list[str]:
    """Give an array of texts, whatever number of elements came."""
    return [shown for item in as_list(value) if (shown := as_text(item))]


def numbers(value: Any) -> list[int]:
    """Give an array of numbers."""
    return [number for item in as_list(value) if (number := as_number(item)) is not None]


def first_digits(value: Any) -> int | None:
    """Give the first run of digits: OSArchitecture is localised."""
    match = re.search(r"[0-9]{1,9}", str(value))
    return int(match[0]) if match else None


def as_time(value: Any) -> str | None:
    """Give a time as ISO 8601, or None."""
    moment = parse_time(value)
    return moment.isoformat() if moment else None


def named(numbers_: dict[int, str], value: Any) -> str:
    """Give the name of a number out of a table; the number itself where the table does not know it."""
    number = as_number(value)
    return numbers_.get(number, str(number)) if number is not None else "unknown"


def write_filter(answers: Answers) -> bool:
    """Say whether UWF, EWF or FBWF would discard what is written."""
    if filter_drivers(answers):
        return True
    if "uwf" in answers.absent:
        return False
    states = [as_bool(row.get("CurrentEnabled")) for row in rows(answers, "uwf")]
    if not states or None in states:
        raise Unreadable("the write filter does not say whether it is on")
    return any(states)


def filter_drivers(answers: Answers) -> list[str]:
    """Give the names of the older write filters that run."""
    if "filter_drivers" in answers.absent:
        return []
    found = [row for row in rows(answers, "filter_drivers") if str(row.get("State")).lower() == "running"]
    return sorted(as_text(row.get("Name")).lower() for row in found)
