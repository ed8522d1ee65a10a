# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Staging: converter and image onto the Windows disk, loader untouched; plan (pure) and reading.

Every download gets its final name only after its SHA-256 was read on the PC itself, so a file with its final name is
whole. Nothing here changes what the PC boots.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._change import Change
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import converter as c
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.batch import run_parts
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.steps import Step
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import CommandResult, WinRS

READS = {
    **c.READS,
    "image_hash": f"certutil -hashfile {c.IMAGE} SHA256",
    "package_hash": f"certutil -hashfile {c.PACKAGE} SHA256",
}
HASH_S = 900.0
FETCH_S = 7200.0
INSTALL_S = 1800.0
# Nothing that cmd would act on: no quotes, &, |, <, >, ^, parentheses, blanks.
_URL = re.compile(r"https?://[A-Za-z0-9._~:/?#\[\]@!$'*+,;=-]+(?:%[0-9A-Fa-f]{2}[A-Za-z0-9._~:/?#\[\]@!$'*+,;=-]*)*")
_SHA256 = re.compile(r"[0-9a-f]{64}")
# What lies in the converter's folder and was put there by us, not by its package.
_OURS = frozenset({"osc.iso", "osc.iso.part"})


@dataclass(frozen=True)
class Source:
    """A file to fetch: ``url`` the PC can reach, ``sha256`` in lower case."""

    url: str
    sha256: str


@dataclass(frozen=True)
class StageState:
    """What lies on the PC; a hash is empty where the file is not there."""

    converter: c.ConverterState = field(default_factory=c.ConverterState)
    package_sha256: str = ""
    image_sha256: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Give plain data for diff and result."""
        return {
            "installed": self.converter.installed,
            "package_sha256": self.package_sha256,
            "image_sha256": self.image_sha256,
        }


def source(name: str, options: dict[str, Any]) -> Source:
    """Check one ``{url, sha256}`` option; raises InputError naming the option."""
    url, sha256 = str(options.get("url") or ""), str(options.get("sha256") or "").lower()
    if not _URL.fullmatch(url):
        raise InputError(
            f"{name}.url is {url!r}, which is no plain http(s) address.",
            fix="Give an address without blanks, quotes, & or parentheses.",
        )
    if not _SHA256.fullmatch(sha256):
        raise InputError(f"{name}.sha256 is {sha256!r}, not 64 hex digits.", fix="Take it from sha256sum of the file.")
    return Source(url, sha256)


def file_hash(text: str) -> str:
    """Find the SHA-256 in certutil's output (Windows 7 prints the bytes with blanks), or an empty text."""
    for line in text.splitlines():
        candidate = line.replace(" ", "").strip().lower()
        if _SHA256.fullmatch(candidate):
            return candidate
    return ""


def read_stage(shell: WinRS) -> StageState:
    """Read what is staged, in one command."""
    parts = run_parts(shell, READS, timeout_s=HASH_S)
    return StageState(
        c.state_from(parts), file_hash(parts.get("package_hash", "")), file_hash(parts.get("image_hash", ""))
    )


def plan_present(current: StageState, package: Source, image: Source) -> Change[Step]:
    """Give the steps that stage what is missing; none when all is there.

    Raises:
        RefusedError: the loader is switched already and something would have to change.
    """
    steps: list[Step] = []
    package_good = current.package_sha256 == package.sha256
    if not package_good:
        folder = Step("make the download folder", f"if not exist {c.DOWNLOADS} mkdir {c.DOWNLOADS}")
        steps += [folder, *_fetch("converter", package, c.PACKAGE_PART, c.PACKAGE)]
    if not (package_good and current.converter.installed):
        steps.append(
            Step(
                "install the converter",
                f"msiexec /i {c.PACKAGE} /qn /norestart",
                good=(0, 3010),
                timeout_s=INSTALL_S,
                check=f"dir /b {c.FOLDER}",
                seen=_has_loaders,
                fix="Install the package by hand on one PC of this kind and read its log.",
            )
        )
    if current.image_sha256 != image.sha256:
        steps += _fetch("image", image, c.IMAGE_PART, c.IMAGE)
    if steps and current.converter.armed:
        raise _armed()
    after = StageState(current.converter, package.sha256, image.sha256).as_dict() | {"installed": True}
    return Change(current.as_dict(), after, tuple(steps))


def plan_absent(current: StageState) -> Change[Step]:
    """Give the steps that leave nothing of ours on the PC; none when nothing is there."""
    state = current.converter
    if state.armed:
        raise _armed()
    steps: list[Step] = []
    if current.package_sha256:
        # Also where the loader's files look damaged: only the package knows what it hooked into the boot chain.
        steps.append(
            Step(
                "uninstall the converter",
                f"msiexec /x {c.PACKAGE} /qn /norestart",
                good=(0, 3010, 1605),
                timeout_s=INSTALL_S,
                fix="Uninstall the converter by hand on the PC, then run again.",
            )
        )
    elif set(state.files) - _OURS:
        raise RefusedError(
            f"{c.FOLDER} holds a converter, but its package {c.PACKAGE} is gone: this plugin cannot uninstall it.",
            fix="Uninstall it on the PC, then run again.",
        )
    for name, folder, there in (
        ("remove the converter's folder", c.FOLDER, bool(state.files)),
        ("remove the downloads", c.DOWNLOADS, bool(state.downloads)),
    ):
        if there:
            gone = f"if exist {folder} rd /s /q {folder}"
            steps.append(Step(name, gone, check=f"dir /b {folder}", seen=lambda found: not found.stdout.strip()))
    return Change(current.as_dict(), StageState().as_dict(), tuple(steps))


def _fetch(what: str, source: Source, part: str, target: str) -> list[Step]:
    """Fetch to a temporary name, read the hash on the PC, and only then give the final name."""
    return [
        Step(
            f"fetch the {what}",
            f"certutil -urlcache -split -f {source.url} {part}",
            timeout_s=FETCH_S,
            check=f"certutil -hashfile {part} SHA256",
            seen=_hashes_to(source.sha256),
            undo=f"if exist {part} del /q {part}",
            fix=f"See that the PC reaches {source.url} and that the file there has SHA-256 {source.sha256}.",
        ),
        # certutil keeps a second copy of what it fetched; the space is needed.
        Step(f"forget the cached {what}", f"certutil -urlcache {source.url} delete", good=()),
        Step(
            f"put the {what} in place",
            f"move /Y {part} {target}",
            check=f"if exist {target} echo there",
            seen=lambda found: "there" in found.stdout,
        ),
    ]


def _hashes_to(sha256: str) -> Callable[[CommandResult], bool]:
    return lambda found: file_hash(found.stdout) == sha256


def _has_loaders(found: CommandResult) -> bool:
    return {"grub.cfg", "osc.cfg"} <= {line.strip().lower() for line in found.stdout.splitlines()}


def _armed() -> RefusedError:
    return RefusedError(
        "The PC is armed: its loader would start the installer at the next boot.",
        fix="Run otedge.endpoint.operator_pc_arm with state disarmed first.",
    )
