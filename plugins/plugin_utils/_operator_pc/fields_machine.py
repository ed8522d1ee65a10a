# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of fields, first part: the machine and its Windows."""

from __future__ import annotations

from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import hardware as h
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import identity
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import readers as r
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import windows as w
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.field import Field, listed, value, wmi

SYSTEM: tuple[Field, ...] = (
    wmi("system.manufacturer", "system", "system.Manufacturer", "maker of the PC"),
    wmi("system.model", "system", "system.Model", "model"),
    wmi("system.version", "system", "product.Version", "version of the model; the model's name on some makes"),
    wmi("system.memory_bytes", "system", "system.TotalPhysicalMemory", "memory Windows can use, bytes", r.as_number),
    wmi("system.uuid", "system", "product.UUID", "SMBIOS UUID; placeholders are not available", identity.uuid),
    Field(
        "system.domain", "system", "Win32_ComputerSystem.Domain", "{joined, name of domain or workgroup, role}",
        h.domain, ("system",),
    ),
    Field(
        "system.chassis", "system", "Win32_SystemEnclosure.ChassisTypes", "forms the case claims, a list of texts",
        h.chassis, ("enclosure",),
    ),
    wmi("system.asset_tag", "system", "enclosure.SMBIOSAssetTag", "asset tag"),
    Field("system.board", "system", "Win32_BaseBoard", "{manufacturer, product, serial}", h.board, ("board",)),
    wmi("bios.serial", "system", "bios.SerialNumber", "serial number of the PC"),
    wmi("cpu.name", "system", "cpu.Name", "processor"),
    Field(
        "cpu.data_width", "system", "Win32_Processor.DataWidth", "bits the processor can work with",
        h.over_cpus("DataWidth", min), ("cpu",),
    ),
    Field(
        "cpu.address_width", "system", "Win32_Processor.AddressWidth", "bits the running Windows uses",
        h.over_cpus("AddressWidth", min), ("cpu",),
    ),
    wmi("cpu.architecture", "system", "cpu.Architecture", "x86, x64, ARM64", h.architecture),
    Field(
        "cpu.cores", "system", "Win32_Processor.NumberOfCores", "cores of all processors",
        h.over_cpus("NumberOfCores", sum), ("cpu",),
    ),
    Field(
        "cpu.max_mhz", "system", "Win32_Processor.MaxClockSpeed", "MHz of the fastest processor",
        h.over_cpus("MaxClockSpeed", max), ("cpu",),
    ),
    Field(
        "cpu.load_percent", "system", "Win32_Processor.LoadPercentage", "load when the reading began, percent",
        h.over_cpus("LoadPercentage", max), ("cpu",),
    ),
    listed("memory.modules", "system", "memory", "[{bytes, mhz, slot}]", h.module),
    Field(
        "memory.slots", "system", "Win32_PhysicalMemoryArray", "{total, max_bytes}", h.slots, ("memory_slots",)
    ),
    Field(
        "disk.drives", "system", "MSFT_PhysicalDisk or Win32_DiskDrive",
        "[{model, bytes, bus, media (ssd, hdd, unknown), serial, health}]", h.drives, ("physical_disks", "drives"),
    ),
    listed("disk.volumes", "system", "volumes", "fixed volumes: [{name, filesystem, bytes, free_bytes}]", h.volume),
    Field(
        "disk.system_bytes", "system", "Win32_LogicalDisk.Size", "size of the volume Windows runs from",
        h.system_volume("Size"), ("volumes", "os"),
    ),
    Field(
        "disk.system_free_bytes", "system", "Win32_LogicalDisk.FreeSpace", "bytes free on that volume",
        h.system_volume("FreeSpace"), ("volumes", "os"),
    ),
)  # fmt: skip

