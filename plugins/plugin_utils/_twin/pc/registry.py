# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

r"""A registry: keys and typed values, names without regard to case, changes kept as a list that can be replayed.

Paths are written with short hives (`HKLM\SOFTWARE\...`). HKCR is the view of HKLM\SOFTWARE\Classes.
"""

from __future__ import annotations

from typing import Any

HIVES = {
    "HKLM": "HKEY_LOCAL_MACHINE",
    "HKCR": "HKEY_CLASSES_ROOT",
    "HKCU": "HKEY_CURRENT_USER",
    "HKU": "HKEY_USERS",
    "HKCC": "HKEY_CURRENT_CONFIG",
}
HIVE_NUMBERS = {2147483648: "HKCR", 2147483649: "HKCU", 2147483650: "HKLM", 2147483651: "HKU", 2147483653: "HKCC"}
TYPE_NUMBERS = {
    "REG_SZ": 1,
    "REG_EXPAND_SZ": 2,
    "REG_BINARY": 3,
    "REG_DWORD": 4,
    "REG_MULTI_SZ": 7,
    "REG_QWORD": 11,
}
Value = tuple[str, str, Any]  # name as written, type, data: str, int, list of str or list of int (binary)


class Registry:
    """All keys of one PC.

    Args:
        base: {path: {value name: data or (type, data)}}; the type of bare data is taken from its Python type.
        changes: what `changes` gave before, replayed on the base.
    """

    def __init__(self, base: dict[str, dict[str, Any]], changes: list[list[Any]] | None = None) -> None:
        self._values: dict[str, dict[str, Value]] = {}
        self._names: dict[str, str] = {}
        self._children: dict[str, dict[str, str]] = {}
        self.changes: list[list[Any]] = []
        for hive in HIVES:
            self._make(hive)
        for path, values in base.items():
            self._make(path)
            for name, data in values.items():
                kind, plain = data if isinstance(data, tuple) else (_type_of(data), data)
                self._values[_key(path)][name.lower()] = (name, kind, plain)
        for change in changes or []:
            getattr(self, change[0])(*change[1:])

    def exists(self, path: str) -> bool:
        """Whether the key exists."""
        return _key(path) in self._values

    def name_of(self, path: str) -> str:
        """Give the path as it was written when the key was made."""
        return self._names.get(_key(path), path)

    def subkeys(self, path: str) -> list[str]:
        """Names of the keys below, sorted."""
        return sorted(self._children.get(_key(path), {}).values(), key=str.lower)

    def values(self, path: str) -> list[Value]:
        """All values of a key."""
        return list(self._values.get(_key(path), {}).values())

    def value(self, path: str, name: str) -> Value | None:
        """One value; the default value has the empty name."""
        return self._values.get(_key(path), {}).get(name.lower())

    def create_key(self, path: str) -> None:
        """Make a key and all above it."""
        self.changes.append(["create_key", path])
        self._make(path)

    def set_value(self, path: str, name: str, kind: str, data: Any) -> None:
        """Write a value; the key is made if missing."""
        self.changes.append(["set_value", path, name, kind, data])
        self._make(path)
        self._values[_key(path)][name.lower()] = (name, kind, data)

    def delete_value(self, path: str, name: str) -> None:
        """Delete a value."""
        self.changes.append(["delete_value", path, name])
        self._values.get(_key(path), {}).pop(name.lower(), None)

    def delete_key(self, path: str) -> None:
        """Delete a key and all below it."""
        self.changes.append(["delete_key", path])
        self._drop(path)

    def _drop(self, path: str) -> None:
        for child in list(self._children.get(_key(path), {})):
            self._drop(f"{path}\\{child}")
        self._values.pop(_key(path), None)
        self._children.pop(_key(path), None)
        parent, _sep, last = _key(path).rpartition("\\")
        self._children.get(parent, {}).pop(last, None)

    def _make(self, path: str) -> None:
        parts = path.strip("\\").split("\\")
        for depth in range(1, len(parts) + 1):
            own = "\\".join(parts[:depth])
            key = _key(own)
            if key in self._values:
                continue
            self._values[key], self._children[key], self._names[key] = {}, {}, own
            parent, _sep, last = key.rpartition("\\")
            if depth > 1:
                self._children[parent][last] = parts[depth - 1]


def short(path: str) -> str:
    """Write a path with its short hive; ValueError for an unknown hive."""
    hive, sep, rest = path.strip().strip("\\").partition("\\")
    for one, long in HIVES.items():
        if hive.upper() in (one, long):
            return f"{one}{sep}{rest}"
    raise ValueError(path)


def narrowed(path: str) -> str:
    r"""Give the path as a 32-bit program sees it on a 64-bit Windows: HKLM\SOFTWARE is another one."""
    for head in ("HKLM\\SOFTWARE\\CLASSES", "HKLM\\SOFTWARE"):
        if path.upper() == head or path.upper().startswith(f"{head}\\"):
            rest = path[len(head) :]
            if rest.upper().startswith("\\WOW6432NODE"):
                return path
            return f"{path[: len(head)]}\\Wow6432Node{rest}"
    return path


def long(path: str) -> str:
    """Write a path with its long hive, as reg.exe prints it."""
    hive, sep, rest = path.partition("\\")
    return f"{HIVES[hive]}{sep}{rest}"


def _key(path: str) -> str:
    lowered = path.strip("\\").lower()
    if lowered == "hkcr" or lowered.startswith("hkcr\\"):
        lowered = "hklm\\software\\classes" + lowered[4:]
    return lowered


def _type_of(data: Any) -> str:
    if isinstance(data, int):
        return "REG_DWORD"
    return "REG_MULTI_SZ" if isinstance(data, list) else "REG_SZ"
