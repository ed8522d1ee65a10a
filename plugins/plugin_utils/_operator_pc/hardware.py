# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hardware fields out of the answers (pure): case, processor, memory, disks, firmware, TPM, devices, screens."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import identity, network, registry
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import readers as r
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.answers import Answers
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.readers import Reader, Unreadable
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.sources import PORTS_CLASS

# SMBIOS reference specification, system enclosure types; those an operator PC comes in.
_CHASSIS = {
    3: "desktop", 4: "low profile desktop", 5: "pizza box", 6: "mini tower", 7: "tower", 8: "portable", 9: "laptop",
    10: "notebook", 11: "handheld", 12: "docking station", 13: "all in one", 14: "sub notebook", 15: "space saving",
    16: "lunch box", 17: "main server chassis", 23: "rack mount", 30: "tablet", 31: "convertible", 32: "detachable",
    33: "IoT gateway", 34: "embedded PC", 35: "mini PC", 36: "stick PC",
}  # fmt: skip
_ARCHITECTURES = {0: "x86", 5: "ARM", 6: "Itanium", 9: "x64", 12: "ARM64"}
_ROLES = {
    0: "standalone workstation", 1: "member workstation", 2: "standalone server", 3: "member server",
    4: "backup domain controller", 5: "primary domain controller",
}  # fmt: skip
_MEDIA = {3: "hdd", 4: "ssd", 5: "scm"}
_BUSES = {1: "scsi", 3: "ata", 7: "usb", 8: "raid", 10: "sas", 11: "sata", 12: "sd", 13: "mmc", 17: "nvme"}
_HEALTH = {0: "healthy", 1: "warning", 2: "unhealthy"}
_TOUCH = re.compile(r"touch|digiti[sz]er|stylus|HID-kompatibler Touch|tactile|t[aá]ctil", re.IGNORECASE)
_UNKNOWN_MEMORY = 1 << 62


def chassis(answers: Answers) -> list[str]:
    """Give the forms the case claims to be."""
    found = [r.named(_CHASSIS, number) for number in r.numbers(r.first_row(answers, "enclosure").get("ChassisTypes"))]
    known = [name for name in found if name not in ("1", "2", "unknown")]
    if not known:
        raise Unreadable("the case does not say what it is")
    return known


def board(answers: Answers) -> dict[str, str]:
    """Give the main board."""
    row = r.first_row(answers, "board")
    found = {name: identity.clean(row.get(name.capitalize())) for name in ("manufacturer", "product")}
    found["serial"] = identity.clean(row.get("SerialNumber"))
    if not any(found.values()):
        raise Unreadable("the board does not say what it is")
    return found


def domain(answers: Answers) -> dict[str, Any]:
    """Give domain or workgroup."""
    row = r.first_row(answers, "system")
    joined = r.as_bool(row.get("PartOfDomain"))
    if joined is None:
        raise Unreadable("PartOfDomain is empty on this PC")
    name = row.get("Domain") if joined else row.get("Workgroup") or row.get("Domain")
    return {"joined": joined, "name": r.as_text(name), "role": r.named(_ROLES, row.get("DomainRole"))}


def architecture(value: Any) -> str:
    """Give the processor's architecture."""
    return r.named(_ARCHITECTURES, value)


def over_cpus(name: str, pick: Callable[[list[int]], int]) -> Reader:
    """Give a reader that folds a column over all processors."""

    def read(answers: Answers) -> int:
        numbers = [number for row in r.rows(answers, "cpu") if (number := r.as_number(row.get(name))) is not None]
        if not numbers:
            raise Unreadable(f"{name} is empty on this PC")
        return pick(numbers)

    return read


def module(row: dict[str, Any]) -> dict[str, Any]:
    """Give one memory module."""
    size = r.as_number(row.get("Capacity"))
    return {
        "bytes": size if size is not None and size < _UNKNOWN_MEMORY else None,
        "mhz": r.as_number(row.get("Speed")),
        "slot": r.as_text(row.get("DeviceLocator")),
    }


def slots(answers: Answers) -> dict[str, Any]:
    """Give how many modules the board takes, and how much memory."""
    found = r.rows(answers, "memory_slots")
    total = [number for row in found if (number := r.as_number(row.get("MemoryDevices"))) is not None]
    largest = [number for row in found if (number := r.as_number(row.get("MaxCapacity")))]
    if not total:
        raise Unreadable("MemoryDevices is empty on this PC")
    return {"total": sum(total), "max_bytes": sum(largest) * 1024 if largest else None}


def drives(answers: Answers) -> list[dict[str, Any]]:
    """Give the disks; newer Windows says what they are, older only how they are connected."""
    if answers.rows.get("physical_disks"):
        return r.listed("physical_disks", _physical)(answers)
    return r.listed("drives", _drive)(answers)


def _physical(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "model": r.as_text(row.get("FriendlyName")),
        "bytes": r.as_number(row.get("Size")),
        "bus": r.named(_BUSES, row.get("BusType")),
        "media": _MEDIA.get(r.as_number(row.get("MediaType")) or 0, "unknown"),
        "serial": identity.clean(row.get("SerialNumber")),
        "health": r.named(_HEALTH, row.get("HealthStatus")),
    }


def _drive(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "model": r.as_text(row.get("Model")),
        "bytes": r.as_number(row.get("Size")),
        "bus": r.as_text(row.get("InterfaceType")).lower() or "unknown",
        "media": "unknown",
        "serial": identity.clean(row.get("SerialNumber")),
        "health": {"OK": "healthy"}.get(str(row.get("Status")), r.as_text(row.get("Status")) or "unknown"),
    }


