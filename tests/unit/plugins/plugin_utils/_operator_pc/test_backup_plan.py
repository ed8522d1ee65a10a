# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans of backups: pure, from what the PC says to jobs, and every refusal."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import (
    InputError,
    PeerError,
    RefusedError,
    TalkError,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import backup, backup_run
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import CommandResult

GIB = backup.GIB
LIVE = {"serial": "S1", "uuid": "U1"}
OLD = "11/20/2026-20:00"
NEW = "11/22/2026-20:15"
GERMAN = (
    "wbadmin 1.0 - Sicherungs-Befehlszeilentool\r\n\r\nSicherungszeit: 20.11.2026 21:00\r\n"
    f"Sicherungsziel: Festplatte mit der Bezeichnung E:\r\nVersionsbezeichner: {OLD}\r\n\r\n"
    f"Sicherungszeit: 22.11.2026 21:15\r\nSicherungsziel: Netzwerkfreigabe \\\\srv\\b\r\nVersionsbezeichner: {NEW}\r\n"
)


ENGLISH = (
    "wbadmin 1.0 - Backup command-line tool\r\n\r\nBackup time: 11/20/2026 9:00 PM\r\n"
    f"Backup target: 1394/USB Disk labeled Backup(D:)\r\nVersion identifier: {OLD}\r\nCan recover: Volume(s)\r\n\r\n"
    "Backup time: 11/22/2026 9:15 PM\r\nBackup target: Network Share labeled \\\\srv\\b\\l1\r\n"
    f"Version identifier: {NEW}\r\nCan recover: Volume(s), Bare Metal Recovery\r\n"
)


def state(**more: Any) -> backup.BackupState:
    volumes = {"C:": backup.Volume(60 * GIB, 20 * GIB, 0), "E:": backup.Volume(200 * GIB, 150 * GIB, 1)}
    return backup.BackupState(**{"wbadmin": True, "volumes": volumes, "domain": True, "live": LIVE, **more})


def want(**more: Any) -> backup.Wanted:
    return backup.wanted({"kind": "image", "target": "E:", "max_age_hours": 24, **more}, "l1-op1")


def record(**more: Any) -> dict[str, Any]:
    return {"id": "l1-op1-image", "target": "E:", "version": OLD, "made_at_s": 1000.0, **LIVE, **more}


def plan(found: backup.BackupState, asked: backup.Wanted, old: Any = None, now: float = 2000.0) -> Any:
    return backup.plan_backup(found, asked, old, now, "l1-op1")


def test_versions_are_read_in_any_language() -> None:
    found = state(versions=backup.versions_from(GERMAN))
    assert found.versions_on("e:") == {OLD}
    assert found.versions_on(r"\\SRV\b") == {NEW}
    assert backup.versions_from("ERROR - No backup was found.") == {}


@pytest.mark.parametrize(
    ("target", "there"),
    [
        ("D:", {OLD}),
        ("E:", set()),  # "Backup time:" is no volume E:, and "Can recover:" no volume R:
        ("R:", set()),
        ("T:", set()),
        (r"\\srv\b\l1", {NEW}),
        (r"\\srv\b\l", set()),
        (r"\\rv\b\l1", set()),
    ],
)
def test_a_target_is_not_found_in_other_words(target: str, there: set[str]) -> None:
    assert state(versions=backup.versions_from(ENGLISH)).versions_on(target) == there


def test_an_image_elsewhere_saves_no_room_on_the_target() -> None:
    small = {"C:": backup.Volume(60 * GIB, 20 * GIB, 0), "E:": backup.Volume(200 * GIB, 2 * GIB, 1)}
    with pytest.raises(RefusedError, match="needs 40.0 GiB"):
        plan(state(versions=backup.versions_from(ENGLISH), volumes=small), want())


def test_an_image_is_one_job_without_any_password() -> None:
    (job,) = plan(state(), want(volumes=["d:"])).steps
    assert "wbadmin start backup -backupTarget:E: -include:C:,D: -allCritical -quiet >" in job.line
    assert "password" not in job.line.lower()
    assert job.line.endswith(rf"& echo !errorlevel!>{backup.RC}")


