# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""State on disk: one JSON file a peer, replaced atomically, so that a restart finds the last whole state."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_private(path: Path, text: str) -> None:
    """Replace a file by rename, mode 0600; FileNotFoundError if its folder is gone (it is never made again)."""
    temporary = path.with_name(f".{path.name}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(text)
    os.replace(temporary, path)


_PIECE = 250  # so many entries of a list are encoded at a time: the encoder lets no other thread run meanwhile


def encoded(state: Mapping[str, Any]) -> str:
    """Give a state as JSON with sorted keys; the lists in it piece by piece."""
    parts = []
    for key in sorted(state):
        value = state[key]
        if isinstance(value, list) and len(value) > _PIECE:
            pieces = (value[begin : begin + _PIECE] for begin in range(0, len(value), _PIECE))
            text = "[" + ", ".join(json.dumps(piece, sort_keys=True)[1:-1] for piece in pieces) + "]"
        else:
            text = json.dumps(value, sort_keys=True)
        parts.append(f"{json.dumps(key)}: {text}")
    return "{" + ", ".join(parts) + "}"


class Store:
    """The folder DIR/state.

    Args:
        folder: made with mode 0700 if missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, exist_ok=True)

    def _path(self, peer: str) -> Path:
        return self.folder / f"{peer.replace(':', '-').replace('/', '_')}.json"

    def load(self, peer: str) -> dict[str, Any] | None:
        """Give what was saved for a peer, or None at its first start."""
        path = self._path(peer)
        if not path.exists():
            return None
        state: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return state

    def save(self, peer: str, state: dict[str, Any]) -> None:
        """Save a peer's whole state."""
        write_private(self._path(peer), encoded(state))
