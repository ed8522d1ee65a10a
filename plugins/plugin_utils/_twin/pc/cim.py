# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write CIM instances as WinRM does: typed items for `SELECT *` and Get, fragments for column lists (section 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from .envelope import ANONYMOUS, NS_CIM
from .faults import NS_ADDRESSING, NS_WSMAN

WMI_URI = "http://schemas.microsoft.com/wbem/wsman/1/wmi/"
CLASS_KEY = "__class"  # an instance of a subclass carries its own class name under this key


@dataclass(frozen=True)
class Embedded:
    """An instance inside a property: its class and its values."""

    namespace: str
    name: str
    values: dict[str, Any]

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Reference:
    """A reference to an instance, by its keys."""

    namespace: str
    name: str
    keys: dict[str, str]

    def __str__(self) -> str:
        keys = ",".join(f'{key}="{value}"' for key, value in self.keys.items())
        return f"\\\\.\\{self.namespace}:{self.name}.{keys}"


def split_uri(uri: str) -> tuple[str, str] | None:
    """Give (namespace with backslashes, lower case; class) of a WMI resource URI, None when it is no such URI."""
    if not uri.lower().startswith(WMI_URI):
        return None
    namespace, _sep, name = uri[len(WMI_URI) :].strip("/").rpartition("/")
    return namespace.replace("/", "\\").lower(), name


def class_uri(namespace: str, name: str) -> str:
    """Give the resource URI of a class."""
    return f"{WMI_URI}{namespace.replace(chr(92), '/')}/{name}"


def typed_item(namespace: str, name: str, values: dict[str, Any]) -> str:
    """Write an instance with its class, every property prefixed."""
    name = str(values.get(CLASS_KEY, name))
    # [documented] the properties of an instance come in alphabetical order
    inner = "".join(_property("p:", key, values[key]) for key in sorted(values) if key != CLASS_KEY)
    head = f'xmlns:p="{class_uri(namespace, name)}" xmlns:cim="{NS_CIM}" xsi:type="p:{name}_Type"'
    return f"<p:{name} {head}>{inner}</p:{name}>"


def property_text(value: Any) -> str:
    """Write the text of one property alone."""
    return "" if value is None else _text("", value)


def fragment_item(values: dict[str, Any], columns: list[str]) -> str:
    """Write the row of a query with a column list: no class, no prefix, not even in the child of a datetime."""
    names = {key.lower(): key for key in values}
    inner = ""
    for one in columns:
        key = names.get(one.lower())  # a system property such as __PATH has no value here
        inner += _property("", key, values[key]) if key else _property("", one, None)
    return f'<w:XmlFragment xmlns:w="{NS_WSMAN}">{inner}</w:XmlFragment>'


def method_output(uri: str, method: str, values: dict[str, Any]) -> str:
    """Write the output element of a method, parameters in the order given."""
    inner = "".join(_property("p:", key, value) for key, value in values.items())
    return f'<p:{method}_OUTPUT xmlns:p="{uri}" xmlns:cim="{NS_CIM}">{inner}</p:{method}_OUTPUT>'


def _property(prefix: str, name: str, value: Any) -> str:
    if isinstance(value, list | tuple):
        return "".join(_property(prefix, name, one) for one in value)
    if value is None:
        return f'<{prefix}{name} xsi:nil="true"/>'
    if isinstance(value, Embedded):
        # [documented] nested element with a type of its own; [assumed] the same inside a fragment
        uri = class_uri(value.namespace, value.name)
        inner = "".join(_property("e:", key, value.values[key]) for key in sorted(value.values))
        return f'<{prefix}{name} xmlns:e="{uri}" xsi:type="e:{value.name}_Type">{inner}</{prefix}{name}>'
    if isinstance(value, Reference):
        return f"<{prefix}{name}>{_reference(value)}</{prefix}{name}>"
    return f"<{prefix}{name}>{_text(prefix, value)}</{prefix}{name}>"


def _reference(value: Reference) -> str:
    keys = "".join(f'<w:Selector Name="{key}">{escape(text)}</w:Selector>' for key, text in value.keys.items())
    return (
        f'<a:Address xmlns:a="{NS_ADDRESSING}">{ANONYMOUS}</a:Address>'
        f'<a:ReferenceParameters xmlns:a="{NS_ADDRESSING}" xmlns:w="{NS_WSMAN}">'
        f"<w:ResourceURI>{class_uri(value.namespace, value.name)}</w:ResourceURI>"
        f"<w:SelectorSet>{keys}</w:SelectorSet></a:ReferenceParameters>"
    )


def _text(prefix: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        tag = "cim:Datetime" if prefix else "Datetime"
        return f"<{tag}>{datetime_text(value)}</{tag}>"
    return escape("".join(char if _legal(char) else "?" for char in str(value)))


def datetime_text(value: datetime) -> str:
    """Write a datetime as WinRM does: UTC, as many digits of the fraction as it has."""
    text = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    fraction = f"{value.microsecond:06d}".rstrip("0")
    return f"{text}.{fraction}Z" if fraction else f"{text}Z"


def _legal(char: str) -> bool:
    return char in "\t\n\r" or "\x20" <= char <= "\ud7ff" or "\ue000" <= char <= "\ufffd" or char >= "\U00010000"
