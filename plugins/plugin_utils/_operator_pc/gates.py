# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hardware gates of IGEL OS 12 and 11, and of the converter that runs on Windows (pure).

Source: igel-conversion reference, section 2. Unknown evidence gives ``ok: None``, which never means migrate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

GIB = 1024**3
# 4 GB of modules report less: firmware and graphics keep up to 512 MiB.
MIN_MEMORY = 7 * GIB // 2
MIN_FREE = 3_000_000_000
# Firmware names 1.5 GHz parts 1497 or so.
MHZ_SLACK = 10
FIRST_WINDOWS_11 = 22000

Get = Callable[[str], Any]
Verdict = tuple[bool | None, str]
IMPORTED = "import: "


@dataclass(frozen=True)
class Needs:
    """What one generation asks of a PC: cores, MHz and GB of disk (a volume on it is a little smaller)."""

    cores: int
    mhz: int
    disk_gb: int

    @property
    def volume_bytes(self) -> int:
        """The smallest system volume that such a disk gives."""
        return self.disk_gb * 925_000_000


# The converter itself asks for 4 GB of memory and 3 GB free, whatever it installs. OS 11: all features of 11.08 on.
NEEDS: Mapping[int, Needs] = {12: Needs(cores=2, mhz=1500, disk_gb=8), 11: Needs(cores=1, mhz=1000, disk_gb=4)}


def field(assessment: Mapping[str, Any], key: str) -> Any:
    """Give a field's value, None where it is unavailable or was not read."""
    found = assessment.get("fields", {}).get(key) or {}
    return found.get("value") if found.get("available") else None


def imported(assessment: Mapping[str, Any], key: str) -> bool:
    """True if a field comes from another tool and was not read from the PC."""
    found = assessment.get("fields", {}).get(key) or {}
    return bool(found.get("available")) and str(found.get("origin") or "").startswith(IMPORTED)


def gates(assessment: Mapping[str, Any], igel_os: int = 12) -> list[dict[str, Any]]:
    """Judge every gate: [{code, ok: True|False|None, text, needs, imported}].

    Args:
        assessment: the document with its fields.
        igel_os: the generation to be installed, 12 or 11.

    Returns:
        ``text`` holds the reading; ``needs`` is the requirement alone, the same for every PC. ``imported`` says that
        a value of another tool went into the verdict: good enough to hold a station, not to release it.
    """
    needs = NEEDS[igel_os]
    found = []
    for code, (judge, requirement) in _gates(needs).items():
        asked: set[str] = set()
        ok, text = judge(partial(_asked, assessment, asked))
        second_hand = any(imported(assessment, key) for key in asked)
        found.append({"code": code, "ok": ok, "text": text, "needs": requirement, "imported": second_hand})
    return found


def _asked(assessment: Mapping[str, Any], asked: set[str], key: str) -> Any:
    """Give a field, and remember that it was asked for."""
    asked.add(key)
    return field(assessment, key)


def _gates(needs: Needs) -> dict[str, tuple[Callable[[Get], Verdict], str]]:
    cores = _cores(needs.cores)
    return {
        "cpu_64bit": (_cpu_64bit, "a 64-bit CPU"),
        "cpu_cores": (_at_least("cpu.cores", needs.cores, _cores, cores), cores),
        "cpu_mhz": (
            _at_least("cpu.max_mhz", needs.mhz - MHZ_SLACK, lambda n: f"{n} MHz", f"{needs.mhz} MHz"),
            f"a CPU of {needs.mhz} MHz",
        ),
        "memory": (_memory, "4 GB of memory"),
        "disk_size": (
            _at_least(
                "disk.system_bytes",
                needs.volume_bytes,
                lambda n: f"system volume of {n / 1e9:.1f} GB",
                f"{needs.disk_gb} GB",
            ),
            f"a disk of {needs.disk_gb} GB",
        ),
        "disk_free": (
            _at_least("disk.system_free_bytes", MIN_FREE, lambda n: f"{n / 1e9:.1f} GB free", "3 GB free"),
            "3 GB free on the system volume",
        ),
        "os_eligible": (
            _os_eligible,
            "a Windows that the converter is documented for: 10, or 7 with KB3140245, not embedded",
        ),
        "secure_boot": (_secure_boot, "Secure Boot off, or on with the Microsoft 3rd-party UEFI CA"),
        "bitlocker": (_bitlocker, "BitLocker off on the system volume"),
        "write_filter": (_write_filter, "no write filter that is on"),
    }


