# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The journal: every request and every change of the simulated site, one JSON object a line."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

from .clock import Clock, iso


class Journal:
    """Append-only DIR/journal.jsonl.

    A line: {"n": running number from 1, kept over restarts, "t": twin time, "kind", "peer", "write", ...data}.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._count = self._mend()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._handle = os.fdopen(descriptor, "w", encoding="utf-8")

    def _mend(self) -> int:
        """Cut a line that was being written when the process died; give the last number."""
        if not self.path.exists():
            return 0
        content = self.path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            os.truncate(self.path, len(whole))
        lines = whole.splitlines()
        return int(json.loads(lines[-1])["n"]) if lines else 0

    def write(self, peer: str, kind: str, write: bool, data: dict[str, Any]) -> None:
        """Append one line; the fixed keys win over data of the same name."""
        with self._lock:
            self._count += 1
            line = {
                **data,
                "n": self._count,
                "t": iso(self._clock.now()),
                "kind": kind,
                "peer": peer,
                "write": write,
            }
            self._handle.write(json.dumps(line, sort_keys=True, default=str) + "\n")
            self._handle.flush()

    def read(self, after: int = 0) -> list[dict[str, Any]]:
        """Give the lines with a number greater than ``after``."""
        with self._lock, self.path.open(encoding="utf-8") as handle:
            lines = [json.loads(line) for line in handle]
        return [line for line in lines if line["n"] > after]

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._handle.close()
