# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is asked of a PC: one table of queries and one of commands, and the answers, kept apart from their meaning.

Win32_Product is never asked: enumerating it makes Windows Installer verify, and perhaps repair, every package.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.batch import run_parts
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.converter import READS as CONVERTER_READS
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import CIMV2, WsmanClient
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import DroppedError, WsmanFault
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import WinRS

STANDARD = "root/standardcimv2"
PORTS_CLASS = "{4d36e978-e325-11ce-bfc1-08002be10318}"


@dataclass(frozen=True)
class Query:
    """One WQL query: class, columns, condition, namespace."""

    name: str
    columns: tuple[str, ...]
    where: str = ""
    namespace: str = CIMV2

    @property
    def wql(self) -> str:
        """Give the query's text."""
        where = f" where {self.where}" if self.where else ""
        return f"select {','.join(self.columns)} from {self.name}{where}"


QUERIES: Mapping[str, Query] = {
    "system": Query("Win32_ComputerSystem", ("Manufacturer", "Model", "TotalPhysicalMemory")),
    "product": Query("Win32_ComputerSystemProduct", ("UUID",)),
    "bios": Query("Win32_BIOS", ("SerialNumber",)),
    "cpu": Query("Win32_Processor", ("Name", "AddressWidth", "DataWidth", "NumberOfCores", "MaxClockSpeed")),
    "os": Query(
        "Win32_OperatingSystem",
        (
            "Caption", "Version", "BuildNumber", "OSArchitecture", "ProductType", "LastBootUpTime", "LocalDateTime",
            "CurrentTimeZone", "SystemDrive",
        ),
    ),
    "volumes": Query("Win32_LogicalDisk", ("DeviceID", "Size", "FreeSpace"), "DriveType=3"),
    "partitions": Query("Win32_DiskPartition", ("Type",)),
    "hotfixes": Query("Win32_QuickFixEngineering", ("HotFixID",)),
    "encryption": Query(
        "Win32_EncryptableVolume",
        ("DriveLetter", "ProtectionStatus"),
        namespace="root/cimv2/Security/MicrosoftVolumeEncryption",
    ),
    "uwf": Query("UWF_Filter", ("CurrentEnabled",), namespace=f"{STANDARD}/embedded"),
    "filter_drivers": Query("Win32_SystemDriver", ("Name", "State"), "Name='ewf' or Name='fbwf'"),
    "adapters": Query(
        "Win32_NetworkAdapter",
        ("Index", "MACAddress", "Name", "NetConnectionID", "NetConnectionStatus", "PNPDeviceID"),
        "PhysicalAdapter=TRUE",
    ),
    "addresses": Query("Win32_NetworkAdapterConfiguration", ("Index", "IPAddress"), "IPEnabled=TRUE"),
    "devices": Query(
        "Win32_PnPEntity",
        ("DeviceID", "Name", "ClassGuid"),
        rf"DeviceID like 'PCI\\VEN%' or DeviceID like 'USB\\VID%' or ClassGuid='{PORTS_CLASS}'",
    ),
    "services": Query("Win32_Service", ("Name",), "State='Running'"),
    "connections": Query(
        "MSFT_NetTCPConnection", ("RemoteAddress", "RemotePort"), "State=5", namespace=STANDARD
    ),
}  # fmt: skip

_NT = r'"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
_CONTROL = r'"HKLM\SYSTEM\CurrentControlSet\Control'
_UNINSTALL = r"Microsoft\Windows\CurrentVersion\Uninstall"

COMMANDS: Mapping[str, str] = {
    "edition_id": f'reg query {_NT}" /v EditionID',
    "product_name": f'reg query {_NT}" /v ProductName',
    "embedded": rf'reg query {_CONTROL}\WindowsEmbedded\ProductVersion"',
    "firmware": f'reg query {_CONTROL}" /v PEFirmwareType',
    "secure_boot": rf'reg query {_CONTROL}\SecureBoot\State" /v UEFISecureBootEnabled',
    "rdp": rf'reg query {_CONTROL}\Terminal Server" /v fDenyTSConnections',
    # Only this value: its neighbours may hold the logon password.
    "autologon": rf'reg query {_NT}\Winlogon" /v AutoAdminLogon',
    "software": rf'reg query "HKLM\SOFTWARE\{_UNINSTALL}" /s',
    "software_32": rf'reg query "HKLM\SOFTWARE\Wow6432Node\{_UNINSTALL}" /s',
    "netstat": "netstat -ano",
    **CONVERTER_READS,
}


@dataclass
class Answers:
    """What came back: rows of the queries, text of the commands, and why a source has none."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    text: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)


def ask(client: WsmanClient, queries: Iterable[str], commands: Iterable[str]) -> Answers:
    """Ask the queries one after the other, then the commands in one go.

    A class or namespace this Windows does not have, and a section the account may not read, leave a reason;
    raises TalkError when the PC goes away.
    """
    answers = Answers()
    for name in queries:
        _query(client, name, answers)
    wanted = list(commands)
    if "netstat" in wanted and "connections" in answers.rows:
        wanted.remove("netstat")
    if "firmware" in wanted:
        wanted.insert(0, wanted.pop(wanted.index("firmware")))
    if wanted:
        _commands(client, wanted, answers)
    if "firmware" in answers.text and "PEFirmwareType" not in answers.text["firmware"]:
        # Windows 7 does not say it; a GPT system partition does.
        _query(client, "partitions", answers)
    return answers


def _query(client: WsmanClient, name: str, answers: Answers) -> None:
    query = QUERIES[name]
    try:
        answers.rows[name] = client.enumerate(query.wql, query.namespace, query.columns)
    except WsmanFault as fault:
        if fault.missing:
            answers.absent.add(name)
            answers.reasons[name] = f"{query.name} does not exist on this Windows"
        elif fault.denied:
            answers.reasons[name] = f"the account may not read {query.name}"
        else:
            answers.reasons[name] = f"{query.name}: {fault.reason}"
    except PeerError as exc:
        answers.reasons[name] = f"{query.name}: {exc.message}"


def _commands(client: WsmanClient, wanted: list[str], answers: Answers) -> None:
    try:
        with WinRS(client) as shell:
            answers.text.update(run_parts(shell, {name: COMMANDS[name] for name in wanted}))
    except DroppedError:
        # Only reads: once more on a new connection.
        client.transport.reset()
        with WinRS(client) as shell:
            answers.text.update(run_parts(shell, {name: COMMANDS[name] for name in wanted}))
    except TalkError:
        raise
    except PeerError as exc:
        for name in wanted:
            answers.reasons[name] = f"the remote command shell gave no answer: {exc.message}"
    for name in wanted:
        if name not in answers.text:
            answers.reasons.setdefault(name, "the remote command shell ended before this was read")
