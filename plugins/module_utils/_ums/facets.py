# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The device list with what was asked besides: one request a facet, put together by id.

Source: UMS IMI v3 contract, section 4: one facet a request, combining is not documented, and a facet that the server
does not know gives the short form. The facet ``shadow`` (a certificate and a password) is never asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import (
    FIELDS,
    Device,
    as_flag,
    as_text,
    normal_mac,
    read_device,
)

# option of a module: facet on the wire
FACETS: dict[str, str] = {
    "details": "details",
    "online": "online",
    "attributes": "deviceattributes",
    "network_adapters": "networkadapters",
    "login_history": "loginhistory",
}
# What the short form has anyway, what other options give, and what nobody may see.
_NO_DETAIL = frozenset(
    {
        *("id", "unitID", "mac", "name", "parentID", "firmwareID", "lastIP", "movedToBin", "objectType", "links"),
        *("online", "networkAdapters", "deviceAttributes", "userLoginHistory", "shadowSecret"),
    }
)
_WORDS = {wire: option for option, wire in FIELDS.items()}
_FLAGS = {
    "isThinClientRegistered": "registered",
    "isConnectedViaReverseProxy": "connected_via_reverse_proxy",
    "connectedViaReverseProxy": "connected_via_reverse_proxy",
}
_LOGIN_RESULTS = (
    "ok",
    "logon_failed",
    "user_not_found",
    "invalid_password",
    "password_expired",
    "no_user_license",
    "device_unknown",
)
Raw = Mapping[str, Any]


class Lists(Protocol):
    """What is needed of the server's resources; see Ums."""

    def device_rows(self, facets: str | None = None) -> list[dict[str, Any]]:
        """All devices as sent."""


def asked(params: Mapping[str, Any]) -> list[str]:
    """Give the facets that the options of a module switch on, in fixed order."""
    return [option for option in FACETS if params.get(option)]


def read_facets(server: Lists, wanted: Iterable[str]) -> tuple[list[Device], dict[str, dict[str, Any]]]:
    """List the devices with what is asked.

    Args:
        server: the resources.
        wanted: keys of FACETS, one request each; none gives the short form, one request too.

    Returns:
        The devices of the first list, with their online state if asked, and for each facet besides ``online`` its
        key to (device id to value). A device that a later list does not have any more has no value there.
    """
    devices: list[Device] | None = None
    online: dict[str, bool | None] = {}
    extras: dict[str, dict[str, Any]] = {}
    for option in list(wanted) or [""]:
        rows = server.device_rows(FACETS.get(option))
        if devices is None:
            devices = [read_device(raw) for raw in rows]
        if option == "online":
            online = {as_text(raw.get("id")): as_flag(raw.get("online")) for raw in rows}
        elif option:
            extras[option] = {as_text(raw.get("id")): READERS[option](raw) for raw in rows}
    found = devices or []
    if online:
        found = [replace(device, online=online.get(device.id)) for device in found]
    return found, extras


def details(raw: Raw) -> dict[str, Any]:
    """Give the fields of facet ``details`` in our words; dates and unknown fields pass through as they come."""
    shown: dict[str, Any] = {}
    for wire, value in raw.items():
        if wire in _NO_DETAIL:
            continue
        if wire in _FLAGS:
            shown[_FLAGS[wire]] = as_flag(value)
        else:
            shown[_WORDS.get(wire) or _snake(wire)] = value
    return shown


def attributes(raw: Raw) -> list[dict[str, Any]]:
    """Give the custom attributes of a device."""
    return [
        {
            "identifier": as_text(item.get("identifier")),
            "name": as_text(item.get("name")),
            "value": as_text(item.get("value")),
            "type": as_text(item.get("type")),
            "allowed_values": [as_text(value) for value in item.get("allowedValues") or []],
        }
        for item in _items(raw, "deviceAttributes")
    ]


def network_adapters(raw: Raw) -> list[dict[str, Any]]:
    """Give the network adapters of a device; empty for IGEL OS older than 11.07.100."""
    found = []
    for item in _items(raw, "networkAdapters"):
        mac = as_text(item.get("mac"))
        found.append(
            {
                "name": as_text(item.get("name")),
                "type": as_text(item.get("type")),
                "mac": normal_mac(mac) or mac,
                "state": as_text(item.get("state")),
            }
        )
    return found


def login_history(raw: Raw) -> list[dict[str, Any]]:
    """Give who logged in at a device, and when; a log-off time is empty while the user is still there."""
    found = []
    for item in _items(raw, "userLoginHistory"):
        code = as_text(item.get("loginresult"))
        known = code.isdecimal() and int(code) < len(_LOGIN_RESULTS)
        found.append(
            {
                "user": as_text(item.get("username")),
                "result": _LOGIN_RESULTS[int(code)] if known else code,
                "login_time": as_text(item.get("logintime")),
                "logoff_time": as_text(item.get("logofftime")),
                "type": as_text(item.get("logontype")),
            }
        )
    return found


READERS: dict[str, Callable[[Raw], Any]] = {
    "details": details,
    "attributes": attributes,
    "network_adapters": network_adapters,
    "login_history": login_history,
}


def _items(raw: Raw, key: str) -> list[dict[str, Any]]:
    found = raw.get(key)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _snake(wire: str) -> str:
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", wire)
    return re.sub(r"(?<=[A-Z])(?=[A-Z][a-z])", "_", apart).lower()
