# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a management server answers: reached or not, let in or not, licensed or not, and what the account sees.

Source: UMS IMI v3 contract, sections 1.1, 1.2, 8 and 9.1. No resource tells the edition or the licence, so features are
found by asking for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import TalkError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.errors import (
    LICENCE,
    NOT_OFFERED,
    UmsError,
    UmsUnavailable,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.face import session
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import as_text
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.resources import Ums

# what the server calls it: what we call it
_STATUS = {"rmGuiServerVersion": "version", "buildNumber": "build", "serverUUID": "uuid", "server": "server"}
Found = dict[str, Any]


def look(params: Mapping[str, Any]) -> Found:
    """Try to talk to the server and tell how far it got; what the server refuses is no failure here.

    Args:
        params: the connection options.

    Returns:
        The result of ums_info: ``state``, ``problem``, ``reachable``, ``imi``, ``server``, ``sees``, ``features``.

    Raises:
        InputError: options that cannot be right; OtedgeError: the requests library is missing.
    """
    found: Found = {
        "state": "ok",
        "problem": None,
        "server": dict.fromkeys(_STATUS.values()),
        "sees": dict.fromkeys(("devices", "devices_in_bin", "directories", "profiles", "firmwares")),
        "features": {"priority_profiles": None, "asset_information": None},
    }
    try:
        with session(params) as ums:
            _read(ums, found)
    except (TalkError, UmsError) as exc:
        found["state"] = state_of(exc)
        code = exc.error_code if isinstance(exc, UmsError) else ""
        found["problem"] = {"message": exc.message, "fix": exc.fix, "error_code": code}
    found["reachable"] = found["state"] != "unreachable"
    found["imi"] = {"ok": True, "no_rights": True, "licence": False, "no_imi": False}.get(found["state"])
    return found


def state_of(exc: TalkError | UmsError) -> str:
    """Give the one word for why it went no further."""
    if isinstance(exc, TalkError):
        return str(exc.details.get("reason") or "unreachable")
    if isinstance(exc, UmsUnavailable):
        return "unavailable"
    if exc.error_code == LICENCE:
        return "licence"
    if exc.status == 404 or exc.error_code in NOT_OFFERED:
        return "no_imi"
    if exc.status == 403 or exc.error_code == "ITG-0B005":
        return "no_rights"
    return "login_refused" if exc.status == 401 else "no_imi"


def sees_nothing(found: Mapping[str, Any]) -> bool:
    """Say whether a login that works shows neither devices nor directories."""
    sees = found["sees"]
    return found["state"] == "ok" and not (sees["devices"] or sees["devices_in_bin"] or sees["directories"])


def _read(ums: Ums, found: Found) -> None:
    status = ums.server_status()
    found["server"] = {ours: as_text(status.get(wire)) or None for wire, ours in _STATUS.items()}
    devices = ums.devices()
    sees, features = found["sees"], found["features"]
    sees["devices"] = sum(not device.in_bin for device in devices)
    sees["devices_in_bin"] = len(devices) - sees["devices"]
    sees["directories"] = _count(ums.directories)
    sees["profiles"] = _count(ums.profiles)
    sees["firmwares"] = _count(ums.firmwares)
    features["priority_profiles"] = ums.offers("/directories/masterprofiledirectories")
    if devices:  # the assets of one device: the list of all may be long
        features["asset_information"] = ums.offers(f"/assetinfo/thinclients/{devices[0].id}")


def _count(read: Callable[[], list[Any]]) -> int | None:
    """Give how many there are; None where the account may not ask."""
    try:
        return len(read())
    except UmsUnavailable:
        raise
    except UmsError:
        return None