def volume(row: dict[str, Any]) -> dict[str, Any]:
    """Give one volume with a letter."""
    return {
        "name": r.as_text(row.get("DeviceID")).upper(),
        "filesystem": r.as_text(row.get("FileSystem")),
        "bytes": r.as_number(row.get("Size")),
        "free_bytes": r.as_number(row.get("FreeSpace")),
    }


def system_volume(name: str) -> Reader:
    """Give a reader of a size of the volume Windows runs from."""

    def read(answers: Answers) -> int:
        drive = system_drive(answers)
        for row in r.rows(answers, "volumes"):
            if str(row.get("DeviceID", "")).upper() == drive and (size := r.as_number(row.get(name))) is not None:
                return size
        raise Unreadable(f"{name} of volume {drive} is empty on this PC")

    return read


def system_drive(answers: Answers) -> str:
    """Give the letter Windows runs from, with its colon."""
    found = str(r.first_row(answers, "os").get("SystemDrive") or "").upper()
    if not found:
        raise Unreadable("Windows does not say which volume it runs from")
    return found


def firmware(answers: Answers) -> str:
    """Give 'uefi' or 'bios'."""
    if kind := _kind(answers):
        return kind
    return {"gpt": "uefi", "mbr": "bios"}[_style(answers)]


def partition_style(answers: Answers) -> str:
    """Give 'gpt' or 'mbr' of the disk that Windows boots from."""
    # Windows boots by UEFI from GPT disks only, and by BIOS from MBR disks only (vendor's documentation).
    if "partitions" in answers.rows:
        return _style(answers)
    return {"uefi": "gpt", "bios": "mbr"}[firmware(answers)]


def _kind(answers: Answers) -> str:
    kind = r.optional_number(answers, "firmware", "PEFirmwareType") if "firmware" in answers.text else None
    if kind in (1, 2):
        return "uefi" if kind == 2 else "bios"
    loader = answers.text.get("bcd", "").lower()
    if "winload.efi" in loader:
        return "uefi"
    return "bios" if "winload.exe" in loader else ""


def _style(answers: Answers) -> str:
    kinds = [str(row.get("Type") or "").upper() for row in r.rows(answers, "partitions")]
    if not any(kinds):
        raise Unreadable("this Windows does not say it, and no boot partition was listed")
    return "gpt" if any(kind.startswith("GPT") for kind in kinds) else "mbr"


def secure_boot(answers: Answers) -> bool:
    """Say whether Secure Boot is on."""
    # The key does not exist where firmware or Windows do not support Secure Boot.
    return r.optional_number(answers, "secure_boot", "UEFISecureBootEnabled") == 1


def secure_boot_cas(_answers: Answers) -> list[str]:
    """Never readable: kept as a field so that nobody takes its absence for an answer."""
    raise Unreadable(
        "which certificates the firmware trusts stands in UEFI variables; neither WMI nor cmd reads them: look into the"
        " firmware setup for 'Microsoft 3rd-party UEFI CA', 2011 and 2023"
    )


def tpm(answers: Answers) -> dict[str, Any]:
    """Give the TPM: present, enabled, activated, version of its specification."""
    found = r.rows(answers, "tpm")
    if not found:
        return {"present": False, "enabled": None, "activated": None, "version": ""}
    row = found[0]
    return {
        "present": True,
        "enabled": r.as_bool(row.get("IsEnabled_InitialValue")),
        "activated": r.as_bool(row.get("IsActivated_InitialValue")),
        # "2.0, 0, 1.38": the specification's version stands first.
        "version": r.as_text(row.get("SpecVersion")).partition(",")[0],
    }


def on_bus(prefix: str) -> Reader:
    """Give a reader of the devices whose id begins so."""
    return _devices(lambda row: str(row["DeviceID"]).upper().startswith(prefix))


def _devices(chosen: Callable[[dict[str, Any]], bool]) -> Reader:
    def read(answers: Answers) -> list[dict[str, Any]]:
        found = r.rows(answers, "devices")
        if any(not row.get("DeviceID") for row in found):
            raise Unreadable("a device does not say which it is")
        return r.bounded(network.devices(row for row in found if chosen(row)))

    return read


serial_ports = _devices(lambda row: str(row.get("ClassGuid") or "").lower() == PORTS_CLASS)
touch = _devices(lambda row: bool(_TOUCH.search(str(row.get("Name") or ""))))


def com_ports(answers: Answers) -> list[dict[str, str]]:
    """Give the serial ports as drivers registered them, USB adapters included."""
    found = [
        {"port": data, "driver": name}
        for values in r.keys(answers, "com_ports").values()
        for name, data in values.items()
        if data
    ]
    return sorted(found, key=lambda item: (item["port"], item["driver"]))


def video(row: dict[str, Any]) -> dict[str, Any]:
    """Give one graphics adapter with the resolution it shows."""
    return {
        "name": r.as_text(row.get("Name")),
        "driver_version": r.as_text(row.get("DriverVersion")),
        "width": r.as_number(row.get("CurrentHorizontalResolution")),
        "height": r.as_number(row.get("CurrentVerticalResolution")),
    }


def monitor(row: dict[str, Any]) -> dict[str, Any]:
    """Give one monitor; its texts come as arrays of characters, ended by zero."""
    found: dict[str, Any] = {
        key: registry.from_codes(r.numbers(row.get(name)))
        for key, name in (
            ("maker", "ManufacturerName"), ("name", "UserFriendlyName"), ("serial", "SerialNumberID"),
        )
    }  # fmt: skip
    return {**found, "active": r.as_bool(row.get("Active"))}
