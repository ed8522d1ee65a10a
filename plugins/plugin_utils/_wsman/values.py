# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CIM types: what Windows writes as text, as Python values, and back (DSP0227, DSP0230).

WS-Management sends no types with properties: whoever asks says which type a property has.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman import parsing
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.uris import ANONYMOUS, XSI, class_uri

CLASS, NAMESPACE, REFERENCE = "__class", "__namespace", "__reference"
_BITS = {f"{sign}int{bits}": (sign, bits) for sign in ("u", "s") for bits in (8, 16, 32, 64)}
_XS_DURATION = re.compile(
    r"^(?P<minus>-)?P(?:(?P<y>\d+)Y)?(?:(?P<mo>\d+)M)?(?:(?P<d>\d+)D)?"
    r"(?:T(?:(?P<h>\d+)H)?(?:(?P<mi>\d+)M)?(?:(?P<s>\d+(?:\.\d*)?)S)?)?$"
)
_DMTF_INTERVAL = re.compile(r"^(\d{8})(\d\d)(\d\d)(\d\d)\.(\d{1,6}|\*+)\*{0,5}:000$")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse_interval(text: Any) -> float | None:
    """Read a length of time in seconds: xs:duration without years and months, or DMTF ``ddddddddHHMMSS.mmmmmm:000``."""
    value = str(text or "").strip()
    if match := _DMTF_INTERVAL.match(value):
        days, hours, minutes, seconds = (int(part) for part in match.groups()[:4])
        fraction = int(match[5].ljust(6, "0")) / 1e6 if match[5].isdigit() else 0.0
        return days * 86400 + hours * 3600 + minutes * 60 + seconds + fraction
    match = _XS_DURATION.match(value)
    if match is None or value.endswith(("P", "T")):
        return None
    part = {key: float(found or 0) for key, found in match.groupdict().items() if key != "minus"}
    if part["y"] or part["mo"]:
        return None  # how long a month is depends on the month
    total = part["d"] * 86400 + part["h"] * 3600 + part["mi"] * 60 + part["s"]
    return -total if match["minus"] else total


def _boolean(text: str) -> bool:
    found = {"true": True, "1": True, "false": False, "0": False}.get(text.strip().lower())
    if found is None:
        raise ValueError(text)
    return found


def _integer(kind: str) -> Callable[[str], int]:
    sign, bits = _BITS[kind]
    low, high = (0, 2**bits - 1) if sign == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)

    def convert(text: str) -> int:
        number = int(text)
        if not low <= number <= high:
            raise ValueError(text)
        return number

    return convert


def _real(text: str) -> float:
    number = float({"INF": "inf", "-INF": "-inf", "NaN": "nan"}.get(text.strip(), text))
    if not math.isfinite(number):
        raise ValueError(text)  # JSON has no such number
    return number


def _datetime(text: str) -> str:
    moment = parsing.parse_time(text)
    if moment is None:
        raise ValueError(text)
    return moment.isoformat()


def _interval(text: str) -> float:
    seconds = parse_interval(text)
    if seconds is None:
        raise ValueError(text)
    return seconds


_CONVERT: dict[str, Callable[[str], Any]] = {
    "string": str,
    "char16": str,
    "boolean": _boolean,
    "real32": _real,
    "real64": _real,
    "datetime": _datetime,
    "interval": _interval,
    **{kind: _integer(kind) for kind in _BITS},
}
TYPES = (*sorted(_CONVERT), "object", "reference")


def check_type(kind: str) -> None:
    """Refuse a type that does not exist; ``[]`` behind it means an array."""
    if kind.removesuffix("[]") not in TYPES:
        raise InputError(
            f"{kind!r} is no CIM type.", fix=f"Use one of {', '.join(TYPES)}, with [] behind for an array."
        )


def convert(value: Any, kind: str) -> Any:
    """Give a property as its type; None stays None, and an array is a list however many elements came.

    Args:
        value: as ``parsing.properties`` gives it.
        kind: CIM type, ``uint16`` or ``uint16[]``; ``datetime`` gives ISO 8601, ``interval`` seconds.

    Raises:
        ValueError: the value is not of this type.
    """
    if kind.endswith("[]"):
        return [convert(item, kind[:-2]) for item in parsing.as_list(value)]
    if value is None or kind in ("object", "reference"):
        return value
    if isinstance(value, (list, dict)) or (value == "" and kind not in ("string", "char16")):
        raise ValueError(f"{value!r} is no {kind}")
    try:
        return _CONVERT[kind](str(value))
    except ValueError as exc:
        raise ValueError(f"{value!r} is no {kind}") from exc


def xml_text(value: str) -> str:
    """Escape text for an envelope; InputError if it holds what XML cannot carry."""
    if _FORBIDDEN.search(value):
        raise InputError(
            f"A text for the PC holds a character that XML cannot carry: {value[:40]!r}.", fix="Remove it."
        )
    # A bare CR would arrive as LF: XML turns line ends into LF unless they are written as a reference.
    return escape(value, {"\r": "&#13;"})


def element(name: str, value: Any, prefix: str) -> str:
    """Write one parameter or property.

    Args:
        name: its name.
        value: None (nil), a boolean, a number, text, a list (repeated element), a mapping with ``__class`` (an
            embedded object) or one with ``__reference`` (a reference by class and keys).
        prefix: namespace prefix that is declared around it.
    """
    if not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII):
        raise InputError(f"{name!r} is no name of a parameter or property.", fix="Use letters, digits and underscores.")
    if isinstance(value, (list, tuple)):
        return "".join(element(name, item, prefix) for item in value)
    tag = f"{prefix}:{name}"
    if value is None:
        return f'<{tag} xmlns:xsi="{XSI}" xsi:nil="true"/>'
    if isinstance(value, Mapping):
        return _nested(tag, value)
    if isinstance(value, bool):
        value = "true" if value else "false"
    return f"<{tag}>{xml_text(str(value))}</{tag}>"


def _nested(tag: str, value: Mapping[str, Any]) -> str:
    namespace = str(value.get(NAMESPACE) or "root/cimv2")
    rest = {key: item for key, item in value.items() if key not in (CLASS, NAMESPACE, REFERENCE)}
    if REFERENCE in value:
        uri = class_uri(namespace, str(value[REFERENCE]))
        keys = "".join(
            f"<w:Selector Name={quoteattr(key)}>{xml_text(str(item))}</w:Selector>" for key, item in rest.items()
        )
        return (
            f"<{tag}><a:Address>{ANONYMOUS}</a:Address><a:ReferenceParameters>"
            f"<w:ResourceURI>{xml_text(uri)}</w:ResourceURI><w:SelectorSet>{keys}</w:SelectorSet>"
            f"</a:ReferenceParameters></{tag}>"
        )
    name = value.get(CLASS)
    if not name:
        raise InputError(
            "A parameter that is a dictionary does not say what it is.",
            fix=f"Give {CLASS} for an embedded object, or {REFERENCE} for a reference.",
        )
    uri = class_uri(namespace, str(name))
    inside = "".join(element(key, item, "e") for key, item in rest.items())
    kind = quoteattr(f"e:{name}_Type")
    return f'<{tag} xmlns:e={quoteattr(uri)} xmlns:xsi="{XSI}" xsi:type={kind}>{inside}</{tag}>'
