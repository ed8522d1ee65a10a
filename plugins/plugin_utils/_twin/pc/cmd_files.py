# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builtins of cmd: files, echo, ver. Texts and exit codes as an English Windows gives them."""

from __future__ import annotations

import re

from .cmd import SYNTAX, Command, Context, Result, arguments, lines
from .files import Entry, name_of, size_of

NOT_FOUND = "The system cannot find the file specified."
NO_PATH = "The system cannot find the path specified."


def _split(text: str) -> tuple[set[str], list[str]]:
    """Give (switches in lower case, paths) of a builtin's arguments."""
    words = re.findall(r'(?:"[^"]*"|[^\s"])+', text)
    switches: set[str] = set()
    paths = []
    for word in words:
        if word.startswith("/"):
            switches |= {f"/{one.lower()}" for one in word.split("/") if one}
        else:
            paths.append(word)
    return switches, paths


def _ver(context: Context, text: str) -> Result:
    return Result(0, lines("", f"Microsoft Windows [Version {context.machine.profile.version_text}]"))


def _echo(context: Context, text: str) -> Result:
    if text[:1] in ".:([":
        return Result(0, lines(text[1:]))
    if not text.strip():
        return Result(0, lines("ECHO is on."))
    if text.strip().lower() in ("on", "off"):
        return Result(0)
    return Result(0, lines(text[1:] if text[:1] in " \t,;=" else text))


def _type(context: Context, text: str) -> Result:
    _switches, paths = _split(text)
    if not paths:
        return Result(1, "", lines(SYNTAX))
    entry = context.machine.files.file(context.path(paths[0]))
    if entry is None:
        return Result(1, "", lines(NOT_FOUND))
    return Result(0, entry.get("text", "\x00"))


def _copy(context: Context, text: str) -> Result:
    switches, paths = _split(text)
    if len(paths) not in (1, 2):
        return Result(1, "", lines(SYNTAX))
    files = context.machine.files
    source = files.file(context.path(paths[0]))
    if source is None:
        return Result(1, "", lines(NOT_FOUND))
    target = context.path(paths[1] if len(paths) > 1 else name_of(source))
    if files.is_dir(target):
        target = f"{target}\\{name_of(source)}"
    if files.file(target) is not None and "/y" not in switches:
        # [documented] asked on a pipe that is at its end, the answer is no
        return Result(1, f"Overwrite {target}? (Yes/No/All): " + lines("        0 file(s) copied."))
    if not context.machine.write_file(target, source, "copy"):
        return Result(1, lines("        0 file(s) copied."), lines(NO_PATH))
    return Result(0, lines("        1 file(s) copied."))


def _move(context: Context, text: str) -> Result:
    switches, paths = _split(text)
    if len(paths) != 2:
        return Result(1, "", lines(SYNTAX))
    files = context.machine.files
    path, target = context.path(paths[0]), context.path(paths[1])
    source = files.file(path)
    if source is None:
        return Result(1, "", lines(NOT_FOUND))
    if files.is_dir(target):
        target = f"{target}\\{name_of(source)}"
    if files.file(target) is not None and "/y" not in switches:
        return Result(1, f"Overwrite {target}? (Yes/No/All): " + lines("        0 file(s) moved."))
    if not context.machine.move_file(path, target):
        return Result(1, "", lines(NO_PATH))
    return Result(0, lines("        1 file(s) moved."))


def _del(context: Context, text: str) -> Result:
    _switches, paths = _split(text)
    if not paths:
        return Result(1, "", lines(SYNTAX))
    missing = []
    for one in paths:
        found = [entry for entry in context.machine.files.match(context.path(one)) if not entry.get("dir")]
        if not found:
            missing.append(f"Could Not Find {context.path(one)}")
        for entry in found:
            context.machine.remove_path(entry["path"], "del")
    # [documented] del of what is not there prints a line and still gives 0
    return Result(0, "", lines(*missing))


def _mkdir(context: Context, text: str) -> Result:
    _switches, paths = _split(text)
    if not paths:
        return Result(1, "", lines(SYNTAX))
    path = context.path(paths[0])
    if context.machine.files.entry(path) is not None:
        return Result(1, "", lines(f"A subdirectory or file {paths[0]} already exists."))
    context.machine.files.make_dir(path)
    context.machine.changed("file", path=path, operation="mkdir")
    return Result(0)


