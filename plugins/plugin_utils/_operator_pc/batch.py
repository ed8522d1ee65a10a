# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several cmd commands in one command line: one round of messages instead of four per command.

Parts are separated by a marker that ``echo`` prints, so nothing of their own output has to be understood here. Parts
must not begin with ``if``: cmd would make the rest of the line depend on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping

from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import WinRS

_MARK = "otedge-part:"
# Of the 8191 characters cmd takes, some are its own name and the switch it is started with.
LINE = 8000


def joined(parts: Mapping[str, str]) -> str:
    """Give one command line that prints each part's marker, then runs the part."""
    return " & ".join(f"echo {_MARK}{name}& {command}" for name, command in parts.items())


def split(output: str) -> dict[str, str]:
    """Give each part's own output; a part that never ran is missing."""
    result: dict[str, str] = {}
    for piece in output.split(_MARK)[1:]:
        name, _end, text = piece.partition("\n")
        result[name.strip()] = text.replace("\r\n", "\n")
    return result


def run_parts(shell: WinRS, parts: Mapping[str, str], *, timeout_s: float = 120.0) -> dict[str, str]:
    """Run all parts, each whatever the others did; give their standard output by name."""
    return split(shell.run(joined(parts), timeout_s=timeout_s).stdout)


def run_all(
    shell: WinRS, parts: Mapping[str, str], found: MutableMapping[str, str], *, timeout_s: float = 180.0
) -> None:
    """Run parts that need not fit one line, in as few lines as they need; fills ``found`` line by line."""
    for line in lines(parts):
        found.update(run_parts(shell, line, timeout_s=timeout_s))


def lines(parts: Mapping[str, str], limit: int = LINE) -> Iterator[dict[str, str]]:
    """Share parts out to lines of at most ``limit`` characters, in their order."""
    line: dict[str, str] = {}
    for name, command in parts.items():
        if line and len(joined({**line, name: command})) > limit:
            yield line
            line = {}
        line[name] = command
    if line:
        yield line
