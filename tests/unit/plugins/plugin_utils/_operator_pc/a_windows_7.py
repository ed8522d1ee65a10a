# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One whole set of answers, as a German Windows 7 gives them, with secrets in every place they are known to stand."""

from __future__ import annotations

from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.answers import Answers

SID = "S-1-5-21-1004336348-1177238915-682003330-1001"
HKLM = "HKEY_LOCAL_MACHINE"
NONE = "FEHLER: Der angegebene Registrierungsschl\u00fcssel bzw. Wert wurde nicht gefunden.\n"
DENIED = "FEHLER: Zugriff verweigert.\n"
SECRETS = (
    "geheim-1", "geheim-2", "geheim-3", "geheim-4", "geheim-5", "geheim-6", "geheim-7", "geheim-8", "geheim-9",
)  # fmt: skip


def reg(key: str, **values: str) -> str:
    """Give what reg query prints of one key; a value is "TYPE data"."""
    lines = [f"    {name}    {data.partition(' ')[0]}    {data.partition(' ')[2]}" for name, data in values.items()]
    return "\n".join(["", key, *lines, "", ""])


SESSIONS = (
    " BENUTZERNAME          SITZUNGSNAME       ID  STATUS  LEERLAUFZEIT  ANMELDEZEIT\n"
    ">bediener              console             1  Aktiv           Kein   12.03.2026 06:01\n"
    " wartung schicht                           2  Getr.           1:12   11.03.2026 17:00\n"
    " fern                  rdp-tcp#0           3  Aktiv        2+03:14   10.03.2026 08:10\n"
)
NETSTAT = """
Aktive Verbindungen

  Proto  Lokale Adresse         Remoteadresse          Status           PID
  TCP    0.0.0.0:135            0.0.0.0:0              ABH\u00d6REN         912
  TCP    10.20.1.11:50112       10.20.60.10:443        HERGESTELLT     3200
  TCP    10.20.1.11:50115       10.20.60.11:443        WARTEND            0
  TCP    [::]:3389              [::]:0                 ABH\u00d6REN         1044
  UDP    0.0.0.0:123            *:*                                     968
"""
ROUTES = """
IPv4-Routentabelle
===========================================================================
Aktive Routen:
     Netzwerkziel    Netzwerkmaske          Gateway    Schnittstelle Metrik
          0.0.0.0          0.0.0.0        10.20.1.1       10.20.1.11    266
        10.20.1.0    255.255.255.0   Auf Verbindung       10.20.1.11    266
        127.0.0.0        255.0.0.0   Auf Verbindung         127.0.0.1    306
===========================================================================
St\u00e4ndige Routen:
  Netzwerkadresse          Netzmaske  Gatewayadresse  Metrik
        10.30.0.0      255.255.0.0       10.20.1.254       1
"""
TASKS = r"""<?xml version="1.0" encoding="UTF-16"?>
<Tasks>
<!-- \Sicherung -->
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <Triggers><CalendarTrigger><Enabled>true</Enabled></CalendarTrigger></Triggers>
  <Principals><Principal id="Author"><UserId>PLANT\svc</UserId></Principal></Principals>
  <Settings><Enabled>false</Enabled></Settings>
  <Actions Context="Author"><Exec><Command>net</Command>
    <Arguments>use Z: \\srv\backup geheim-1 /user:PLANT\svc</Arguments></Exec></Actions>
</Task>
<!-- \Microsoft\Windows\Defrag\ScheduledDefrag -->
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><Settings/><Actions/></Task>
</Tasks>
"""


