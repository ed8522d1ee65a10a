# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""WS-Management faults as typed errors, and what each code asks us to do.

Source: DSP0226 (WS-Management) 1.x for the SOAP fault, MS-WSMV for the WSManFault codes.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError, TalkError

ACCESS_DENIED = 5
RESOURCE_NOT_FOUND = 0x80338000
BAD_RESOURCE_URI = frozenset({0x80338002, 0x8033803B})
OPERATION_TIMEOUT = 0x80338029
ENCODING_LIMIT = 0x80338035
SHELL_GONE = 0x8033805B
CANNOT_DECRYPT = 0x803380F9
SHELL_QUOTA = frozenset({0x803381A5, 0x803381A6, 0x803381A7, 0x803381A8})
SHELL_DISABLED = frozenset({0x803381AC, 0x803381DD})

WMI_DENIED = 0x80041003
# Not found, invalid namespace, invalid class, provider not there: this Windows does not have it.
WMI_MISSING = frozenset({0x80041002, 0x8004100E, 0x80041010, 0x80041013, 0x80041014})

_FIX = {
    ACCESS_DENIED: "Use an account in the PC's Administrators group; a local account that is not the built-in"
    " Administrator needs LocalAccountTokenFilterPolicy=1.",
    WMI_DENIED: "Give the account rights on this WMI namespace.",
    ENCODING_LIMIT: "The answer does not fit the envelope: ask for fewer columns.",
}


class WsmanFault(PeerError):
    """The PC answered with a SOAP fault.

    Args:
        reason: text of the fault, as the PC sent it.
        code: WSManFault code (unsigned 32 bit), 0 where there is none.
        wmi: WMI HRESULT (unsigned 32 bit), 0 where there is none.
        subcode: SOAP subcode, for example ``w:AccessDenied``.
    """

    def __init__(self, reason: str, *, code: int = 0, wmi: int = 0, subcode: str = "") -> None:
        self.fault = code
        self.wmi = wmi
        self.subcode = subcode
        self.reason = " ".join(reason.split())
        number = wmi or code
        fix = _FIX.get(code, _FIX.get(wmi, ""))
        if code in SHELL_DISABLED:
            fix = "Remote shells are disabled by policy (AllowRemoteShellAccess): allow them for this PC."
        super().__init__(
            f"The PC refused: {self.reason} (WS-Man fault 0x{number:08X}).", fix=fix, fault=f"0x{number:08X}"
        )

    @property
    def missing(self) -> bool:
        """True if class, namespace or instance do not exist on this Windows: a normal answer."""
        return self.fault == RESOURCE_NOT_FOUND or self.fault in BAD_RESOURCE_URI or self.wmi in WMI_MISSING

    @property
    def timed_out(self) -> bool:
        """True if the operation timeout passed; the context or command lives on, ask again."""
        return self.fault == OPERATION_TIMEOUT

    @property
    def quota(self) -> bool:
        """True if shells or operations of this user are used up."""
        return self.fault in SHELL_QUOTA or self.wmi in SHELL_QUOTA

    @property
    def shell_gone(self) -> bool:
        """True if the shell this message names does not exist any more."""
        return self.fault == SHELL_GONE

    @property
    def denied(self) -> bool:
        """True if the account lacks the right."""
        return ACCESS_DENIED in (self.fault, self.wmi) or self.wmi == WMI_DENIED or "AccessDenied" in self.subcode


class DroppedError(TalkError):
    """A conversation that had worked broke off: a read may be tried once more on a new connection."""


def from_parts(reason: Any, code: Any, wmi: Any, subcode: Any) -> WsmanFault:
    """Build the fault from loosely typed parts; numbers may be signed, text or missing."""
    return WsmanFault(
        str(reason or "no reason given"), code=_unsigned(code), wmi=_unsigned(wmi), subcode=str(subcode or "")
    )


def _unsigned(number: Any) -> int:
    try:
        return int(number) & 0xFFFFFFFF
    except (TypeError, ValueError):
        return 0
