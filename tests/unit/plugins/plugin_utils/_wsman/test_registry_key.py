# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The registry through StdRegProv: every type, idempotency, bounds, refusals; a fake that follows the class's rules."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, PeerError, RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import TooMuchError, WsmanFault
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.registry import (
    Registry,
    Write,
    plan_absent,
    plan_present,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.registry_data import Entry, Key, entry_of, key_of
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import CommandResult
from hypothesis import given, settings
from hypothesis import strategies as st

NUMBERS = {"String": 1, "ExpandedString": 2, "Binary": 3, "DWORD": 4, "MultiString": 7, "QWORD": 11}
KEY = key_of(r"HKLM\SOFTWARE\Example")


class FakeClient:
    """StdRegProv over a dictionary: what it sends back is text, or a list of text, as on the wire."""

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, tuple[str, int, Any]]] = {"software": {}}
        self.warnings: list[str] = []
        self.calls: list[str] = []
        self.denied = ""
        self.shells = True

    def invoke(self, name: str, method: str, parameters: Any, *, namespace: str) -> dict[str, Any]:
        given = dict(parameters)
        assert list(given)[:2] == ["hDefKey", "sSubKeyName"]
        self.calls.append(method)
        path = given["sSubKeyName"].lower()
        if self.denied and path.startswith(self.denied):
            return {"ReturnValue": 5}
        if method == "CreateKey":
            for depth in range(1, path.count("\\") + 2):
                self.keys.setdefault("\\".join(path.split("\\")[:depth]), {})
            return {"ReturnValue": 0}
        if path not in self.keys:
            return {"ReturnValue": 2}
        return getattr(self, f"_{method.lower()}", self._value)(method, path, given)

    def _enumvalues(self, method: str, path: str, given: dict[str, Any]) -> dict[str, Any]:
        found = list(self.keys[path].values())
        if not found or [one[0] for one in found] == [""]:
            return {"sNames": None, "Types": None, "ReturnValue": 0}
        names, types = [one[0] for one in found], [str(one[1]) for one in found]
        if len(found) == 1:
            return {"sNames": names[0], "Types": types[0], "ReturnValue": 0}
        return {"sNames": names, "Types": types, "ReturnValue": 0}

    def _enumkey(self, method: str, path: str, given: dict[str, Any]) -> dict[str, Any]:
        names = [key[len(path) + 1 :] for key in self.keys if key.startswith(f"{path}\\")]
        direct = [name for name in names if "\\" not in name]
        return {"sNames": (direct if len(direct) > 1 else direct[0]) if direct else None, "ReturnValue": 0}

    def _deletekey(self, method: str, path: str, given: dict[str, Any]) -> dict[str, Any]:
        if any(key.startswith(f"{path}\\") for key in self.keys):
            return {"ReturnValue": 5}
        del self.keys[path]
        return {"ReturnValue": 0}

    def _deletevalue(self, method: str, path: str, given: dict[str, Any]) -> dict[str, Any]:
        return {"ReturnValue": 0 if self.keys[path].pop(given["sValueName"].lower(), None) else 2}

    def _value(self, method: str, path: str, given: dict[str, Any]) -> dict[str, Any]:
        verb, kind, name = method[:3], method[3:-5], given["sValueName"]
        parameter = "uValue" if kind in ("Binary", "DWORD", "QWORD") else "sValue"
        if verb == "Set":
            self.keys[path][name.lower()] = (name, NUMBERS[kind], given[parameter])
            return {"ReturnValue": 0}
        found = self.keys[path].get(name.lower())
        if found is None:
            return {"ReturnValue": 2}
        if found[1] != NUMBERS[kind]:
            return {"ReturnValue": 1}
        data = found[2]
        if isinstance(data, list):
            data = [str(one) for one in data] if len(data) > 1 else str(data[0])
        elif kind == "ExpandedString":
            data = str(data).replace("%SystemRoot%", "C:\\Windows")
        return {parameter: data if isinstance(data, list) else str(data), "ReturnValue": 0}

    def run(self, argv: list[str]) -> CommandResult:
        if not self.shells:
            raise WsmanFault("not allowed", code=0x803381AC)
        assert argv[:2] == ["reg", "query"]
        name = argv[4] if argv[3] == "/v" else ""
        found = self.keys[argv[2].partition("\\")[2].lower()][name.lower()]
        shown = found[0] or "(Standard)"
        return CommandResult(0, f"\r\n{argv[2]}\r\n    {shown}    REG_EXPAND_SZ    {found[2]}\r\n\r\n", "")