def rows() -> dict[str, list[dict[str, Any]]]:
    """Give the rows of all queries a Windows 7 has."""
    return {
        "os": [
            {
                "Caption": "Microsoft Windows 7 Professional ", "Version": "6.1.7601", "BuildNumber": "7601",
                "OSArchitecture": "64-Bit", "OperatingSystemSKU": "48", "ProductType": "1",
                "CSDVersion": "Service Pack 1", "InstallDate": "2013-03-09T03:06:25Z",
                "LastBootUpTime": "2026-11-13T20:48:01.5Z", "LocalDateTime": "2026-11-22T21:00:02.376625Z",
                "CurrentTimeZone": "60", "MUILanguages": "de-DE", "Locale": "0407", "SystemDrive": "C:",
                "WindowsDirectory": r"C:\Windows", "FreePhysicalMemory": "2000000",
            }
        ],
        "cpu": [
            {
                "Name": "Intel(R) Core(TM) i5-3470", "AddressWidth": "64", "DataWidth": "64", "Architecture": "9",
                "NumberOfCores": "4", "MaxClockSpeed": "3200", "LoadPercentage": "12",
            }
        ],
        "system": [
            {
                "Manufacturer": "Hewlett-Packard", "Model": "HP Compaq 8300", "TotalPhysicalMemory": "8485076992",
                "PartOfDomain": "false", "Domain": "PLANT", "Workgroup": "PLANT", "DomainRole": "0",
                "UserName": r"L1-OP1\bediener",
            }
        ],
        "product": [{"UUID": "dfd2a531-5566-4477-acb3-c09b20da92bc", "Version": "A"}],
        "bios": [{"SerialNumber": "CZC1", "SMBIOSBIOSVersion": "K01", "ReleaseDate": "2013-03-14T00:00:00Z"}],
        "board": [{"Manufacturer": "HP", "Product": "3397", "SerialNumber": "B1"}],
        "enclosure": [{"ChassisTypes": ["4", "1"], "SMBIOSAssetTag": "A-77"}],
        "memory": [{"Capacity": "4294967296", "Speed": "1600", "DeviceLocator": f"DIMM{n}"} for n in (1, 2)],
        "memory_slots": [{"MemoryDevices": "4", "MaxCapacity": "33554432"}],
        "drives": [
            {"Model": "ST250", "Size": "250059350016", "InterfaceType": "IDE", "SerialNumber": "9VY", "Status": "OK"}
        ],
        "volumes": [{"DeviceID": "C:", "FileSystem": "NTFS", "Size": "249000000000", "FreeSpace": "100000000000"}],
        "tpm": [{"IsEnabled_InitialValue": "true", "IsActivated_InitialValue": "false", "SpecVersion": "1.2, 2, 3"}],
        "encryption": [{"DriveLetter": "C:", "ProtectionStatus": "0"}],
        "filter_drivers": [{"Name": "ewf", "State": "Stopped"}],
        "antivirus": [{"displayName": "Defender", "productState": "397568"}],
        "hotfixes": [
            {"HotFixID": "KB3140245", "InstalledOn": "3/24/2019"},
            {"HotFixID": "KB2534111", "InstalledOn": "01d4e1f0a1b2c3d4"},
        ],
        "adapters": [
            {
                "Index": "7", "MACAddress": "00:1B:1B:00:11:01", "Name": "Intel", "NetConnectionID": "LAN-Verbindung",
                "NetConnectionStatus": "2", "PNPDeviceID": r"PCI\VEN_8086&DEV_1502", "Speed": "1000000000",
            }
        ],
        "addresses": [
            {
                "Index": "7", "IPAddress": ["10.20.1.11", "fe80::1"], "IPSubnet": ["255.255.255.0", "64"],
                "DefaultIPGateway": "10.20.1.1", "DNSServerSearchOrder": None, "DHCPEnabled": "false",
            }
        ],
        "devices": [
            {
                "DeviceID": r"PCI\VEN_110A&DEV_4042\1", "Name": "CP 5623", "ClassGuid": "{1}", "Service": "s",
                "ConfigManagerErrorCode": "0",
            },
            {
                "DeviceID": r"USB\VID_0529&PID_0001\1", "Name": "Sentinel HL Key", "ClassGuid": "{2}", "Service": "h",
                "ConfigManagerErrorCode": "28",
            },
            {
                "DeviceID": r"ACPI\PNP0501\1", "Name": "Kommunikationsanschluss (COM1)", "Service": "Serial",
                "ClassGuid": "{4d36e978-e325-11ce-bfc1-08002be10318}", "ConfigManagerErrorCode": "0",
            },
            {
                "DeviceID": r"HID\ELO&1", "Name": "Elo Touchscreen", "ClassGuid": "{3}", "Service": "HidUsb",
                "ConfigManagerErrorCode": "0",
            },
        ],
        "video": [
            {
                "Name": "Intel HD", "DriverVersion": "9.17", "CurrentHorizontalResolution": "1280",
                "CurrentVerticalResolution": "1024",
            }
        ],
        "monitors": [
            {
                "ManufacturerName": ["69", "76", "79", "0"], "UserFriendlyName": ["49", "53", "0", "0"],
                "SerialNumberID": ["88", "0"], "Active": "true",
            }
        ],
        "printers": [
            {
                "Name": "Etiketten", "DriverName": "ZDesigner", "PortName": "IP_10.20.1.50", "Local": "true",
                "Network": "false", "Default": "true", "Shared": "false",
            }
        ],
        "services": [
            {
                "Name": "Spooler", "DisplayName": "Druckwarteschlange", "State": "Running", "StartMode": "Auto",
                "PathName": r"C:\x.exe -password geheim-2", "StartName": "LocalSystem", "ProcessId": "700",
            },
            {
                "Name": "hasplms", "DisplayName": "HASP", "State": "Stopped", "StartMode": "Auto", "PathName": "h.exe",
                "StartName": "LocalSystem", "ProcessId": "0",
            },
        ],
        "processes": [
            {
                "Name": "view.exe", "ProcessId": "3200", "ParentProcessId": "2000", "ExecutablePath": r"C:\view.exe",
                "CommandLine": r"C:\view.exe /user:op /password:geheim-3 --token geheim-4", "SessionId": "1",
                "CreationDate": "2026-11-13T20:50:00Z", "WorkingSetSize": "10485760",
            }
        ],
        "shares": [{"Name": "Rezepte", "Path": r"D:\Rezepte", "Type": "0"}],
    }  # fmt: skip


