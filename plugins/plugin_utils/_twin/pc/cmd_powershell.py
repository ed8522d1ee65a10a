# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A very small powershell.exe: it runs one plain command line and nothing else.

Ansible's own `raw` wraps every command this way, and the simulated PC has to answer it. [assumed] all of it: no cmdlet,
no variable, no pipeline; the exit code is 1 for whatever a program gave, as without `exit`. A PC whose profile has no
engine, or `powershell: false`, does not know the command.
"""

from __future__ import annotations

import base64
import binascii
import re

from .cmd import Command, Context, Result, arguments, lines
from .texts import say

_SYNTAX = re.compile(r"[$|;{}()\[\]`\n]|(?:^|\s)[A-Z]\w+-[A-Z]\w+")


def _powershell(context: Context, text: str) -> Result:
    machine = context.machine
    if not machine.overrides.get("powershell", bool(machine.profile.powershell)):
        return Result(1, "", lines(say(machine, "unknown", "powershell")))
    words = arguments(text)
    lowered = [word.lower() for word in words]
    script = ""
    for at, word in enumerate(lowered[:-1]):
        if word.startswith("-e") and "-encodedcommand".startswith(word):
            script = _decoded(words[at + 1])
        elif word.startswith("-c") and "-command".startswith(word):
            script = " ".join(words[at + 1 :])
        if script:
            break
    script = script.strip()
    if not script or _SYNTAX.search(script):
        shown = script.split("\n", 1)[0][:60]
        return Result(1, "", lines(f"This simulated PC runs plain commands only, not: {shown}"))
    result = machine.run_to_end(script, context.directory)
    left = re.match(r"exit\s+(\d+)$", script)
    code = int(left.group(1)) if left else int(result.code != 0)
    if " is not recognized as an internal" in result.err:
        name = script.split()[0]
        kind = "a cmdlet, function, script file, or operable program"
        return Result(1, "", lines(f"{name} : The term '{name}' is not recognized as the name of {kind}."))
    return Result(code, result.out, result.err, result.seconds)


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-16-le")
    except (binascii.Error, ValueError):
        return ""


POWERSHELL: dict[str, Command] = {"powershell": _powershell}
