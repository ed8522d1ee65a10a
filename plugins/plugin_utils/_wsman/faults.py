# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""WS-Management faults as typed errors, and what each code asks us to do.

Source: DSP0226 (WS-Management) 1.x for the SOAP fault, MS-WSMV for the WSManFault codes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman import fault_table as table
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman import parsing


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
        self.relates_to = ""
        number = wmi or code
        text, fix = table.meaning(*((wmi, code) if code != table.ACCESS_DENIED else (code,)))
        if not text and self.denied:
            text, fix = table.meaning(table.ACCESS_DENIED)
        more = f": {text}" if text else ""
        super().__init__(
            f"The PC refused: {self.reason} (WS-Man fault 0x{number:08X}{more}).", fix=fix, fault=f"0x{number:08X}"
        )

    @property
    def missing(self) -> bool:
        """True if class, namespace or instance do not exist on this Windows: a normal answer."""
        return (
            self.fault == table.RESOURCE_NOT_FOUND
            or self.fault in table.BAD_RESOURCE_URI
            or bool({self.fault, self.wmi} & table.WMI_MISSING)
        )

    @property
    def timed_out(self) -> bool:
        """True if the operation timeout passed; the context or command lives on, ask again."""
        return self.fault == table.OPERATION_TIMEOUT

    @property
    def quota(self) -> bool:
        """True if shells or operations of this user are used up; the PC did not begin what was asked."""
        return self.fault in table.SHELL_QUOTA | table.PLUGIN_QUOTA or self.wmi in table.SHELL_QUOTA

    @property
    def busy(self) -> bool:
        """True if a command did not take its input yet."""
        return self.fault == table.BUSY

    @property
    def shell_gone(self) -> bool:
        """True if the shell this message names does not exist any more."""
        return self.fault == table.SHELL_GONE

    @property
    def shell_disabled(self) -> bool:
        """True if this PC gives no remote shell to anybody; queries and method calls still work."""
        return self.fault in table.SHELL_DISABLED

    @property
    def envelope(self) -> bool:
        """True if the size of an envelope was the trouble."""
        return self.fault in table.ENVELOPE_SIZE

    @property
    def undecrypted(self) -> bool:
        """True if the PC could not open our sealed message: the session has to be built anew."""
        return self.fault == table.CANNOT_DECRYPT

    @property
    def denied(self) -> bool:
        """True if the account lacks the right."""
        numbers = {self.fault, self.wmi}
        return bool(numbers & {table.ACCESS_DENIED, table.E_ACCESS_DENIED, table.WMI_DENIED}) or (
            "AccessDenied" in self.subcode
        )


class DroppedError(TalkError):
    """A conversation that had worked broke off: a read may be tried once more on a new connection."""


class TooMuchError(PeerError):
    """More came than the caller allows; nothing is wrong with the PC."""


def from_parts(reason: Any, code: Any, wmi: Any, subcode: Any) -> WsmanFault:
    """Build the fault from loosely typed parts; numbers may be signed, text or missing."""
    return WsmanFault(
        str(reason or "no reason given"), code=_unsigned(code), wmi=_unsigned(wmi), subcode=str(subcode or "")
    )


def from_reply(root: ElementTree.Element) -> WsmanFault | None:
    """Read the fault of a reply, or None where it holds none.

    The number that says most is taken: that of WMI, which stands in MSFT_WmiError or, from WinRM 1.1 and inside
    ProviderFault, in a WSManFault of its own.
    """
    fault = parsing.first(root, "Fault")
    if fault is None:
        return None
    subcode = parsing.first(fault, "Subcode")
    numbers = [_unsigned(item.get("Code")) for item in fault.iter() if parsing.local(item) == "WSManFault"]
    code = numbers[0] if numbers else 0
    wmi = _unsigned(parsing.text_of(fault, "error_Code"))
    for number in numbers if not wmi else []:
        if number & 0xFFFF0000 in (0x80040000, 0x80070000):
            wmi = number
    reason = parsing.text_of(fault, "Reason") or parsing.text_of(fault, "Text")
    told = parsing.text_of(fault, "error_Message")
    text = _once([reason, told] if told else [reason, *_messages(fault)])
    found = from_parts(text, code, wmi, parsing.text_of(subcode, "Value") if subcode is not None else "")
    found.relates_to = parsing.text_of(root, "RelatesTo")
    return found


def _messages(fault: ElementTree.Element) -> list[str]:
    """Give the texts of the first message: on a real PC it often holds the provider's own fault, text by text."""
    found = parsing.first(fault, "Message")
    return [] if found is None else list(found.itertext())


def _once(texts: Iterable[str]) -> str:
    """Join texts, without those that only say again what was said: reason, message and provider repeat one another."""
    said = ""
    for text in (" ".join(part.split()) for part in texts):
        if text.rstrip(".").lower() not in said.lower():
            said = f"{said.rstrip('.')}. {text}" if said else text
    return said[:600].rstrip(".")


def _unsigned(number: Any) -> int:
    try:
        return int(number) & 0xFFFFFFFF
    except (TypeError, ValueError):
        return 0
