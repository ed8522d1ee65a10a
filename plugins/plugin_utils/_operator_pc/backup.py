# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

r"""Backups of a PC: what is wanted, what is there, which jobs follow (pure), and their command lines.

Each job is a scheduled task of the SYSTEM account that is started at once: it outlives our connection, needs no
password, and reaches a share as the PC's own account of the domain. It writes its exit code to a file. Everything lies
in ``C:\ProgramData\otedge-backup`` and is removed in the end. wbadmin's version identifiers are not localised.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._change import Change
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, RefusedError

FOLDER = r"C:\ProgramData\otedge-backup"
TASK = "otedge-backup"
RC, LOG, JOB = (rf"{FOLDER}\{name}.txt" for name in ("rc", "log", "job"))
MAX_TASK_LINE = 261
GIB = 1 << 30
# Characters that would mean something to cmd, to delayed expansion or to schtasks are refused.
_FOLDER = re.compile(r"(?:[A-Za-z]:|\\\\[\w.-]+\\[\w.$-]+)(?:\\[\w.~$#@+= -]+)*", re.ASCII)
_VOLUME = re.compile(r"[A-Za-z]:")
_VERSION = re.compile(r"\b\d\d/\d\d/\d{4}-\d\d:\d\d\b")


@dataclass(frozen=True)
class Wanted:
    """What is asked for: ``kind`` image or files, ``target``, ``folders`` or more ``volumes``, ``max_age_s``."""

    kind: str
    target: str
    folders: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    max_age_s: float = 86400.0
    id: str = ""

    @property
    def on_share(self) -> bool:
        """True where the target is a network share."""
        return self.target.startswith("\\\\")


@dataclass(frozen=True)
class Volume:
    """A local volume: bytes ``size`` and ``free``, number of its ``disk`` where Windows says it."""

    size: int
    free: int
    disk: int | None = None


@dataclass(frozen=True)
class BackupState:
    """What the PC says.

    Attributes:
        wbadmin: it has Windows Backup's command.
        versions: {version identifier: target as printed}.
        system: the volume Windows runs from.
        volumes: local fixed volumes by letter.
        domain: the PC is member of a domain.
        running: a job of ours runs.
        rc: exit code that our last job left; None without one.
        job: what our last job was for; empty without one.
        left: task or folder of an earlier run are there.
        live: {serial, uuid}.
    """

    wbadmin: bool = False
    versions: Mapping[str, str] = field(default_factory=dict)
    system: str = "C:"
    volumes: Mapping[str, Volume] = field(default_factory=dict)
    domain: bool = False
    running: bool = False
    rc: int | None = None
    job: str = ""
    left: bool = False
    live: Mapping[str, str] = field(default_factory=dict)

    def versions_on(self, target: str) -> set[str]:
        """Give the version identifiers that lie on a target."""
        # As a word of its own: "Backup time:" holds an "e:", and a share's name may begin another one's.
        place = re.compile(rf"(?<!\w){re.escape(target)}(?![\w$.-]*\w)", re.IGNORECASE)
        return {name for name, where in self.versions.items() if place.search(where)}


@dataclass(frozen=True)
class Job:
    """One job on the PC: its name, its command line, and the exit codes below ``good_below`` that mean success."""

    name: str
    line: str
    good_below: int


def wanted(options: Mapping[str, Any], station: str) -> Wanted:
    """Check the options; raises InputError naming the one that is wrong."""
    kind, target = str(options["kind"]), str(options["target"]).rstrip("\\")
    shape = _VOLUME if kind == "image" and not target.startswith("\\\\") else _FOLDER
    if not shape.fullmatch(target):
        what = "a volume such as E: or a share" if kind == "image" else "a folder on a volume or a share"
        raise InputError(f"target is {options['target']!r}, which is not {what}.", fix=r"Give E: or \\server\share.")
    folders = tuple(str(one).rstrip("\\") for one in options.get("folders") or [])
    if bool(folders) is not (kind == "files"):
        raise InputError(
            f"kind is {kind}, and folders {'are' if folders else 'are not'} given.",
            fix="Name the folders with kind files; an image takes whole volumes.",
        )
    for one in folders:
        if not _FOLDER.fullmatch(one) or one.startswith("\\\\") or _VOLUME.fullmatch(one):
            raise InputError(
                f"folders holds {one!r}, which is no plain local folder.",
                fix=r"Give e.g. C:\Recipes; a name with other signs by its short form, C:\PROGRA~2.",
            )
    volumes = tuple(str(one).upper() for one in options.get("volumes") or [])
    for one in volumes:
        if kind != "image" or not _VOLUME.fullmatch(one):
            raise InputError(f"volumes holds {one!r}.", fix="With kind image, name volumes such as D:.")
    if not 0 <= options["max_age_hours"] <= 24 * 366:
        raise InputError(f"max_age_hours is {options['max_age_hours']}.", fix="Give 0 to 8784 hours.")
    age = float(options["max_age_hours"]) * 3600
    target = target.upper() if _VOLUME.fullmatch(target) else target
    return Wanted(kind, target, folders, volumes, age, str(options.get("id") or f"{station}-{kind}"))


def plan_backup(
    state: BackupState, want: Wanted, record: Mapping[str, Any] | None, now: float, station: str
) -> Change[Job]:
    """Give the jobs that are needed; none while a verified backup on this target is young enough.

    Args:
        state: of the PC.
        want: what is asked for.
        record: of the last verified backup of this kind, made_at in epoch seconds under ``made_at_s``.
        now: epoch seconds of the controller.
        station: names the folder of copied files.

    Raises:
        RefusedError: it cannot work, or would not outlive the conversion.
    """
    before = {"version": str((record or {}).get("version") or ""), "target": str((record or {}).get("target") or "")}
    if _young(state, want, record, now):
        return Change(before, before)
    _refuse(state, want)
    jobs = [_image(state, want)] if want.kind == "image" else [_copy(one, want, station) for one in want.folders]
    for job in jobs:
        if len(job.line) > MAX_TASK_LINE:
            raise InputError(
                f"The command for {job.name} has {len(job.line)} characters; a scheduled task takes {MAX_TASK_LINE}.",
                fix="Shorten target or folder names, or copy a folder further up.",
            )
    return Change(before, {"version": "a new one", "target": want.target}, tuple(jobs))


def job_text(state: BackupState, want: Wanted) -> str:
    """Give what a later run has to know of a job: kind, target, and the versions that were there before it."""
    return ";".join((want.kind, want.target, ",".join(sorted(state.versions_on(want.target)))))


def mine(state: BackupState, want: Wanted) -> set[str] | None:
    """Give the versions that were there before a job of ours for the same, which an earlier run began; else None."""
    kind, _sep, rest = state.job.partition(";")
    target, _sep, before = rest.partition(";")
    if kind != want.kind or target.lower() != want.target.lower() or want.kind != "image":
        return None
    return {one for one in before.split(",") if one}


def versions_from(text: str) -> dict[str, str]:
    """Read ``wbadmin get versions``: {identifier: its block's text}, whatever the language of the labels."""
    found: dict[str, str] = {}
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        for name in _VERSION.findall(block):
            found[name] = " ".join(block.split())
    return found


def _young(state: BackupState, want: Wanted, record: Mapping[str, Any] | None, now: float) -> bool:
    if not record or str(record.get("target", "")).lower() != want.target.lower() or record.get("id") != want.id:
        return False
    if any(record.get(key) != state.live.get(key) for key in ("serial", "uuid")):
        return False
    if not 0 <= now - float(record.get("made_at_s") or 0) < want.max_age_s:
        return False
    if want.kind == "files":
        return set(want.folders) <= set(record.get("folders") or [])
    return record.get("version") in state.versions_on(want.target) and set(want.volumes) <= set(
        record.get("volumes") or []
    )


def _refuse(state: BackupState, want: Wanted) -> None:
    if want.kind == "image" and not state.wbadmin:
        raise RefusedError(
            "This Windows has no wbadmin, as many embedded images: it cannot make an image of itself.",
            fix="Image the disk from outside (network boot or a stick), keep the disk itself, or have the OT release"
            " waive the backup; kind files copies folders, which the backup gate does not take for an image.",
        )
    if state.running and mine(state, want) is None:
        raise RefusedError("Another backup of ours runs on the PC.", fix="Wait for its end, then run again.")
    if want.on_share:
        if not state.domain:
            raise RefusedError(
                "The PC is in a workgroup: it has no account that the server of a share could know.",
                fix="Use an attached volume as target. No password is ever put on a command line here.",
            )
        return
    _refuse_volume(state, want)


def _refuse_volume(state: BackupState, want: Wanted) -> None:
    letter = want.target[:2].upper()
    volume, system = state.volumes.get(letter), state.volumes.get(state.system)
    if letter == state.system:
        raise RefusedError(
            f"{letter} is the volume Windows runs from, which the conversion wipes.",
            fix="Attach another disk, or give a share.",
        )
    if volume is None:
        raise RefusedError(
            f"The PC has no fixed volume {letter}; it has {', '.join(sorted(state.volumes)) or 'none that it names'}.",
            fix="Attach the disk, or correct target.",
        )
    if system is not None and volume.disk is not None and volume.disk == system.disk:
        raise RefusedError(
            f"{letter} lies on the same disk as {state.system}, which the conversion wipes.",
            fix="Attach another disk, or give a share.",
        )
    needed = GIB
    if want.kind == "image" and not state.versions_on(want.target):
        included = [state.volumes[one] for one in {state.system, *want.volumes} if one in state.volumes]
        needed = sum(one.size - one.free for one in included)
    if volume.free < needed:
        raise RefusedError(
            f"{letter} has {volume.free / GIB:.1f} GiB free; the backup needs {needed / GIB:.1f} GiB.",
            fix="Attach a larger disk or make room; nothing was written.",
        )


def _image(state: BackupState, want: Wanted) -> Job:
    volumes = ",".join(sorted({state.system, *want.volumes}))
    work = f"wbadmin start backup -backupTarget:{want.target} -include:{volumes} -allCritical -quiet >{LOG} 2>&1"
    return Job(f"an image of {volumes} on {want.target}", f"cmd /v:on /c {work} & echo !errorlevel!>{RC}", 1)


def _copy(folder: str, want: Wanted, station: str) -> Job:
    place = rf"{want.target}\{station}\{folder[0].upper()}{folder[2:]}"
    # Quotes within the quoted command of a scheduled task.
    work = rf"robocopy \"{folder}\" \"{place}\" /E /B /COPY:DAT /R:2 /W:5 /NP /XJ /LOG:{LOG}"
    # A bit mask: 1 copied, 2 extra, 4 mismatched; 8 and more is failure.
    return Job(f"copying {folder}", f"cmd /v:on /c {work} >nul & echo !errorlevel!>{RC}", 8)
