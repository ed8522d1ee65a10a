# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the simulated PCs run: one description per Windows version and processor."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """One kind of PC. bits: of Windows; cpu_bits: what the processor could do; seven: kernel 6.1 or older."""

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
    release: str = ""  # DisplayVersion; empty where Windows has none
    powershell: str = ""  # version of the engine that was installed; empty: none
    net_release: int = 0  # Release of .NET Framework 4
    posready: bool = False

    @property
    def family(self) -> str:
        """Which Windows: xp, 7, 8.1, 10 or 11."""
        if self.seven:
            return "7" if self.version.startswith("6.1") else "xp"
        if self.version.startswith("6.3"):
            return "8.1"
        return "11" if int(self.build) >= 22000 else "10"

    @property
    def build(self) -> str:
        """Build number as text."""
        return self.version.rpartition(".")[2]

    @property
    def stack(self) -> str:
        """Version of WinRM."""
        if self.family == "xp":
            return "1.1"
        return "2.0" if self.seven else "3.0"

    @property
    def version_text(self) -> str:
        """Version as `ver` prints it."""
        return self.version if self.seven else f"{self.version}.{self.ubr}"


_SEVEN_FIXES = ("KB976902", "KB2534111", "KB3140245", "KB4474419", "KB4490628")
_EIGHT_FIXES = ("KB2919355", "KB3000850", "KB4012213")
_TEN_FIXES = ("KB5011048", "KB5015684", "KB5034122", "KB5034275")
_I5_SEVEN = "Intel(R) Core(TM) i5-3470 CPU @ 3.20GHz"
_I5_TEN = "Intel(R) Core(TM) i5-9500T CPU @ 2.20GHz"
_PS5 = "5.1.19041.1"
PROFILES = {
    one.name: one
    for one in (
        Profile(
            "win10_x64", 64, 64, False, "10.0.19045", 4046, 0, "Microsoft Windows 10 Enterprise",
            "Windows 10 Enterprise", "Enterprise", 4, True, True, 8, 238, "Dell Inc.", "OptiPlex 3070",
            _I5_TEN, 6, 2208, _TEN_FIXES, False, "22H2", _PS5, 528372,
        ),
        Profile(
            "win10_ltsc", 64, 64, False, "10.0.17763", 5329, 0, "Microsoft Windows 10 Enterprise LTSC",
            "Windows 10 Enterprise LTSC 2019", "EnterpriseS", 125, True, True, 8, 238, "Advantech", "UNO-2484G",
            "Intel(R) Core(TM) i5-7300U CPU @ 2.60GHz", 2, 2712, _TEN_FIXES, False, "1809", "5.1.17763.1", 461814,
        ),
        Profile(
            "win10_iot", 64, 64, False, "10.0.19044", 4046, 0, "Microsoft Windows 10 IoT Enterprise LTSC",
            "Windows 10 IoT Enterprise LTSC 2021", "IoTEnterpriseS", 191, True, True, 8, 119, "SIEMENS AG",
            "SIMATIC IPC277G", "Intel Atom(R) x6413E @ 1.50GHz", 4, 1500, _TEN_FIXES, False, "21H2", _PS5, 528372,
        ),
        Profile(
            "win11_x64", 64, 64, False, "10.0.26100", 2033, 0, "Microsoft Windows 11 Enterprise",
            "Windows 10 Enterprise", "Enterprise", 4, True, True, 16, 476, "Dell Inc.", "OptiPlex 7010",
            "13th Gen Intel(R) Core(TM) i5-13500T", 14, 1600, ("KB5042098", "KB5044284"), False, "24H2",
            "5.1.26100.1", 533320,
        ),
        Profile(
            "win81_industry", 64, 64, False, "6.3.9600", 20778, 0, "Microsoft Windows Embedded 8.1 Industry Pro",
            "Windows Embedded 8.1 Industry Pro", "EmbeddedIndustry", 89, True, True, 4, 119, "Beckhoff Automation",
            "C6930-0050", "Intel(R) Core(TM) i3-4330TE CPU @ 2.40GHz", 2, 2400, _EIGHT_FIXES, True, "", "4.0",
            378675,
        ),
        Profile(
            "win7_x64", 64, 64, True, "6.1.7601", 24556, 1, "Microsoft Windows 7 Professional ",
            "Windows 7 Professional", "Professional", 48, False, None, 8, 232, "Hewlett-Packard",
            "HP Compaq Elite 8300 SFF", _I5_SEVEN, 4, 3200, _SEVEN_FIXES, False, "", "2.0",
        ),
        Profile(
            "win7_x86", 32, 32, True, "6.1.7601", 24556, 1, "Microsoft Windows 7 Professional ",
            "Windows 7 Professional", "Professional", 48, False, None, 2, 149, "Dell Inc.", "OptiPlex 745",
            "Intel(R) Pentium(R) 4 CPU 3.00GHz", 1, 2992, _SEVEN_FIXES, False, "", "2.0",
        ),
        Profile(
            "es7_x64", 64, 64, True, "6.1.7601", 24556, 1, "Microsoft Windows Embedded Standard ",
            "Windows Embedded Standard", "Embedded", 65, False, None, 4, 111, "SIEMENS AG", "SIMATIC IPC477D",
            "Intel(R) Core(TM) i7-3517UE CPU @ 1.70GHz", 2, 1701, _SEVEN_FIXES, True,
        ),
        Profile(
            "posready7", 32, 64, True, "6.1.7601", 24556, 1, "Microsoft Windows Embedded POSReady 7 ",
            "Windows Embedded POSReady 7", "Embedded", 65, False, None, 4, 119, "WINCOR NIXDORF", "BEETLE /M-II plus",
            "Intel(R) Core(TM)2 Duo CPU E7400 @ 2.80GHz", 2, 2793, _SEVEN_FIXES, True, posready=True,
        ),
        Profile(
            "posready2009", 32, 32, True, "5.1.2600", 5512, 3, "Microsoft Windows XP Professional",
            "Microsoft Windows XP", "Embedded", 0, False, None, 1, 37, "IBM", "4846-545",
            "Intel(R) Celeron(R) CPU 2.53GHz", 1, 2527, ("KB936929",), True, posready=True,
        ),
    )
}  # fmt: skip
