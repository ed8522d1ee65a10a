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

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import Device, Firmware
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree

try:
    import jmespath

    JMESPATH_ERROR: ImportError | None = None
except ImportError as exc:
    JMESPATH_ERROR = exc

# Product names of the Linux-based firmwares seen; the Windows agent and Windows firmwares have others.
_THIN_CLIENT_PRODUCTS = ("IGEL OS", "IGEL Universal Desktop LX", "IGEL Universal Desktop OS")


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
) -> list[dict[str, Any]]:
    """Give one plain dictionary a device outside the recycle bin, in order of name and unit id.

    Args:
        devices: what the server holds, in any facet; ``online`` stays None without the facet ``online``.
        tree: the directory tree.
        firmwares: to resolve product and version.
        profiles: device id to the names of the profiles assigned directly; None where not asked.
    """
    by_id = {item.id: item for item in firmwares}
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
                "firmware": {"product": firmware.product, "version": firmware.version} if firmware else None,
                "last_ip": device.last_ip,
                "connected": device.connected,
                "thin_client": is_thin_client(device, firmware.product if firmware else ""),
                "online": device.online,
                "profiles": None if profiles is None else sorted(profiles.get(device.id, ())),
            }
        )
    return sorted(found, key=lambda item: (item["name"], item["unit_id"]))


def selected(devices: list[dict[str, Any]], query: str | None) -> list[Any]:
    """Give what a JMESPath query selects from the devices; all of them without a query.

    Raises:
        InputError: the query is not valid or does not give a list.
        OtedgeError: the library jmespath is missing.
    """
    if not query:
        return devices
    if JMESPATH_ERROR is not None:
        raise OtedgeError(
            "The option query needs the Python library jmespath, which is missing on the controller.",
            fix="Install it there: pip install -r requirements.txt of this collection; or filter without query.",
        ) from JMESPATH_ERROR
    try:
        result = jmespath.search(query, devices)
    except jmespath.exceptions.JMESPathError as exc:
        text = " ".join(str(exc).split())
        raise InputError(f"The query {query!r} is not valid JMESPath: {text}.", fix="See jmespath.org.") from exc
    if result is None:
        return []
    if not isinstance(result, list):
        raise InputError(
            f"The query {query!r} gives no list but {type(result).__name__}.",
            fix="Select from the list of devices, for example [?thin_client].",
        )
    return result