def texts() -> dict[str, str]:
    """Give the output of all commands a Windows 7 is asked."""
    nt = rf"{HKLM}\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
    logon = rf"{nt}\Winlogon"
    uninstall = r"Microsoft\Windows\CurrentVersion\Uninstall"
    hku = rf"HKEY_USERS\{SID}"
    rdp = rf"{HKLM}\SYSTEM\CurrentControlSet\Control\Terminal Server"
    wall = rf"{HKLM}\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy"
    opc = r"HKEY_CLASSES_ROOT\Wow6432Node\CLSID\{13486D44-4821-11D2-A494-3CB306C10000}\Implemented Categories"
    found = {
        "edition_id": reg(nt, EditionID="REG_SZ Professional"),
        "product_name": reg(nt, ProductName="REG_SZ Windows 7 Professional"),
        "installation_type": reg(nt, InstallationType="REG_SZ Client"),
        "timezone": reg(rf"{HKLM}\TZ", TimeZoneKeyName="REG_SZ W. Europe Standard Time"),
        "bcd": "Windows-Startladeprogramm\npath      \\Windows\\system32\\winload.exe\n",
        "rdp": reg(rdp, fDenyTSConnections="REG_DWORD 0x0"),
        "rdp_nla": reg(rdp, UserAuthentication="REG_DWORD 0x0"),
        "rdp_port": reg(rdp, PortNumber="REG_DWORD 0xd3d"),
        "autologon": reg(logon, AutoAdminLogon="REG_SZ 1"),
        "autologon_user": reg(logon, DefaultUserName="REG_SZ bediener"),
        "autologon_domain": reg(logon, DefaultDomainName="REG_SZ L1-OP1"),
        "autologon_password": "stored \n",
        "shell": reg(logon, Shell=r"REG_SZ C:\kiosk\start.exe"),
        "userinit": reg(logon, Userinit=r"REG_SZ C:\Windows\system32\userinit.exe,"),
        "run": reg(rf"{HKLM}\Run", HMI=r"REG_SZ C:\hmi.exe -u op -p geheim-5"),
        "startup_folder": "desktop.ini\nMES.lnk\n",
        "sessions": SESSIONS,
        "netstat": NETSTAT,
        "routes": ROUTES,
        "persistent_routes": reg(rf"{HKLM}\PersistentRoutes", **{"10.30.0.0,255.255.0.0,10.20.1.254,1": "REG_SZ"}),
        "firewall_domain": reg(rf"{wall}\DomainProfile", EnableFirewall="REG_DWORD 0x1"),
        "firewall_private": reg(rf"{wall}\StandardProfile", EnableFirewall="REG_DWORD 0x0"),
        "firewall_public": reg(rf"{wall}\PublicProfile", EnableFirewall="REG_DWORD 0x1"),
        "firewall_policy": reg(rf"{HKLM}\WindowsFirewall\DomainProfile", EnableFirewall="REG_DWORD 0x0")
        + "Ende der Suche: 1 \u00dcbereinstimmung(en) gefunden.\n",
        "com_ports": reg(rf"{HKLM}\SERIALCOMM", **{r"\Device\Serial0": "REG_SZ COM1"}),
        "printer_ports": reg(rf"{HKLM}\Ports\IP_10.20.1.50", HostName="REG_SZ 10.20.1.50"),
        "odbc": reg(rf"{HKLM}\ODBC Data Sources", MES="REG_SZ SQL Server;PWD=geheim-6"),
        "powershell_1": reg(rf"{HKLM}\PS", PowerShellVersion="REG_SZ 2.0"),
        "dotnet_4": reg(rf"{HKLM}\Full", Release="REG_DWORD 0x6041e"),
        "dotnet_35": reg(rf"{HKLM}\v3.5", Install="REG_DWORD 0x1"),
        "ie": reg(rf"{HKLM}\IE", svcVersion="REG_SZ 11.0.9600"),
        "java_32": reg(rf"{HKLM}\JavaSoft\Java Runtime Environment", CurrentVersion="REG_SZ 1.8"),
        "software": reg(rf"{HKLM}\SOFTWARE\{uninstall}\A", DisplayName="REG_SZ 7-Zip", DisplayVersion="REG_SZ 23.01"),
        "software_32": reg(
            rf"{HKLM}\SOFTWARE\Wow6432Node\{uninstall}\W", DisplayName="REG_SZ SIMATIC WinCC Runtime",
            UninstallString="REG_SZ setup.exe /password=geheim-7",
        ),
        "opc": "\nEnde der Suche: 0 \u00dcbereinstimmungen gefunden.\n",
        "opc_32": f"\n{opc}\\{{63D5F432-CFE4-11D1-B2C8-0060083BA1FB}}\n\nEnde der Suche: 1 gefunden.\n",
        "schtasks": TASKS,
        f"user_shell.{SID}": reg(rf"{hku}\Winlogon", Shell=r"REG_SZ C:\hmi\shell.exe"),
        f"user_run.{SID}": reg(rf"{hku}\Run", VNC="REG_SZ vnc.exe -connect srv https://op:geheim-8@srv/x"),
        f"user_drives.{SID}": reg(rf"{hku}\Network\Z", RemotePath=r"REG_SZ \\srv\x", UserName="REG_DWORD 0x0"),
        f"user_odbc.{SID}": reg(rf"{hku}\ODBC Data Sources", Own="REG_SZ Access token=geheim-9"),
        f"user_printers.{SID}": rf"{hku}\Printers\Connections\,,srv,etikett" + "\n",
        f"user_software.{SID}": reg(rf"{hku}\{uninstall}\Chrome", DisplayName="REG_SZ Google Chrome"),
        "osc_files": "", "osc_downloads": "", "osc_loader": "", "osc_install_loader": "", "osc_loader_old": "",
    }  # fmt: skip
    missing = (
        "none", "display_version", "release_id", "ubr", "embedded", "posready", "firmware", "secure_boot",
        "shell_policy", "assigned_access", "run_once", "run_32", "run_once_32", "odbc_32", "powershell_3", "ie_old",
        "java",
    )  # fmt: skip
    return {**found, **dict.fromkeys(missing, NONE)}


def answers() -> Answers:
    """Give the whole set."""
    return Answers(
        rows=rows(),
        text=texts(),
        absent={"uwf", "uwf_volumes", "launcher", "physical_disks"},
        users=[SID],
        asked_at=1795381200.0,
        round_trip=0.2,
    )
