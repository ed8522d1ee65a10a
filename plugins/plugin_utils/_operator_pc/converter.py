# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

r"""The converter on a Windows PC: where it lies, what state it is in.

The converter's package makes ``C:\OSC`` with ``grub.cfg`` (boots Windows) and ``osc.cfg`` (boots the unattended image
``osc.iso``); armed means that grub.cfg has osc.cfg's content (IGEL community documentation of the converter for
Windows; the package's own manual does not describe the files). Everything else of ours lies in
``C:\ProgramData\otedge``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.batch import run_parts
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import WinRS

FOLDER = r"C:\OSC"
DOWNLOADS = r"C:\ProgramData\otedge"
LOADER = rf"{FOLDER}\grub.cfg"
LOADER_OLD = rf"{FOLDER}\grub.cfg.old"
LOADER_NEW = rf"{FOLDER}\grub.tmp"
INSTALL_LOADER = rf"{FOLDER}\osc.cfg"
IMAGE = rf"{FOLDER}\osc.iso"
IMAGE_PART = rf"{FOLDER}\osc.iso.part"
PACKAGE = rf"{DOWNLOADS}\converter.msi"
PACKAGE_PART = rf"{DOWNLOADS}\converter.msi.part"
# What lay in the converter's folder before we touched it: the way back restores exactly that.
BEFORE = rf"{DOWNLOADS}\before.txt"
# Outside of what unstaging removes: the log of an uninstallation has to outlive it.
LOG = r"C:\Windows\Temp\otedge-converter.log"

READS: Mapping[str, str] = {
    "osc_files": f"dir /b {FOLDER}",
    "osc_downloads": f"dir /b {DOWNLOADS}",
    "osc_loader": f"type {LOADER}",
    "osc_install_loader": f"type {INSTALL_LOADER}",
    "osc_loader_old": f"type {LOADER_OLD}",
}


@dataclass(frozen=True)
class ConverterState:
    """What lies on the PC.

    Attributes:
        installed: the converter's loader files exist.
        image: the image exists under its final name.
        staged: installed, with image.
        armed: the loader would start the installer at the next boot.
        original: the loader that boots Windows is kept, whole, in grub.cfg.old.
        files: names in the converter's folder.
        downloads: names in our download folder.
        loaders: SHA-256 of each loader file's text as it was read, by file name.
    """

    installed: bool = False
    image: bool = False
    staged: bool = False
    armed: bool = False
    original: bool = False
    files: tuple[str, ...] = ()
    downloads: tuple[str, ...] = ()
    loaders: Mapping[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Give plain data, without the loaders' sums."""
        plain = {key: value for key, value in asdict(self).items() if key != "loaders"}
        return {**plain, "files": list(self.files), "downloads": list(self.downloads)}


def state_from(parts: Mapping[str, str]) -> ConverterState:
    """Judge the outputs of READS (pure)."""
    files = _names(parts.get("osc_files", ""))
    loader = _text(parts.get("osc_loader", ""))
    install_loader = _text(parts.get("osc_install_loader", ""))
    old = _text(parts.get("osc_loader_old", ""))
    installed = {"grub.cfg", "osc.cfg"} <= set(files) and bool(loader) and bool(install_loader)
    image = "osc.iso" in files
    armed = installed and loader == install_loader
    return ConverterState(
        installed=installed,
        image=image,
        staged=installed and image,
        armed=armed,
        original=bool(old) and old != install_loader and (armed or old == loader),
        files=files,
        downloads=_names(parts.get("osc_downloads", "")),
        loaders={
            name: hashlib.sha256(text.encode()).hexdigest()
            for name, text in (("grub.cfg", loader), ("osc.cfg", install_loader), ("grub.cfg.old", old))
            if text
        },
    )


class UnsureError(PeerError):
    """The PC did not show all that says whether it is armed."""


def certain(parts: Mapping[str, str]) -> ConverterState:
    """Judge the outputs of READS for somebody who acts on them: what was not shown is not "not armed".

    Raises:
        UnsureError: a part is missing, or a loader file is there and its text did not come.
    """
    complete(parts)
    files = _names(parts["osc_files"])
    texts = {"grub.cfg": parts["osc_loader"], "osc.cfg": parts["osc_install_loader"]}
    unread = [name for name, text in texts.items() if name in files and not text.strip()]
    if unread:
        raise _unsure(rf"{FOLDER}\{unread[0]} is there, and its text could not be read")
    return state_from(parts)


def complete(parts: Mapping[str, str]) -> None:
    """Raise UnsureError unless every part of READS has been shown."""
    if any(name not in parts for name in READS):
        raise _unsure("the command that reads the converter's folder ended before its end")


def _unsure(what: str) -> UnsureError:
    return UnsureError(f"It is not known whether the PC is armed: {what}.", fix="Look at the PC, then run again.")


def read_state(shell: WinRS) -> ConverterState:
    """Read and judge, in one command; see certain()."""
    return certain(run_parts(shell, READS))


def _names(text: str) -> tuple[str, ...]:
    return tuple(sorted({line.strip().lower() for line in text.splitlines() if line.strip()}))


def _text(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())
