# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parsing of what a PC sends: no DTDs, tolerant of characters XML 1.0 forbids, by local name only.

Windows puts properties into the class's namespace for whole instances and into none for column lists
(``w:XmlFragment``), and a subclass item carries its own namespace: so names are compared without namespace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from xml.etree import ElementTree

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError

NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WEB_PAGE = re.compile(rb"\s*(?:<!DOCTYPE\s+html|<html)\b", re.IGNORECASE)
_CHAR_REF = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,8}));")
_XS_TIME = re.compile(r"^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?\s*(Z|[+-]\d\d:\d\d)?$", re.IGNORECASE)
_DMTF_TIME = re.compile(r"^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\.(\d{1,6}|\*+)([+-]\d{3}|[+-]?\*+)?$")
_DATE = re.compile(r"^(\d{4})-?(\d\d)-?(\d\d)(?:Z|[+-]\d\d:\d\d)?$")

Value = Any  # str | None | list[Value] | dict[str, Value]


def parse(data: bytes, warnings: list[str] | None = None) -> ElementTree.Element:
    """Parse one envelope.

    Args:
        data: the reply as received, UTF-8.
        warnings: takes a line if characters had to be replaced.

    Raises:
        PeerError: the reply holds a DTD or is no XML.
    """
    if _WEB_PAGE.match(data):
        raise PeerError(
            "A web page answered, not WS-Management.",
            fix="A proxy or another service is in between: check ansible_port, set ansible_winrm_proxy or no_proxy.",
        )
    if data[:2] in (b"\xfe\xff", b"\xff\xfe") or b"\0" in data[:4]:
        # Expat would follow a byte order mark, whatever it is told, past the look for a DTD below.
        raise PeerError("The PC sent a reply that is no XML in UTF-8.", fix="Check what answers on this port.")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise PeerError("The PC sent an XML reply with a DTD; it was refused.", fix="Check what answers on this port.")
    try:
        # WS-Management is UTF-8: what the reply itself says of its encoding could only hide a DTD from us.
        return ElementTree.fromstring(data, parser=ElementTree.XMLParser(encoding="utf-8"))
    except ElementTree.ParseError as first:
        cleaned = clean(data)
        try:
            root = ElementTree.fromstring(cleaned)
        except ElementTree.ParseError:
            raise PeerError(
                f"The PC sent a reply that is no XML, or only a part of it: {first}.",
                fix="Check what answers on this port, then run again.",
            ) from first
    if warnings is not None:
        warnings.append("The PC sent characters that XML forbids; they were replaced.")
    return root


def clean(data: bytes) -> str:
    """Replace everything XML 1.0 forbids, raw or as a character reference."""
    text = data.decode("utf-8", errors="replace")

    def reference(match: re.Match[str]) -> str:
        number = int(match[1], 16) if match[1] else int(match[2])
        legal = number <= 0x10FFFF and not _FORBIDDEN.match(chr(number))
        return match[0] if legal else REPLACEMENT

    return _CHAR_REF.sub(reference, _FORBIDDEN.sub(REPLACEMENT, text))


def local(element: ElementTree.Element) -> str:
    """Give the element's name without namespace."""
    return str(element.tag).rpartition("}")[2]


def first(root: ElementTree.Element, name: str) -> ElementTree.Element | None:
    """Give the first element of this local name below ``root``, in document order."""
    return next((item for item in root.iter() if local(item) == name), None)


def text_of(root: ElementTree.Element, name: str) -> str:
    """Give the trimmed text of the first element of this local name, or an empty text."""
    found = first(root, name)
    return (found.text or "").strip() if found is not None else ""


def children(element: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """Give the child elements (comments and instructions left out)."""
    return (child for child in element if isinstance(child.tag, str))


def properties(element: ElementTree.Element) -> dict[str, Value]:
    """Give an instance or fragment as {property: value}.

    A value is text, None (nil), a list (repeated element) or a dictionary (embedded object); dates and intervals
    are their text; a reference is {"class", "namespace", "keys"}. A one-element array looks like a scalar: the reader
    knows the type, see ``as_list``.
    """
    result: dict[str, Value] = {}
    repeated: set[str] = set()
    for child in children(element):
        name = local(child)
        value = _value(child)
        if name not in result:
            result[name] = value
        elif name in repeated:
            result[name].append(value)
        else:
            result[name] = [result[name], value]
            repeated.add(name)
    return result


def _value(element: ElementTree.Element) -> Value:
    if element.get(NIL) in ("true", "1"):
        return None
    inner = list(children(element))
    if not inner:
        return element.text or ""
    if len(inner) == 1 and local(inner[0]) in ("Datetime", "Interval", "Date", "Time"):
        return (inner[0].text or "").strip()
    if any(local(child) == "ReferenceParameters" for child in inner):
        return _reference(element)
    return properties(element)


def _reference(element: ElementTree.Element) -> dict[str, Value]:
    """Read an endpoint reference (WS-Addressing) as the path of a WMI object."""
    path = text_of(element, "ResourceURI").partition("/wmi/")[2]
    namespace, _sep, name = path.rpartition("/")
    keys = {
        item.get("Name", ""): _value(item) for item in element.iter() if local(item) == "Selector" and item.get("Name")
    }
    # WinRM adds the namespace as a key of its own.
    return {"class": name, "namespace": namespace, "keys": {k: v for k, v in keys.items() if k != "__cimnamespace"}}


def shaped(item: dict[str, Value], columns: Sequence[str]) -> dict[str, Value]:
    """Give an item with every column that was asked for, by the name it was asked by; None where the PC sent none."""
    # Windows writes a property as its class declares it, whatever the query says.
    if all(column in item for column in columns):
        return item
    asked = {column.lower(): column for column in columns}
    return {**dict.fromkeys(columns), **{asked.get(name.lower(), name): value for name, value in item.items()}}


def as_list(value: Value) -> list[Value]:
    """Give an array property as a list, whatever number of elements came."""
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def parse_time(text: Any) -> datetime | None:
    """Read a time as Windows writes it: xs:dateTime, DMTF text or a bare date; naive ones count as UTC."""
    value = str(text or "").strip()
    try:
        if match := _XS_TIME.match(value):
            year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
            micro = int((match[7] or "0")[:6].ljust(6, "0"))
            return datetime(year, month, day, hour, minute, second, micro, _zone(match[8]))
        if match := _DMTF_TIME.match(value):
            year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
            micro = int(match[7].ljust(6, "0")) if match[7].isdigit() else 0
            offset = match[8] if match[8] and "*" not in match[8] else "+000"
            return datetime(year, month, day, hour, minute, second, micro, timezone(timedelta(minutes=int(offset))))
        if match := _DATE.match(value):
            return datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return None


def _zone(text: str | None) -> timezone:
    if text is None or text.upper() == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[4:6])))
