# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The line editor of the simulated switches: echo, corrections, lines typed ahead."""

from __future__ import annotations


class LineEditor:
    """Turns typed characters into echo and lines, one at a time, so that lines typed ahead wait their turn."""

    def __init__(self) -> None:
        self.typed = ""
        self.line = ""
        self._skip_newline = False

    def feed(self, text: str, room: int | None = None) -> None:
        """Take what arrived; what does not fit into the room for waiting characters is lost."""
        self.typed = (self.typed + text)[:room]

    def key(self) -> str:
        """Take one key that answers a question by itself; Enter is nothing."""
        key = self.typed[:2] if self.typed.startswith("\r\n") else self.typed[:1]
        self.typed, self._skip_newline = self.typed[len(key) :], key == "\r"
        return key.strip("\r\n")

    def next(self, prompt: str, width: int) -> tuple[str, str | None, bool]:
        """Give (echo, complete line or None, was it Ctrl-Z)."""
        echo: list[str] = []
        for index, char in enumerate(self.typed):
            if char == "\n" and self._skip_newline:
                self._skip_newline = False
                continue
            self._skip_newline = char == "\r"
            if char in "\r\n\x1a\x03":
                self.typed = self.typed[index + 1 :]
                line, self.line = self.line, ""
                echo.append({"\x1a": "^Z", "\x03": "^C"}.get(char, "") + "\r\n")
                return "".join(echo), "" if char == "\x03" else line, char in "\x1a\x03"
            echo.append(self._edit(char, prompt, width))
        self.typed = ""
        return "".join(echo), None, False

    def _edit(self, char: str, prompt: str, width: int) -> str:
        if char in "\x08\x7f":
            if not self.line:
                return ""
            self.line = self.line[:-1]
            return "\b \b"
        if char == "\x15":
            gone, self.line = len(self.line), ""
            return "\b \b" * gone
        if char != "\t" and ord(char) < 32:
            return ""
        self.line += " " if char == "\t" else char
        room = width - len(prompt) - 1
        # [assumed] A line longer than the terminal slides to the left behind a dollar sign.
        if width > 20 and room > 12 and len(self.line) > room and (len(self.line) - room) % 10 == 1:
            return "\r" + prompt + "$" + self.line[-(room - 10) :]
        return self.line[-1]
