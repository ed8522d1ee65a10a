# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading and writing on a command line: windows of lines, prompts as the measure of progress, the first prompt."""

from __future__ import annotations

import re
import selectors
import time
from collections.abc import Iterator, Sequence
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.platforms import Terminal

# Lines sent ahead without waiting for each prompt; the device's input buffer takes about 1 kB (reference section 5).
WINDOW = 16
WINDOW_SIZE = 1000
# Seconds between two looks for output: where nothing tells that there is some, and at most.
_POLL, _POLL_MOST = 0.005, 0.1
_PREPARE = 20.0
# Characters: from here on only the last ones are searched for a prompt.
_LONG, _TAIL = 65536, 4096
# A switch that has shown no prompt by then may be waiting for a key.
_PATIENCE = 2.0
_FIRST_PROMPT = re.compile(r"[^\s>#][>#] ?\Z")
# What a switch tells every terminal about a command may come behind the prompt.
_AFTERWORD = 0.2


def windows(lines: Sequence[str], most: int) -> Iterator[list[str]]:
    """Cut lines into parts of at most that many lines and WINDOW_SIZE characters; a longer line goes alone."""
    part: list[str] = []
    for line in lines:
        if part and (len(part) >= most or sum(len(one) + 1 for one in (*part, line)) > WINDOW_SIZE):
            yield part
            part = []
        part.append(line)
    if part:
        yield part


def collect(  # noqa: PLR0913, PLR0917
    conn: Any,
    pattern: re.Pattern[str],
    count: int,
    timeout: float,
    noise: re.Pattern[str] | None = None,
    seen: str = "",
) -> str:
    """Read on from what was seen, until the pattern is in it that often.

    Raises:
        EOFError: the session ended.
        TimeoutError: it was not seen in time.
    """
    output = seen
    settled: list[str] = []
    found = 0
    deadline = time.monotonic() + timeout
    told = False
    while found + len(pattern.findall(output)) < count:
        if len(output) > _LONG:
            # A configuration may be megabytes long: what lies far behind is not searched again.
            cut = output.rfind("\n", 0, len(output) - _TAIL) + 1
            found += sum(match.end() <= cut for match in pattern.finditer(output))
            settled.append(output[:cut])
            output = output[cut:]
        chunk = conn.read_channel()
        output += chunk
        if chunk and noise:
            output = _without(noise, output, pattern)
        if not chunk and conn.remote_conn.closed:
            raise EOFError("the session ended")
        told = not chunk and _wait(conn, told)
        if time.monotonic() > deadline:
            raise TimeoutError(f"no prompt within {timeout:.0f} s")
    return "".join([*settled, output])


def _without(noise: re.Pattern[str], output: str, pattern: re.Pattern[str]) -> str:
    """Take out what the switch says on its own; where it came behind the prompt, its empty lines too."""
    rest, count = noise.subn("", output)
    bare = rest.rstrip("\r\n")
    return bare if count and pattern.search(bare) else rest


def _wait(conn: Any, told: bool) -> bool:
    """Wait for output, not much longer than it takes to come; True if there is some or the session ended.

    Args:
        conn: the connection.
        told: True if it said so the last time and there was none: it will say so again.
    """
    line = conn.remote_conn
    if told or not hasattr(line, "fileno"):
        time.sleep(_POLL)
        return False
    # select() knows no descriptor above 1023, which a controller with many forks may reach.
    with selectors.DefaultSelector() as selector:
        selector.register(line, selectors.EVENT_READ)
        return bool(selector.select(_POLL_MOST))


def converse(  # noqa: PLR0913, PLR0917
    conn: Any,
    command: str,
    answers: Sequence[tuple[str, str]],
    prompt: str,
    enter: str,
    timeout: float,
    noise: re.Pattern[str] | None = None,
) -> str:
    """Type a command that asks before it acts, answer what it asks, and give all it printed.

    Args:
        conn: the connection.
        command: what is typed first.
        answers: (how a question ends, what is typed there); a question that does not come is not answered.
        prompt: what ends the answer.
        enter: what ends a typed line.
        timeout: in seconds, for each answer.
        noise: what the switch writes on its own, behind a prompt too; it is taken out.

    Raises:
        EOFError: the session ended.
        TimeoutError: neither a known question nor the prompt came.
    """
    questions = "|".join(question for question, _answer in answers)
    known = re.compile(rf"(?:{questions})\s*\Z|{prompt}", re.MULTILINE)
    output, typed = "", command
    for _turn in range(len(answers) + 1):
        conn.write_channel(f"{typed}{enter}")
        part = collect(conn, known, 1, timeout, noise)
        output += part
        found = [answer for question, answer in answers if re.search(rf"(?:{question})\s*\Z", part)]
        if not found:
            break
        typed = found[0]
    time.sleep(_AFTERWORD)
    return output + str(conn.read_channel())


def prepare(terminal: Terminal, conn: Any) -> None:
    """Replace Netmiko's preparation, which waits a fixed time at each step: wide lines, no pages, learn the prompt.

    The prompt is what stands before the echo of the last command, so that no banner can be taken for it. The switch
    cuts it to 20 characters in configuration mode; the first 16 of the host name are enough.
    """
    commands = terminal.prepare
    conn.ansi_escape_codes = terminal.ansi
    try:
        seen = collect(conn, _FIRST_PROMPT, 1, _PATIENCE)
    except TimeoutError:
        conn.write_channel(terminal.enter)
        seen = collect(conn, re.compile("[>#]"), 1, _PREPARE)
    conn.write_channel("".join(f"{command}{terminal.enter}" for command in commands))
    # A prompt, the echo of the last command, and the same prompt again.
    prompt = re.compile(rf"^([^\s>#]+)([>#]) ?{re.escape(commands[-1])}\s*\n(?:.*\n)*?\1\2", re.MULTILINE)
    output = collect(conn, prompt, 1, _PREPARE, seen=seen)
    found = prompt.search(output)
    if found:
        conn.base_prompt = found[1][:16]
        conn.prompt_end = found[2]
