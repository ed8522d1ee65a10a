# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The registry's names, types and data in the forms users write and read. Pure (winnt.h; StdRegProv class)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, PeerError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.parsing import as_list

HIVES = {
    "HKCR": (0x80000000, "HKEY_CLASSES_ROOT"),
    "HKCU": (0x80000001, "HKEY_CURRENT_USER"),
    "HKLM": (0x80000002, "HKEY_LOCAL_MACHINE"),
    "HKU": (0x80000003, "HKEY_USERS"),
    "HKCC": (0x80000005, "HKEY_CURRENT_CONFIG"),
}
MASK = "********"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True)
class Key:
    """A key by its hive and the path below it."""

    hive: str
    path: str

    @property
    def number(self) -> int:
        """Give the hive as StdRegProv knows it."""
        return HIVES[self.hive][0]

    @property
    def text(self) -> str:
        """Give the whole path with the short hive."""
        return f"{self.hive}\\{self.path}" if self.path else self.hive

    @property
    def depth(self) -> int:
        """Number of names below the hive."""
        return len(self.path.split("\\")) if self.path else 0

    def below(self, name: str) -> Key:
        """Give a key right below."""
        return Key(self.hive, f"{self.path}\\{name}" if self.path else name)


@dataclass(frozen=True)
class Entry:
    """One value: its name (empty: the key's default value), type, and data in the user's form."""

    name: str
    type: str
    data: Any
    secret: bool = False

    def shown(self) -> dict[str, Any]:
        """Give it as results and diffs show it: what is secret is masked."""
        return {"type": self.type, "data": MASK if self.secret else self.data}

    def same(self, other: Entry | None) -> bool:
        """Say whether the other is of the same type and data."""
        return other is not None and (self.type, self.data) == (other.type, other.data)


def key_of(path: str) -> Key:
    r"""Read a path such as ``HKLM\SOFTWARE\X`` (also ``HKLM:\``, ``HKEY_LOCAL_MACHINE\``)."""
    hive, _sep, rest = path.strip().partition("\\")
    wanted = hive.upper().removesuffix(":")
    for short, (_number, long) in HIVES.items():
        if wanted in (short, long):
            rest = rest.strip("\\")
            if "\\\\" in rest or "/" in hive or _CONTROL.search(rest):
                break
            return Key(short, rest)
    raise InputError(
        f"{path!r} is no path of a registry key.", fix=f"Begin it with {', '.join(HIVES)}: HKLM\\SOFTWARE\\Example."
    )


def _text(data: Any) -> str:
    if isinstance(data, (dict, list)):
        raise InputError("is not one text")
    text = "" if data is None else str(data)
    if _CONTROL.search(text):
        raise InputError("holds a character that cannot be sent")
    return text


def _texts(data: Any) -> list[str]:
    texts = [_text(item) for item in (data if isinstance(data, list) else [data])]
    if not texts or not all(texts):
        raise InputError("is empty, or holds an empty text: a multistring cannot say that")
    return texts


def _number(bits: int) -> Callable[[Any], int]:
    def convert(data: Any) -> int:
        try:
            number = data if isinstance(data, int) else int(str(data).strip(), 0)
        except ValueError:
            number = -(2**bits)
        if not -(2 ** (bits - 1)) <= number < 2**bits or isinstance(data, bool):
            raise InputError(f"is no whole number of {bits} bits")
        return number % 2**bits

    return convert


def _binary(data: Any) -> str:
    if isinstance(data, list):
        try:
            return bytes(int(str(item), 0) for item in data).hex() or _no_bytes()
        except ValueError as exc:
            raise InputError("is no list of bytes (0 to 255)") from exc
    text = re.sub(r"[\s,]", "", str(data or "").lower().removeprefix("hex:"))
    if not re.fullmatch(r"(?:[0-9a-f]{2})+", text):
        return _no_bytes()
    return text


def _no_bytes() -> str:
    raise InputError("is no row of bytes in hexadecimal, such as de,ad,be,ef")


def _sent_bytes(data: str) -> list[int]:
    return list(bytes.fromhex(data))


def _same(data: Any) -> Any:
    return data


@dataclass(frozen=True)
class Kind:
    """One type of value: its number, how StdRegProv reads and writes it, and the data's forms."""

    number: int
    name: str
    parameter: str
    wanted: Callable[[Any], Any]
    sent: Callable[[Any], Any] = _same


KINDS: Mapping[str, Kind] = {
    "string": Kind(1, "String", "sValue", _text),
    "expandstring": Kind(2, "ExpandedString", "sValue", _text),
    "binary": Kind(3, "Binary", "uValue", _binary, _sent_bytes),
    "dword": Kind(4, "DWORD", "uValue", _number(32)),
    "multistring": Kind(7, "MultiString", "sValue", _texts),
    "qword": Kind(11, "QWORD", "uValue", _number(64)),
}
_BY_NUMBER = {kind.number: name for name, kind in KINDS.items()}


def entry_of(name: str, kind: str, data: Any, *, secret: bool = False) -> Entry:
    """Check what the user wants; InputError names the value, never its data."""
    if _CONTROL.search(name):
        raise InputError("The name of a registry value holds a control character.")
    try:
        return Entry(name, kind, KINDS[kind].wanted(data), secret)
    except InputError as exc:
        raise InputError(
            f"The data of the registry value {name!r} {exc.message}.", fix=f"Write data that fits type {kind}."
        ) from exc


def type_name(number: int) -> str:
    """Give a type by its number; those that cannot be read or written are ``type_<number>``."""
    return _BY_NUMBER.get(number, f"type_{number}")


def read_data(kind: str, value: Any) -> Any:
    """Give data as StdRegProv sent it in the user's form."""
    try:
        if kind == "multistring":
            return [str(item or "") for item in as_list(value)]
        if kind == "binary":
            return bytes(int(item) for item in as_list(value)).hex()
        if kind in ("dword", "qword"):
            return int(value or 0) % 2 ** (32 if kind == "dword" else 64)
    except ValueError as exc:
        raise PeerError(f"The PC sent data of a registry value that is no {kind}.") from exc
    return str(value or "")
