# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts about the devices of the management server, for people and for other plugins. Pure.

Source: UMS IMI v3 contract, sections 3, 4 and 5.6. There is no product field on a device: product and version are
those of its firmware.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import Device, Firmware
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree

# Product names of the Linux-based firmwares seen; the Windows agent and Windows firmwares have others.
_THIN_CLIENT_PRODUCTS = ("IGEL OS", "IGEL Universal Desktop LX", "IGEL Universal Desktop OS")
Extras = Mapping[str, Mapping[str, Any]]


def is_thin_client(device: Device, product: str) -> bool:
    """Say whether the record stands for a thin client that has been there.

    A pre-registered record carries the firmware it is to get, so the product alone proves nothing: the device must
    have connected too (it has an IP address, a product id, or a registered client certificate).
    """
    return product.startswith(_THIN_CLIENT_PRODUCTS) and device.connected


def describe(
    devices: Iterable[Device],
    tree: Tree,
    firmwares: Iterable[Firmware],
    profiles: Mapping[str, Sequence[str]] | None = None,
    extras: Extras | None = None,
) -> list[dict[str, Any]]:
    """Give one plain dictionary a device outside the recycle bin, in order of name and unit id.

    Args:
        devices: what the server holds, in any facet; ``online`` stays None without the facet ``online``.
        tree: the directory tree.
        firmwares: to resolve product and version.
        profiles: device id to the names of the profiles assigned directly; None where not asked.
        extras: key to (device id to value) of what was asked besides (see facets.py); a key not asked is not there.
    """
    by_id = {item.id: firmware_of(item) for item in firmwares}
    found: list[dict[str, Any]] = []
    for device in devices:
        if device.in_bin:
            continue
        firmware = by_id.get(device.firmware_id)
        found.append(
            {
                "id": device.id,
                "unit_id": device.unit_id,
                "mac": device.mac,
                "name": device.name,
                "directory": tree.path(device.parent_id),
                "directory_id": device.parent_id,
                "firmware": dict(firmware) if firmware else None,
                "last_ip": device.last_ip,
                "connected": device.connected,
                "thin_client": is_thin_client(device, firmware["product"] if firmware else ""),
                "online": device.online,
                "profiles": None if profiles is None else sorted(profiles.get(device.id, ())),
                **{key: values.get(device.id) for key, values in (extras or {}).items()},
            }
        )
    return sorted(found, key=lambda item: (item["name"], item["unit_id"]))


def firmware_of(firmware: Firmware) -> dict[str, str]:
    """Give a firmware as devices and profiles show it."""
    return {"product": firmware.product, "version": firmware.version}


def unseen(params: Mapping[str, Any], what: str) -> str:
    """Give the warning for a login that works and shows nothing: missing rights look like that (contract 1.2)."""
    return (
        f"{params['host']} let {params['username']} in but shows {what}: the account may lack the right Browse,"
        " or there is nothing yet."
    )
