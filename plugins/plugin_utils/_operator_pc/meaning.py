# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an assessment means for a conversion to IGEL OS 12: hardware gates and blockers (pure).

Sources: IGEL supported devices and system requirements (gates), converter manual (Windows versions, disk space); the
vendor and product tables are engineering knowledge and give a reason to look, never a reason to convert. Unknown
evidence gives ``ok: None``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import tables as t

GIB = 1024**3
# 4 GB of modules report less: firmware and graphics keep up to 512 MiB.
MIN_MEMORY = 7 * GIB // 2
# A volume on an 8 GB disk is smaller than the disk.
MIN_DISK = 7_400_000_000
MIN_FREE = 3_000_000_000
MIN_CORES = 2
MIN_MHZ = 1500
# Firmware names 1.5 GHz parts 1497 or so.
MHZ_SLACK = 10
FIRST_WINDOWS_11 = 22000

Verdict = tuple[bool | None, str]


def field(assessment: Mapping[str, Any], key: str) -> Any:
    """Give a field's value, None where it is unavailable or was not read."""
    found = assessment.get("fields", {}).get(key) or {}
    return found.get("value") if found.get("available") else None


def gates_os12(assessment: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Judge the gates of IGEL OS 12 and its converter: [{code, ok: True|False|None, text, needs}].

    ``text`` holds the reading; ``needs`` is the requirement alone, the same for every PC.
    """
    result = []
    for code, judge in _GATES.items():
        ok, text = judge(lambda key: field(assessment, key))
        result.append({"code": code, "ok": ok, "text": text, "needs": _NEEDS[code]})
    return result


def blockers(assessment: Mapping[str, Any]) -> list[dict[str, str]]:
    """Give what speaks against converting this PC: [{code, text, field}]."""
    found: list[dict[str, str]] = []
    for key, judge in _BLOCKERS.items():
        for item in field(assessment, key) or []:
            found.extend({"code": code, "text": text, "field": key} for code, text in judge(item))
    return found


def _pci(device: Mapping[str, str]) -> list[tuple[str, str]]:
    shown = device["name"] or device["id"]
    known = [entry for vendor, entry in t.PCI_VENDORS.items() if f"VEN_{vendor}" in device["id"].upper()]
    if not known and t.FIELDBUS_NAMES.search(device["name"]):
        known = [("fieldbus_card", "Fieldbus card by its name")]
    return [(code, f"{text}: {shown}") for code, text in known]


def _usb(device: Mapping[str, str]) -> list[tuple[str, str]]:
    shown = device["name"] or device["id"]
    known = [text for vendor, text in t.DONGLE_VENDORS.items() if f"VID_{vendor}" in device["id"].upper()]
    return [("licence_dongle", f"{text}: {shown}") for text in known]


def _port(port: Mapping[str, str]) -> list[tuple[str, str]]:
    if t.ONBOARD_PORT.match(port["id"]):
        return []
    return [("serial_adapter", f"Serial port that was added to the PC: {port['name'] or port['id']}")]


def _service(name: str) -> list[tuple[str, str]]:
    entry = t.SERVICES.get(name.lower())
    return [(entry[0], f"{entry[1]}: service {name} runs")] if entry else []


def _product(product: Mapping[str, str]) -> list[tuple[str, str]]:
    found = [
        (code, f"{text}: {product['name']}") for pattern, code, text in t.PRODUCTS if pattern.search(product["name"])
    ]
    return found[:1]


_BLOCKERS: Mapping[str, Callable[[Any], list[tuple[str, str]]]] = {
    "devices.pci": _pci,
    "devices.usb": _usb,
    "devices.serial_ports": _port,
    "services.running": _service,
    "software.installed": _product,
}


def _at_least(
    key: str, minimum: int, shown: Callable[[int], str], needs: str
) -> Callable[[Callable[[str], Any]], Verdict]:
    def judge(get: Callable[[str], Any]) -> Verdict:
        value = get(key)
        if value is None:
            return None, f"unknown (needs {needs})"
        return value >= minimum, f"{shown(value)} (needs {needs})"

    return judge


def _cpu_64bit(get: Callable[[str], Any]) -> Verdict:
    width = get("cpu.data_width")
    if width is None:
        return None, "it is unknown whether the CPU can run 64 bit"
    return width >= 64, f"the CPU runs {width} bit (needs 64)"


def _memory(get: Callable[[str], Any]) -> Verdict:
    size = get("system.memory_bytes")
    if size is None:
        return None, "memory is unknown (needs 4 GB)"
    text = f"{size / GIB:.1f} GiB of memory (needs 4 GB)"
    if size < MIN_MEMORY and size >= 5 * GIB // 2 and get("os.architecture_bits") == 32:
        return None, f"{text}; a 32-bit Windows does not see all of it"
    return size >= MIN_MEMORY, text


def _os_eligible(get: Callable[[str], Any]) -> Verdict:
    version, caption = get("os.version"), get("os.caption") or "this Windows"
    if version is None:
        return None, "the version of Windows is unknown"
    if get("os.product_type") not in (None, 1):
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


def _secure_boot(get: Callable[[str], Any]) -> Verdict:
    state = get("firmware.secure_boot")
    if state is None:
        return None, "the state of Secure Boot is unknown"
    if not state:
        return True, "Secure Boot is off or not supported"
    # Installer and IGEL OS carry the same signature: where firmware does not allow it the installer does not start, the
    # disk stays as it is, and Windows boots as the next entry. So this is told, and does not hold the station.
    return True, "Secure Boot is on: see that the firmware allows the Microsoft 3rd-party UEFI CA; Windows cannot tell"


def _bitlocker(get: Callable[[str], Any]) -> Verdict:
    state = get("bitlocker.protection")
    verdicts = {"off": True, "not_installed": True, "on": False}
    return verdicts.get(state), f"BitLocker on the system volume: {(state or 'unknown').replace('_', ' ')} (needs off)"


def _write_filter(get: Callable[[str], Any]) -> Verdict:
    state = get("write_filter.enabled")
    if state is None:
        return None, "it is unknown whether a write filter is on"
    return (
        not state,
        "a write filter is on: what is staged is lost at the next boot" if state else "no write filter is on",
    )


_GATES: Mapping[str, Callable[[Callable[[str], Any]], Verdict]] = {
    "cpu_64bit": _cpu_64bit,
    "cpu_cores": _at_least("cpu.cores", MIN_CORES, lambda n: f"{n} CPU cores", "2 cores"),
    "cpu_mhz": _at_least("cpu.max_mhz", MIN_MHZ - MHZ_SLACK, lambda n: f"{n} MHz", "1500 MHz"),
    "memory": _memory,
    "disk_size": _at_least("disk.system_bytes", MIN_DISK, lambda n: f"system volume of {n / 1e9:.1f} GB", "8 GB"),
    "disk_free": _at_least("disk.system_free_bytes", MIN_FREE, lambda n: f"{n / 1e9:.1f} GB free", "3 GB free"),
    "os_eligible": _os_eligible,
    "secure_boot": _secure_boot,
    "bitlocker": _bitlocker,
    "write_filter": _write_filter,
}

_NEEDS: Mapping[str, str] = {
    "cpu_64bit": "a 64-bit CPU",
    "cpu_cores": "2 CPU cores",
    "cpu_mhz": "a CPU of 1500 MHz",
    "memory": "4 GB of memory",
    "disk_size": "a disk of 8 GB",
    "disk_free": "3 GB free on the system volume",
    "os_eligible": "a Windows that the converter is documented for: 10, or 7 with KB3140245, not embedded",
    "secure_boot": "Secure Boot off, or on with the Microsoft 3rd-party UEFI CA",
    "bitlocker": "BitLocker off on the system volume",
    "write_filter": "no write filter that is on",
}
