# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tool reg: query, add, delete.

[documented] both views of the software hive, exit code 1 when nothing matches; [assumed] a key that may not be read is
told on the error stream and the rest of a deep query follows.
"""

from __future__ import annotations

from typing import Any

from .cmd import Command, Context, Result, arguments, lines
from .registry import Value, long, narrowed, short
from .texts import say


def options_of(words: list[str], flags: str) -> tuple[dict[str, str], list[str]]:
    """Give ({switch: value}, rest); switches named in `flags` have no value."""
    given: dict[str, str] = {}
    rest = []
    position = 0
    while position < len(words):
        word = words[position]
        position += 1
        if not word.startswith("/"):
            rest.append(word)
            continue
        name = word.lower()
        if name[1:] in flags.split() or name.startswith("/reg:") or position == len(words):
            given[name] = ""
        else:
            given[name] = words[position]
            position += 1
    return given, rest


def _reg(context: Context, text: str) -> Result:
    words = arguments(text)
    verb = words[0].lower() if words else ""
    if len(words) < 2 or verb not in _REG:
        return Result(1, "", lines("ERROR: Invalid syntax.", 'Type "REG /?" for usage.'))
    flags = "s ve k d c e va" if verb == "query" else "f ve va"
    if verb == "query" and "/f" in [word.lower() for word in words]:
        flags += " v"  # with a pattern, /v means: search the names of values
    options, _rest = options_of(words[2:], flags)
    try:
        path = short(words[1])
    except ValueError:
        return Result(1, "", lines("ERROR: Invalid key name.", 'Type "REG QUERY /?" for usage.'))
    if "/reg:32" in options and context.machine.profile.bits == 64:
        path = narrowed(path)
    if context.machine.denied(path):
        return Result(1, "", lines(say(context.machine, "reg_denied")))
    return _REG[verb](context, path, options)


def _query(context: Context, path: str, options: dict[str, str]) -> Result:
    registry = context.machine.registry
    if not registry.exists(path):
        return Result(1, "", lines(say(context.machine, "no_key")))
    if "/f" in options:
        return _find(context, path, options)
    if "/v" in options or "/ve" in options:
        value = registry.value(path, options.get("/v", ""))
        if value is None:
            return Result(1, "", lines(say(context.machine, "no_key")))
        return Result(0, lines("", long(registry.name_of(path)), _shown(context, value), ""))
    denied: list[str] = []
    body = _tree(context, path, "/s" in options, denied)
    return Result(0, "\r\n".join(["", *body]) + "\r\n", lines(*denied))


def _tree(context: Context, path: str, deep: bool, denied: list[str]) -> list[str]:
    registry = context.machine.registry
    values = registry.values(path)
    body = [long(path), *(_shown(context, one) for one in values), ""] if values else []
    children = registry.subkeys(path)
    if not deep:
        return [*body, *(long(f"{path}\\{child}") for child in children)]
    for child in children:
        below = f"{path}\\{child}"
        if context.machine.denied(below):
            denied.append(say(context.machine, "reg_denied"))
            continue
        if not registry.values(below):
            body += [long(below), ""] if not registry.subkeys(below) else []
        body += _tree(context, below, True, denied)
    return body


def _find(context: Context, path: str, options: dict[str, str]) -> Result:
    registry, wanted = context.machine.registry, options["/f"].lower()
    keys_only = "/k" in options
    everything = not {"/k", "/v", "/d"} & set(options)
    pending, found, count = [path], [], 0
    while pending:
        here = pending.pop(0)
        rows = []
        for value in registry.values(here) if not keys_only else []:
            named = ("/v" in options or everything) and wanted in value[0].lower()
            if named or (("/d" in options or everything) and wanted in _data(value).lower()):
                rows.append(_shown(context, value))
        count += len(rows)
        found += [long(here), *rows, ""] if rows else []
        for child in registry.subkeys(here):
            below = f"{here}\\{child}"
            if context.machine.denied(below):
                continue
            if "/s" in options:
                pending.append(below)
            if (keys_only or everything) and wanted in child.lower():
                found.append(long(below))
                count += 1
    end = say(context.machine, "found", count)
    return Result(0 if count else 1, lines("", *found, "", end) if count else lines(end))


def _data(value: Value) -> str:
    _name, kind, data = value
    if kind in ("REG_DWORD", "REG_QWORD"):
        return f"0x{data:x}"
    if kind == "REG_MULTI_SZ":
        return "\\0".join(data)
    if kind == "REG_BINARY":
        return "".join(f"{one:02X}" for one in data)
    return str(data)


def _shown(context: Context, value: Value) -> str:
    return f"    {value[0] or say(context.machine, 'default')}    {value[1]}    {_data(value)}"


def _typed(kind: str, text: str, separator: str) -> Any:
    if kind in ("REG_DWORD", "REG_QWORD"):
        return int(text or "0", 0)
    if kind == "REG_MULTI_SZ":
        return text.split(separator) if text else []
    return list(bytes.fromhex(text)) if kind == "REG_BINARY" else text


def _add(context: Context, path: str, options: dict[str, str]) -> Result:
    registry = context.machine.registry
    if "/v" in options or "/ve" in options:
        kind = options.get("/t", "REG_SZ").upper()
        name = options.get("/v", "")
        if registry.value(path, name) is not None and "/f" not in options:
            # [documented] asked on a pipe that is at its end, the answer is no
            return Result(0, f"Value {name} exists, overwrite(Yes/No)? " + lines("The operation was cancelled."))
        registry.set_value(path, name, kind, _typed(kind, options.get("/d", ""), options.get("/s", "\\0")))
    else:
        registry.create_key(path)
    context.machine.changed("registry", key=path, value=options.get("/v", ""))
    return Result(0, lines(say(context.machine, "done")))


def _delete(context: Context, path: str, options: dict[str, str]) -> Result:
    registry = context.machine.registry
    if "/v" in options:
        if registry.value(path, options["/v"]) is None:
            return Result(1, "", lines(say(context.machine, "no_key")))
        registry.delete_value(path, options["/v"])
    elif registry.exists(path):
        registry.delete_key(path)
    else:
        return Result(1, "", lines(say(context.machine, "no_key")))
    context.machine.changed("registry", key=path, value=options.get("/v", ""), deleted=True)
    return Result(0, lines(say(context.machine, "done")))


_REG = {"query": _query, "add": _add, "delete": _delete}
REGISTRY: dict[str, Command] = {"reg": _reg}
