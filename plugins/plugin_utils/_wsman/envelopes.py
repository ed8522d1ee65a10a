# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The envelopes we send, as text.

Sources: DSP0226 (WS-Management), DSP0227 (CIM binding), MS-WSMV (shell). MaxEnvelopeSize stays at 153600, the limit
of WinRM 2.0 (Windows 7), so one form suits every stack.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

MAX_ENVELOPE = 153600
MAX_ELEMENTS = 32000

ANONYMOUS = "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"
ENUMERATION = "http://schemas.xmlsoap.org/ws/2004/09/enumeration"
TRANSFER = "http://schemas.xmlsoap.org/ws/2004/09/transfer"
SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
SHELL_URI = f"{SHELL}/cmd"
WMI = "http://schemas.microsoft.com/wbem/wsman/1/wmi"
WQL = "http://schemas.microsoft.com/wbem/wsman/1/WQL"
IDENTITY = "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"

_NAMESPACES = (
    'xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
    f' xmlns:n="{ENUMERATION}" xmlns:x="{TRANSFER}"'
    ' xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"'
    ' xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"'
    f' xmlns:rsp="{SHELL}"'
)


def class_uri(namespace: str, name: str) -> str:
    """Give the resource URI of a WMI class; namespace with slashes or backslashes, ``*`` for a WQL query."""
    path = namespace.replace("\\", "/").strip("/")
    return f"{WMI}/{path}/{name}"


def identify() -> str:
    """Give the Identify envelope: body only, no addressing."""
    return (
        f'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:wsmid="{IDENTITY}">'
        "<s:Header/><s:Body><wsmid:Identify/></s:Body></s:Envelope>"
    )


def message(  # noqa: PLR0913 - the parts of one header, all by name
    action: str,
    resource: str,
    body: str,
    *,
    message_id: str,
    timeout_s: int,
    to: str = "http://localhost/wsman",
    selectors: Mapping[str, str] | None = None,
    options: Mapping[str, str] | None = None,
) -> str:
    """Give one envelope.

    Args:
        action: WS-Addressing action.
        resource: resource URI.
        body: content of s:Body, already XML.
        message_id: UUID without prefix.
        timeout_s: seconds the PC may take for this operation.
        to: address of the PC's service.
        selectors: key properties, or the shell id.
        options: WS-Management option set.
    """
    parts = [
        f"<a:To>{escape(to)}</a:To>",
        f'<a:ReplyTo><a:Address s:mustUnderstand="true">{ANONYMOUS}</a:Address></a:ReplyTo>',
        f'<a:Action s:mustUnderstand="true">{escape(action)}</a:Action>',
        f"<a:MessageID>uuid:{escape(message_id)}</a:MessageID>",
        f'<w:ResourceURI s:mustUnderstand="true">{escape(resource)}</w:ResourceURI>',
        f'<w:MaxEnvelopeSize s:mustUnderstand="true">{MAX_ENVELOPE}</w:MaxEnvelopeSize>',
        f"<w:OperationTimeout>PT{timeout_s}S</w:OperationTimeout>",
        '<w:Locale s:mustUnderstand="false" xml:lang="en-US"/>',
        '<p:DataLocale s:mustUnderstand="false" xml:lang="en-US"/>',
        _named("SelectorSet", "Selector", selectors),
        _named("OptionSet", "Option", options),
    ]
    return f"<s:Envelope {_NAMESPACES}><s:Header>{''.join(parts)}</s:Header><s:Body>{body}</s:Body></s:Envelope>"


def _named(outer: str, inner: str, values: Mapping[str, str] | None) -> str:
    if not values:
        return ""
    items = "".join(f"<w:{inner} Name={quoteattr(key)}>{escape(value)}</w:{inner}>" for key, value in values.items())
    return f"<w:{outer}>{items}</w:{outer}>"


def enumerate_body(wql: str) -> str:
    """Give the body of an optimised Enumerate with a WQL filter."""
    return (
        f"<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>{MAX_ELEMENTS}</w:MaxElements>"
        f'<w:Filter Dialect="{WQL}">{escape(wql)}</w:Filter></n:Enumerate>'
    )


def pull_body(context: str) -> str:
    """Give the body of a Pull for the newest context."""
    return (
        f"<n:Pull><n:EnumerationContext>{escape(context)}</n:EnumerationContext>"
        f"<n:MaxElements>{MAX_ELEMENTS}</n:MaxElements></n:Pull>"
    )


def release_body(context: str) -> str:
    """Give the body of a Release: we stop before the end."""
    return f"<n:Release><n:EnumerationContext>{escape(context)}</n:EnumerationContext></n:Release>"


def invoke_body(resource: str, method: str, parameters: Iterable[tuple[str, str]]) -> str:
    """Give the body of a method call; parameters in the order the class declares them."""
    inside = "".join(f"<m:{name}>{escape(value)}</m:{name}>" for name, value in parameters)
    return f"<m:{method}_INPUT xmlns:m={quoteattr(resource)}>{inside}</m:{method}_INPUT>"


def shell_body() -> str:
    """Give the body that creates a command shell."""
    return (
        "<rsp:Shell><rsp:InputStreams>stdin</rsp:InputStreams>"
        "<rsp:OutputStreams>stdout stderr</rsp:OutputStreams></rsp:Shell>"
    )


def command_body(command: str) -> str:
    """Give the body that starts one command line in the shell."""
    return f"<rsp:CommandLine><rsp:Command>{escape(command)}</rsp:Command></rsp:CommandLine>"


def receive_body(command_id: str) -> str:
    """Give the body that asks for output."""
    stream = f"<rsp:DesiredStream CommandId={quoteattr(command_id)}>stdout stderr</rsp:DesiredStream>"
    return f"<rsp:Receive>{stream}</rsp:Receive>"


def signal_body(command_id: str) -> str:
    """Give the body that ends a command; also the clean-up after its end."""
    return f"<rsp:Signal CommandId={quoteattr(command_id)}><rsp:Code>{SHELL}/signal/terminate</rsp:Code></rsp:Signal>"
