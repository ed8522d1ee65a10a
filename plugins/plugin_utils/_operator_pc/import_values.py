# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cells of a file as other tools write them, into the values of fields (pure). Each raises ValueError with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_UNITS = {
    "": 1, "b": 1,
    "kb": 1000, "mb": 1000**2, "gb": 1000**3, "tb": 1000**4,
    "kib": 1024, "mib": 1024**2, "gib": 1024**3, "tib": 1024**4,
}  # fmt: skip
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?i?b)?", re.IGNORECASE)
_TRUE, _FALSE = frozenset({"true", "yes", "on", "1", "enabled"}), frozenset({"false", "no", "off", "0", "disabled"})
_PEER = re.compile(r"(\d{1,3}(?:\.\d{1,3}){3}):(\d{1,5})(?:/(tcp|udp))?", re.IGNORECASE)


def text(cell: Any) -> str:
    """Give a text without blanks around it."""
    if isinstance(cell, list | dict):
        raise ValueError("a list or object where a text belongs")
    return str(cell).strip()


def number(cell: Any) -> int:
    """Give a whole number."""
    if isinstance(cell, bool) or not re.fullmatch(r"\d+", str(cell).strip()):
        raise ValueError(f"{cell!r} is not a whole number")
    return int(str(cell).strip())


def size(cell: Any) -> int:
    """Give bytes out of a number or of a text such as ``8 GiB`` or ``500 GB``."""
    found = _SIZE.fullmatch(str(cell).strip())
    if isinstance(cell, bool) or not found:
        raise ValueError(f"{cell!r} is not a size such as 8 GiB, 500 GB or a number of bytes")
    return int(float(found[1]) * _UNITS[(found[2] or "").lower()])


def flag(cell: Any) -> bool:
    """Give true or false."""
    word = str(cell).strip().lower()
    if word not in _TRUE | _FALSE:
        raise ValueError(f"{cell!r} is neither yes nor no")
    return word in _TRUE


def one_of(*words: str) -> Callable[[Any], str]:
    """Give a reader for one of these words."""

    def read(cell: Any) -> str:
        word = str(cell).strip().lower().replace(" ", "_")
        if word not in words:
            raise ValueError(f"{cell!r} is none of {', '.join(words)}")
        return word

    return read


def texts(cell: Any) -> list[str]:
    """Give the texts of a list, or of a cell in which semicolons separate them, sorted."""
    items = cell if isinstance(cell, list) else str(cell).split(";")
    return sorted({text(item) for item in items} - {""})


def products(cell: Any) -> list[dict[str, str]]:
    """Give [{name, version}]: objects, or texts such as ``WinCC Runtime|7.5``."""
    return _named(cell, "version")


def devices(cell: Any) -> list[dict[str, str]]:
    r"""Give [{id, name}]: objects, or texts such as ``PCI\VEN_110A&DEV_4042|CP 5623``."""
    found = [{"id": item["name"], "name": item["more"]} for item in _named(cell, "more", wanted=("id", "name"))]
    return sorted(found, key=lambda item: item["id"])


def _named(cell: Any, second: str, wanted: tuple[str, str] | None = None) -> list[dict[str, str]]:
    first_key, second_key = wanted or ("name", second)
    found = []
    for item in cell if isinstance(cell, list) else texts(cell):
        if isinstance(item, dict):
            if not item.get(first_key):
                raise ValueError(f"an entry without {first_key}")
            found.append({"name": text(item[first_key]), second: text(item.get(second_key) or "")})
        else:
            name, _bar, more = text(item).partition("|")
            found.append({"name": name.strip(), second: more.strip()})
    return sorted(found, key=lambda item: (item["name"], item[second]))


def connections(cell: Any) -> list[dict[str, Any]]:
    """Give [{address, protocol, port}] out of texts such as ``10.20.60.10:443/tcp``."""
    found = set()
    for item in texts(cell):
        peer = _PEER.fullmatch(item)
        if not peer or not 0 < int(peer[2]) < 65536:
            raise ValueError(f"{item!r} is not a peer such as 10.20.60.10:443/tcp")
        found.add((peer[1], (peer[3] or "tcp").lower(), int(peer[2])))
    return [{"address": address, "protocol": protocol, "port": port} for address, protocol, port in sorted(found)]
