# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the management server is and who we are, checked before anything is sent. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError

LARGEST_PARALLEL = 16
_HOST = re.compile(r"[^\s/@?#\\\[\]]+")


@dataclass(frozen=True)
class Connection:
    """Where the server is and who we are; ``timeout`` in seconds for one answer, ``parallel`` writes at a time."""

    host: str
    username: str
    password: str = field(repr=False)
    port: int = 8443
    ca_path: str | None = None
    validate_certs: bool = True
    timeout: int = 60
    parallel: int = 4

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Connection:
        """Build it from the options of a module (doc fragment ``otedge.endpoint.ums``).

        Raises:
            InputError: every option that cannot be right, in one message; never a value that may hold a secret.
        """
        keys = ("host", "username", "password", "port", "ca_path", "validate_certs", "timeout")
        connection = cls(**{key: params[key] for key in keys}, parallel=params.get("parallel", 1))
        problems = connection.problems()
        if problems:
            raise InputError(
                f"The connection to UMS cannot be right: {'; '.join(problems)}.",
                fix="Check these options where they come from: play, module_defaults or environment.",
                problems=problems,
            )
        return connection

    def problems(self) -> list[str]:
        """Give what is wrong with the options, one text each."""
        found = []
        if not _HOST.fullmatch(self.host):
            found.append("host must be a name or an address alone, without https://, port, path, brackets or account")
        if not self.username or ":" in self.username:
            found.append("username is empty or holds a colon, which no login can carry")
        if not self.password:
            found.append("password is empty")
        if not 1 <= self.port <= 65535:
            found.append(f"port {self.port} is not between 1 and 65535")
        if self.timeout < 1:
            found.append(f"timeout {self.timeout} is not at least 1 second")
        if not 1 <= self.parallel <= LARGEST_PARALLEL:
            found.append(f"parallel {self.parallel} is not between 1 and {LARGEST_PARALLEL}")
        return found

    @property
    def base_url(self) -> str:
        """Address of the API, without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"https://{host}:{self.port}/umsapi/v3"