def registry() -> tuple[Registry, FakeClient]:
    fake = FakeClient()
    return Registry(fake, fake.run), fake  # type: ignore[arg-type]


def make(one: Registry, wanted: list[Entry], key: Key = KEY) -> list[Write]:
    change = plan_present(key, one.read(key, [entry.name for entry in wanted]), wanted)
    for step in change.steps:
        one.write(step)
    return list(change.steps)


@pytest.mark.parametrize(
    ("kind", "data", "stored"),
    [
        ("string", "text", "text"),
        ("string", None, ""),
        ("string", 7, "7"),
        ("expandstring", "%SystemRoot%\\x", "%SystemRoot%\\x"),
        ("expandstring", "", ""),
        ("dword", 1, 1),
        ("dword", "0xFFFFFFFF", 2**32 - 1),
        ("dword", -1, 2**32 - 1),
        ("qword", 2**64 - 1, 2**64 - 1),
        ("multistring", ["a", "b"], ["a", "b"]),
        ("multistring", "one", ["one"]),
        ("binary", "hex:DE,ad be", "deadbe"),
        ("binary", [0, "0x10", 255], "0010ff"),
        ("binary", "00", "00"),
    ],
)
@pytest.mark.parametrize("name", ["Value", ""])
def test_every_type_is_written_once(kind: str, data: Any, stored: Any, name: str) -> None:
    one, fake = registry()
    entry = entry_of(name, kind, data)
    assert entry.data == stored
    assert len(make(one, [entry])) == 2
    if name or kind == "string":
        assert make(one, [entry]) == []
        assert one.read(KEY, [name]).entries[name.lower()] == entry


@given(st.dictionaries(st.text("abc", min_size=1, max_size=2), st.integers(-(2**31), 2**32 - 1), max_size=5))
@settings(max_examples=30)
def test_a_second_run_changes_nothing(wanted: dict[str, int]) -> None:
    one, _fake = registry()
    entries = [entry_of(name, "dword", number) for name, number in wanted.items()]
    make(one, entries)
    assert make(one, entries) == []
    assert {entry.name: entry.data for entry in one.read(KEY, None).entries.values()} == {
        name: number % 2**32 for name, number in wanted.items()
    }


def test_only_the_difference_is_written() -> None:
    one, _fake = registry()
    make(one, [entry_of("A", "dword", 1), entry_of("B", "string", "x")])
    steps = make(one, [entry_of("a", "dword", 1), entry_of("B", "string", "y"), entry_of("C", "qword", 3)])
    assert [step.text for step in steps] == [
        r"SetStringValue HKLM\SOFTWARE\Example value 'B'",
        r"SetQWORDValue HKLM\SOFTWARE\Example value 'C'",
    ]


def test_without_shells_an_expandable_string_is_read_expanded_and_said() -> None:
    one, fake = registry()
    make(one, [entry_of("P", "expandstring", "%SystemRoot%\\x")])
    fake.shells = False
    assert one.read(KEY, None).entries["p"].data == "C:\\Windows\\x"
    assert "read expanded" in fake.warnings[0]


def test_a_type_nobody_can_read_is_named() -> None:
    one, fake = registry()
    fake.keys[r"software\example"] = {"r": ("R", 8, None), "n": ("N", 0, None)}
    assert [entry.type for entry in one.read(KEY, None).entries.values()] == ["type_8", "type_0"]


