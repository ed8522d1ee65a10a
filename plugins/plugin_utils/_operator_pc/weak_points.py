# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Weak entry points of a PC, and until when its Windows gets security updates (pure).

Ways in that nobody may have meant to leave open: what a containment has to close, and what a conversion removes. They
hold no station: a PC with a weak door is not safer where it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import tables
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.fingerprints import Sighting
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.gates import field

_ADMINISTRATORS = re.compile(r"(^|\\)administrat", re.IGNORECASE)


def found(assessment: Mapping[str, Any], seen: Sequence[Sighting]) -> list[dict[str, str]]:
    """Give [{code, text, field}], each once; a field that was not read says nothing."""
    points = [
        {"code": item.fingerprint.weak_point, "text": item.text, "field": item.field}
        for item in seen
        if item.fingerprint.weak_point
    ]
    for key, code, judge in _FIELDS:
        value = field(assessment, key)
        text = None if value is None else judge(value)
        if text:
            points.append({"code": code, "text": text, "field": key})
    return [item for index, item in enumerate(points) if item not in points[:index]]


def _when(expected: bool, text: str) -> Callable[[Any], str | None]:
    return lambda value: text if value is expected else None


def _shell_user(value: Any) -> str | None:
    user = str(value).strip()
    return f"{user} is logged on: an administrator's account runs the station" if _ADMINISTRATORS.search(user) else None


def _firewall(value: Any) -> str | None:
    off = sorted(
        name for name, profile in value.items() if profile.get("on") is False and profile.get("policy") is not True
    )
    return f"the Windows firewall is off for: {', '.join(off)}" if off else None


def _shares(value: Any) -> str | None:
    names = sorted(str(share.get("name")) for share in value)
    return f"folders are shared: {', '.join(names)}" if names else None


def _networks(value: Any) -> str | None:
    names = [str(adapter.get("name") or adapter.get("mac")) for adapter in value if adapter.get("connected") is True]
    return f"more than one network card is connected: {', '.join(sorted(names))}" if len(names) > 1 else None


def _antivirus(value: Any) -> str | None:
    return None if any(product.get("on") for product in value) else "no virus scanner is on"


_FIELDS: tuple[tuple[str, str, Callable[[Any], str | None]], ...] = (
    ("access.rdp_enabled", "rdp_open", _when(True, "Remote Desktop accepts connections")),
    (
        "access.rdp_nla",
        "rdp_without_nla",
        _when(False, "Remote Desktop shows its logon screen before anybody has logged on"),
    ),
    ("access.autologon", "shared_account", _when(True, "Windows logs on by itself: everybody uses the same account")),
    (
        "access.autologon_password_stored",
        "stored_password",
        _when(True, "the logon password is stored readable in the registry"),
    ),
    ("access.console_user", "administrator_session", _shell_user),
    ("access.shares", "shared_folder", _shares),
    ("network.firewall", "firewall_off", _firewall),
    ("network.adapters", "second_network", _networks),
    ("antivirus.products", "no_antivirus", _antivirus),
)


def support(assessment: Mapping[str, Any]) -> dict[str, Any] | None:
    """Give until when this Windows gets security updates: {product, ends, extended}, or None if it is not known.

    ``ends`` and ``extended`` (paid extension, or null) are dates; whether they are past is for the reader's clock.
    Source: windows-wsman-cim reference, section 5, which asks to check the dates once a year.
    """
    version, build = str(field(assessment, "os.version") or ""), field(assessment, "os.build")
    numbers = version if build is None or str(build) in version else f"{version}.{build}"
    kind = " ".join(str(field(assessment, key) or "") for key in ("os.edition_id", "os.product_name", "os.caption"))
    for start, pattern, product, ends, extended in tables.SUPPORT:
        # A version is a prefix up to its end or a dot, a build number up to its own length.
        if numbers.startswith(start) and re.search(pattern, kind, re.IGNORECASE):
            return {"product": product, "ends": ends, "extended": extended or None}
    return None
