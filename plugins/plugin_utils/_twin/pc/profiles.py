# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the simulated PCs run: one description per Windows version and processor."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """One kind of PC. bits: of Windows; cpu_bits: what the processor could do; seven: kernel 6.1 with WinRM 2.0."""

    name: str
    bits: int
    cpu_bits: int
    seven: bool
    version: str
    ubr: int
    service_pack: int
    caption: str
    product_name: str
    edition: str
    sku: int
    uefi: bool
    secure_boot: bool | None
    memory_gb: int
    disk_gb: int
    maker: str
    model: str
    processor: str
    cores: int
    mhz: int
    hotfixes: tuple[str, ...]
    embedded: bool = False

    @property
    def build(self) -> str:
        """Build number as text."""
        return self.version.rpartition(".")[2]

    @property
    def stack(self) -> str:
        """Version of WinRM."""
        return "2.0" if self.seven else "3.0"

    @property
    def version_text(self) -> str:
        """Version as `ver` prints it."""
        return self.version if self.seven else f"{self.version}.{self.ubr}"


_SEVEN_FIXES = ("KB976902", "KB2534111", "KB3140245", "KB4474419", "KB4490628")
_TEN_FIXES = ("KB5011048", "KB5015684", "KB5034122", "KB5034275")
_I5_SEVEN = "Intel(R) Core(TM) i5-3470 CPU @ 3.20GHz"
PROFILES = {
    one.name: one
    for one in (
        Profile(
            "win10_x64", 64, 64, False, "10.0.19045", 4046, 0, "Microsoft Windows 10 Enterprise",
            "Windows 10 Enterprise", "Enterprise", 4, True, True, 8, 238, "Dell Inc.", "OptiPlex 3070",
            "Intel(R) Core(TM) i5-9500T CPU @ 2.20GHz", 6, 2208, _TEN_FIXES,
        ),
        Profile(
            "win7_x64", 64, 64, True, "6.1.7601", 24556, 1, "Microsoft Windows 7 Professional ",
            "Windows 7 Professional", "Professional", 48, False, None, 8, 232, "Hewlett-Packard",
            "HP Compaq Elite 8300 SFF", _I5_SEVEN, 4, 3200, _SEVEN_FIXES,
        ),
        Profile(
            "win7_x86", 32, 32, True, "6.1.7601", 24556, 1, "Microsoft Windows 7 Professional ",
            "Windows 7 Professional", "Professional", 48, False, None, 2, 149, "Dell Inc.", "OptiPlex 745",
            "Intel(R) Pentium(R) 4 CPU 3.00GHz", 1, 2992, _SEVEN_FIXES,
        ),
        Profile(
            "es7_x64", 64, 64, True, "6.1.7601", 24556, 1, "Microsoft Windows Embedded Standard ",
            "Windows Embedded Standard", "Embedded", 65, False, None, 4, 111, "SIEMENS AG", "SIMATIC IPC477D",
            "Intel(R) Core(TM) i7-3517UE CPU @ 1.70GHz", 2, 1701, _SEVEN_FIXES, True,
        ),
    )
}  # fmt: skip
