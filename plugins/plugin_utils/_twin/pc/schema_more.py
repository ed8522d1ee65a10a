# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

r"""More classes, and the keys by which Get, Put and Delete find one instance.

[documented] names of classes, properties and keys; [assumed] `Twin_Bulk`, which is ours: a class with very many
instances, made one at a time while a client pulls.
"""

from __future__ import annotations

CIMV2 = "root\\cimv2"
STANDARD = "root\\standardcimv2"
EMBEDDED = "root\\standardcimv2\\embedded"
TASKS = "root\\microsoft\\windows\\taskscheduler"
TPM = "root\\cimv2\\security\\microsofttpm"
WMI = "root\\wmi"
BULK = "Twin_Bulk"

_ELEMENT = "Caption Description InstallDate Name Status "
MORE: dict[tuple[str, str], str] = {
    (CIMV2, "Win32_IP4PersistedRouteTable"): _ELEMENT + "Destination Mask Metric1 NextHop",
    (CIMV2, "Win32_Product"): _ELEMENT + "IdentifyingNumber InstallLocation PackageCache Vendor Version",
    (CIMV2, "Win32_ScheduledJob"): _ELEMENT + "Command JobId StartTime",
    (CIMV2, "Win32_NetworkConnection"): _ELEMENT + "ConnectionState LocalName RemoteName RemotePath UserName",
    (CIMV2, "Win32_UserProfile"): "HealthStatus LastUseTime Loaded LocalPath RoamingConfigured SID Special Status",
    (CIMV2, "Win32_Group"): "Caption Description Domain LocalAccount Name SID SIDType Status",
    (CIMV2, "Win32_GroupUser"): "GroupComponent PartComponent",
    (CIMV2, "Win32_NTDomain"): _ELEMENT + "DnsForestName DomainControllerName DomainName",
    (CIMV2, "Win32_CDROMDrive"): _ELEMENT + "DeviceID Drive MediaLoaded",
    (CIMV2, "Win32_PerfFormattedData_PerfOS_Processor"): "Name PercentIdleTime PercentProcessorTime",
    (CIMV2, "Win32_OSRecoveryConfiguration"): "AutoReboot DebugFilePath Name WriteToSystemLog",
    (CIMV2, BULK): "Index Name Payload",
    (TPM, "Win32_Tpm"): "IsActivated_InitialValue IsEnabled_InitialValue IsOwned_InitialValue ManufacturerId "
    "ManufacturerIdTxt ManufacturerVersion PhysicalPresenceVersionInfo SpecVersion",
    (WMI, "MSSerial_PortName"): "Active InstanceName PortName",
}
MORE_EIGHT: dict[tuple[str, str], str] = {
    (TASKS, "MSFT_ScheduledTask"): "Actions Author Date Description Documentation Principal SecurityDescriptor "
    "Settings Source State TaskName TaskPath Triggers URI Version",
    (TASKS, "MSFT_TaskExecAction"): "Arguments Execute Id WorkingDirectory",
}
SHELL_LAUNCHER: dict[tuple[str, str], str] = {
    (EMBEDDED, "WESL_UserSetting"): "CustomReturnCodes CustomReturnCodesAction DefaultAction Shell Sid",
}

# Keys by class in lower case. A class that is not here is found by its own properties, none of which is asked for.
KEYS: dict[str, tuple[str, ...]] = {
    "win32_bios": ("Name", "SoftwareElementID", "SoftwareElementState", "TargetOperatingSystem", "Version"),
    "win32_computersystem": ("Name",),
    "win32_computersystemproduct": ("IdentifyingNumber", "Name", "Version"),
    "win32_diskdrive": ("DeviceID",),
    "win32_encryptablevolume": ("DeviceID",),
    "win32_environment": ("Name", "UserName"),
    "win32_logicaldisk": ("DeviceID",),
    "win32_networkadapter": ("DeviceID",),
    "win32_networkadapterconfiguration": ("Index",),
    "win32_operatingsystem": (),
    "win32_osrecoveryconfiguration": ("Name",),
    "win32_pnpentity": ("DeviceID",),
    "win32_printer": ("DeviceID",),
    "win32_process": ("Handle",),
    "win32_processor": ("DeviceID",),
    "win32_service": ("Name",),
    "win32_share": ("Name",),
    "win32_systemdriver": ("Name",),
    "win32_terminalservice": ("Name",),
    "win32_useraccount": ("Domain", "Name"),
    "win32_volume": ("DeviceID",),
    "uwf_filter": ("Id",),
    "uwf_overlay": ("Id",),
    "uwf_volume": ("CurrentSession", "DriveLetter", "VolumeName"),
    "uwf_registryfilter": ("CurrentSession", "Id"),
    "wesl_usersetting": ("Sid",),
    "twin_bulk": ("Index",),
}
# What Put may change, by class in lower case; the rest is read-only.
WRITABLE: dict[str, tuple[str, ...]] = {
    "win32_environment": ("VariableValue",),
    "win32_logicaldisk": ("VolumeName",),
    "win32_operatingsystem": ("Description", "ForegroundApplicationBoost"),
    "win32_osrecoveryconfiguration": ("AutoReboot", "WriteToSystemLog"),
    "win32_volume": ("Label", "DriveLetter"),
}
