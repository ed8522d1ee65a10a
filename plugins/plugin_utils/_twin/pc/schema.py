# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

r"""Classes and their properties, by namespace: what WMI knows on these systems, whether or not there is an instance.

[documented] names of classes and properties. A column that is not here is an invalid query, as on Windows.
"""

from __future__ import annotations

from .schema_more import MORE, MORE_EIGHT, SHELL_LAUNCHER

CIMV2 = "root\\cimv2"
STANDARD = "root\\standardcimv2"
BITLOCKER = "root\\cimv2\\security\\microsoftvolumeencryption"
EMBEDDED = "root\\standardcimv2\\embedded"
NAMESPACES = {CIMV2, "root\\default", "root\\wmi", "root", BITLOCKER, "root\\cimv2\\security\\microsofttpm"}
NAMESPACES |= {"root\\securitycenter2", "root\\cimv2\\terminalservices"}
NAMESPACES_8 = {STANDARD, "root\\microsoft\\windows\\storage", "root\\microsoft\\windows\\taskscheduler"}

_ELEMENT = "Caption Description InstallDate Name Status "
_DEVICE = (
    _ELEMENT + "Availability ConfigManagerErrorCode ConfigManagerUserConfig CreationClassName DeviceID ErrorCleared "
    "ErrorDescription LastErrorCode PNPDeviceID PowerManagementCapabilities PowerManagementSupported StatusInfo "
    "SystemCreationClassName SystemName "
)
_SERVICE = (
    _ELEMENT + "AcceptPause AcceptStop CreationClassName DesktopInteract DisplayName ErrorControl ExitCode PathName "
    "ServiceSpecificExitCode ServiceType Started StartMode StartName State SystemCreationClassName SystemName TagId "
)
_BOTH: dict[tuple[str, str], str] = {
    (CIMV2, "Win32_ComputerSystem"): _ELEMENT + "AdminPasswordStatus AutomaticManagedPagefile "
    "AutomaticResetBootOption AutomaticResetCapability BootROMSupported BootupState ChassisBootupState "
    "CreationClassName CurrentTimeZone DaylightInEffect DNSHostName Domain DomainRole EnableDaylightSavingsTime "
    "InfraredSupported Manufacturer Model NumberOfLogicalProcessors NumberOfProcessors PartOfDomain PCSystemType "
    "PrimaryOwnerName Roles SystemType ThermalState TotalPhysicalMemory UserName WakeUpType Workgroup",
    (CIMV2, "Win32_ComputerSystemProduct"): "Caption Description IdentifyingNumber Name SKUNumber UUID Vendor Version",
    (CIMV2, "Win32_BIOS"): _ELEMENT + "BIOSVersion BuildNumber CurrentLanguage IdentificationCode Manufacturer "
    "PrimaryBIOS ReleaseDate SerialNumber SMBIOSBIOSVersion SMBIOSMajorVersion SMBIOSMinorVersion SMBIOSPresent "
    "SoftwareElementID SoftwareElementState TargetOperatingSystem Version",
    (CIMV2, "Win32_BaseBoard"): _ELEMENT
    + "HostingBoard Manufacturer Model PartNumber Product SerialNumber Tag Version",
    (CIMV2, "Win32_SystemEnclosure"): _ELEMENT + "ChassisTypes LockPresent Manufacturer Model SecurityStatus "
    "SerialNumber SMBIOSAssetTag Tag Version",
    (CIMV2, "Win32_Processor"): _DEVICE + "AddressWidth Architecture CpuStatus CurrentClockSpeed CurrentVoltage "
    "DataWidth ExtClock Family L2CacheSize L3CacheSize Level LoadPercentage Manufacturer MaxClockSpeed NumberOfCores "
    "NumberOfLogicalProcessors ProcessorId ProcessorType Revision Role SocketDesignation Stepping UniqueId "
    "UpgradeMethod Version",
    (CIMV2, "Win32_PhysicalMemory"): _ELEMENT + "BankLabel Capacity DataWidth DeviceLocator FormFactor Manufacturer "
    "MemoryType PartNumber SerialNumber Speed Tag TotalWidth",
    (CIMV2, "Win32_PhysicalMemoryArray"): _ELEMENT + "Location MaxCapacity MemoryDevices MemoryErrorCorrection Tag Use",
    (CIMV2, "Win32_OperatingSystem"): _ELEMENT
    + "BootDevice BuildNumber BuildType CodeSet CountryCode CreationClassName "
    "CSCreationClassName CSDVersion CSName CurrentTimeZone DataExecutionPrevention_Available Debug Distributed "
    "EncryptionLevel ForegroundApplicationBoost FreePhysicalMemory FreeSpaceInPagingFiles FreeVirtualMemory "
    "LastBootUpTime LocalDateTime Locale Manufacturer MaxNumberOfProcesses MaxProcessMemorySize MUILanguages "
    "NumberOfProcesses NumberOfUsers OperatingSystemSKU Organization OSArchitecture OSLanguage OSProductSuite OSType "
    "Primary ProductType RegisteredUser SerialNumber ServicePackMajorVersion ServicePackMinorVersion "
    "SizeStoredInPagingFiles SuiteMask SystemDevice SystemDirectory SystemDrive TotalVirtualMemorySize "
    "TotalVisibleMemorySize Version WindowsDirectory",
    (CIMV2, "Win32_LogicalDisk"): _DEVICE + "Access BlockSize Compressed DriveType FileSystem FreeSpace "
    "MaximumComponentLength MediaType NumberOfBlocks ProviderName Purpose QuotasDisabled Size SupportsDiskQuotas "
    "SupportsFileBasedCompression VolumeDirty VolumeName VolumeSerialNumber",
    (CIMV2, "Win32_Volume"): _DEVICE + "Automount BlockSize BootVolume Capacity DriveLetter DriveType FileSystem "
    "FreeSpace Label SerialNumber SystemVolume",
    (CIMV2, "Win32_DiskDrive"): _DEVICE + "BytesPerSector Capabilities DefaultBlockSize FirmwareRevision Index "
    "InterfaceType Manufacturer MediaLoaded MediaType Model Partitions SCSIBus SCSILogicalUnit SCSIPort SCSITargetId "
    "SectorsPerTrack SerialNumber Signature Size TotalCylinders TotalHeads TotalSectors TotalTracks TracksPerCylinder",
    (CIMV2, "Win32_DiskPartition"): _DEVICE + "Bootable BootPartition BlockSize DiskIndex HiddenSectors Index "
    "NumberOfBlocks PrimaryPartition Purpose Size StartingOffset Type",
    (CIMV2, "Win32_NetworkAdapter"): _DEVICE
    + "AdapterType AdapterTypeId AutoSense GUID Index Installed InterfaceIndex "
    "MACAddress Manufacturer MaxNumberControlled MaxSpeed NetConnectionID NetConnectionStatus NetEnabled "
    "NetworkAddresses PermanentAddress PhysicalAdapter ProductName ServiceName Speed TimeOfLastReset",
    (CIMV2, "Win32_NetworkAdapterConfiguration"): "Caption DatabasePath DefaultIPGateway Description DHCPEnabled "
    "DHCPLeaseExpires DHCPLeaseObtained DHCPServer DNSDomain DNSDomainSuffixSearchOrder DNSHostName "
    "DNSServerSearchOrder DomainDNSRegistrationEnabled FullDNSRegistrationEnabled GatewayCostMetric Index "
    "InterfaceIndex IPAddress IPConnectionMetric IPEnabled IPFilterSecurityEnabled IPSubnet MACAddress ServiceName "
    "SettingID TcpipNetbiosOptions WINSPrimaryServer WINSSecondaryServer",
    (CIMV2, "Win32_IP4RouteTable"): "Destination InterfaceIndex Mask Metric1 NextHop Protocol Type",
    (CIMV2, "Win32_PnPEntity"): _DEVICE + "ClassGuid CompatibleID HardwareID Manufacturer Service",
    (CIMV2, "Win32_SerialPort"): _DEVICE + "Binary MaxBaudRate ProviderType SettableBaudRate Supports16BitMode",
    (CIMV2, "Win32_ParallelPort"): _DEVICE + "OSAutoDiscovered ProtocolSupported",
    (CIMV2, "Win32_Printer"): _DEVICE
    + "Default DriverName Local Location Network PortName PrinterStatus PrintProcessor "
    "ServerName Shared ShareName WorkOffline",
    (CIMV2, "Win32_TCPIPPrinterPort"): "Caption Description HostAddress Name PortNumber Protocol Queue SNMPEnabled",
    (CIMV2, "Win32_VideoController"): _DEVICE + "AdapterCompatibility AdapterDACType AdapterRAM "
    "CurrentBitsPerPixel CurrentHorizontalResolution CurrentRefreshRate CurrentVerticalResolution DriverDate "
    "DriverVersion InstalledDisplayDrivers VideoModeDescription VideoProcessor",
    (CIMV2, "Win32_DesktopMonitor"): _DEVICE + "MonitorManufacturer MonitorType ScreenHeight ScreenWidth",
    (CIMV2, "Win32_QuickFixEngineering"): _ELEMENT + "CSName FixComments HotFixID InstalledBy InstalledOn "
    "ServicePackInEffect",
    (CIMV2, "Win32_Service"): _SERVICE + "CheckPoint ProcessId WaitHint",
    (CIMV2, "Win32_SystemDriver"): _SERVICE,
    (CIMV2, "Win32_Process"): _ELEMENT + "CommandLine CreationClassName CreationDate CSCreationClassName CSName "
    "ExecutablePath ExecutionState Handle HandleCount KernelModeTime MaximumWorkingSetSize MinimumWorkingSetSize "
    "OSCreationClassName OSName ParentProcessId PeakWorkingSetSize Priority PrivatePageCount ProcessId SessionId "
    "TerminationDate ThreadCount UserModeTime VirtualSize WindowsVersion WorkingSetSize",
    (CIMV2, "Win32_TimeZone"): "Bias Caption DaylightBias DaylightName Description SettingID StandardBias StandardName",
    (CIMV2, "Win32_LogonSession"): _ELEMENT + "AuthenticationPackage LogonId LogonType StartTime",
    (CIMV2, "Win32_LoggedOnUser"): "Antecedent Dependent",
    (CIMV2, "Win32_UserAccount"): _ELEMENT + "AccountType Disabled Domain FullName LocalAccount Lockout SID SIDType",
    (CIMV2, "Win32_StartupCommand"): "Caption Command Description Location Name SettingID User UserSID",
    (CIMV2, "Win32_Share"): _ELEMENT + "AccessMask AllowMaximum MaximumAllowed Path Type",
    (CIMV2, "Win32_Environment"): _ELEMENT + "SystemVariable UserName VariableValue",
    (CIMV2, "Win32_PerfFormattedData_PerfOS_System"): "Caption Description Name Processes SystemUpTime Threads",
    (BITLOCKER, "Win32_EncryptableVolume"): "DeviceID DriveLetter PersistentVolumeID ProtectionStatus",
    ("root\\securitycenter2", "AntiVirusProduct"): "displayName instanceGuid pathToSignedProductExe "
    "pathToSignedReportingExe productState timestamp",
    ("root\\wmi", "WmiMonitorID"): "Active InstanceName ManufacturerName ProductCodeID SerialNumberID UserFriendlyName "
    "UserFriendlyNameLength WeekOfManufacture YearOfManufacture",
    ("root\\wmi", "WmiMonitorBasicDisplayParams"): "Active DisplayTransferCharacteristic InstanceName "
    "MaxHorizontalImageSize MaxVerticalImageSize VideoInputType",
}
_EIGHT: dict[tuple[str, str], str] = {
    (STANDARD, "MSFT_NetTCPConnection"): "AppliedSetting Caption CreationTime Description InstanceID LocalAddress "
    "LocalPort OffloadState OwningProcess RemoteAddress RemotePort RequestedState State",
    (STANDARD, "MSFT_NetFirewallProfile"): "AllowInboundRules Caption DefaultInboundAction DefaultOutboundAction "
    "Enabled InstanceID Name",
    ("root\\microsoft\\windows\\storage", "MSFT_PhysicalDisk"): "BusType DeviceId FriendlyName HealthStatus MediaType "
    "Model SerialNumber Size SpindleSpeed",
}
_UWF: dict[tuple[str, str], str] = {
    (EMBEDDED, "UWF_Filter"): "CurrentEnabled HORMEnabled Id NextEnabled ShutdownPending",
    (EMBEDDED, "UWF_Volume"): "BindByDriveLetter CommitPending CurrentSession DriveLetter Protected VolumeName",
    (EMBEDDED, "UWF_RegistryFilter"): "CurrentSession Id PersistDomainSecretKey PersistTSCAL",
    (EMBEDDED, "UWF_Overlay"): "AvailableSpace CriticalOverlayThreshold Id OverlayConsumption WarningOverlayThreshold",
}


def namespaces(seven: bool, embedded: bool) -> set[str]:
    """Namespaces of a system; embedded: it has features such as write filter or shell launcher."""
    return NAMESPACES if seven else NAMESPACES | NAMESPACES_8 | ({EMBEDDED} if embedded else set())


def classes(seven: bool, uwf: bool, launcher: bool) -> dict[tuple[str, str], tuple[str, ...]]:
    """Classes of a system: {(namespace, class in lower case): property names}.

    Args:
        seven: WMI of Windows 7.
        uwf: the unified write filter is installed.
        launcher: the shell launcher is installed.
    """
    chosen = {**_BOTH, **MORE}
    if not seven:
        chosen |= {**_EIGHT, **MORE_EIGHT}
        chosen |= _UWF if uwf else {}
        chosen |= SHELL_LAUNCHER if launcher else {}
    found = {(space, name.lower()): tuple(text.split()) for (space, name), text in chosen.items()}
    service = found[CIMV2, "win32_service"]
    if not seven:
        found[CIMV2, "win32_service"] = service = (*service, "DelayedAutoStart")
    found[CIMV2, "win32_terminalservice"] = (*service, "EstimatedSessions", "TotalSessions")
    return found
