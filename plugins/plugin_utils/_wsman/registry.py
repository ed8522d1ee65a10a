# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One registry key of a PC through the WMI class StdRegProv: read, plan, apply.

StdRegProv gives expandable strings expanded only; what is stored is read by ``reg query``, started without cmd.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._change import Change
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError, RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman import fault_table
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import TooMuchError, WsmanFault
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.registry_data import (
    KINDS,
    Entry,
    Key,
    read_data,
    type_name,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import CommandResult

NAMESPACE = "root/default"
MAX_VALUES = 500
MISSING = 2
_CODES = {
    1: "it failed (wrong type, or not allowed)",
    MISSING: "it does not exist",
    5: "access denied",
    6: "the hive is not there",
    161: "the path is not valid",
    1018: "the key is being deleted",
}
_RAW = re.compile(r"^ {4}.*? {4}REG_EXPAND_SZ(?: {4}(.*))?$")
Run = Callable[[list[str]], CommandResult]


@dataclass
class KeyState:
    """What was found of a key.

    Attributes:
        exists: the key is there.
        entries: the values that were read, by lower-case name.
        subkeys: keys right below, where they were asked for.
        tree: all keys below, the deepest first, where they were asked for.
    """

    exists: bool = False
    entries: dict[str, Entry] = field(default_factory=dict)
    subkeys: list[str] = field(default_factory=list)
    tree: list[Key] = field(default_factory=list)


@dataclass(frozen=True)
class Write:
    """One write: a method of StdRegProv on a key or value."""

    method: str
    key: Key
    entry: Entry | None = None

    @property
    def text(self) -> str:
        """Say what it does, without data."""
        value = f" value {self.entry.name!r}" if self.entry else ""
        return f"{self.method} {self.key.text}{value}"


class Registry:
    """The registry of one PC.

    Args:
        client: client over the PC's connection.
        run: runs a program on the PC, for what StdRegProv cannot give.
    """

    def __init__(self, client: WsmanClient, run: Run) -> None:
        self._client = client
        self._run = run

    def read(self, key: Key, names: Iterable[str] | None) -> KeyState:
        """Read a key's values: those named, or all."""
        output = self._call("EnumValues", key, allow=(0, MISSING))
        state = KeyState(exists=output["ReturnValue"] == 0)
        if not state.exists:
            return state
        types = dict(zip(_listed(output.get("sNames")), _listed(output.get("Types")), strict=False))
        known = {name.lower(): (name, type_name(int(number or 0))) for name, number in types.items()}
        wanted = list(known) if names is None else [name.lower() for name in names]
        if len(wanted) > MAX_VALUES:
            raise TooMuchError(
                f"The key {key.text} has {len(wanted)} values; {MAX_VALUES} are read at most.",
                fix="Name the values that matter.",
            )
        for name in wanted:
            # A key whose only value is the default one is listed as having none.
            own, kind = known.get(name, ("", "string") if not name else ("", ""))
            if kind:
                entry = self._entry(key, own, kind, listed=name in known)
                if entry is not None:
                    state.entries[name] = entry
        return state

    def subkeys(self, key: Key) -> list[str]:
        """Give the names of the keys right below; none where the key is missing."""
        return sorted(_listed(self._call("EnumKey", key, allow=(0, MISSING)).get("sNames")), key=str.lower)

    def tree(self, key: Key, most: int) -> list[Key]:
        """Give all keys below, the deepest first.

        Raises:
            RefusedError: there are more than ``most``, or the key is a part of Windows itself.
        """
        if key.depth < 2:
            raise RefusedError(
                f"{key.text} is a part of Windows itself; it is never deleted.", fix="Name a deeper key."
            )
        found: list[Key] = []
        waiting = [key]
        while waiting:
            above = waiting.pop(0)
            below = [above.below(name) for name in self.subkeys(above)]
            found += below
            waiting += below
            if len(found) > most:
                raise RefusedError(
                    f"Below {key.text} are more than {most} keys; nothing was deleted.",
                    fix="Delete a smaller part, or raise max_keys.",
                )
        return found[::-1]

    def write(self, step: Write) -> None:
        """Do one write."""
        extra: list[tuple[str, Any]] = []
        if step.entry is not None:
            extra.append(("sValueName", step.entry.name))
            if step.method.startswith("Set"):
                kind = KINDS[step.entry.type]
                extra.append((kind.parameter, kind.sent(step.entry.data)))
        self._call(step.method, step.key, extra, what=step.text)

    def _entry(self, key: Key, name: str, kind: str, *, listed: bool) -> Entry | None:
        if kind not in KINDS:
            return Entry(name, kind, None)
        allow = (0,) if listed else (0, 1, MISSING)
        form = KINDS[kind]
        output = self._call(f"Get{form.name}Value", key, [("sValueName", name)], allow=allow)
        value = output.get(form.parameter)
        if output["ReturnValue"] != 0 or (value is None and not listed):
            return None
        if kind == "expandstring" and (raw := self._raw(key, name)) is not None:
            value = raw
        return Entry(name, kind, read_data(kind, value))

    def _raw(self, key: Key, name: str) -> str | None:
        which = ["/v", name] if name else ["/ve"]
        try:
            result = self._run(["reg", "query", key.text, *which])
        except WsmanFault as fault:
            if not fault.shell_disabled:
                raise
            self._client.warnings.append("Remote shells are disabled: expandable strings were read expanded.")
            return None
        found = [match[1] or "" for line in result.stdout.splitlines() if (match := _RAW.match(line.rstrip("\r")))]
        if result.rc != 0 or not found:
            raise PeerError(f"reg query on the PC did not give the value {name!r} of {key.text}.")
        return found[0]

    def _call(
        self,
        method: str,
        key: Key,
        extra: Iterable[tuple[str, Any]] = (),
        *,
        allow: tuple[int, ...] = (0,),
        what: str = "",
    ) -> dict[str, Any]:
        parameters = [("hDefKey", key.number), ("sSubKeyName", key.path), *extra]
        output = self._client.invoke("StdRegProv", method, parameters, namespace=NAMESPACE)
        code = output["ReturnValue"]
        if code not in allow:
            reason = _CODES.get(code) or fault_table.meaning(code & 0xFFFFFFFF)[0] or "it failed"
            fix = fault_table.MEANING[fault_table.ACCESS_DENIED][1] if code == 5 else "Look at the key on the PC."
            raise PeerError(f"{what or f'{method} {key.text}'}: {reason} (StdRegProv {code}).", fix=fix)
        return output


def plan_present(key: Key, state: KeyState, wanted: Iterable[Entry]) -> Change[Write]:
    """Plan a key and its values; what is there already is left alone."""
    entries = list(wanted)
    steps = [] if state.exists else [Write("CreateKey", key)]
    steps += [
        Write(f"Set{KINDS[entry.type].name}Value", key, entry)
        for entry in entries
        if not entry.same(state.entries.get(entry.name.lower()))
    ]
    secret = {entry.name.lower() for entry in entries if entry.secret}
    before = _shown(key, state.exists, state.entries.values(), secret)
    return Change(before, _shown(key, True, entries, secret), tuple(steps))


def plan_absent(
    key: Key, state: KeyState, names: Iterable[str], *, recursive: bool, secret: Iterable[str] = ()
) -> Change[Write]:
    """Plan that values are gone, or without names the key itself; keys below it only if ``recursive``."""
    gone = [name.lower() for name in names]
    hidden = {name.lower() for name in secret}
    before = _shown(key, state.exists, state.entries.values(), hidden)
    if gone:
        steps = [Write("DeleteValue", key, state.entries[name]) for name in gone if name in state.entries]
        left = [entry for name, entry in state.entries.items() if name not in gone]
        return Change(before, _shown(key, state.exists, left, hidden), tuple(steps))
    if not state.exists:
        return Change(before, before)
    if state.tree and not recursive:
        raise RefusedError(
            f"{key.text} has keys below it ({len(state.tree)}); nothing was deleted.",
            fix="Set recursive: true to delete them as well.",
        )
    before["below"] = sorted(one.text for one in state.tree)
    return Change(before, _shown(key, False, (), set()), tuple(Write("DeleteKey", one) for one in [*state.tree, key]))


def _shown(key: Key, exists: bool, entries: Iterable[Entry], secret: set[str]) -> dict[str, Any]:
    shown = {}
    for entry in entries:
        masked = Entry(entry.name, entry.type, entry.data, entry.secret or entry.name.lower() in secret)
        shown[entry.name] = masked.shown()
    return {"path": key.text, "exists": exists, "entries": shown}


def _listed(value: Any) -> list[Any]:
    """Give an array that may have come as one element, the empty text of a default value included."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
