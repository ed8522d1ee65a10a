# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read request envelopes and write reply envelopes (windows-wsman-cim section 2)."""

from __future__ import annotations

import re
import uuid
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field

from .faults import (
    BAD_ACTION,
    BAD_URI,
    ENCODING_LIMIT,
    NS_ADDRESSING,
    NS_WSMAN,
    SCHEMA,
    Fault,
    fault_body,
)

NS_SOAP = "http://www.w3.org/2003/05/soap-envelope"
NS_ENUM = "http://schemas.xmlsoap.org/ws/2004/09/enumeration"
NS_TRANSFER = "http://schemas.xmlsoap.org/ws/2004/09/transfer"
NS_MS = "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"
NS_SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
NS_XSI = "http://www.w3.org/2001/XMLSchema-instance"
NS_CIM = "http://schemas.dmtf.org/wbem/wscim/1/common"
NS_IDENTIFY = "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"
ANONYMOUS = "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"
FAULT_ACTION = "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault"
MIN_ENVELOPE = 8192
MAX_TIMEOUT_S = 60.0  # [documented] MaxTimeoutms
DEFAULT_ENVELOPE = 153600


class BadEnvelope(Exception):
    """Not an envelope at all: HTTP 400."""


@dataclass
class Request:
    """One request envelope, opened. `body` is the first child of s:Body, None when empty."""

    action: str = ""
    uri: str = ""
    message_id: str = ""
    max_envelope: int = DEFAULT_ENVELOPE
    timeout_s: float = 60.0
    selectors: dict[str, str] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)
    body: ET.Element | None = None
    fragment: str = ""
    identify: bool = False


def parse_request(data: bytes) -> Request:
    """Open one envelope; BadEnvelope when it is none. Missing headers are judged by `check_request`."""
    if b"<!DOCTYPE" in data:
        raise BadEnvelope("a document type is refused")
    try:
        root = ET.fromstring(data)
    except ET.ParseError as exc:
        raise BadEnvelope(str(exc)) from exc
    body = root.find(f"{{{NS_SOAP}}}Body")
    if root.tag != f"{{{NS_SOAP}}}Envelope" or body is None:
        raise BadEnvelope("not a SOAP 1.2 envelope")
    header = root.find(f"{{{NS_SOAP}}}Header")
    if header is None:
        header = ET.Element("none")
    first = next(iter(body), None)
    size = _text(header, NS_WSMAN, "MaxEnvelopeSize")
    return Request(
        action=_text(header, NS_ADDRESSING, "Action"),
        uri=_text(header, NS_WSMAN, "ResourceURI"),
        message_id=_text(header, NS_ADDRESSING, "MessageID"),
        max_envelope=int(size) if size.isdigit() else DEFAULT_ENVELOPE,
        timeout_s=min(seconds(_text(header, NS_WSMAN, "OperationTimeout"), MAX_TIMEOUT_S), MAX_TIMEOUT_S),
        selectors=_named(header, "Selector"),
        options=_named(header, "Option"),
        fragment=_text(header, NS_WSMAN, "FragmentTransfer"),
        body=first,
        identify=first is not None and first.tag == f"{{{NS_IDENTIFY}}}Identify",
    )


def check_request(request: Request) -> None:
    """Refuse an envelope without the headers every operation needs."""
    if not request.action:
        raise Fault(BAD_ACTION, "The WS-Management service cannot process a request without an action.")
    if not request.message_id:
        raise Fault(SCHEMA, "The header MessageID is missing.")
    if not request.uri:
        raise Fault(BAD_URI, "The WS-Management service cannot process a request without a resource URI.")
    if request.max_envelope < MIN_ENVELOPE:
        raise Fault(ENCODING_LIMIT, f"The MaxEnvelopeSize {request.max_envelope} is smaller than {MIN_ENVELOPE}.")


def seconds(text: str, default: float) -> float:
    """Read an xs:duration of hours, minutes and seconds (`PT20S`, `PT1M30.5S`)."""
    match = re.fullmatch(r"P(?:0D|0Y|0M)*T?(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?", text)
    if match is None or not any(match.groups()):
        return default
    hours, minutes, rest = (float(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + rest


def reply(request: Request, action: str, body: str) -> bytes:
    """Wrap a body into the reply envelope of a request."""
    return (
        f'<s:Envelope xml:lang="en-US" xmlns:s="{NS_SOAP}" xmlns:a="{NS_ADDRESSING}" xmlns:n="{NS_ENUM}" '
        f'xmlns:x="{NS_TRANSFER}" xmlns:w="{NS_WSMAN}" xmlns:p="{NS_MS}" xmlns:xsi="{NS_XSI}"><s:Header>'
        f"<a:Action>{action}</a:Action><a:MessageID>uuid:{str(uuid.uuid4()).upper()}</a:MessageID>"
        f"<a:To>{ANONYMOUS}</a:To><a:RelatesTo>{request.message_id}</a:RelatesTo></s:Header>"
        f"<s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def fault_reply(request: Request, fault: Fault, machine: str, stack: str) -> bytes:
    """Wrap a fault into its reply envelope (sent with HTTP 500)."""
    return reply(request, FAULT_ACTION, fault_body(fault, machine, stack))


def identify_reply(version: str) -> bytes:
    """Answer Identify; [documented] it has no addressing header."""
    return (
        f'<s:Envelope xml:lang="en-US" xmlns:s="{NS_SOAP}"><s:Header/><s:Body>'
        f'<wsmid:IdentifyResponse xmlns:wsmid="{NS_IDENTIFY}">'
        "<wsmid:ProtocolVersion>http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd</wsmid:ProtocolVersion>"
        "<wsmid:ProductVendor>Microsoft Corporation</wsmid:ProductVendor>"
        f"<wsmid:ProductVersion>{version}</wsmid:ProductVersion>"
        "</wsmid:IdentifyResponse></s:Body></s:Envelope>"
    ).encode()


def local(element: ET.Element) -> str:
    """Local name of an element."""
    return element.tag.rpartition("}")[2]


def _text(parent: ET.Element, namespace: str, name: str) -> str:
    return (parent.findtext(f"{{{namespace}}}{name}") or "").strip()


def _named(header: ET.Element, name: str) -> dict[str, str]:
    return {one.get("Name", ""): one.text or "" for one in header.iter(f"{{{NS_WSMAN}}}{name}")}
