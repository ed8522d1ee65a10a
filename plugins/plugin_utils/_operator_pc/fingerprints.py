# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fingerprints: how things seen on a PC are recognised, and what each stands for (pure).

The collection's own ones are in tables.py; a site adds its own. Adding can only make a verdict more cautious: no
entry takes another one away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError

# Where a thing is seen: the field of the assessment it stands in.
FIELDS: Mapping[str, str] = {
    "software": "software.installed",
    "process": "processes.running",
    "service": "services.running",
    "pci": "devices.pci",
    "usb": "devices.usb",
}
DELIVERIES = ("web", "published", "vdi", "local_only", "unknown")
_KEYS = frozenset({"seen_in", "match", "text", "blocker", "product", "delivery", "weak_point"})


@dataclass(frozen=True)
class Fingerprint:
    """One way to recognise something.

    ``pattern`` is searched in the name of what is seen; of a card or USB device also in its id, so that
    ``VEN_110A`` names a vendor. ``blocker`` and ``weak_point`` are codes, ``product`` with ``delivery`` an application.
    """

    seen_in: str
    pattern: re.Pattern[str]
    text: str
    blocker: str = ""
    product: str = ""
    delivery: str = ""
    weak_point: str = ""


@dataclass(frozen=True)
class Sighting:
    """A fingerprint that was found: in which field, and on what."""

    fingerprint: Fingerprint
    field: str
    shown: str

    @property
    def text(self) -> str:
        """What it is and what it was seen on."""
        return f"{self.fingerprint.text}: {self.shown}"


def fingerprint(seen_in: str, match: str, text: str, **meaning: str) -> Fingerprint:
    """Build one from plain values; raises re.error for a bad pattern."""
    return Fingerprint(seen_in, re.compile(match, re.IGNORECASE), text, **meaning)


def from_site(entries: Any) -> tuple[Fingerprint, ...]:
    """Read a site's own fingerprints.

    Args:
        entries: [{seen_in, match, text, blocker?, product?, delivery?, weak_point?}] or None.

    Raises:
        InputError: with every wrong entry and what is wrong with it.
    """
    if entries is not None and not isinstance(entries, list | tuple):
        raise InputError("The fingerprints are not a list.", fix="Write one entry a line, each a mapping.")
    problems: list[str] = []
    found: list[Fingerprint] = []
    for number, entry in enumerate(entries or [], 1):
        problem = _problem(entry)
        if problem:
            problems.append(f"entry {number}: {problem}")
            continue
        meaning = {key: str(entry[key]) for key in _KEYS - {"seen_in", "match", "text"} if entry.get(key)}
        found.append(fingerprint(entry["seen_in"], entry["match"], entry["text"], **meaning))
    if problems:
        raise InputError(
            f"Fingerprints cannot be read: {'; '.join(problems)}.",
            fix="Each needs seen_in, match, text and at least one of blocker, product, weak_point.",
            problems=problems,
        )
    return tuple(found)


def _problem(entry: Any) -> str:
    if not isinstance(entry, Mapping):
        return "not a mapping"
    texts = {key: value for key, value in entry.items() if isinstance(value, str) and value}
    checks = (
        (sorted(set(entry) - _KEYS), "unknown key {}"),
        ([key for key in ("seen_in", "match", "text") if key not in texts], "no text in {}"),
        (_other(texts, "seen_in", FIELDS), f"seen_in is {{}}, none of {', '.join(FIELDS)}"),
        (_other(texts, "delivery", DELIVERIES), f"delivery is {{}}, none of {', '.join(DELIVERIES)}"),
        (
            [] if texts.keys() & {"blocker", "product", "weak_point"} else ["blocker, product or weak_point"],
            "it means nothing: no {}",
        ),
        (_bad_pattern(texts.get("match", "-")), "{}"),
    )
    return next((text.format(", ".join(found)) for found, text in checks if found), "")


def _other(texts: Mapping[str, str], key: str, known: Iterable[str]) -> list[str]:
    return [texts[key]] if key in texts and texts[key] not in known else []


def _bad_pattern(match: str) -> list[str]:
    try:
        pattern = re.compile(match)
    except re.error as exc:
        return [f"match {match!r} is no regular expression ({exc})"]
    return [f"match {match!r} fits everything"] if pattern.search("") else []


def sightings(
    assessment: Mapping[str, Any], own: Sequence[Fingerprint], site: Sequence[Fingerprint] = ()
) -> list[Sighting]:
    """Give what was recognised, in the order of FIELDS.

    Of the collection's own fingerprints the first that fits a thing counts, in the order of the table, so that a
    vendor's name is more than a generic word; every one of the site's counts.
    """
    found: list[Sighting] = []
    for seen_in, key in FIELDS.items():
        usual = [item for item in own if item.seen_in == seen_in]
        added = [item for item in site if item.seen_in == seen_in]
        for shown, searched in _things(seen_in, assessment.get("fields", {}).get(key)):
            first = next((item for item in usual if item.pattern.search(searched)), None)
            fits = [item for item in added if item.pattern.search(searched)]
            found.extend(Sighting(item, key, shown) for item in ([first] if first else []) + fits)
    return found


def _things(seen_in: str, found: Any) -> Iterator[tuple[str, str]]:
    """Give (what people see, what is searched) of each thing a field holds; nothing where it could not be read."""
    if not isinstance(found, Mapping) or found.get("available") is not True:
        return
    for item in _each(found.get("value")):
        if not isinstance(item, Mapping):
            yield (f"service {item} runs" if seen_in == "service" else str(item)), str(item)
            continue
        name, identifier = str(item.get("name") or ""), str(item.get("id") or "")
        if seen_in in ("pci", "usb"):
            yield name or identifier, f"{identifier} {name}"
        elif seen_in == "service":
            yield f"service {name} runs", name
        else:
            yield name, name


def _each(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else ()