def test_absent_plans() -> None:
    one, fake = registry()
    make(one, [entry_of("A", "dword", 1), entry_of("B", "dword", 2)])
    make(one, [], KEY.below("x"))
    make(one, [], KEY.below("x").below("y"))
    gone = plan_absent(KEY, one.read(KEY, ["a", "none"]), ["a", "none"], recursive=False)
    assert [step.text for step in gone.steps] == [r"DeleteValue HKLM\SOFTWARE\Example value 'A'"]
    state = one.read(KEY, [])
    state.tree = one.tree(KEY, 10)
    with pytest.raises(RefusedError, match="recursive: true"):
        plan_absent(KEY, state, [], recursive=False)
    whole = plan_absent(KEY, state, [], recursive=True)
    assert [step.key.path for step in whole.steps] == [
        r"SOFTWARE\Example\x\y",
        r"SOFTWARE\Example\x",
        r"SOFTWARE\Example",
    ]
    for step in whole.steps:
        one.write(step)
    assert list(fake.keys) == ["software"]
    assert not plan_absent(KEY, one.read(KEY, []), [], recursive=True).changed


def test_bounds() -> None:
    one, fake = registry()
    for number in range(4):
        make(one, [], KEY.below(f"k{number}"))
    with pytest.raises(RefusedError, match="more than 3 keys"):
        one.tree(KEY, 3)
    assert len(one.tree(KEY, 4)) == 4
    for path in ("HKLM", r"HKLM\SOFTWARE", r"HKU\S-1-5-21-1"):
        with pytest.raises(RefusedError, match="never deleted"):
            one.tree(key_of(path), 1000)
    fake.keys[r"software\example"] = {f"v{n}": (f"v{n}", 4, n) for n in range(501)}
    with pytest.raises(TooMuchError, match="501 values"):
        one.read(KEY, None)


def test_denied_says_which_key_and_why() -> None:
    one, fake = registry()
    fake.denied = r"software\example"
    with pytest.raises(PeerError, match=r"HKLM\\SOFTWARE\\Example: access denied.*LocalAccountTokenFilterPolicy"):
        one.read(KEY, None)


def test_secrets_are_masked_on_both_sides() -> None:
    one, _fake = registry()
    make(one, [entry_of("T", "string", "old-secret"), entry_of("U", "string", "open")])
    wanted = [entry_of("T", "string", "new-secret", secret=True)]
    change = plan_present(KEY, one.read(KEY, ["T"]), wanted)
    assert change.changed
    assert "secret" not in str(change.diff())
    gone = plan_absent(KEY, one.read(KEY, ["T"]), ["T"], recursive=False, secret=["T"])
    assert "secret" not in str(gone.diff())


@pytest.mark.parametrize(
    ("path", "text", "depth"),
    [
        (r"HKLM\SOFTWARE\X", r"HKLM\SOFTWARE\X", 2),
        ("hklm:\\SOFTWARE\\X\\", r"HKLM\SOFTWARE\X", 2),
        (r"HKEY_USERS\S-1-5-18", r"HKU\S-1-5-18", 1),
        ("HKCR", "HKCR", 0),
        (r"HKCC\a/b", r"HKCC\a/b", 1),
    ],
)
def test_paths(path: str, text: str, depth: int) -> None:
    assert (key_of(path).text, key_of(path).depth) == (text, depth)


@pytest.mark.parametrize("path", ["", "SOFTWARE\\X", "HKXX\\a", "HKLM\\a\\\\b", "HKLM/SOFTWARE", "HKLM\\a\0b"])
def test_no_paths(path: str) -> None:
    with pytest.raises(InputError, match="no path of a registry key"):
        key_of(path)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("dword", 2**32),
        ("dword", True),
        ("dword", "1.5"),
        ("qword", -(2**63) - 1),
        ("multistring", []),
        ("multistring", ["a", ""]),
        ("binary", "abc"),
        ("binary", ""),
        ("binary", []),
        ("binary", [256]),
        ("string", "a\0b"),
        ("string", ["a"]),
        ("string", {"a": 1}),
    ],
)
def test_bad_data_is_named_without_itself(kind: str, data: Any) -> None:
    with pytest.raises(InputError) as caught:
        entry_of("Name", kind, data)
    assert "'Name'" in str(caught.value)
    assert kind in caught.value.fix
