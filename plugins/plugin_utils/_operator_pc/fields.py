# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fields of an assessment: key, section, where each comes from and what must be asked for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import identity
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import readers as r
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.converter import READS as CONVERTER_READS
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.reads import QUERIES, Answers


@dataclass(frozen=True)
class Field:
    """One field: ``queries`` and ``commands`` name what must be asked for it."""

    key: str
    section: str
    origin: str
    read: Callable[[Answers], Any]
    queries: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()


def _wmi(key: str, section: str, source: str, convert: Callable[[Any], Any] = identity.clean) -> Field:
    query, _dot, name = source.partition(".")
    return Field(key, section, f"{QUERIES[query].name}.{name}", r.column(query, name, convert), (query,))


def _cpu(key: str, name: str, fold: Callable[[list[int]], int]) -> Field:
    return Field(key, "system", f"Win32_Processor.{name}", r.over_cpus(name, fold), ("cpu",))


def _volume(key: str, name: str) -> Field:
    return Field(key, "system", f"Win32_LogicalDisk.{name}", r.system_volume(name), ("volumes", "os"))


def _text(key: str, section: str, source: str, read: Callable[[Answers], Any], *commands: str) -> Field:
    return Field(key, section, source, read, (), commands)


def _device(key: str, read: Callable[[Answers], Any]) -> Field:
    return Field(key, "devices", "Win32_PnPEntity", read, ("devices",))


_ADAPTERS = ("adapters", "addresses")
FIELDS: tuple[Field, ...] = (
    _wmi("system.manufacturer", "system", "system.Manufacturer"),
    _wmi("system.model", "system", "system.Model"),
    _wmi("system.memory_bytes", "system", "system.TotalPhysicalMemory", r.as_number),
    _wmi("system.uuid", "system", "product.UUID", identity.uuid),
    _wmi("bios.serial", "system", "bios.SerialNumber"),
    _wmi("cpu.name", "system", "cpu.Name"),
    _cpu("cpu.data_width", "DataWidth", min),
    _cpu("cpu.address_width", "AddressWidth", min),
    _cpu("cpu.cores", "NumberOfCores", sum),
    _cpu("cpu.max_mhz", "MaxClockSpeed", max),
    _volume("disk.system_bytes", "Size"),
    _volume("disk.system_free_bytes", "FreeSpace"),
    _wmi("os.caption", "os", "os.Caption"),
    _wmi("os.version", "os", "os.Version"),
    _wmi("os.build", "os", "os.BuildNumber", r.as_number),
    _wmi("os.product_type", "os", "os.ProductType", r.as_number),
    _text("os.edition_id", "os", "registry EditionID", r.registry_text("edition_id", "EditionID"), "edition_id"),
    _text(
        "os.product_name", "os", "registry ProductName", r.registry_text("product_name", "ProductName"), "product_name"
    ),
    _wmi("os.architecture_bits", "os", "os.OSArchitecture", r.first_digits),
    Field("os.embedded", "os", "registry EditionID, WindowsEmbedded", r.embedded, ("os",), ("edition_id", "embedded")),
    _wmi("os.last_boot", "os", "os.LastBootUpTime", r.as_time),
    Field("os.local_time", "os", "Win32_OperatingSystem.LocalDateTime", r.local_time, ("os",)),
    Field("os.hotfixes", "os", "Win32_QuickFixEngineering.HotFixID", r.hotfixes, ("hotfixes",)),
    _text("firmware.type", "firmware", "registry PEFirmwareType, Win32_DiskPartition.Type", r.firmware, "firmware"),
    _text("firmware.secure_boot", "firmware", "registry UEFISecureBootEnabled", r.secure_boot, "secure_boot"),
    Field(
        "bitlocker.protection",
        "protection",
        "Win32_EncryptableVolume.ProtectionStatus",
        r.bitlocker,
        ("encryption", "os"),
    ),
    Field(
        "write_filter.enabled",
        "protection",
        "UWF_Filter, drivers ewf and fbwf",
        r.write_filter,
        ("uwf", "filter_drivers"),
    ),
    Field("network.adapters", "network", "Win32_NetworkAdapter", r.adapters, _ADAPTERS),
    Field("network.unit_mac_prediction", "network", "Win32_NetworkAdapter, unit id rule", r.predicted_mac, _ADAPTERS),
    Field(
        "network.connections",
        "network",
        "MSFT_NetTCPConnection or netstat",
        r.connections,
        ("connections",),
        ("netstat",),
    ),
    _device("devices.pci", r.on_bus("PCI\\")),
    _device("devices.usb", r.on_bus("USB\\")),
    _device("devices.serial_ports", r.serial_ports),
    _text("software.installed", "software", "registry Uninstall", r.software, "software", "software_32"),
    Field("services.running", "services", "Win32_Service.State", r.services, ("services",)),
    _text("access.rdp_enabled", "access", "registry fDenyTSConnections", r.rdp_enabled, "rdp"),
    _text("access.autologon", "access", "registry AutoAdminLogon", r.autologon, "autologon"),
    _text("converter.files", "converter", r"C:\OSC", r.converter, *CONVERTER_READS),
)
SECTIONS: tuple[str, ...] = tuple(dict.fromkeys(field.section for field in FIELDS))
