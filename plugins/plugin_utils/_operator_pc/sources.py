# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sources of an assessment: one table of WQL queries and one of cmd commands.

Queries name their columns: replies are smaller. A class that only newer Windows has is not asked of an older one.
Commands share one remote shell (see batch): ``reg query`` instead of a message per value. Chosen so that a whole
assessment stays small: a class with more than one row costs two messages or more (WinRM sends the first row alone),
a registry key in the shared shell none. ``wmic`` is not used: deprecated, gone from new Windows 11.

Win32_Product is never asked: enumerating it makes Windows Installer verify, and perhaps repair, every package.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.converter import READS as CONVERTER_READS
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import CIMV2

STANDARD = "root/standardcimv2"
EMBEDDED = f"{STANDARD}/embedded"
PORTS_CLASS = "{4d36e978-e325-11ce-bfc1-08002be10318}"
EIGHT = (6, 2)
EIGHT_ONE = (6, 3)
TEN = (10, 0)


@dataclass(frozen=True)
class Query:
    """One WQL query.

    Attributes:
        name: class.
        columns: properties it asks for.
        where: condition.
        namespace: with slashes.
        since: first Windows that has the class, (major, minor).
        until: first Windows that does not have it any more.
        heavy: makes the PC work for long, or gives many rows; held back while the PC is busy.
    """

    name: str
    columns: tuple[str, ...]
    where: str = ""
    namespace: str = CIMV2
    since: tuple[int, int] = (0, 0)
    until: tuple[int, int] = (99, 0)
    heavy: bool = False

    @property
    def wql(self) -> str:
        """Give the query's text."""
        where = f" where {self.where}" if self.where else ""
        return f"select {','.join(self.columns)} from {self.name}{where}"


