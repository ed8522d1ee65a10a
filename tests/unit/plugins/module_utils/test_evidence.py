# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import multiprocessing
import os
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import RecordsError, RefusedError
from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import (
    Evidence,
    acquire_lock,
    canonical,
    process_start,
    read_chain,
    read_lock,
    require_running,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

FORK = multiprocessing.get_context("fork")


def _three(records: Path) -> Evidence:
    evidence = Evidence(str(records), clock=lambda: 1_700_000_000.5)
    intent = evidence.intent("operator_pc_arm", "l1-op1", "arm", {"password": "x", "user": "svc"})
    evidence.result(intent, "done", {"code": 0})
    evidence.observation("station_info", "l1-op1", {"stage": "armed"})
    return evidence


def test_intent_result_and_observation_are_chained(tmp_path: Path) -> None:
    _three(tmp_path)
    entries, problem = read_chain(str(tmp_path))
    assert problem == ""
    assert [entry["kind"] for entry in entries] == ["intent", "result", "observation"]
    assert entries[0]["id"] == entries[1]["id"] != entries[2]["id"]
    assert entries[1]["subject"] == "l1-op1" and entries[1]["action"] == "arm"
    assert entries[0]["data"] == {"password": "********", "user": "svc"}
    assert entries[0]["time"] == "2023-11-14T22:13:20.500Z"
    assert stat.S_IMODE((tmp_path / "evidence.jsonl").stat().st_mode) == 0o600


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(data=st.data())
def test_any_changed_byte_is_noticed(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "evidence.jsonl"
    path.unlink(missing_ok=True)
    _three(tmp_path)
    raw = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(raw) - 2))
    raw[at] ^= data.draw(st.integers(1, 127))
    path.write_bytes(bytes(raw))
    entries, problem = read_chain(str(tmp_path))
    assert problem != "" or entries == []


@pytest.mark.parametrize("drop", [0, 1])
def test_a_removed_line_is_noticed(tmp_path: Path, drop: int) -> None:
    _three(tmp_path)
    path = tmp_path / "evidence.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    del lines[drop]
    path.write_bytes(b"".join(lines))
    assert "does not follow" in read_chain(str(tmp_path))[1]


def test_a_changed_tail_stops_everything(tmp_path: Path) -> None:
    evidence = _three(tmp_path)
    path = tmp_path / "evidence.jsonl"
    path.write_text(path.read_text().replace('"armed"', '"legacy"'))
    with pytest.raises(RecordsError, match="damaged"):
        evidence.observation("x", "y", {})


def test_a_line_cut_by_a_power_cut_is_dropped(tmp_path: Path) -> None:
    evidence = _three(tmp_path)
    with (tmp_path / "evidence.jsonl").open("a") as handle:
        handle.write('{"seq":4,"ti')
    evidence.observation("x", "y", {})
    entries, problem = read_chain(str(tmp_path))
    assert (len(entries), problem) == (4, "")


def test_long_lines_are_chained_too(tmp_path: Path) -> None:
    evidence = Evidence(str(tmp_path))
    for _number in range(3):
        evidence.observation("a", "b", {"text": "x" * 20_000})
    assert [len(read_chain(str(tmp_path))[0]), read_chain(str(tmp_path))[1]] == [3, ""]


def _write_many(records: str) -> None:
    evidence = Evidence(records)
    for number in range(25):
        evidence.observation("worker", str(os.getpid()), {"n": number})


def test_processes_write_one_chain(tmp_path: Path) -> None:
    workers = [FORK.Process(target=_write_many, args=(str(tmp_path),)) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    entries, problem = read_chain(str(tmp_path))
    assert (len(entries), problem) == (100, "")


def test_no_evidence_no_action(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordsError):
        Evidence(str(tmp_path / "file" / "records"))


@given(st.dictionaries(st.text(max_size=5), st.one_of(st.integers(), st.text(max_size=5)), max_size=6))
def test_canonical_does_not_depend_on_key_order(data: dict[str, Any]) -> None:
    assert canonical(dict(reversed(list(data.items())))) == canonical(data)


def _sleeper() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)"])