def test_each_folder_is_a_job_below_the_host() -> None:
    asked = want(kind="files", target=r"\\srv\b$", folders=[r"C:\Recipes", r"d:\HMI data"])
    lines = [job.line for job in plan(state(), asked).steps]
    assert r"robocopy \"C:\Recipes\" \"\\srv\b$\l1-op1\C\Recipes\"" in lines[0]
    assert r"\"d:\HMI data\" \"\\srv\b$\l1-op1\D\HMI data\"" in lines[1]


@pytest.mark.parametrize(
    ("old", "versions", "now", "changed"),
    [
        (record(), {OLD: "E:"}, 1000.0 + 86399, False),
        (record(), {OLD: "E:"}, 1000.0 + 86400, True),
        (record(), {OLD: "E:"}, 999.0, True),  # made in the future: not believed
        (record(), {NEW: "E:"}, 2000.0, True),  # no longer listed
        (record(), {OLD: "F:"}, 2000.0, True),
        (record(target="F:"), {OLD: "E:"}, 2000.0, True),
        (record(serial="S2"), {OLD: "E:"}, 2000.0, True),
        (record(id="other"), {OLD: "E:"}, 2000.0, True),
        (None, {OLD: "E:"}, 2000.0, True),
    ],
)
def test_a_young_verified_image_on_the_same_target_is_enough(
    old: Any, versions: dict[str, str], now: float, changed: bool
) -> None:
    assert plan(state(versions=versions), want(), old, now).changed is changed


def test_a_young_copy_is_enough_for_its_folders_only() -> None:
    asked = want(kind="files", target=r"E:\b", folders=[r"C:\A"])
    old = record(id="l1-op1-files", target=r"E:\b", folders=[r"C:\A", r"C:\B"])
    assert not plan(state(), asked, old).changed
    assert plan(state(), asked, {**old, "folders": [r"C:\B"]}).changed


NO_ROOM = {"C:": backup.Volume(60 * GIB, 20 * GIB, 0), "E:": backup.Volume(200 * GIB, 39 * GIB, 1)}
SAME_DISK = {"C:": backup.Volume(60 * GIB, 20 * GIB, 0), "E:": backup.Volume(200 * GIB, 150 * GIB, 0)}


@pytest.mark.parametrize(
    ("found", "asked", "text"),
    [
        (state(wbadmin=False), {}, "no wbadmin"),
        (state(), {"target": "C:"}, "the volume Windows runs from"),
        (state(), {"target": "F:"}, "no fixed volume F:; it has C:, E:"),
        (state(volumes=SAME_DISK), {}, "the same disk as C:"),
        (state(volumes=NO_ROOM), {}, "39.0 GiB free; the backup needs 40.0 GiB"),
        (state(domain=False), {"target": r"\\srv\b"}, "workgroup"),
        (state(running=True, job="files;E:;"), {}, "Another backup"),
        (state(), {"kind": "files", "target": r"C:\b", "folders": [r"C:\A"]}, "the volume Windows runs from"),
    ],
)
def test_what_cannot_work_is_refused(found: backup.BackupState, asked: dict[str, Any], text: str) -> None:
    with pytest.raises(RefusedError, match=text.replace(";", ".")):
        plan(found, want(**asked))


def test_a_second_image_on_a_disk_is_incremental_and_needs_no_whole_room() -> None:
    assert plan(state(volumes=NO_ROOM, versions={OLD: "E:"}), want()).changed


