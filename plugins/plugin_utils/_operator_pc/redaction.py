# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

r"""Passwords, tokens and the accounts beside them are masked in every text before it is stored (pure).

What a command line hides has no one form: named values (``--password=x``, ``PWD=x;``, JSON), switches with the value
behind a blank (``-pw x``), ``net use`` with the password as a bare word, credentials in a URL, encoded commands. Where
a form is ambiguous it is masked: a fact less in the assessment, never a secret more.
"""

from __future__ import annotations

import re
from typing import Any

MASK = "********"
_NAME = (
    r"(?:(?:pass(?:word|wd|phrase|wort)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|kennwort|"
    r"credentials?|community))"
)
_VALUE = r"(?!\*{8})(?:\"[^\"]*\"|'[^']*'|\{[^}]*\}|[^\s;,\"'&]+)"
# Each pattern keeps group 1 and masks what follows it.
_PATTERNS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(text, re.IGNORECASE)
    for text in (
        # In a connection string a value may hold blanks and ends at the semicolon.
        rf"({_NAME}\s*=\s*)[^;=\"'\r\n]{{1,200}}(?=;)",
        rf"({_NAME}[\"']?\s*[=:]\s*){_VALUE}",
        rf"((?<![\w])[-/]{{1,2}}[\w.-]{{0,30}}{_NAME}\s+){_VALUE}",
        rf"((?<![\w])[-/](?:p|pw|rp|pass)[:=]){_VALUE}",
        rf"((?<![\w])[-/](?:pw|rp)\s+){_VALUE}",
        rf"((?<![\w])[-/]{{1,2}}(?:u|user|username|ru)(?:[:=]\s*|\s+)){_VALUE}",
        r"(\bbearer\s+)[A-Za-z0-9+/=._~-]{8,}",
        r"(\bauthorization[\"']?\s*[=:]\s*)[^\r\n]+",
        r"(://)[^/\s:@]+(?::[^/\s@]*)?(?=@)",
        r"([?&](?:sig|code|key|auth|sas|sv|session)=)[^&\s\"']+",
        r"((?<![\w])[-/]e(?:c|nc|ncodedcommand)?\s+)[A-Za-z0-9+/=]{16,}",
        r"(\buid\s*=\s*)[^\s;]+",
    )
)
# The same letter means a port or a path in other programs: only beside a user name is it a password.
_BESIDE_USER = re.compile(r"(?i)(?<![\w])[-/]{1,2}(?:u|user|username|ru)\b")
_SHORT = re.compile(
    rf"((?<![\w])[-/][pP](?:\s+(?![-/])|(?=[^\s:=-])(?!(?:ort|ath|ass|id|age|ro|ar|ri)[a-z]*\b))){_VALUE}"
)
_NET_USE = re.compile(r"(?i)((?<![\w.])net1?(?:\.exe)?\"?\s+(?:use|user)\s+)(.*)")
_PLAIN_WORD = re.compile(
    r"^(?:[a-z]:|\*|\\\\\S+|/(?:persistent|savecred|smartcard|delete|y|n|domain|active)\S*)$", re.I
)


def redacted(value: Any) -> Any:
    """Give the value with everything that looks like a secret in any of its texts masked."""
    if isinstance(value, str):
        return redacted_text(value)
    if isinstance(value, list):
        return [redacted(item) for item in value]
    if isinstance(value, dict):
        return {key: redacted(item) for key, item in value.items()}
    return value


def redacted_text(text: str) -> str:
    """Mask the secrets of one text; masking twice gives the same as once."""
    text = _NET_USE.sub(lambda match: match[1] + _net_words(match[2]), text)
    if _BESIDE_USER.search(text):
        text = _SHORT.sub(rf"\1{MASK}", text)
    for pattern in _PATTERNS:
        text = pattern.sub(rf"\1{MASK}", text)
    return text


def _net_words(rest: str) -> str:
    # The password is a bare word: only what is known to be none stays.
    words = re.findall(r"\"[^\"]*\"|\S+", rest)
    return " ".join(word if _PLAIN_WORD.match(word.strip('"')) else MASK for word in words)
