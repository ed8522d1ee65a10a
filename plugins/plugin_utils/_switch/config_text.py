# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A configuration as sections, and what every platform with indented sections reads from them alike. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

Section = tuple[str, list[str]]


# What ends it stands behind the word: any sign, ^C as two letters on Cisco; on EOS nothing, and EOF ends it.
_BANNER = re.compile(r"banner \S+(?: +(\^C|[^\w\s\"])(.*))?$")


def without_banners(text: str) -> str:
    """Take the lines of banners out of a configuration: they stand unindented and may look like configuration."""
    lines = text.split("\n")
    kept: list[str] = []
    at = 0
    while at < len(lines):
        end = _end_of_banner(lines, at)
        if end == at:
            kept.append(lines[at])
        at = end + 1
    return "\n".join(kept)


def _end_of_banner(lines: Sequence[str], at: int) -> int:
    """Give the last line of the banner that begins here; this line where none does, or it has no other line."""
    found = _BANNER.match(lines[at].rstrip("\r"))
    if not found or (found[1] and found[1] in found[2]):
        return at
    sign = found[1]
    ends = (
        index
        for index in range(at + 1, len(lines))
        if (sign in lines[index] if sign else lines[index].strip() == "EOF")
    )
    return next(ends, at)


def sections(text: str) -> list[Section]:
    """Give (head, stripped lines) of a configuration; lines that begin with ``!`` are notes."""
    found: list[Section] = []
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line.startswith("!"):
            continue
        if raw[:1].isspace() and found:
            found[-1][1].append(line)
        elif not raw[:1].isspace():
            found.append((line, []))
    return found


def named_elsewhere(found: Iterable[Section], bindings: re.Pattern[str]) -> frozenset[str]:
    """Give every word that may be the name of a list in use by something else than a binding of ``bindings``.

    Lists themselves and what interfaces say of other things do not count; what an interface binds by another command
    (IPv6, MAC, policies) does.
    """
    words: set[str] = set()
    for head, body in found:
        if re.match(r"(?:ip|ipv6|mac) access-list ", head):
            continue
        if not head.startswith("interface "):
            words.update(word for line in (head, *body) for word in line.split())
            continue
        words.update(
            word
            for line in body
            if not bindings.match(line) and not line.startswith("description ")
            for word in line.split()
        )
    return frozenset(words)


def spelled(name: str, kinds: Sequence[tuple[str, str]]) -> str:
    """Spell an interface as the configuration does: Et1 is Ethernet1.

    Args:
        name: as somebody wrote it.
        kinds: (full word, what an abbreviation has to begin with at least).
    """
    found = re.fullmatch(r"([A-Za-z-]+?)\s*(\d[\d/.:]*)", name.strip())
    if found:
        kind = found[1].lower()
        for full, short in kinds:
            if full.lower().startswith(kind) and kind.startswith(short):
                return f"{full}{found[2]}"
    return name.strip()
