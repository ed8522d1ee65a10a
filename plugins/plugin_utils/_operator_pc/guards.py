# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has to be known of a PC before anything is written to it, and the refusals."""

from __future__ import annotations

from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError, RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import CIMV2, WsmanClient
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import WsmanFault

GIB = 1 << 30
EMBEDDED = "root/standardcimv2/embedded"
ENCRYPTION = "root/cimv2/Security/MicrosoftVolumeEncryption"


def refuse_write_filter(client: WsmanClient) -> None:
    """Refuse where a write filter would throw away at the next boot what is written now; unknown counts as on."""
    try:
        drivers = _rows(client, "select Name,State from Win32_SystemDriver where Name='ewf' or Name='fbwf'")
        unified = _rows(client, "select CurrentEnabled from UWF_Filter", EMBEDDED)
    except PeerError as exc:
        raise _unreadable("a write filter is on", exc) from exc
    if any(_text(row, "State") == "running" for row in drivers) or any(
        _text(row, "CurrentEnabled") == "true" for row in unified
    ):
        raise RefusedError(
            "A write filter is on: what is staged would be gone at the next boot.",
            fix="Switch the filter off (uwfmgr, ewfmgr or fbwfmgr), restart the PC, and run again.",
        )


def refuse_bitlocker(client: WsmanClient, why: str) -> None:
    """Refuse where BitLocker protects the system volume, or where that cannot be read.

    Args:
        client: the PC.
        why: what it would do to the step, a whole sentence.
    """
    try:
        drive = system_drive(client)
        volumes = _rows(client, "select DriveLetter,ProtectionStatus from Win32_EncryptableVolume", ENCRYPTION)
    except PeerError as exc:
        raise _unreadable("BitLocker is on", exc) from exc
    # 0 is off or suspended, 1 on, 2 unknown (a locked volume); a Windows without the class has no BitLocker.
    if any(_text(row, "DriveLetter") == drive.lower() and _text(row, "ProtectionStatus") != "0" for row in volumes):
        raise RefusedError(
            f"BitLocker protects {drive}. {why}",
            fix=f"Suspend it on the PC (manage-bde -protectors -disable {drive}), or decrypt the volume; run again.",
        )


def system_drive(client: WsmanClient) -> str:
    """Give the volume Windows runs from, such as ``C:``."""
    rows = client.enumerate("select SystemDrive from Win32_OperatingSystem")
    return str((rows[0] if rows else {}).get("SystemDrive") or "C:").upper()


def _rows(client: WsmanClient, wql: str, namespace: str = CIMV2) -> list[dict[str, Any]]:
    try:
        return client.enumerate(wql, namespace)
    except WsmanFault as fault:
        if fault.missing:
            return []
        raise


def _text(row: dict[str, Any], name: str) -> str:
    return str(row.get(name) or "").strip().lower()


def _unreadable(what: str, exc: PeerError) -> RefusedError:
    return RefusedError(
        f"It cannot be read whether {what}: {exc.message}",
        fix="Check WMI and the account's rights on the PC; nothing was written.",
    )


def free_bytes(client: WsmanClient, drive: str) -> int | None:
    """Give the free bytes of a local volume such as ``C:``, None where the PC does not say."""
    rows = client.enumerate("select DeviceID,FreeSpace from Win32_LogicalDisk where DriveType=3")
    for row in rows:
        if str(row.get("DeviceID") or "").upper() == drive.upper():
            size = str(row.get("FreeSpace") or "")
            return int(size) if size.isdigit() else None
    return None


def refuse_full(client: WsmanClient, drive: str, needed: int, what: str) -> None:
    """Refuse where a volume has less free space than is needed, or does not say how much it has."""
    free = free_bytes(client, drive)
    if free is None:
        raise RefusedError(
            f"The free space of {drive} on the PC cannot be read.", fix="Check WMI on the PC; nothing was written."
        )
    if free < needed:
        raise RefusedError(
            f"{drive} on the PC has {free / GIB:.1f} GiB free; {what} needs {needed / GIB:.1f} GiB.",
            fix="Make room on the PC and run again; nothing was written.",
        )
