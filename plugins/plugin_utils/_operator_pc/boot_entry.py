# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The firmware's boot entries as bcdedit shows them, in any language: identifiers and order are not localised (pure).

A block is a heading, a line of dashes, and rows ``label   value``; further values of a list stand alone on their line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, RefusedError

ENUM = "bcdedit /enum firmware"
MANAGER = "{fwbootmgr}"
CLEAR = f"bcdedit /deletevalue {MANAGER} bootsequence"
_ID = re.compile(r"\{[0-9A-Za-z-]+\}")
_DASHES = re.compile(r"^-{4,}\s*$")
_ROW = re.compile(r"^(?P<label>\S.*?)(?:\s{2,}|\s+(?=\{))(?P<value>\S.*)$")


@dataclass(frozen=True)
class Firmware:
    """What the firmware would boot.

    Attributes:
        uefi: there is a firmware boot manager; False on legacy BIOS.
        entries: {identifier: its texts (description, path, ...)}; the manager itself left out.
        once: identifier that boots next, and only once; empty without one.
    """

    uefi: bool = False
    entries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    once: str = ""


def parse(text: str) -> Firmware:
    """Read the output of ENUM."""
    entries: dict[str, tuple[str, ...]] = {}
    once, uefi = "", False
    for rows in _blocks(text):
        if not rows or not rows[0][1] or not _ID.fullmatch(rows[0][1][0]):
            continue
        name = rows[0][1][0].lower()
        if name == MANAGER:
            uefi, once = True, _once(rows)
        else:
            entries[name] = tuple(value for _label, values in rows[1:] for value in values)
    return Firmware(uefi, entries, once)


def choose(firmware: Firmware, wanted: str) -> str:
    """Give the identifier of the entry that is meant.

    Args:
        firmware: as read.
        wanted: an identifier in braces, or a part of the description that fits one entry only.

    Raises:
        RefusedError: legacy BIOS.
        InputError: none or several fit.
    """
    if not firmware.uefi:
        raise RefusedError(
            "The PC boots by legacy BIOS: Windows cannot choose what its firmware boots next.",
            fix="Use the boot menu at the PC, the vendor's BIOS tool, or a driver that needs no other boot entry.",
        )
    names = [
        name
        for name, texts in firmware.entries.items()
        if name == wanted.lower() or any(wanted.lower() in text.lower() for text in texts)
    ]
    if len(names) != 1:
        listed = "; ".join(f"{name} {' '.join(texts)}" for name, texts in firmware.entries.items()) or "none"
        raise InputError(
            f"The firmware has {len(names) or 'no'} boot entr{'ies' if len(names) > 1 else 'y'} for {wanted!r}.",
            fix=f"Name one by its identifier. It has: {listed}.",
        )
    return names[0]


def set_command(entry: str) -> str:
    """Give the command that makes an entry boot once."""
    return f"bcdedit /set {MANAGER} bootsequence {entry}"


def _once(rows: list[tuple[str, list[str]]]) -> str:
    """Give the first value of bootsequence: by its name, or as the second list where the word is localised."""
    lists = [(label, values) for label, values in rows[1:] if values and all(_ID.fullmatch(one) for one in values)]
    for label, values in lists:
        if label.lower() == "bootsequence":
            return values[0].lower()
    if any(label.lower() == "displayorder" for label, _values in lists):
        return ""
    return lists[1][1][0].lower() if len(lists) > 1 else ""


def _blocks(text: str) -> list[list[tuple[str, list[str]]]]:
    blocks: list[list[tuple[str, list[str]]]] = []
    for line in text.splitlines():
        if _DASHES.match(line):
            blocks.append([])
        elif blocks and not line.strip():
            # Between two blocks; what follows is the next heading, until its dashes.
            blocks.append([])
        elif blocks and line[:1].isspace() and blocks[-1]:
            blocks[-1][-1][1].append(line.strip())
        elif blocks and (match := _ROW.match(line)):
            blocks[-1].append((match["label"], [match["value"].strip()]))
    return blocks
