# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Custom attributes of devices: what may be given, and what differs. Pure.

Source: UMS IMI v3 contract, sections 4 (facet ``deviceattributes``) and 5.1: an attribute must exist on the server, an
attribute of type ``range`` takes its allowed values only, an empty value clears. How dates look is not documented.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError

Attribute = Mapping[str, Any]  # {identifier, name, value, type, allowed_values}, see facets.attributes


def attribute_texts(given: Mapping[str, Any], label: str) -> tuple[dict[str, str], list[str]]:
    """Give the values as texts, and a problem for each that is neither text nor number; null clears as '' does."""
    texts: dict[str, str] = {}
    problems: list[str] = []
    for key, value in given.items():
        if value is not None and (isinstance(value, bool) or not isinstance(value, (str, int, float))):
            problems.append(f"{label}: attribute {key} is neither a text nor a number; put it in quotes")
        else:
            texts[str(key)] = "" if value is None else str(value)
    return texts, problems


def known_attributes(lists: Iterable[Sequence[Attribute]]) -> dict[str, Attribute]:
    """Give every attribute that any device shows, by its identifier."""
    return {str(item["identifier"]): item for attributes in lists for item in attributes}


def check_attributes(wanted: Mapping[str, str], known: Mapping[str, Attribute], label: str) -> None:
    """Raise InputError for attributes the server does not have and values they do not take, all in one message."""
    problems: list[str] = []
    for key, value in wanted.items():
        if key not in known:
            problems.append(f"the server has no attribute {key}; it has: {', '.join(sorted(known)) or 'none'}")
            continue
        kind, allowed = known[key].get("type"), known[key].get("allowed_values") or []
        if kind == "range" and value and value not in allowed:
            problems.append(f"attribute {key} does not take {value!r}; it takes: {', '.join(allowed) or 'nothing'}")
        elif kind == "number" and value and not _is_number(value):
            problems.append(f"attribute {key} takes a number, not {value!r}")
    if problems:
        raise InputError(
            f"{label}: {'; '.join(problems)}.",
            fix="Use the identifiers and values of the UMS, or add them there: this API cannot.",
        )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def attributes_body(values: Mapping[str, str]) -> list[dict[str, str]]:
    """Give the values as create and update take them."""
    return [{"identifier": key, "value": value} for key, value in values.items()]