# In the order they are asked.
QUERIES: Mapping[str, Query] = {
    "os": Query(
        "Win32_OperatingSystem",
        (
            "Caption", "Version", "BuildNumber", "OSArchitecture", "OperatingSystemSKU", "ProductType", "CSDVersion",
            "InstallDate", "LastBootUpTime", "LocalDateTime", "CurrentTimeZone", "MUILanguages", "Locale",
            "SystemDrive", "WindowsDirectory", "FreePhysicalMemory",
        ),
    ),
    "cpu": Query(
        "Win32_Processor", ("Name", "AddressWidth", "DataWidth", "Architecture", "NumberOfCores", "MaxClockSpeed")
    ),
    "system": Query(
        "Win32_ComputerSystem",
        (
            "Manufacturer", "Model", "TotalPhysicalMemory", "PartOfDomain", "Domain", "Workgroup", "DomainRole",
            "UserName",
        ),
    ),
    "product": Query("Win32_ComputerSystemProduct", ("UUID", "IdentifyingNumber", "Version")),
    "bios": Query("Win32_BIOS", ("SerialNumber", "SMBIOSBIOSVersion", "ReleaseDate")),
    "board": Query("Win32_BaseBoard", ("Manufacturer", "Product", "SerialNumber")),
    "enclosure": Query("Win32_SystemEnclosure", ("ChassisTypes", "SMBIOSAssetTag")),
    "memory": Query("Win32_PhysicalMemory", ("Capacity", "Speed", "DeviceLocator")),
    "memory_slots": Query("Win32_PhysicalMemoryArray", ("MemoryDevices", "MaxCapacity")),
    "physical_disks": Query(
        "MSFT_PhysicalDisk",
        ("FriendlyName", "Size", "BusType", "MediaType", "SerialNumber", "HealthStatus"),
        namespace="root/Microsoft/Windows/Storage",
        since=EIGHT,
    ),
    "drives": Query("Win32_DiskDrive", ("Model", "Size", "InterfaceType", "SerialNumber", "Status")),
    "volumes": Query("Win32_LogicalDisk", ("DeviceID", "FileSystem", "Size", "FreeSpace"), "DriveType=3"),
    "partitions": Query("Win32_DiskPartition", ("Type", "BootPartition"), "BootPartition=TRUE"),
    "tpm": Query(
        "Win32_Tpm",
        ("IsEnabled_InitialValue", "IsActivated_InitialValue", "SpecVersion"),
        namespace="root/cimv2/Security/MicrosoftTpm",
    ),
    "encryption": Query(
        "Win32_EncryptableVolume",
        ("DriveLetter", "ProtectionStatus"),
        namespace="root/cimv2/Security/MicrosoftVolumeEncryption",
    ),
    "uwf": Query("UWF_Filter", ("CurrentEnabled", "NextEnabled"), namespace=EMBEDDED, since=EIGHT_ONE),
    "uwf_volumes": Query(
        "UWF_Volume",
        ("DriveLetter", "CurrentSession", "Protected", "CommitPending"),
        namespace=EMBEDDED,
        since=EIGHT_ONE,
    ),
    "launcher": Query("WESL_UserSetting", ("Sid", "Shell", "DefaultAction"), namespace=EMBEDDED, since=EIGHT_ONE),
    # From Windows 10 on there is UWF only.
    "filter_drivers": Query("Win32_SystemDriver", ("Name", "State"), "Name='ewf' or Name='fbwf'", until=TEN),
    "antivirus": Query("AntiVirusProduct", ("displayName", "productState"), namespace="root/SecurityCenter2"),
    "hotfixes": Query("Win32_QuickFixEngineering", ("HotFixID", "InstalledOn"), heavy=True),
    "adapters": Query(
        "Win32_NetworkAdapter",
        ("Index", "MACAddress", "Name", "NetConnectionID", "NetConnectionStatus", "PNPDeviceID", "Speed"),
        "PhysicalAdapter=TRUE",
    ),
    "addresses": Query(
        "Win32_NetworkAdapterConfiguration",
        (
            "Index", "IPAddress", "IPSubnet", "DefaultIPGateway", "DNSServerSearchOrder", "DHCPEnabled", "DHCPServer",
        ),
        "IPEnabled=TRUE",
    ),
    "route_table": Query("Win32_IP4RouteTable", ("Destination", "Mask", "NextHop", "Metric1", "InterfaceIndex")),
    "connections": Query(
        "MSFT_NetTCPConnection",
        ("LocalAddress", "LocalPort", "RemoteAddress", "RemotePort", "State", "OwningProcess"),
        "State=2 or State=5",
        STANDARD,
        EIGHT,
    ),
    "devices": Query(
        "Win32_PnPEntity",
        ("DeviceID", "Name", "ClassGuid", "Service", "ConfigManagerErrorCode"),
        r"DeviceID like 'PCI\\VEN%' or DeviceID like 'USB\\VID%' or DeviceID like 'HID\\%'"
        f" or ClassGuid='{PORTS_CLASS}'",
        heavy=True,
    ),
    "video": Query(
        "Win32_VideoController",
        ("Name", "DriverVersion", "CurrentHorizontalResolution", "CurrentVerticalResolution"),
    ),
    "monitors": Query(
        "WmiMonitorID", ("ManufacturerName", "UserFriendlyName", "SerialNumberID", "Active"), namespace="root/wmi"
    ),
    "printers": Query(
        "Win32_Printer",
        ("Name", "DriverName", "PortName", "Local", "Network", "Default", "Shared"),
        # Printers that Windows brings along and that print to a file; they only cost messages.
        "not PortName like 'PORTPROMPT%' and not PortName like 'XPSPort%' and not PortName like 'SHRFAX%'"
        " and not PortName='nul:'",
    ),
    "services": Query(
        "Win32_Service",
        ("Name", "DisplayName", "State", "StartMode", "PathName", "StartName", "ProcessId"),
        "State='Running' or StartMode='Auto'",
        heavy=True,
    ),
    "processes": Query(
        "Win32_Process",
        (
            "Name", "ProcessId", "ParentProcessId", "ExecutablePath", "CommandLine", "SessionId", "CreationDate",
            "WorkingSetSize",
        ),
        heavy=True,
    ),
    "tasks": Query(
        "MSFT_ScheduledTask",
        ("TaskName", "TaskPath", "State", "Author", "Actions", "Principal"),
        namespace="root/Microsoft/Windows/TaskScheduler",
        since=EIGHT,
        heavy=True,
    ),
    "shares": Query("Win32_Share", ("Name", "Path", "Type"), "Type<2147483648"),
}  # fmt: skip