def _cores(number: int) -> str:
    return "1 CPU core" if number == 1 else f"{number} CPU cores"


def _at_least(key: str, minimum: int, shown: Callable[[int], str], needs: str) -> Callable[[Get], Verdict]:
    def judge(get: Get) -> Verdict:
        value = get(key)
        if value is None:
            return None, f"unknown (needs {needs})"
        return value >= minimum, f"{shown(value)} (needs {needs})"

    return judge


def _cpu_64bit(get: Get) -> Verdict:
    width = get("cpu.data_width")
    if width is None:
        return None, "it is unknown whether the CPU can run 64 bit"
    return width >= 64, f"the CPU runs {width} bit (needs 64)"


def _memory(get: Get) -> Verdict:
    size = get("system.memory_bytes")
    if size is None:
        return None, "memory is unknown (needs 4 GB)"
    text = f"{size / GIB:.1f} GiB of memory (needs 4 GB)"
    if size < MIN_MEMORY and size >= 5 * GIB // 2 and get("os.architecture_bits") == 32:
        return None, f"{text}; a 32-bit Windows does not see all of it"
    return size >= MIN_MEMORY, text


def _os_eligible(get: Get) -> Verdict:
    version, caption = get("os.version"), get("os.caption") or "this Windows"
    if version is None:
        return None, "the version of Windows is unknown"
    kind = get("os.product_type")
    if kind is None:
        return None, f"it is unknown whether {caption} is a client or a server"
    if kind != 1:
        return False, f"{caption} is a server"
    if version.startswith("10.0"):
        return _windows_10(caption, get("os.build"))
    if version.startswith("6.1"):
        return _windows_7(caption, get("os.embedded"), get("os.hotfixes"))
    return False, f"{caption} cannot run the converter (needs Windows 10, or 7 with KB3140245)"


def _windows_10(caption: str, build: int | None) -> Verdict:
    if build is None:
        return None, f"the build of {caption} is unknown"
    if build >= FIRST_WINDOWS_11:
        return None, f"{caption}: the converter's documents do not name Windows 11"
    return True, f"{caption} can run the converter"


def _windows_7(caption: str, embedded: bool | None, hotfixes: list[str] | None) -> Verdict:
    if embedded is None:
        return None, f"it is unknown whether {caption} is an embedded edition"
    if embedded:
        return False, f"{caption} is an embedded edition that the converter's documents do not list"
    if hotfixes is None:
        return None, f"{caption} needs KB3140245; its updates could not be read"
    found = "KB3140245" in hotfixes
    return found, f"{caption} {'has' if found else 'lacks'} KB3140245 (TLS 1.2 for the converter)"


def _secure_boot(get: Get) -> Verdict:
    state = get("firmware.secure_boot")
    if state is None:
        return None, "the state of Secure Boot is unknown"
    if not state:
        return True, "Secure Boot is off or not supported"
    # Installer and IGEL OS carry the same signature: where firmware does not allow it the installer does not start, the
    # disk stays as it is, and Windows boots as the next entry. So this is told, and does not hold the station.
    return True, "Secure Boot is on: see that the firmware allows the Microsoft 3rd-party UEFI CA; Windows cannot tell"


def _bitlocker(get: Get) -> Verdict:
    state = get("bitlocker.protection")
    verdicts = {"off": True, "not_installed": True, "on": False}
    return verdicts.get(state), f"BitLocker on the system volume: {(state or 'unknown').replace('_', ' ')} (needs off)"


def _write_filter(get: Get) -> Verdict:
    state = get("write_filter.enabled")
    if state is None:
        return None, "it is unknown whether a write filter is on"
    return (
        not state,
        "a write filter is on: what is staged is lost at the next boot" if state else "no write filter is on",
    )
