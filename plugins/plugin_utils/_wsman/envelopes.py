# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The envelopes we send, as text.

Sources: DSP0226 (WS-Management), DSP0227 (CIM binding), MS-WSMV (shell). MaxEnvelopeSize begins at 153600, the limit
of WinRM 2.0 (Windows 7), so one form suits every stack.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import quoteattr

from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.uris import (
    ADDRESSING,
    ANONYMOUS,
    ENUMERATION,
    IDENTITY,
    SHELL,
    SHELL_URI,
    TRANSFER,
    WMI,
    WQL,
    class_uri,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.values import element, xml_text

__all__ = ["ENUMERATION", "SHELL", "SHELL_URI", "TRANSFER", "WMI", "class_uri"]
MAX_ENVELOPE = 153600
LARGE_ENVELOPE = 512000  # WinRM 3.0's own limit, 500 KB
MAX_ELEMENTS = 32000

_NAMESPACES = (
    'xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
    f' xmlns:a="{ADDRESSING}"'
    f' xmlns:n="{ENUMERATION}" xmlns:x="{TRANSFER}"'
    ' xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"'
    ' xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"'
    f' xmlns:rsp="{SHELL}"'
)


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
    timeout_s: float,
    to: str = "http://localhost/wsman",
    selectors: Mapping[str, str] | None = None,
    options: Mapping[str, str] | None = None,
    max_envelope: int = MAX_ENVELOPE,
    fragment: str = "",
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
        max_envelope: bytes a reply may have.
        fragment: the one property a Get or Put is about; empty for whole instances.
    """
    parts = [
        f"<a:To>{xml_text(to)}</a:To>",
        f'<a:ReplyTo><a:Address s:mustUnderstand="true">{ANONYMOUS}</a:Address></a:ReplyTo>',
        f'<a:Action s:mustUnderstand="true">{xml_text(action)}</a:Action>',
        f"<a:MessageID>uuid:{xml_text(message_id)}</a:MessageID>",
        f'<w:ResourceURI s:mustUnderstand="true">{xml_text(resource)}</w:ResourceURI>',
        f'<w:MaxEnvelopeSize s:mustUnderstand="true">{max_envelope}</w:MaxEnvelopeSize>',
        f"<w:OperationTimeout>PT{max(1, int(timeout_s))}S</w:OperationTimeout>",
        '<w:Locale s:mustUnderstand="false" xml:lang="en-US"/>',
        '<p:DataLocale s:mustUnderstand="false" xml:lang="en-US"/>',
        f'<w:FragmentTransfer s:mustUnderstand="true">{xml_text(fragment)}</w:FragmentTransfer>' if fragment else "",
        _named("SelectorSet", "Selector", selectors),
        _named("OptionSet", "Option", options),
    ]
    return f"<s:Envelope {_NAMESPACES}><s:Header>{''.join(parts)}</s:Header><s:Body>{body}</s:Body></s:Envelope>"


def _named(outer: str, inner: str, values: Mapping[str, str] | None) -> str:
    if not values:
        return ""
    items = "".join(f"<w:{inner} Name={quoteattr(key)}>{xml_text(value)}</w:{inner}>" for key, value in values.items())
    return f"<w:{outer}>{items}</w:{outer}>"


def enumerate_body(wql: str) -> str:
    """Give the body of an optimised Enumerate with a WQL filter."""
    return (
        f"<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>{MAX_ELEMENTS}</w:MaxElements>"
        f'<w:Filter Dialect="{WQL}">{xml_text(wql)}</w:Filter></n:Enumerate>'
    )


def pull_body(context: str) -> str:
    """Give the body of a Pull for the newest context."""
    return (
        f"<n:Pull><n:EnumerationContext>{xml_text(context)}</n:EnumerationContext>"
        f"<n:MaxElements>{MAX_ELEMENTS}</n:MaxElements></n:Pull>"
    )


def release_body(context: str) -> str:
    """Give the body of a Release: we stop before the end."""
    return f"<n:Release><n:EnumerationContext>{xml_text(context)}</n:EnumerationContext></n:Release>"


def invoke_body(resource: str, method: str, parameters: Iterable[tuple[str, Any]]) -> str:
    """Give the body of a method call; parameters in the order the class declares them, see values.element."""
    inside = "".join(element(name, value, "m") for name, value in parameters)
    return f"<m:{method}_INPUT xmlns:m={quoteattr(resource)}>{inside}</m:{method}_INPUT>"


def instance_body(resource: str, name: str, values: Iterable[tuple[str, Any]]) -> str:
    """Give the body of a Put: the class with the properties that change."""
    inside = "".join(element(key, value, "m") for key, value in values)
    return f"<m:{name} xmlns:m={quoteattr(resource)}>{inside}</m:{name}>"


def shell_body(directory: str = "") -> str:
    """Give the body that creates a command shell; it begins in ``directory``, else in the account's own."""
    where = f"<rsp:WorkingDirectory>{xml_text(directory)}</rsp:WorkingDirectory>" if directory else ""
    return (
        f"<rsp:Shell>{where}<rsp:InputStreams>stdin</rsp:InputStreams>"
        "<rsp:OutputStreams>stdout stderr</rsp:OutputStreams></rsp:Shell>"
    )


def command_body(command: str) -> str:
    """Give the body that starts one command line in the shell."""
    return f"<rsp:CommandLine><rsp:Command>{xml_text(command)}</rsp:Command></rsp:CommandLine>"


def receive_body(command_id: str) -> str:
    """Give the body that asks for output."""
    stream = f"<rsp:DesiredStream CommandId={quoteattr(command_id)}>stdout stderr</rsp:DesiredStream>"
    return f"<rsp:Receive>{stream}</rsp:Receive>"


def send_body(command_id: str, data: str, *, end: bool) -> str:
    """Give the body that sends input, ``data`` in base64; ``end`` closes the stream."""
    last = ' End="true"' if end else ""
    return f'<rsp:Send><rsp:Stream Name="stdin" CommandId={quoteattr(command_id)}{last}>{data}</rsp:Stream></rsp:Send>'


def signal_body(command_id: str) -> str:
    """Give the body that ends a command; also the clean-up after its end."""
    return f"<rsp:Signal CommandId={quoteattr(command_id)}><rsp:Code>{SHELL}/signal/terminate</rsp:Code></rsp:Signal>"
