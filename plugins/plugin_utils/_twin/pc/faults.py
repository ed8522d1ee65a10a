# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults of WS-Management as WinRM words them (codes: windows-wsman-cim section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

NS_WSMAN = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
NS_ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
NS_FAULT = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"
NS_WMI_ERROR = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/MSFT_WmiError"

ACCESS_DENIED = 5
NOT_FOUND = 0x80338000
BAD_ACTION = 0x80338001
BAD_URI = 0x80338002
TIMED_OUT = 0x80338029
ENCODING_LIMIT = 0x80338035
SELECTORS_INVALID = 0x8033803D
QUOTA = 0x8033803F
SCHEMA = 0x80338041
ENVELOPE_TOO_LARGE = 0x80338048
BAD_FRAGMENT = 0x80338017
SELECTORS_TOO_FEW = 0x8033805A
SELECTORS_UNEXPECTED = 0x8033805B
GET_NEEDS_KEYS = 0x803380FA
WQL_NEEDS_STAR = 0x803380FB
CANNOT_DECRYPT = 0x803380F9
SHELLS_DISABLED = 0x803381AC
SHELL_QUOTA = 0x803381A5
OPERATION_QUOTA = 0x803381A6
PULL_DIFFERS = 0x803381AD
BAD_CONTEXT = 0x8033801C
WMI_INVALID_NAMESPACE = 0x8004100E
WMI_INVALID_CLASS = 0x80041010
WMI_INVALID_QUERY = 0x80041017
WMI_INVALID_METHOD = 0x8004102E
WMI_NOT_FOUND = 0x80041002
WMI_DENIED = 0x80041003
WMI_NOT_SUPPORTED = 0x8004100C
WMI_READ_ONLY = 0x80041023

_SUBCODES = {
    ACCESS_DENIED: "w:AccessDenied",
    QUOTA: "w:QuotaLimit",
    ENVELOPE_TOO_LARGE: "w:EncodingLimit",
    BAD_FRAGMENT: "w:UnsupportedFeature",
    SELECTORS_TOO_FEW: "w:InvalidSelectors",
    SHELLS_DISABLED: "w:AccessDenied",
    NOT_FOUND: "a:DestinationUnreachable",
    BAD_ACTION: "a:ActionNotSupported",
    BAD_URI: "a:DestinationUnreachable",
    TIMED_OUT: "w:TimedOut",
    ENCODING_LIMIT: "w:EncodingLimit",
    SELECTORS_INVALID: "w:InvalidSelectors",
    SCHEMA: "w:SchemaValidationError",
    SELECTORS_UNEXPECTED: "w:InvalidSelectors",
    GET_NEEDS_KEYS: "w:InvalidSelectors",
    WQL_NEEDS_STAR: "w:CannotProcessFilter",
    SHELL_QUOTA: "w:QuotaLimit",
    OPERATION_QUOTA: "w:QuotaLimit",
    PULL_DIFFERS: "w:InternalError",
    BAD_CONTEXT: "n:InvalidEnumerationContext",
}
_WMI_TEXTS = {
    WMI_INVALID_NAMESPACE: "Invalid namespace ",
    WMI_INVALID_CLASS: "Invalid class ",
    WMI_INVALID_QUERY: "Invalid query ",
    WMI_INVALID_METHOD: "Invalid method Parameter(s) ",
    WMI_NOT_FOUND: "Not found ",
    WMI_DENIED: "Access denied ",
    WMI_NOT_SUPPORTED: "Not supported ",
    WMI_READ_ONLY: "Property is read-only ",
}


@dataclass
class Fault(Exception):
    """A fault to answer with.

    Args:
        code: WSManFault code.
        reason: text for people.
        wmi: HRESULT of the WMI provider, 0 when it has no part in it.
    """

    code: int
    reason: str
    wmi: int = 0


def wmi_fault(wmi: int, what: str) -> Fault:
    """Give the fault for a refusal by WMI: a missing class or namespace is 'resource not found'."""
    code = NOT_FOUND if wmi in (WMI_INVALID_CLASS, WMI_INVALID_NAMESPACE, WMI_NOT_FOUND) else wmi
    return Fault(code, f"The WS-Management service cannot process the request. {_WMI_TEXTS[wmi].strip()}: {what}.", wmi)


def fault_body(fault: Fault, machine: str, stack: str) -> str:
    """Give the s:Fault element.

    [documented] MSFT_WmiError is added by WinRM 3.0; [assumed] WinRM 2.0 carries the HRESULT in the ProviderFault only.
    """
    subcode = _SUBCODES.get(fault.code, "w:InternalError")
    role = "s:Receiver" if subcode in ("w:InternalError", "w:TimedOut", "w:QuotaLimit") else "s:Sender"
    message = escape(fault.reason)
    extra = ""
    if fault.wmi:
        text = _WMI_TEXTS[fault.wmi]
        message += (
            f'<f:ProviderFault provider="WMI Provider" path="%systemroot%\\system32\\WsmWmiPl.dll">'
            f'<f:WSManFault xmlns:f="{NS_FAULT}" Code="{fault.wmi}" Machine="{machine}">'
            f"<f:Message>{text}</f:Message></f:WSManFault></f:ProviderFault>"
        )
        if stack == "3.0":
            extra = (
                f'<wmie:MSFT_WmiError xmlns:wmie="{NS_WMI_ERROR}"><wmie:error_Code>{fault.wmi}</wmie:error_Code>'
                f"<wmie:Message>{text}</wmie:Message></wmie:MSFT_WmiError>"
            )
    return (
        f"<s:Fault><s:Code><s:Value>{role}</s:Value><s:Subcode><s:Value>{subcode}</s:Value></s:Subcode></s:Code>"
        f'<s:Reason><s:Text xml:lang="en-US">{escape(fault.reason)} </s:Text></s:Reason>'
        f'<s:Detail><f:WSManFault xmlns:f="{NS_FAULT}" Code="{fault.code}" Machine="{machine}">'
        f"<f:Message>{message}</f:Message></f:WSManFault>{extra}</s:Detail></s:Fault>"
    )
