# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

r"""The converter on the Windows disk: what its package puts into C:\OSC and what the boot chain makes of it.

[documented] the package makes C:\OSC with GRUB configuration files and hooks GRUB into the boot chain; the file osc.cfg
under the name grub.cfg boots C:\OSC\osc.iso unattended. [assumed] names and texts of the other files, product code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .files import Entry
    from .machine import Machine

FOLDER = "C:\\OSC"
LOADER = f"{FOLDER}\\g2ldr.mbr"
GRUB_CFG = f"{FOLDER}\\grub.cfg"
OSC_CFG = f"{FOLDER}\\osc.cfg"
IMAGE = f"{FOLDER}\\osc.iso"
GRUB_TEXT = "set timeout=0\r\nset default=0\r\nmenuentry 'Windows' {\r\n  ntldr /bootmgr\r\n}\r\n"
OSC_TEXT = (
    "set timeout=0\r\nset default=0\r\nset isofile=/OSC/osc.iso\r\n"
    "if [ -f $isofile ]; then\r\n  loopback loop $isofile\r\n"
    "  linux (loop)/boot/grub/vmlinuz osc_path=/OSC isofilename=osc.iso osc_unattended=true to_ram\r\n"
    "  boot\r\nfi\r\nntldr /bootmgr\r\n"
)
PRODUCT = "{6F1B9E52-8B2C-4C7A-9A55-0A1C5E0D7F11}"
NAME, VERSION, PUBLISHER = "IGEL Unified Management Agent", "1.01.100", "IGEL Technology GmbH"
_UNINSTALL = "SOFTWARE{view}\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\"


def boots(machine: Machine) -> str:
    """Say what starts at power on: `windows`, `installer`, or `nothing` (the loader finds no usable configuration)."""
    files = machine.files
    if files.file(LOADER) is None:
        return "windows"
    text = files.text(GRUB_CFG)
    if text == OSC_TEXT:
        return "installer" if files.file(IMAGE) is not None else "windows"
    # [assumed] GRUB without its configuration, or with a text that is neither of the two, stays at its prompt
    return "windows" if text == GRUB_TEXT else "nothing"


def is_converter(machine: Machine, entry: Entry) -> bool:
    """Whether a file is the converter's package: by the hash the site expects, or by its name where none is known."""
    wanted = str(machine.config.get("converter_sha256") or "").lower()
    if wanted:
        return str(entry.get("sha256", "")).lower() == wanted
    return str(entry["path"]).lower().endswith(".msi") and "sha256" in entry


def installed_product(machine: Machine) -> str | None:
    """Product code of the installed converter."""
    return PRODUCT if machine.registry.exists(_key(machine)) else None


def install(machine: Machine) -> None:
    """Install the package; a second time it changes nothing."""
    if installed_product(machine):
        return
    machine.files.make_dir(FOLDER)
    for path, text in ((GRUB_CFG, GRUB_TEXT), (OSC_CFG, OSC_TEXT), (LOADER, "GRUB4DOS-LOADER\r\n")):
        machine.write_file(path, {"text": text}, "install")
    values = {
        "DisplayName": NAME,
        "DisplayVersion": VERSION,
        "Publisher": PUBLISHER,
        "InstallDate": machine.local_time().strftime("%Y%m%d"),
        "UninstallString": f"MsiExec.exe /X{PRODUCT}",
    }
    for name, data in values.items():
        machine.registry.set_value(_key(machine), name, "REG_SZ", data)
    machine.registry.set_value(_key(machine), "WindowsInstaller", "REG_DWORD", 1)
    machine.changed("software", name=NAME, operation="install")


def uninstall(machine: Machine) -> None:
    """Take the package off: its own files and the hook in the boot chain go, what others put there stays."""
    if not installed_product(machine):
        return
    for path in (LOADER, GRUB_CFG, OSC_CFG):
        machine.remove_path(path, "uninstall")
    if not machine.files.children(FOLDER):
        machine.remove_path(FOLDER, "uninstall")
    machine.registry.delete_key(_key(machine))
    machine.changed("software", name=NAME, operation="uninstall")


def _key(machine: Machine) -> str:
    view = "\\Wow6432Node" if machine.profile.bits == 64 else ""
    return f"HKLM\\{_UNINSTALL.format(view=view)}{PRODUCT}"
