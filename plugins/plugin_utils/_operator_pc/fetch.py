# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Getting a file onto a PC: checked sources, and steps that give the final name only to what has the right hash."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.steps import Step
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import CommandResult

FETCH_S = 7200.0
# Nothing that cmd would act on: no quotes, &, |, <, >, ^, parentheses, blanks.
_URL = re.compile(r"https?://[A-Za-z0-9._~:/?#\[\]@!$'*+,;=-]+(?:%[0-9A-Fa-f]{2}[A-Za-z0-9._~:/?#\[\]@!$'*+,;=-]*)*")
_PATH = re.compile(r"(?:[A-Za-z]:|\\\\[A-Za-z0-9._-]+\\[A-Za-z0-9._$ -]+)(?:\\[A-Za-z0-9._ ~$#@+=,()-]+)+")
_LOGIN = re.compile(r"\w+://[^/?#]*@")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Source:
    """A file to get: ``url`` or ``path`` (local or UNC) that the PC can read, ``sha256`` in lower case."""

    url: str
    sha256: str
    path: str = ""

    @property
    def where(self) -> str:
        """Give where it comes from."""
        return self.url or self.path


def source(name: str, options: dict[str, Any]) -> Source:
    """Check one ``{url or path, sha256}`` option; raises InputError naming the option."""
    url, path, sha256 = (str(options.get(key) or "") for key in ("url", "path", "sha256"))
    if bool(url) == bool(path):
        raise InputError(
            f"{name} needs either url or path, {'both are' if url else 'none is'} given.",
            fix="Say where the PC finds the file: an http(s) address, or a path it can read.",
        )
    if _LOGIN.match(url):
        raise InputError(
            f"{name}.url holds a login: it would stand in a command line on the PC, for everybody there to read.",
            fix="Serve the file without a login (its hash is compared on the PC), or put it where a path reaches it.",
        )
    if url and not _URL.fullmatch(url):
        raise InputError(
            f"{name}.url is {url!r}, which is no plain http(s) address.",
            fix="Give an address without blanks, quotes, & or parentheses.",
        )
    if path and not _PATH.fullmatch(path):
        raise InputError(
            f"{name}.path is {path!r}, which is no plain full path of Windows.",
            fix=r"Give a path like D:\\igel\\osc.iso or \\server\\share\\osc.iso, without quotes, %, & or ^.",
        )
    if not _SHA256.fullmatch(sha256.lower()):
        raise InputError(f"{name}.sha256 is {sha256!r}, not 64 hex digits.", fix="Take it from sha256sum of the file.")
    return Source(url, sha256.lower(), path)


def file_hash(text: str) -> str:
    """Find the SHA-256 in certutil's output (Windows 7 prints the bytes with blanks), or an empty text."""
    for line in text.splitlines():
        candidate = line.replace(" ", "").strip().lower()
        if _SHA256.fullmatch(candidate):
            return candidate
    return ""


def fetch(what: str, source: Source, part: str, target: str) -> list[Step]:
    """Get it under a temporary name, read the hash on the PC, and only then give the final name."""
    fix = f"See that the PC reaches {source.where} and that the file there has SHA-256 {source.sha256}."
    if source.path.startswith("\\\\"):
        fix += " The login of this connection is not valid for a share unless it delegates (CredSSP): a url needs none."
    if source.url.startswith("https:"):
        fix += (
            " Windows 7 speaks too old a TLS until KB3140245 is installed and enabled: http does as well there, since"
            " the hash is compared on the PC."
        )
    get = f'copy /Y "{source.path}" {part}' if source.path else f"certutil -urlcache -split -f {source.url} {part}"
    steps = [
        Step(
            f"fetch the {what}",
            get,
            timeout_s=FETCH_S,
            check=f"certutil -hashfile {part} SHA256",
            seen=_hashes_to(source.sha256),
            undo=f"if exist {part} del /q {part}",
            fix=fix,
        )
    ]
    if source.url:
        # certutil keeps a second copy of what it fetched; the space is needed.
        steps.append(Step(f"forget the cached {what}", f"certutil -urlcache {source.url} delete", good=()))
    steps.append(
        Step(
            f"put the {what} in place",
            f"move /Y {part} {target}",
            check=f"if exist {target} echo there",
            seen=lambda found: "there" in found.stdout,
        )
    )
    return steps


def _hashes_to(sha256: str) -> Callable[[CommandResult], bool]:
    return lambda found: file_hash(found.stdout) == sha256
