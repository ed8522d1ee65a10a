# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Command lines for a PC: what is refused, and how arguments are quoted.

Sources: CommandLineToArgvW (Windows SDK) for programs; ``cmd /?`` for the command shell: 8191 characters, ``%`` cannot
be escaped outside a batch file.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError

MAX_LINE = 8191  # cmd
MAX_DIRECT = 32766  # CreateProcess
_BROKEN = re.compile("[\r\n\0]")


def check_line(command: str, *, direct: bool = False) -> str:
    """Give a command line that arrives as it is, or raise InputError without its text: it may hold secrets."""
    limit = MAX_DIRECT if direct else MAX_LINE
    if not command.strip() or _BROKEN.search(command):
        raise InputError("A command line for a PC is empty or holds a line break or NUL.", fix="Remove it.")
    if len(command.encode("utf-16-le")) // 2 > limit:
        raise InputError(
            f"A command line for a PC is longer than {limit} characters.",
            fix="Shorten it" if direct else "Shorten it, or start the program directly with argv.",
        )
    return command


def argv_line(argv: Sequence[str]) -> str:
    """Give the command line of a program started without the command shell; no character is special to anybody."""
    if not argv or not argv[0].strip() or '"' in argv[0]:
        raise InputError("argv names no program.", fix="Begin it with the program's path.")
    return check_line(subprocess.list2cmdline(argv), direct=True)


def quote(text: str) -> str:
    """Give one path or plain argument in quotes for the command shell.

    Raises:
        InputError: it holds what cmd would read as something else even in quotes: ``"``, ``%``, a line break.
    """
    if _BROKEN.search(text) or '"' in text or "%" in text:
        raise InputError(
            f"{text[:60]!r} cannot be given to the command shell of a PC.",
            fix="Leave out quotes, percent signs and line breaks, or start the program directly with argv.",
        )
    # Backslashes before the closing quote would escape it for the program.
    tail = "\\" * (len(text) - len(text.rstrip("\\")))
    return f'"{text}{tail}"'


def program(command: str) -> str:
    """Give the program of a command line, for messages: the rest may hold secrets."""
    match = re.match(r'\s*(?:"([^"]*)"|(\S+))', command)
    return (match[1] or match[2] or "")[:80] if match else ""
