# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hardware of a simulated PC, derived from its station so that the same station always has the same serial number."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from .catalogue_network import adapters, network
from .catalogue_peripherals import touch
from .schema import BITLOCKER, CIMV2

if TYPE_CHECKING:
    from .catalogue import Catalogue
    from .machine import Machine

Row = dict[str, Any]
PORTS = "{4d36e978-e325-11ce-bfc1-08002be10318}"
NET = "{4d36e972-e325-11ce-bfc1-08002be10318}"
USB = "{36fc9e60-c465-11cf-8056-444553540000}"
SYSTEM = "{4d36e97d-e325-11ce-bfc1-08002be10318}"


def rows(catalogue: Catalogue, machine: Machine) -> dict[tuple[str, str], list[Row]]:
    """Instances of all hardware classes."""
    parts = {**_case(catalogue, machine), **_disks(catalogue, machine), **network(catalogue, machine)}
    parts["win32_processor"] = [_processor(catalogue)]
    parts["win32_pnpentity"] = _devices(catalogue)
    parts["win32_serialport"] = _serial_ports(catalogue)
    found = {(CIMV2, name): list(values) for name, values in parts.items()}
    found[BITLOCKER, "win32_encryptablevolume"] = [
        {
            "DeviceID": f"\\\\?\\Volume{{{unique(machine)}}}\\",
            "DriveLetter": "C:",
            "ProtectionStatus": 1 if catalogue.overrides.get("bitlocker") else 0,
            "PersistentVolumeID": "",
        }
    ]
    if not machine.profile.seven:
        found["root\\microsoft\\windows\\storage", "msft_physicaldisk"] = [
            {"DeviceId": "0", "FriendlyName": "NVMe disk", "MediaType": 4, "BusType": 17, "Size": catalogue.disk}
        ]
    return found


def serial(machine: Machine) -> str:
    """Serial number of the PC."""
    return str(machine.overrides.get("serial") or f"TW{_digest(machine)[:7].upper()}")


def unique(machine: Machine) -> str:
    """SMBIOS UUID."""
    given = machine.overrides.get("uuid")
    text = _digest(machine).upper()
    return str(given or f"{text[:8]}-{text[8:12]}-4{text[13:16]}-A{text[17:20]}-{text[20:32]}")


def _digest(machine: Machine) -> str:
    return hashlib.sha256(f"{machine.name}|{machine.config.get('mac')}".encode()).hexdigest()


def _case(catalogue: Catalogue, machine: Machine) -> dict[str, list[Row]]:
    profile, own = machine.profile, catalogue.overrides
    maker, model = own.get("maker", profile.maker), own.get("model", profile.model)
    return {
        "win32_computersystem": [
            {
                "Name": machine.hostname,
                "DNSHostName": machine.name,
                "Caption": machine.hostname,
                "Manufacturer": maker,
                "Model": model,
                "Domain": own.get("domain", "WORKGROUP"),
                "Workgroup": None if own.get("domain") else "WORKGROUP",
                "PartOfDomain": bool(own.get("domain")),
                "DomainRole": 1 if own.get("domain") else 0,
                "TotalPhysicalMemory": catalogue.memory - 100 * 1024**2,
                "NumberOfProcessors": 1,
                "NumberOfLogicalProcessors": int(own.get("cores", profile.cores)),
                "PCSystemType": 1,
                "SystemType": "x64-based PC" if profile.bits == 64 else "X86-based PC",
                "UserName": f"{machine.hostname}\\{machine.console_user}" if machine.console_user else None,
                "BootupState": "Normal boot",
                "Status": "OK",
                "Roles": ["LM_Workstation", "LM_Server", "NT"],
            }
        ],
        "win32_computersystemproduct": [
            {
                "Name": model,
                "Vendor": maker,
                "UUID": unique(machine),
                "IdentifyingNumber": serial(machine),
                "Version": "",
                "Caption": "Computer System Product",
            }
        ],
        "win32_bios": [
            {
                "SerialNumber": serial(machine),
                "SMBIOSBIOSVersion": "1.17.0" if profile.uefi else "A12",
                "Manufacturer": maker,
                "Name": "BIOS",
                "ReleaseDate": datetime(2022 if profile.uefi else 2013, 3, 14, tzinfo=UTC),
                "BIOSVersion": ["DELL   - 1072009", "1.17.0"],
                "SMBIOSPresent": True,
                "PrimaryBIOS": True,
                "Status": "OK",
            }
        ],
        "win32_baseboard": [
            {"Manufacturer": maker, "Product": "0T2HR0", "SerialNumber": f"/{serial(machine)}/", "Tag": "B"}
        ],
        "win32_systemenclosure": [
            {"ChassisTypes": own.get("chassis", [3]), "Manufacturer": maker, "SMBIOSAssetTag": "", "Tag": "E"}
        ],
        "win32_physicalmemory": [{"Capacity": catalogue.memory, "Speed": 1600, "Tag": "Physical Memory 0"}],
        "win32_physicalmemoryarray": [{"MemoryDevices": 2, "MaxCapacity": 33554432, "Tag": "Physical Memory Array 0"}],
    }


