# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

r"""The files of drive C: as a model: text of small files, hash and size of downloads; names without regard to case.

An entry is plain JSON: {"path", "dir": true} | {"path", "text"} | {"path", "sha256", "size"}.
"""

from __future__ import annotations

import fnmatch
import hashlib
import ntpath
from typing import Any

Entry = dict[str, Any]
BASE_DIRS = (
    "C:",
    "C:\\Windows\\System32",
    "C:\\Windows\\Temp",
    "C:\\Program Files",
    "C:\\ProgramData",
    "C:\\Users\\Public",
)


class Files:
    """All files of one PC."""

    def __init__(self, entries: list[Entry] | None = None) -> None:
        self._entries: dict[str, Entry] = {}
        if entries is None:
            for path in BASE_DIRS:
                self.make_dir(path)
        for entry in entries or []:
            self._entries[_key(entry["path"])] = dict(entry)

    def dump(self) -> list[Entry]:
        """Give all entries as plain JSON."""
        return [dict(entry) for _key_, entry in sorted(self._entries.items())]

    def entry(self, path: str) -> Entry | None:
        """The entry of a path, None when there is none."""
        return self._entries.get(_key(path))

    def is_dir(self, path: str) -> bool:
        """Whether the path is a directory."""
        return bool((self.entry(path) or {}).get("dir"))

    def file(self, path: str) -> Entry | None:
        """The entry of a file, None for a directory."""
        entry = self.entry(path)
        return None if entry is None or entry.get("dir") else entry

    def text(self, path: str) -> str | None:
        """The text of a file, None where there is none (a download is not text)."""
        return (self.file(path) or {}).get("text")

    def put(self, path: str, content: Entry) -> bool:
        """Write a file; False when its directory is missing."""
        if not self.is_dir(ntpath.dirname(path)) or self.is_dir(path):
            return False
        kept = {key: value for key, value in content.items() if key in ("text", "sha256", "size")}
        old = self.entry(path)
        self._entries[_key(path)] = {"path": old["path"] if old else path, **kept}
        return True

    def remove(self, path: str) -> None:
        """Remove a file, or a directory and all below it."""
        key = _key(path)
        for one in [one for one in self._entries if one == key or one.startswith(f"{key}\\")]:
            del self._entries[one]

    def make_dir(self, path: str) -> None:
        """Make a directory and all above it."""
        parts = path.rstrip("\\").split("\\")
        for depth in range(1, len(parts) + 1):
            own = "\\".join(parts[:depth])
            self._entries.setdefault(_key(own), {"path": own, "dir": True})

    def children(self, path: str) -> list[Entry]:
        """Entries right below a directory, by name."""
        key = _key(path)
        below = [one for one in self._entries if one.startswith(f"{key}\\") and "\\" not in one[len(key) + 1 :]]
        return [self._entries[one] for one in sorted(below)]

    def below(self, path: str) -> list[Entry]:
        """Entries at any depth below a directory, by path."""
        head = f"{_key(path)}\\"
        return [entry for key, entry in sorted(self._entries.items()) if key.startswith(head)]

    def rename_root(self, old: str, new: str) -> None:
        """Give everything under one drive another one."""
        for key in [one for one in self._entries if one == old.lower() or one.startswith(f"{old.lower()}\\")]:
            entry = self._entries.pop(key)
            path = new + entry["path"][len(old) :]
            self._entries[_key(path)] = {**entry, "path": path}

    def match(self, path: str) -> list[Entry]:
        """Entries a path with wildcards in its last part names."""
        folder, pattern = ntpath.split(path)
        if not set(pattern) & set("*?"):
            entry = self.entry(path)
            return [entry] if entry else []
        pattern = "*" if pattern == "*.*" else pattern.lower()
        return [one for one in self.children(folder) if fnmatch.fnmatch(name_of(one).lower(), pattern)]

    def used(self) -> int:
        """Bytes all files of the model take on C:."""
        return sum(size_of(entry) for key, entry in self._entries.items() if key.startswith("c:"))


def absolute(path: str, directory: str) -> str:
    """Give the full path of what was typed, without quotes."""
    plain = path.strip().replace('"', "").replace("/", "\\")
    full = ntpath.normpath(ntpath.join(directory, plain))
    drive, rest = ntpath.splitdrive(full)
    return f"{drive.upper()}{rest}".rstrip("\\")


def name_of(entry: Entry) -> str:
    """Last part of the path."""
    return ntpath.basename(entry["path"])


def size_of(entry: Entry) -> int:
    """Size in bytes."""
    return int(entry["size"]) if "size" in entry else len(entry.get("text", "").encode())


def sha256_of(entry: Entry) -> str:
    """SHA-256 in lower case hex: real for text, as downloaded for the rest."""
    return str(entry["sha256"]) if "sha256" in entry else hashlib.sha256(entry.get("text", "").encode()).hexdigest()


def _key(path: str) -> str:
    return path.rstrip("\\").lower()
