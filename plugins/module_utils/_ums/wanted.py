# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the user wants of the devices, checked as a whole before the server is asked. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import FIELDS, normal_mac
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import normal_path


@dataclass(frozen=True)
class Wanted:
    """One device as it is to be.

    ``macs``: its own MAC first, then the others it may come back under. ``directory``: a path, empty for the root,
    None to leave it. ``firmware``: (product, version). ``fields``: name on the wire to value, only what was given.
    """

    label: str
    macs: tuple[str, ...]
    directory: str | None = None
    firmware: tuple[str, str] | None = None
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def mac(self) -> str:
        """The MAC the device is created under."""
        return self.macs[0]


def wanted_devices(items: Sequence[Mapping[str, Any]]) -> list[Wanted]:
    """Check the items of option ``devices`` and normalise them.

    Raises:
        InputError: one message naming every bad item.
    """
    problems: list[str] = []
    wanted: list[Wanted] = []
    owner: dict[str, tuple[int, str]] = {}
    for number, item in enumerate(items):
        label = str(item.get("name") or item["mac"])
        given = [str(item["mac"]), *(str(mac) for mac in item.get("candidate_macs") or [])]
        macs: list[str] = []
        for text in given:
            mac = normal_mac(text)
            if mac is None:
                problems.append(f"{label}: {text!r} is not a MAC address of 12 hexadecimal digits")
            elif mac not in macs:
                macs.append(mac)
                first = owner.setdefault(mac, (number, label))
                if first[0] != number:
                    problems.append(f"{label}: MAC {mac} is also given for {first[1]}")
        try:
            directory = None if item.get("directory") is None else normal_path(item["directory"])
        except InputError as exc:
            problems.append(f"{label}: {exc.message}")
            continue
        firmware = item.get("firmware") or None
        wanted.append(
            Wanted(
                label=label,
                macs=tuple(macs) or ("",),
                directory=directory,
                firmware=(firmware["product"], firmware["version"]) if firmware else None,
                fields={wire: item[key] for key, wire in FIELDS.items() if item.get(key) is not None},
            )
        )
    if problems:
        raise InputError(
            f"{len(problems)} problem(s) in devices: {'; '.join(problems)}.",
            fix="Write MAC addresses in quotes, with 12 hexadecimal digits, each for one device only.",
            problems=problems,
        )
    return wanted
