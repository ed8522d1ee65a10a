# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who a PC is: the numbers that a plan remembers, cleaned of the vendors' placeholders."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient

_JUNK = re.compile(
    r"to be filled|o\.?e\.?m\.?$|default string|system serial|not specified|not applicable|^none$|^n/?a$|^[0f\-. ]*$",
    re.IGNORECASE,
)


def clean(value: Any) -> str:
    """Give the trimmed text, or an empty one for a placeholder (all zeroes, all F, 'To be filled by O.E.M.')."""
    text = " ".join(str(value or "").split())
    return "" if _JUNK.search(text) else text


def uuid(value: Any) -> str:
    """Give a UUID in upper case, or an empty text for a placeholder."""
    return clean(value).upper()


def read(client: WsmanClient) -> dict[str, str]:
    """Read {serial, uuid}; an empty text where the PC has none."""
    bios = client.enumerate("select SerialNumber from Win32_BIOS")
    product = client.enumerate("select UUID from Win32_ComputerSystemProduct")
    return {
        "serial": clean(bios[0].get("SerialNumber")) if bios else "",
        "uuid": uuid(product[0].get("UUID")) if product else "",
    }