_SOFT = r"HKLM\SOFTWARE"
_NARROW = rf"{_SOFT}\Wow6432Node"
_NT = rf"{_SOFT}\Microsoft\Windows NT\CurrentVersion"
_WIN = r"Microsoft\Windows\CurrentVersion"
_CONTROL = r"HKLM\SYSTEM\CurrentControlSet\Control"
_SERVICES = r"HKLM\SYSTEM\CurrentControlSet\Services"
_WINLOGON = rf"{_NT}\Winlogon"
_RDP = rf"{_CONTROL}\Terminal Server"
_FIREWALL = rf"{_SERVICES}\SharedAccess\Parameters\FirewallPolicy"
_FIREWALL_GPO = rf"{_SOFT}\Policies\Microsoft\WindowsFirewall"


def _key(path: str, more: str = "") -> str:
    # What reg has to complain about belongs to its answer: see readers.keys.
    shown = f'"{path}"' if " " in path else path
    return f"reg query {shown}{more} 2>&1"


def _value(path: str, name: str) -> str:
    return _key(path, f" /v {name}")


COMMANDS: Mapping[str, str] = {
    # What this Windows says, in its own language, of a key that does not exist.
    "none": _key(r"HKLM\SOFTWARE\otedge-none"),
    "edition_id": _value(_NT, "EditionID"),
    "product_name": _value(_NT, "ProductName"),
    "display_version": _value(_NT, "DisplayVersion"),
    "release_id": _value(_NT, "ReleaseId"),
    "ubr": _value(_NT, "UBR"),
    "installation_type": _value(_NT, "InstallationType"),
    "embedded": _key(rf"{_CONTROL}\WindowsEmbedded\ProductVersion"),
    "posready": _value(r"HKLM\SYSTEM\WPA\POSReady", "Installed"),
    "timezone": _value(rf"{_CONTROL}\TimeZoneInformation", "TimeZoneKeyName"),
    "firmware": _value(_CONTROL, "PEFirmwareType"),
    "bcd": "bcdedit /enum {current}",
    "secure_boot": _value(rf"{_CONTROL}\SecureBoot\State", "UEFISecureBootEnabled"),
    "rdp": _value(_RDP, "fDenyTSConnections"),
    "rdp_nla": _value(rf"{_RDP}\WinStations\RDP-Tcp", "UserAuthentication"),
    "rdp_port": _value(rf"{_RDP}\WinStations\RDP-Tcp", "PortNumber"),
    # Value by value: their neighbour may be the logon password. Of that one only whether it exists leaves the PC.
    "autologon": _value(_WINLOGON, "AutoAdminLogon"),
    "autologon_user": _value(_WINLOGON, "DefaultUserName"),
    "autologon_domain": _value(_WINLOGON, "DefaultDomainName"),
    "autologon_password": f'reg query "{_WINLOGON}" /v DefaultPassword >nul 2>&1 && echo stored || echo none',
    "shell": _value(_WINLOGON, "Shell"),
    "userinit": _value(_WINLOGON, "Userinit"),
    "shell_policy": _value(rf"{_SOFT}\{_WIN}\Policies\System", "Shell"),
    "assigned_access": _key(rf"{_SOFT}\Microsoft\Windows\AssignedAccessConfiguration", " /s"),
    "run": _key(rf"{_SOFT}\{_WIN}\Run"),
    "run_once": _key(rf"{_SOFT}\{_WIN}\RunOnce"),
    "run_32": _key(rf"{_NARROW}\{_WIN}\Run"),
    "run_once_32": _key(rf"{_NARROW}\{_WIN}\RunOnce"),
    "startup_folder": r'dir /b "%ProgramData%\Microsoft\Windows\Start Menu\Programs\Startup" 2>nul',
    "sessions": "query user 2>&1",
    "netstat": "netstat -ano",
    "routes": "route print -4",
    "persistent_routes": _key(rf"{_SERVICES}\Tcpip\Parameters\PersistentRoutes"),
    "firewall_domain": _value(rf"{_FIREWALL}\DomainProfile", "EnableFirewall"),
    "firewall_private": _value(rf"{_FIREWALL}\StandardProfile", "EnableFirewall"),
    "firewall_public": _value(rf"{_FIREWALL}\PublicProfile", "EnableFirewall"),
    "firewall_policy": _key(_FIREWALL_GPO, " /s /v EnableFirewall"),
    "com_ports": _key(r"HKLM\HARDWARE\DEVICEMAP\SERIALCOMM"),
    "printer_ports": _key(rf"{_CONTROL}\Print\Monitors\Standard TCP/IP Port\Ports", " /s"),
    "odbc": _key(rf"{_SOFT}\ODBC\ODBC.INI\ODBC Data Sources"),
    "odbc_32": _key(rf"{_NARROW}\ODBC\ODBC.INI\ODBC Data Sources"),
    "powershell_1": _value(rf"{_SOFT}\Microsoft\PowerShell\1\PowerShellEngine", "PowerShellVersion"),
    "powershell_3": _value(rf"{_SOFT}\Microsoft\PowerShell\3\PowerShellEngine", "PowerShellVersion"),
    "dotnet_4": _value(rf"{_SOFT}\Microsoft\NET Framework Setup\NDP\v4\Full", "Release"),
    "dotnet_35": _value(rf"{_SOFT}\Microsoft\NET Framework Setup\NDP\v3.5", "Install"),
    "ie": _value(rf"{_SOFT}\Microsoft\Internet Explorer", "svcVersion"),
    "ie_old": _value(rf"{_SOFT}\Microsoft\Internet Explorer", "Version"),
    "java": _key(rf"{_SOFT}\JavaSoft", " /s"),
    "java_32": _key(rf"{_NARROW}\JavaSoft", " /s"),
    "software": _key(rf"{_SOFT}\{_WIN}\Uninstall", " /s"),
    "software_32": _key(rf"{_NARROW}\{_WIN}\Uninstall", " /s"),
    # The category of OPC DA 1 and 2 servers. Searches thousands of keys.
    "opc": _key(r"HKCR\CLSID", " /s /f 63D5F43 /k"),
    "opc_32": _key(r"HKCR\Wow6432Node\CLSID", " /s /f 63D5F43 /k"),
    "schtasks": "schtasks /query /xml ONE",
    **CONVERTER_READS,
}
HEAVY_COMMANDS = frozenset({"opc", "opc_32", "schtasks"})
# First Windows that needs the command no more: newer ones tell how they started in the registry.
UNTIL: Mapping[str, tuple[int, int]] = {"bcd": EIGHT}
# Keys of the other registry view; a 32-bit Windows has one view only.
NARROW_COMMANDS = frozenset({"run_32", "run_once_32", "odbc_32", "java_32", "software_32", "opc_32"})

# Once for every account whose hive is loaded; HKCU would be that of the account we log in with.
USER_COMMANDS: Mapping[str, str] = {
    "user_shell": _value(r"HKU\{sid}\Software\Microsoft\Windows NT\CurrentVersion\Winlogon", "Shell"),
    "user_run": _key(rf"HKU\{{sid}}\Software\{_WIN}\Run"),
    "user_drives": _key(r"HKU\{sid}\Network", " /s"),
    "user_odbc": _key(r"HKU\{sid}\Software\ODBC\ODBC.INI\ODBC Data Sources"),
    "user_printers": _key(r"HKU\{sid}\Printers\Connections"),
    "user_software": _key(rf"HKU\{{sid}}\Software\{_WIN}\Uninstall", " /s"),
}