def test_lock_is_confirmed_for_its_holder(tmp_path: Path) -> None:
    first = acquire_lock(str(tmp_path), os.getpid(), "site_rollout", 0.0)
    assert acquire_lock(str(tmp_path), os.getpid(), "later", 9.0) == first
    assert first["since"] == "1970-01-01T00:00:00.000Z"
    assert require_running(str(tmp_path)) is None


def test_a_live_holder_refuses_others_and_a_dead_one_is_taken_over(tmp_path: Path) -> None:
    other = _sleeper()
    try:
        acquire_lock(str(tmp_path), other.pid, "site_rollout", 0.0)
        with pytest.raises(RefusedError, match=f"process {other.pid} on .* since 1970") as caught:
            acquire_lock(str(tmp_path), os.getpid(), "site_rollout", 1.0)
        assert "lock.json" in caught.value.fix
        with pytest.raises(RefusedError, match="does not hold"):
            require_running(str(tmp_path))
    finally:
        other.kill()
        other.wait()
    assert acquire_lock(str(tmp_path), os.getpid(), "again", 2.0)["pid"] == os.getpid()


def test_a_reused_process_number_is_not_the_holder(tmp_path: Path) -> None:
    lock = acquire_lock(str(tmp_path), os.getpid(), "x", 0.0)
    (tmp_path / "lock.json").write_text(json.dumps({**lock, "start": "boot:1"}))
    with pytest.raises(RefusedError):
        require_running(str(tmp_path))


def test_another_host_is_never_taken_over(tmp_path: Path) -> None:
    (tmp_path / "lock.json").write_text(json.dumps({"pid": 1, "start": "x", "host": "elsewhere", "since": "s"}))
    with pytest.raises(RefusedError, match="elsewhere"):
        acquire_lock(str(tmp_path), os.getpid(), "x", 0.0)
    with pytest.raises(RefusedError, match="elsewhere"):
        require_running(str(tmp_path))


@pytest.mark.parametrize("case", ["none", "stop"])
def test_nothing_runs_without_lock_or_with_a_stop_file(tmp_path: Path, case: str) -> None:
    if case == "stop":
        acquire_lock(str(tmp_path), os.getpid(), "x", 0.0)
        (tmp_path / "stop").write_text("")
    with pytest.raises(RefusedError):
        require_running(str(tmp_path))


def _race(records: str, start: float, answers: Any) -> None:
    time.sleep(max(0.0, start - time.time()))
    try:
        acquire_lock(records, os.getpid(), "race", start)
        answers.put(os.getpid())
        time.sleep(1.0)
    except RefusedError:
        answers.put(0)


def test_of_many_runs_at_once_exactly_one_gets_the_lock(tmp_path: Path) -> None:
    answers = FORK.Queue()
    begin = time.time() + 0.3
    workers = [FORK.Process(target=_race, args=(str(tmp_path), begin, answers)) for _number in range(6)]
    for worker in workers:
        worker.start()
    got = [answers.get(timeout=20) for _worker in workers]
    for worker in workers:
        worker.join(20)
    assert len([pid for pid in got if pid]) == 1
    assert read_lock(str(tmp_path))["pid"] == max(got)


def _middle(records: str, pipe: Any) -> None:
    acquire_lock(records, os.getpid(), "run", 0.0)
    worker = FORK.Process(target=_orphan, args=(records, os.getpid(), pipe))
    worker.start()
    os._exit(0)


def _orphan(records: str, parent: int, pipe: Any) -> None:
    while os.getppid() == parent:
        time.sleep(0.02)
    answers = []
    for attempt in (lambda: acquire_lock(records, os.getppid(), "x", 0.0), lambda: require_running(records)):
        try:
            attempt()
            answers.append("wrote")
        except RefusedError:
            answers.append("refused")
    pipe.send(answers)


def test_an_orphaned_worker_gets_no_lock(tmp_path: Path) -> None:
    here, there = FORK.Pipe()
    run = FORK.Process(target=_middle, args=(str(tmp_path), there))
    run.start()
    run.join(10)
    acquire_lock(str(tmp_path), os.getpid(), "the next run", 1.0)
    assert here.poll(10)
    assert here.recv() == ["refused", "refused"]


def test_process_start_tells_the_dead() -> None:
    other = _sleeper()
    assert process_start(other.pid) != ""
    other.kill()
    other.wait()
    assert process_start(other.pid) == ""