def _rmdir(context: Context, text: str) -> Result:
    switches, paths = _split(text)
    if not paths:
        return Result(1, "", lines(SYNTAX))
    files = context.machine.files
    path = context.path(paths[0])
    if not files.is_dir(path):
        return Result(2, "", lines(NOT_FOUND))
    if files.children(path) and "/s" not in switches:
        return Result(145, "", lines("The directory is not empty."))
    context.machine.remove_path(path, "rmdir")
    return Result(0)


def _dir(context: Context, text: str) -> Result:
    switches, paths = _split(text)
    files = context.machine.files
    path = context.path(paths[0] if paths else ".")
    found = files.children(path) if files.is_dir(path) else files.match(path)
    if "/a:d" in switches or "/ad" in switches:
        found = [one for one in found if one.get("dir")]
    elif "/a:-d" in switches or "/a-d" in switches:
        found = [one for one in found if not one.get("dir")]
    if files.is_dir(path) and not found and "/b" in switches:
        return Result(1 if not files.children(path) else 0, "", lines("File Not Found"))
    if not found and not files.is_dir(path):
        return Result(1, "", lines("File Not Found"))
    if "/b" in switches:
        return Result(0, lines(*(name_of(one) for one in found)))
    return Result(0, _listing(context, path, found))


def _listing(context: Context, path: str, found: list[Entry]) -> str:
    stamp = context.machine.local_time().strftime("%m/%d/%Y  %I:%M %p")
    folder = path if context.machine.files.is_dir(path) else path.rpartition("\\")[0]
    body = [" Volume in drive C has no label.", " Volume Serial Number is 5E2A-11D7", "", f" Directory of {folder}", ""]
    for one in found:
        size = "<DIR>         " if one.get("dir") else f"{size_of(one):>14,}"
        body.append(f"{stamp}    {size} {name_of(one)}")
    plain = [one for one in found if not one.get("dir")]
    body.append(f"{len(plain):>16} File(s) {sum(map(size_of, plain)):>14,} bytes")
    body.append(f"{len(found) - len(plain):>16} Dir(s)  {context.machine.free_bytes():>14,} bytes free")
    return lines(*body)


def _cd(context: Context, text: str) -> Result:
    _switches, paths = _split(text)
    if not paths:
        return Result(0, lines(context.directory))
    path = context.path(paths[0])
    if not context.machine.files.is_dir(path):
        return Result(1, "", lines(NO_PATH))
    context.directory = path
    return Result(0)


def _set(context: Context, text: str) -> Result:
    name, sep, value = text.strip().strip('"').partition("=")
    if not sep:
        shown = {key: one for key, one in context.variables.items() if key.startswith(name.lower())}
        if not shown:
            return Result(1, "", lines(f"Environment variable {name} not defined"))
        return Result(0, lines(*(f"{key.upper()}={one}" for key, one in sorted(shown.items()))))
    context.variables[name.lower()] = value
    return Result(0)


def _exit(context: Context, text: str) -> Result:
    words = [word for word in text.split() if word.lower() != "/b"]
    context.exited = True
    return Result(int(words[0]) if words and words[0].lstrip("-").isdigit() else context.code)


def _chcp(context: Context, text: str) -> Result:
    return Result(0, lines(f"Active code page: {text.strip() or '65001'}"))


def _nothing(context: Context, text: str) -> Result:
    return Result(context.code)


def _start(context: Context, text: str) -> Result:
    words = [word for word in arguments(text) if word and not word.startswith("/")]
    return Result(context.machine.run_to_end(" ".join(words), context.directory).code if words else 0)


BUILTINS: dict[str, Command] = {
    "ver": _ver,
    "echo": _echo,
    "type": _type,
    "copy": _copy,
    "move": _move,
    "del": _del,
    "erase": _del,
    "md": _mkdir,
    "mkdir": _mkdir,
    "rd": _rmdir,
    "rmdir": _rmdir,
    "dir": _dir,
    "cd": _cd,
    "chdir": _cd,
    "set": _set,
    "exit": _exit,
    "rem": _nothing,
    "start": _start,
}
OTHERS: dict[str, Command] = {"chcp": _chcp}