def _processor(catalogue: Catalogue) -> Row:
    profile, own = catalogue.profile, catalogue.overrides
    return {
        "DeviceID": "CPU0",
        "Name": own.get("cpu", profile.processor),
        "Manufacturer": "GenuineIntel",
        "AddressWidth": profile.bits,
        "DataWidth": profile.cpu_bits,
        "Architecture": 9 if profile.cpu_bits == 64 else 0,
        "NumberOfCores": int(own.get("cores", profile.cores)),
        "NumberOfLogicalProcessors": int(own.get("cores", profile.cores)),
        "MaxClockSpeed": int(own.get("mhz", profile.mhz)),
        "CurrentClockSpeed": int(own.get("mhz", profile.mhz)),
        "LoadPercentage": int(own.get("cpu_load", 7)),
        "Status": "OK",
    }


def _others(catalogue: Catalogue, volume: Row) -> list[Row]:
    """Further drives, described like C:."""
    return [
        {
            **volume,
            "DeviceID": f"{letter}:",
            "Name": f"{letter}:",
            "Caption": f"{letter}:",
            "DriveType": int(one.get("drive_type", 3)),
            "VolumeName": one.get("label", ""),
            "Size": int(float(one.get("size_gb", one.get("free_gb", 0))) * 1024**3),
        }
        for letter, one in (catalogue.overrides.get("volumes") or {}).items()
    ]


def _disks(catalogue: Catalogue, machine: Machine) -> dict[str, list[Row]]:
    volume = {
        "DeviceID": "C:",
        "Name": "C:",
        "Caption": "C:",
        "DriveType": 3,
        "FileSystem": "NTFS",
        "Size": catalogue.disk - 600 * 1024**2,
        "VolumeName": "",
        "VolumeSerialNumber": "5E2A11D7",
        "Description": "Local Fixed Disk",
    }
    gpt = bool(catalogue.overrides.get("uefi", machine.profile.uefi))
    return {
        "win32_logicaldisk": [volume, *_others(catalogue, volume)],
        "win32_volume": [{"DriveLetter": "C:", "DriveType": 3, "FileSystem": "NTFS", "Capacity": volume["Size"]}],
        "win32_diskdrive": [
            {
                "DeviceID": "\\\\.\\PHYSICALDRIVE0",
                "Index": 0,
                "Model": "SAMSUNG SSD PM981" if gpt else "ST250DM000-1BD141",
                "InterfaceType": "SCSI" if gpt else "IDE",
                "MediaType": "Fixed hard disk media",
                "Partitions": 3 if gpt else 2,
                "SerialNumber": f"S4{serial(machine)}",
                "Size": catalogue.disk,
                "Status": "OK",
            }
        ],
        "win32_diskpartition": [
            {
                "DeviceID": "Disk #0, Partition #0",
                "DiskIndex": 0,
                "Index": 0,
                "Type": "GPT: System" if gpt else "Installable File System",
                "BootPartition": True,
                "Bootable": True,
                "Size": 104857600,
            },
            {
                "DeviceID": "Disk #0, Partition #1",
                "DiskIndex": 0,
                "Index": 1,
                "Type": "GPT: Basic Data" if gpt else "Installable File System",
                "BootPartition": False,
                "Size": volume["Size"],
            },
        ],
    }


def _device(device_id: str, name: str, guid: str, service: str) -> Row:
    return {
        "DeviceID": device_id,
        "PNPDeviceID": device_id,
        "Name": name,
        "Caption": name,
        "Description": name,
        "ClassGuid": guid,
        "Service": service,
        "Status": "OK",
        "ConfigManagerErrorCode": 0,
        "Manufacturer": "",
    }


def _devices(catalogue: Catalogue) -> list[Row]:
    found = [
        _device(
            "PCI\\VEN_8086&DEV_3EC2&SUBSYS_08151028&REV_07\\3&11583659&0&00", "PCI standard host CPU bridge", SYSTEM, ""
        ),
        _device(
            "PCI\\VEN_8086&DEV_3E92&SUBSYS_08151028&REV_00\\3&11583659&0&10",
            "Intel(R) UHD Graphics 630",
            SYSTEM,
            "igfx",
        ),
        _device("USB\\ROOT_HUB30\\4&1F2B3C4D&0&0", "USB Root Hub (USB 3.0)", USB, "USBHUB3"),
        _device("USB\\VID_413C&PID_2113\\5&2A6B7C8D&0&1", "USB Input Device", USB, "HidUsb"),
        _device("USB\\VID_413C&PID_301A\\5&2A6B7C8D&0&2", "USB Input Device", USB, "HidUsb"),
    ]
    machine = catalogue.machine
    for one in adapters(catalogue, machine):
        found.append(_device(str(one["pnp_id"]), f"Network adapter {one['name']}", NET, "e1dexpress"))
    for kind, guid in (("pci", SYSTEM), ("usb", USB)):
        for one in catalogue.overrides.get(kind) or []:
            found.append(_device(one["id"], one["name"], one.get("class_guid", guid), one.get("service", "")))
    found += [_device(*one) for one in touch(catalogue)]
    for one in _serial_ports(catalogue):
        found.append(_device(one["PNPDeviceID"], one["Name"], PORTS, "Serial"))
    return found


def _serial_ports(catalogue: Catalogue) -> list[Row]:
    return [
        {
            "DeviceID": port,
            "Name": f"Communications Port ({port})",
            "PNPDeviceID": f"ACPI\\PNP0501\\{number}",
            "MaxBaudRate": 115200,
            "Status": "OK",
        }
        for number, port in enumerate(catalogue.overrides.get("serial_ports") or [], start=1)
    ]
