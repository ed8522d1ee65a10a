# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the user wants of the devices, checked as a whole. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.attributes import attribute_texts
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import FIELDS, normal_mac
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import normal_path

_SHOWN = 20


@dataclass(frozen=True)
class Wanted:
    """One device as it is to be.

    ``macs``: its own MAC first, then the others it may come back under. ``directory``: a path, empty for the root,
    None to leave it. ``firmware``: (product, version). ``fields``: name on the wire to value, only what was given.
    ``attributes``: identifier of a custom attribute to value, an empty one clears it. ``unit_id``: where given, only
    the record with it counts.
    """

    label: str
    macs: tuple[str, ...]
    directory: str | None = None
    firmware: tuple[str, str] | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    unit_id: str | None = None

    @property
    def mac(self) -> str:
        """The MAC the device is created under."""
        return self.macs[0]


def wanted_devices(items: Sequence[Mapping[str, Any]]) -> list[Wanted]:
    """Check the items of option ``devices`` and normalise them.

    Raises:
        InputError: one message naming every bad item.
    """
    wanted, problem = read_wanted(items)
    if problem:
        raise problem
    return wanted


def read_wanted(items: Sequence[Mapping[str, Any]]) -> tuple[list[Wanted], InputError | None]:
    """As wanted_devices, but give the good items and the error, so that the server's problems can be told with it."""
    problems: list[str] = []
    wanted: list[Wanted] = []
    owner: dict[str, tuple[int, str]] = {}
    names = [str(item.get("name") or "") for item in items]
    times = Counter(names)
    for number, item in enumerate(items):
        name = names[number]
        unit_id = _unit_id(item.get("unit_id"))
        key = unit_id or str(item["mac"])
        label = name if name and times[name] == 1 else f"{name} ({key})" if name else key
        found: list[str] = []
        macs = _macs(item, label, number, owner, found)
        directory = None
        try:
            directory = None if item.get("directory") is None else normal_path(item["directory"])
        except InputError as exc:
            found.append(f"{label}: {exc.message}")
        attributes, wrong = attribute_texts(item.get("attributes") or {}, label)
        found += wrong
        if found:
            problems += found
            continue
        firmware = item.get("firmware") or None
        wanted.append(
            Wanted(
                label=label,
                macs=tuple(macs),
                directory=directory,
                firmware=(firmware["product"], firmware["version"]) if firmware else None,
                fields={wire: item[key] for key, wire in FIELDS.items() if item.get(key) is not None},
                attributes=attributes,
                unit_id=unit_id,
            )
        )
    if not problems:
        return wanted, None
    shown = "; ".join(problems[:_SHOWN]) + (f"; and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else "")
    return wanted, InputError(
        f"{len(problems)} problem(s) in devices: {shown}.",
        fix="Write MAC addresses in quotes, with 12 hexadecimal digits, each for one device only.",
        problems=problems,
    )


def _unit_id(given: str | None) -> str | None:
    text = (given or "").strip()
    return (normal_mac(text) or text.upper()) if text else None


def _macs(
    item: Mapping[str, Any], label: str, number: int, owner: dict[str, tuple[int, str]], problems: list[str]
) -> list[str]:
    """Read the MACs of an item, its own first. What it is found by, unit id or MACs, belongs to no other item.

    An item with a unit id may share its MAC: a boot stick has that of the PC it is plugged into.
    """
    macs: list[str] = []
    for text in [str(item["mac"]), *(str(mac) for mac in item.get("candidate_macs") or [])]:
        mac = normal_mac(text)
        if mac is None:
            problems.append(f"{label}: {text!r} is not a MAC address of 12 hexadecimal digits")
        elif mac not in macs:
            macs.append(mac)
    unit_id = _unit_id(item.get("unit_id"))
    for key in macs if unit_id is None else [unit_id]:
        first = owner.setdefault(key, (number, label))
        if first[0] != number:
            kind = "MAC" if unit_id is None else "unit id"
            problems.append(f"{label}: {kind} {key} is also given for {first[1]}")
    return macs