@pytest.mark.parametrize(
    "asked",
    [
        {"target": r"E:\folder"},
        {"target": r"\\srv\b & del"},
        {"target": "E: -user:x"},
        {"folders": [r"C:\A"]},
        {"kind": "files", "target": r"E:\b"},
        {"kind": "files", "target": r"E:\b", "folders": ["C:"]},
        {"kind": "files", "target": r"E:\b", "folders": [r"\\srv\x"]},
        {"kind": "files", "target": r"E:\b", "folders": [r"C:\a!b"]},
        {"kind": "files", "target": r"E:\b", "folders": [r"C:\A"], "volumes": ["D:"]},
        {"volumes": ["D"]},
        {"max_age_hours": -1},
    ],
)
def test_bad_input_is_named(asked: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        want(**asked)


def test_a_line_too_long_for_a_task_is_refused() -> None:
    with pytest.raises(InputError, match="a scheduled task takes 261"):
        plan(state(), want(kind="files", target=r"E:\b", folders=["C:\\" + "a" * 120]))


def test_a_lost_run_is_taken_up_for_the_same_image_only() -> None:
    job = backup.job_text(state(versions={OLD: "on E:"}), want())
    assert backup.mine(state(job=job), want()) == {OLD}
    assert backup.mine(state(job=job), want(target=r"\\srv\b")) is None
    assert backup.mine(state(), want()) is None


class FakePc:
    """Answers by turns: exit code files, and whether the job runs."""

    def __init__(self, *turns: Any) -> None:
        self.turns, self.transport, self.resets = list(turns), self, 0

    def reset(self) -> None:
        self.resets += 1

    def run(self, command: str, *, timeout_s: float = 0) -> CommandResult:
        if command.startswith(f"type {backup.LOG}"):
            return CommandResult(0, "line\r\nERROR - The device is not ready.\r\n", "")
        turn = self.turns[0] if len(self.turns) == 1 else self.turns.pop(0)
        if turn == "lost":
            raise TalkError("The connection broke off.")
        self.now = turn
        return CommandResult(0, f"otedge-part:rc\r\n{'' if turn in ('runs', 'gone') else turn}\r\n", "")

    def enumerate(self, wql: str) -> list[dict[str, Any]]:
        return [{"CommandLine": f"cmd /c x>{backup.RC}"}] if self.now == "runs" else []


def wait(pc: FakePc, timeout_s: float = 100) -> int:
    ticks = iter(range(10_000))
    patience = backup_run.Patience(timeout_s, 1, clock=lambda: float(next(ticks)), sleep=lambda _s: None)
    job = backup.Job("an image of C: on E:", "x", 1)
    return backup_run.wait_for(pc, pc, job, lambda: None, patience)  # type: ignore[arg-type]


def test_waiting_outlives_a_connection_that_breaks() -> None:
    pc = FakePc("runs", "lost", "lost", "runs", "0")
    assert wait(pc) == 0
    assert pc.resets == 2


@pytest.mark.parametrize(
    ("turns", "text"),
    [
        (["runs", "-3"], "exit code -3, line ERROR - The device is not ready"),
        (["runs", "gone"], "ended without a result"),
        (["runs"], "did not end within 2 minutes; it goes on"),
    ],
)
def test_a_backup_that_does_not_end_well(turns: list[str], text: str) -> None:
    with pytest.raises(PeerError, match=text):
        wait(FakePc(*turns))


def test_a_pc_that_stays_away_ends_the_waiting() -> None:
    with pytest.raises(TalkError):
        wait(FakePc("lost"))


def test_disks_are_found_in_references_and_in_paths() -> None:
    rows = [
        {
            "Antecedent": {"ReferenceParameters": {"SelectorSet": {"Selector": "Disk #1, Partition #0"}}},
            "Dependent": {"ReferenceParameters": {"SelectorSet": {"Selector": ["Win32_LogicalDisk", "E:"]}}},
        },
        {
            "Antecedent": r'\\PC\root\cimv2:Win32_DiskPartition.DeviceID="Disk #0, Partition #1"',
            "Dependent": r'\\PC\root\cimv2:Win32_LogicalDisk.DeviceID="C:"',
        },
    ]

    class Pc:
        def enumerate(self, wql: str) -> list[dict[str, Any]]:
            return rows

    assert backup_run._disks(Pc()) == {"E:": 1, "C:": 0}  # type: ignore[arg-type]
