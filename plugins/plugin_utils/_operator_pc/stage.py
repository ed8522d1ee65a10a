# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Staging: converter and image onto the Windows disk, loader untouched; plan (pure) and reading.

Every download gets its final name only after its SHA-256 was read on the PC itself, so a file with its final name is
whole. Nothing here changes what the PC boots.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._change import Change
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import arm
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import converter as c
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.batch import run_parts
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.fetch import Source, fetch, file_hash
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.steps import BUSY, Step
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import CommandResult, WinRS

READS = {
    **c.READS,
    "before": f"type {c.BEFORE}",
    "timer": arm.QUERY_TIMER,
    "at_start": arm.QUERY_AT_START,
    "folders": rf"dir /b /ad {c.DOWNLOADS}*",
    "image_hash": f"certutil -hashfile {c.IMAGE} SHA256",
    "package_hash": f"certutil -hashfile {c.PACKAGE} SHA256",
}
HASH_S = 900.0
INSTALL_S = 1800.0
# The converter asks for 3 GB (its manual); certutil keeps a second copy of what it fetches until it is told to forget.
IMAGE_BYTES = 3 << 30
PACKAGE_BYTES = 200 << 20
_NOTE = "otedge: in the folder before"
# What we put into the converter's folder ourselves; its package does not know of it.
_OURS = ("osc.iso", "osc.iso.part", "grub.cfg.old", "grub.tmp")


@dataclass(frozen=True)
class StageState:
    """What lies on the PC; a hash is empty where the file is not there.

    ``before``: what lay in the converter's folder before we touched it; None where nobody wrote it down.
    ``folder``: our download folder exists, be it empty.
    ``timers``: disarm tasks that went off, or were never needed, are still there.
    """

    converter: c.ConverterState = field(default_factory=c.ConverterState)
    package_sha256: str = ""
    image_sha256: str = ""
    before: tuple[str, ...] | None = None
    folder: bool = False
    timers: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Give plain data for diff and result."""
        return {
            "installed": self.converter.installed,
            "package_sha256": self.package_sha256,
            "image_sha256": self.image_sha256,
        }


def read_stage(shell: WinRS) -> StageState:
    """Read what is staged, in one command."""
    parts = run_parts(shell, READS, timeout_s=HASH_S)
    c.complete(parts)
    noted = parts.get("before", "")
    return StageState(
        c.state_from(parts),
        file_hash(parts.get("package_hash", "")),
        file_hash(parts.get("image_hash", "")),
        tuple(line.strip().lower() for line in noted.splitlines()[1:] if line.strip()) if _NOTE in noted else None,
        c.DOWNLOADS.rpartition("\\")[2] in parts.get("folders", "").lower().split(),
        arm.tasks_left(parts.get("timer", ""), parts.get("at_start", "")),
    )


def space_needed(current: StageState, package: Source, image: Source) -> int:
    """Give the bytes that staging what is missing takes on the system volume at its fullest."""
    needed = 0
    for there, wanted, size in (
        (current.package_sha256, package, PACKAGE_BYTES),
        (current.image_sha256, image, IMAGE_BYTES),
    ):
        if there != wanted.sha256:
            needed += size * (2 if wanted.url else 1)
    return needed


def plan_present(current: StageState, package: Source, image: Source) -> Change[Step]:
    """Give the steps that stage what is missing; none when all is there.

    Raises:
        RefusedError: the loader is switched already and something would have to change.
    """
    steps: list[Step] = []
    package_good = current.package_sha256 == package.sha256
    if not package_good:
        steps += [*_note(current), *fetch("converter", package, c.PACKAGE_PART, c.PACKAGE)]
    if not (package_good and current.converter.installed):
        steps.append(_install())
    if current.image_sha256 != image.sha256:
        _refuse_foreign_image(current)
        steps += fetch("image", image, c.IMAGE_PART, c.IMAGE)
    if steps and current.converter.armed:
        raise _armed()
    after = StageState(current.converter, package.sha256, image.sha256).as_dict() | {"installed": True}
    return Change(current.as_dict(), after, tuple(steps))


def plan_absent(current: StageState) -> Change[Step]:
    """Give the steps that leave on the PC what was there before us; none when nothing of ours is there."""
    state = current.converter
    if state.armed:
        raise _armed()
    before = set(current.before or ())
    steps: list[Step] = arm.remove_tasks(current.timers)
    if current.package_sha256 and "grub.cfg" not in before:
        # Also where the loader's files look damaged: only the package knows what it hooked into the boot chain.
        steps.append(_uninstall())
    elif set(state.files) - set(_OURS) - before:
        raise RefusedError(
            f"{c.FOLDER} holds a converter, but its package {c.PACKAGE} is gone: this plugin cannot uninstall it.",
            fix="Uninstall it on the PC, then run again.",
        )
    if before:
        ours = [name for name in _OURS if name in state.files and name not in before]
        steps += [_remove_file(name) for name in ours]
    elif state.files:
        steps.append(_remove_folder("remove the converter's folder", c.FOLDER))
    if state.downloads or current.folder:
        # Last: it holds the note of what was there before.
        steps.append(_remove_folder("remove the downloads", c.DOWNLOADS))
    after = StageState().as_dict() | {"installed": "grub.cfg" in before}
    return Change(current.as_dict(), after, tuple(steps))


def _refuse_foreign_image(current: StageState) -> None:
    """Refuse to replace an image that lay there before us: nobody could put it back."""
    before_us = current.before is None and not current.package_sha256
    if current.converter.image and (before_us or "osc.iso" in (current.before or ())):
        raise RefusedError(
            f"{c.IMAGE} is there already, with another SHA-256, and was not put there by this plugin.",
            fix="See whose it is, remove it on the PC, then run again.",
        )


def _note(current: StageState) -> list[Step]:
    """Write down what lies in the converter's folder, once, before anything is put there."""
    steps = [Step("make the download folder", f"if not exist {c.DOWNLOADS} mkdir {c.DOWNLOADS}")]
    if current.before is None and not current.package_sha256:
        part = f"{c.BEFORE}.part"
        listing = f"(echo {_NOTE}& dir /b {c.FOLDER}) >{part} 2>nul"
        steps.append(
            Step(
                "write down what was there before",
                f"{listing} & move /Y {part} {c.BEFORE}",
                check=f"type {c.BEFORE}",
                seen=lambda found: _NOTE in found.stdout,
            )
        )
    return steps


