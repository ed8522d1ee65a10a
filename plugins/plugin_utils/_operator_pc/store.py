# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keep an assessment in the records folder: one file a station, replaced as a whole or not at all."""

from __future__ import annotations

import json
import os
import re
import tempfile
from pathlib import Path
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, RecordsError


def store_assessment(records: str, assessment: dict[str, Any]) -> str:
    """Write ``assessments/<station>.json`` and give its path; raises RecordsError if it cannot be written."""
    station = str(assessment["station"])
    if not re.fullmatch(r"[A-Za-z0-9_.-]+", station) or station.startswith("."):
        raise InputError(f"The host name {station!r} cannot name a record.", fix="Use letters, digits, '-', '_', '.'.")
    folder = Path(records) / "assessments"
    path = folder / f"{station}.json"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=f".{station}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(json.dumps(assessment, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as exc:
        raise RecordsError(f"Cannot write {path}: {exc.strerror}.", fix="Check site_records and its space.") from exc
    return str(path)
