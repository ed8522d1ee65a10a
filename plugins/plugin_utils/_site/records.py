# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The records folder of a site: names, canonical form, hashes, atomic writes."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, RecordsError
from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import canonical

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def _safe(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise InputError(
            f"The name {name!r} cannot be a file name in the records.", fix="Use letters, digits, . _ - only."
        )
    return name


def plan_path(records: str) -> Path:
    """Give the path of the stored plan."""
    return Path(records) / "plan.json"


def assessment_path(records: str, station: str) -> Path:
    """Give the path of a station's assessment."""
    return Path(records) / "assessments" / f"{_safe(station)}.json"


def exception_path(records: str, station: str) -> Path:
    """Give the path of the exception record of a contained station."""
    return Path(records) / "exceptions" / f"{_safe(station)}.json"


def backup_path(records: str, station: str, kind: str = "image") -> Path:
    """Give the path of the record of a station's last verified backup; kind image or files."""
    return Path(records) / "backups" / f"{_safe(station)}{'' if kind == 'image' else '.' + _safe(kind)}.json"


def release_path(records: str, plan_hash: str, role: str) -> Path:
    """Give the path of the release document of one role for one plan; its signature is the same with .sig."""
    return Path(records) / "releases" / f"{plan_hash[:12]}-{role}.json"


def digest(data: Any) -> str:
    """Give the SHA-256 over the canonical form, in hex; of a plan this is the plan hash."""
    return hashlib.sha256(canonical(data).encode()).hexdigest()


def read_bytes(path: Path) -> bytes | None:
    """Give the file's bytes, or None if there is no such file."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise RecordsError(f"Cannot read {path}: {exc.strerror}.", fix="Check its owner and permissions.") from exc


def read_json(path: Path) -> dict[str, Any] | None:
    """Give the document, or None if there is no such file; raise RecordsError for a damaged one."""
    raw = read_bytes(path)
    if raw is None:
        return None
    try:
        found = json.loads(raw)
    except ValueError as exc:
        raise RecordsError(
            f"The record {path} is damaged: {exc}.", fix="Restore it, or remove it and run again."
        ) from exc
    if not isinstance(found, dict):
        raise RecordsError(f"The record {path} is not a JSON object.", fix="Restore it, or remove it and run again.")
    return found


def write_json(path: Path, data: Any) -> None:
    """Write the document atomically, readable by its owner only."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    text = json.dumps(data, sort_keys=True, indent=1, ensure_ascii=False) + "\n"
    write_text(path, text, fresh)


def write_text(path: Path, text: str, fresh: Path | None = None) -> None:
    """Write a text atomically, readable by its owner only."""
    fresh = fresh or path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(fresh, path)
    except OSError as exc:
        raise RecordsError(
            f"Cannot write {path}: {exc.strerror}.", fix="Check the storage under site_records."
        ) from exc


def read_plan(records: str) -> tuple[dict[str, Any], str]:
    """Give the stored plan and its hash; raise RecordsError if there is none."""
    plan = read_json(plan_path(records))
    if plan is None:
        raise RecordsError(f"There is no plan at {plan_path(records)}.", fix="Run the play plan first.")
    return plan, digest(plan)


def read_folder(folder: Path) -> dict[str, dict[str, Any]]:
    """Give every JSON document of a folder by its name without .json; nothing if there is no such folder."""
    if not folder.is_dir():
        return {}
    found = {}
    for path in sorted(folder.glob("*.json")):
        document = read_json(path)
        if document is not None:
            found[path.stem] = document
    return found