def _install() -> Step:
    return Step(
        "install the converter",
        f"msiexec /i {c.PACKAGE} /qn /norestart /l*v {c.LOG}",
        good=(0, 1641, 3010),
        again=(BUSY,),
        timeout_s=INSTALL_S,
        check=f"dir /b {c.FOLDER}",
        seen=_has_loaders,
        fix="Install the package by hand on one PC of this kind and read its log.",
    )


def _uninstall() -> Step:
    return Step(
        "uninstall the converter",
        f"msiexec /x {c.PACKAGE} /qn /norestart /l*v {c.LOG}",
        good=(0, 1605, 1641, 3010),
        again=(BUSY,),
        timeout_s=INSTALL_S,
        fix="Uninstall the converter by hand on the PC, then run again.",
    )


def _remove_file(name: str) -> Step:
    path = rf"{c.FOLDER}\{name}"
    return Step(
        f"remove {name}", f"del /f /q {path}", check=f"dir /b {path}", seen=lambda found: not found.stdout.strip()
    )


def _remove_folder(name: str, folder: str) -> Step:
    gone = f"if exist {folder} rd /s /q {folder}"
    last = folder.rpartition("\\")[2].lower()
    return Step(name, gone, check=f"dir /b /ad {folder}*", seen=lambda found: last not in found.stdout.lower().split())


def _has_loaders(found: CommandResult) -> bool:
    return {"grub.cfg", "osc.cfg"} <= {line.strip().lower() for line in found.stdout.splitlines()}


def _armed() -> RefusedError:
    return RefusedError(
        "The PC is armed: its loader would start the installer at the next boot.",
        fix="Run otedge.endpoint.operator_pc_arm with state disarmed first.",
    )
