# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The evidence of one station, read quickly: a look at a station must not cost the whole chain's verification."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import RecordsError

_BLOCK = 1 << 16


def entries_of(records: str, subject: str) -> list[dict[str, Any]]:
    """Give the entries about one subject in their order; damaged lines are left to the chain's own verification."""
    path = Path(records) / "evidence.jsonl"
    mark = f'"subject":{json.dumps(subject, ensure_ascii=False)}'
    found = []
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if mark in line:
                    found.append(_entry(line))
    except FileNotFoundError:
        return []
    except OSError as exc:
        raise RecordsError(f"Cannot read {path}: {exc.strerror}.", fix="Check site_records.") from exc
    return [entry for entry in found if entry.get("subject") == subject]


def last_time(records: str) -> str:
    """Give the time of the evidence's last whole line as it stands there (ISO 8601), or "" without one."""
    path = Path(records) / "evidence.jsonl"
    try:
        with path.open("rb") as lines:
            end, size = lines.seek(0, 2), _BLOCK
            while True:
                start = max(0, end - size)
                lines.seek(start)
                whole = lines.read(end - start).rpartition(b"\n")[0]
                if start == 0 or b"\n" in whole:
                    return str(_entry(whole.rpartition(b"\n")[2].decode("utf-8", "replace")).get("time") or "")
                size *= 4
    except FileNotFoundError:
        return ""
    except OSError as exc:
        raise RecordsError(f"Cannot read {path}: {exc.strerror}.", fix="Check site_records.") from exc


def _entry(line: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}