WINDOWS: tuple[Field, ...] = (
    wmi("os.caption", "os", "os.Caption", "name of this Windows, in its language"),
    wmi("os.version", "os", "os.Version", "version of the kernel, 6.1.7601"),
    wmi("os.build", "os", "os.BuildNumber", "build", r.as_number),
    wmi("os.product_type", "os", "os.ProductType", "1 workstation, 2 domain controller, 3 server", r.as_number),
    wmi("os.sku", "os", "os.OperatingSystemSKU", "number of the edition", r.as_number),
    wmi("os.service_pack", "os", "os.CSDVersion", "service pack, where there is one"),
    wmi("os.install_date", "os", "os.InstallDate", "when Windows was installed, ISO 8601", r.as_time),
    value("os.edition_id", "os", "edition_id.EditionID", "edition"),
    value("os.product_name", "os", "product_name.ProductName", "name in the registry; says 10 on Windows 11 too"),
    Field(
        "os.display_version", "os", "registry DisplayVersion, ReleaseId", "release, such as 22H2", w.display_version,
        ("display_version", "release_id"),
    ),
    value("os.ubr", "os", "ubr.UBR", "number of the monthly update", r.registry_number("ubr", "UBR")),
    value("os.installation_type", "os", "installation_type.InstallationType", "Client, Embedded or Server"),
    wmi("os.architecture_bits", "os", "os.OSArchitecture", "32 or 64", r.first_digits),
    Field(
        "os.embedded", "os", "registry EditionID, WindowsEmbedded", "true for an embedded edition", w.embedded,
        ("os", "edition_id", "embedded"),
    ),
    Field(
        "os.embedded_product", "os", "registry WindowsEmbedded, POSReady", "name of the embedded product",
        w.embedded_product, ("embedded", "posready"),
    ),
    wmi("os.last_boot", "os", "os.LastBootUpTime", "last start, ISO 8601", r.as_time),
    Field(
        "os.local_time", "os", "Win32_OperatingSystem.LocalDateTime", "the PC's wall clock with its offset",
        w.local_time, ("os",),
    ),
    Field(
        "os.clock_skew", "os", "Win32_OperatingSystem.LocalDateTime, controller's clock at half the round trip",
        "{seconds the PC is ahead, uncertainty in seconds}", w.clock_skew, ("os",),
    ),
    value("os.time_zone", "os", "timezone.TimeZoneKeyName", "time zone, not localised"),
    Field(
        "os.languages", "os", "Win32_OperatingSystem.MUILanguages", "languages of the user interface", w.languages,
        ("os",),
    ),
    wmi("os.locale", "os", "os.Locale", "locale, hexadecimal", w.locale),
    wmi("os.system_drive", "os", "os.SystemDrive", "volume Windows runs from"),
    wmi("os.windows_folder", "os", "os.WindowsDirectory", "folder of Windows"),
    wmi("os.free_memory_bytes", "os", "os.FreePhysicalMemory", "free memory, bytes", w.free_memory),
    Field(
        "os.hotfixes", "os", "Win32_QuickFixEngineering.HotFixID", "ids of listed updates; not all are", w.hotfixes,
        ("hotfixes",),
    ),
    Field(
        "os.last_update", "os", "Win32_QuickFixEngineering.InstalledOn", "day of the newest listed update",
        w.last_update, ("hotfixes",),
    ),
    Field(
        "os.powershell", "os", "registry PowerShellVersion", "version of the engine", w.powershell,
        ("powershell_1", "powershell_3"),
    ),
    Field(
        "os.dotnet", "os", "registry NDP", "installed .NET Framework versions from 3.5 on", w.dotnet,
        ("dotnet_4", "dotnet_35"),
    ),
)  # fmt: skip

FIRMWARE: tuple[Field, ...] = (
    Field(
        "firmware.type", "firmware", "registry PEFirmwareType, bcdedit or Win32_DiskPartition.Type",
        "uefi or bios", h.firmware,
        ("os", "firmware", "bcd", "partitions"),
    ),
    Field(
        "firmware.partition_style", "firmware", "registry PEFirmwareType, bcdedit or Win32_DiskPartition.Type",
        "gpt or mbr, of the disk Windows starts from", h.partition_style, ("os", "firmware", "bcd", "partitions"),
    ),
    wmi("firmware.version", "firmware", "bios.SMBIOSBIOSVersion", "version of the firmware"),
    wmi("firmware.date", "firmware", "bios.ReleaseDate", "its release, ISO 8601", r.as_time),
    Field(
        "firmware.secure_boot", "firmware", "registry UEFISecureBootEnabled", "false if off or unsupported",
        h.secure_boot, ("secure_boot",),
    ),
    Field(
        "firmware.secure_boot_cas", "firmware", "UEFI variable db",
        "never available: Windows does not tell it to WMI or cmd; look into the firmware setup", h.secure_boot_cas,
    ),
    Field(
        "firmware.tpm", "firmware", "Win32_Tpm", "{present, enabled, activated, version}", h.tpm, ("tpm",)
    ),
)  # fmt: skip

PROTECTION: tuple[Field, ...] = (
    Field(
        "bitlocker.protection", "protection", "Win32_EncryptableVolume.ProtectionStatus",
        "of the system volume: on, off, unknown, not_installed", w.bitlocker, ("encryption", "os"),
    ),
    listed(
        "bitlocker.volumes", "protection", "encryption", "[{name, protection (on, off, unknown)}]", w.encrypted_volume
    ),
    Field(
        "write_filter.enabled", "protection", "UWF_Filter, drivers ewf and fbwf",
        "true: what is written is lost at the next start", r.write_filter, ("os", "uwf", "filter_drivers"),
    ),
    Field(
        "write_filter.details", "protection", "UWF_Filter, UWF_Volume, drivers ewf and fbwf",
        "{drivers, uwf, uwf_next, volumes: [{name, protected}]}", w.filters,
        ("os", "uwf", "uwf_volumes", "filter_drivers"),
    ),
    listed("antivirus.products", "protection", "antivirus", "[{name, on, outdated}]", w.antivirus),
)  # fmt: skip
