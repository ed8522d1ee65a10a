# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Evidence (append-only, hash-chained) and the site lock: who may act now, and what was done."""

from __future__ import annotations

import fcntl
import hashlib
import json
import multiprocessing
import os
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import RecordsError, RefusedError

FIRST = "0" * 64
_SECRET = re.compile(r"(password|passphrase|secret|token|private_key)$", re.IGNORECASE)
_MASK = "********"


def canonical(data: Any) -> str:
    """Give the canonical JSON text that hashes are taken over: sorted keys, no blanks, UTF-8 as it is."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def utc_text(now: float) -> str:
    """Give epoch seconds as an ISO 8601 UTC time with milliseconds."""
    return datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _masked(data: Any) -> Any:
    if isinstance(data, dict):
        return {str(key): _MASK if _SECRET.search(str(key)) else _masked(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_masked(item) for item in data]
    return data


def _hash(entry: dict[str, Any]) -> str:
    plain = {key: value for key, value in entry.items() if key != "hash"}
    return hashlib.sha256(canonical(plain).encode()).hexdigest()


def _unusable(path: Path, exc: OSError) -> RecordsError:
    fix = "Check site_records, its permissions and its storage; without it nothing is done."
    return RecordsError(f"Cannot use {path}: {exc.strerror}.", fix=fix)


def _folder(records: str) -> Path:
    folder = Path(records)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as exc:
        raise _unusable(folder, exc) from exc
    return folder


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as exc:
        raise _unusable(path, exc) from exc
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    except OSError as exc:
        raise _unusable(path, exc) from exc
    finally:
        os.close(handle)


def _tail(handle: int) -> tuple[bytes, bytes]:
    """Give the last whole line and what stands behind it without a line end."""
    end = os.lseek(handle, 0, os.SEEK_END)
    size = 4096
    while True:
        start = max(0, end - size)
        block = os.pread(handle, end - start, start)
        whole, _sep, rest = block.rpartition(b"\n")
        if start == 0 or b"\n" in whole:
            return whole.rpartition(b"\n")[2], rest
        size *= 4


class Evidence:
    """Append to ``evidence.jsonl``: intent before, result after; who cannot write it does not act.

    One JSON object a line: {seq, time, prev, kind, id, actor, subject, action, outcome, data, hash}. ``hash`` is the
    SHA-256 over the canonical line without it, ``prev`` the hash of the line before. Values under keys that
    name a secret are masked. Raises RecordsError if the file cannot be written or its last line is not trustworthy.
    """

    def __init__(self, records: str, clock: Callable[[], float] = time.time) -> None:
        self._path = _folder(records) / "evidence.jsonl"
        self._clock = clock
        self._intents: dict[str, dict[str, str]] = {}

    def intent(self, actor: str, subject: str, action: str, data: dict[str, Any] | None = None) -> str:
        """Record what is about to be done, by which plugin, on what; give the id its result refers to."""
        entry = self._append("intent", {"actor": actor, "subject": subject, "action": action}, data)
        self._intents[entry["id"]] = {"actor": actor, "subject": subject, "action": action}
        return str(entry["id"])

    def result(self, id: str, outcome: str, data: dict[str, Any] | None = None) -> None:
        """Record how the intent ``id`` ended; outcome in a word: done, failed, refused."""
        self._append("result", {"id": id, "outcome": outcome, **self._intents.get(id, {})}, data)

    def observation(self, actor: str, subject: str, data: dict[str, Any] | None = None) -> None:
        """Record something seen that changed nothing."""
        self._append("observation", {"actor": actor, "subject": subject}, data)

    def _append(self, kind: str, fields: dict[str, str], data: dict[str, Any] | None) -> dict[str, Any]:
        with _locked(self._path) as handle:
            last = self._last(handle)
            seq = last.get("seq", 0) + 1
            entry = {"id": f"e{seq:06d}", "actor": "", "subject": "", "action": "", "outcome": "", **fields}
            entry |= {"seq": seq, "time": utc_text(self._clock()), "prev": last.get("hash", FIRST), "kind": kind}
            entry["data"] = _masked(data or {})
            entry["hash"] = _hash(entry)
            line = (canonical(entry) + "\n").encode()
            os.lseek(handle, 0, os.SEEK_END)
            if os.write(handle, line) != len(line):
                raise RecordsError(f"Cannot write {self._path}: the storage is full.", fix="Free space and run again.")
            os.fsync(handle)
        return entry

    def _last(self, handle: int) -> dict[str, Any]:
        line, rest = _tail(handle)
        if rest:
            # A line without its end was never acknowledged to anyone who acted: a cut during the write.
            end = os.lseek(handle, 0, os.SEEK_END)
            os.ftruncate(handle, end - len(rest))
        if not line:
            return {}
        entry = _parsed(line)
        if entry is None:
            raise RecordsError(
                f"The last line of {self._path} is damaged or was changed by hand.",
                fix="Keep the file as it is for the audit, move it away, and start a new one.",
            )
        return entry


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    if not isinstance(entry, dict) or not isinstance(entry.get("seq"), int) or entry.get("hash") != _hash(entry):
        return None
    return entry


def read_chain(records: str) -> tuple[list[dict[str, Any]], str]:
    """Read the whole chain and verify it: (the entries up to the first break, what is wrong or "")."""
    path = Path(records) / "evidence.jsonl"
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return [], ""
    except OSError as exc:
        raise _unusable(path, exc) from exc
    entries: list[dict[str, Any]] = []
    prev = FIRST
    for number, line in enumerate(lines[:-1], start=1):
        entry = _parsed(line)
        if entry is None:
            return entries, f"line {number} is damaged or was changed"
        if entry["seq"] != number or entry.get("prev") != prev:
            return entries, f"line {number} does not follow the line before it: lines were removed, added or moved"
        entries.append(entry)
        prev = entry["hash"]
    return entries, ""


def process_start(pid: int) -> str:
    """Give a text that tells this process from any other that had its number; empty if it is not alive."""
    if Path("/proc/self/stat").exists():
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            return ""
        boot = Path("/proc/sys/kernel/random/boot_id")
        return "" if fields[0] in "ZX" else f"{boot.read_text().strip() if boot.exists() else ''}:{fields[19]}"
    # pylint: disable-next=ansible-bad-function
    asked = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return asked.stdout.strip()


def _belongs_to(pid: int) -> bool:
    """Say whether this process is ``pid`` or descends from it; an orphan of an earlier run does not."""
    current = os.getpid()
    while current > 0:
        if current == pid:
            return True
        try:
            stat = Path(f"/proc/{current}/stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return not Path("/proc/self/stat").exists()
        current = int(stat.rpartition(")")[2].split()[1])
    return False


def read_lock(records: str) -> dict[str, Any]:
    """Give the site lock as it stands: {pid, start, host, since, what}, or {} when there is none."""
    path = Path(records) / "lock.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as exc:
        raise RecordsError(f"Cannot read the site lock {path}: {exc}.", fix="Remove it if no run is going on.") from exc
    return found if isinstance(found, dict) else {}


def _holder_alive(lock: dict[str, Any]) -> bool:
    start = process_start(int(lock.get("pid", 0)))
    return bool(start) and start == lock.get("start")


def acquire_lock(records: str, pid: int, what: str, now: float) -> dict[str, Any]:
    """Acquire or confirm the site lock for the controlling process ``pid``; give the lock.

    The lock of a process that is gone is taken over; nobody has to give it back. Raises RefusedError when a
    live process or another host holds it, or when the controlling process itself is gone.
    """
    parent = multiprocessing.parent_process()
    orphan = parent is not None and pid == os.getppid() != parent.pid
    start = "" if orphan else process_start(pid)
    if not start:
        raise RefusedError("The run that started this task is gone: nothing is written.", fix="Run the play again.")
    folder = _folder(records)
    with _locked(folder / "lock.guard"):
        lock = read_lock(records)
        host = socket.gethostname()
        if lock and lock.get("host") != host:
            raise _held(folder, lock)
        if lock and _holder_alive(lock):
            if lock["pid"] != pid:
                raise _held(folder, lock)
            return lock
        lock = {"pid": pid, "start": start, "host": host, "since": utc_text(now), "what": what}
        fresh = folder / "lock.json.new"
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as handle:
            handle.write(canonical(lock) + "\n")
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(fresh, folder / "lock.json")
    return lock


def _held(folder: Path, lock: dict[str, Any]) -> RefusedError:
    return RefusedError(
        f"Another run holds the site lock: {lock.get('what')}, process {lock.get('pid')} on {lock.get('host')},"
        f" since {lock.get('since')}.",
        fix=f"Wait for it to end. If it is certain that it is over, remove {folder / 'lock.json'} and run again.",
        lock=lock,
    )


def stop_requested(records: str) -> bool:
    """Say whether somebody put the stop file into the records folder."""
    return (Path(records) / "stop").exists()


def lock_state(records: str) -> tuple[dict[str, Any], bool, bool]:
    """Give the lock, whether this process belongs to its living holder, and whether it is held at all.

    On another host nobody here can tell whether the holder lives: held.
    """
    lock = read_lock(records)
    if lock and lock.get("host") != socket.gethostname():
        return lock, False, True
    alive = bool(lock) and _holder_alive(lock)
    return lock, alive and _belongs_to(int(lock["pid"])), alive


def require_running(records: str) -> None:
    """Raise RefusedError unless this process belongs to the live run that holds the lock, and no stop file exists."""
    if stop_requested(records):
        raise RefusedError(f"The stop file {records}/stop exists: nothing is written.", fix="Remove it to go on.")
    lock, mine, _held_at_all = lock_state(records)
    if not lock:
        raise RefusedError("No run holds the site lock: nothing is written.", fix="Run the play from its start.")
    if lock.get("host") != socket.gethostname():
        raise _held(Path(records), lock)
    if not mine:
        gone = "The run that started this task does not hold the site lock: nothing is written."
        raise RefusedError(gone, fix="Run the play again.", lock=lock)
