# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a command on a Windows PC in a plain command shell, without PowerShell."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, PeerError
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.winrs_command import SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._action import EndpointAction
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman import quoting
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.adapter import open_transport
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import CommandResult, WinRS, codec

_BROKEN = re.compile('[\r\n\0"]')
_YES, _NO = "otedge-exists", "otedge-missing"


class ActionModule(EndpointAction):
    """Action of otedge.endpoint.winrs_command."""

    SPEC = SPEC
    _requires_connection = True

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Look at the guards, run the command unless check mode, judge its exit code."""
        line = _line(options)
        result: dict[str, Any] = {"cmd": options["argv"] or line, **_streams("", "")}
        guarded = options["creates"] or options["removes"]
        if self.check_mode and not guarded:
            return {**result, "skipped": True, "rc": 0, "msg": "Command would have run if not in check mode"}
        client = WsmanClient(open_transport(self._connection))
        with WinRS(
            client,
            directory=options["chdir"] or "",
            codepage=options["codepage"],
            oem_codepage=options["oem_codepage"],
        ) as shell:
            reason = _held(shell, options)
            if reason:
                return {**result, "rc": 0, "msg": reason}
            if self.check_mode:
                return {**result, "changed": True, "rc": 0, "msg": "Command would have run if not in check mode"}
            ended = _run(shell, line, options)
        result.update(changed=True, rc=ended.rc, **_streams(ended.stdout, ended.stderr))
        if client.warnings:
            result["warnings"] = sorted(set(client.warnings))
        if ended.rc not in [code & 0xFFFFFFFF for code in options["ok_rc"]]:
            result.update(failed=True, msg=f"The command ended with exit code {ended.rc} (0x{ended.rc:X}).")
        return result


def _line(options: dict[str, Any]) -> str:
    """Give the command line; everything that is wrong with the options is said before the PC is reached."""
    for name in ("creates", "removes", "chdir"):
        value = options[name]
        if value is not None and (not value.strip() or _BROKEN.search(value)):
            raise InputError(f"{name} is empty, or holds a quote or a line break.", fix="Give a plain path.")
    if options["timeout"] < 1:
        raise InputError(f"timeout is {options['timeout']}.", fix="Give seconds, 1 or more.")
    codec(options["codepage"])
    codec(options["oem_codepage"])
    if options["argv"] is not None:
        return quoting.argv_line(options["argv"])
    return quoting.check_line(options["cmd"])


def _held(shell: WinRS, options: dict[str, Any]) -> str:
    """Give why the command need not run, or an empty text."""
    if options["creates"] and _exists(shell, options["creates"]):
        return f"Did not run command since '{options['creates']}' exists"
    if options["removes"] and not _exists(shell, options["removes"]):
        return f"Did not run command since '{options['removes']}' does not exist"
    return ""


def _exists(shell: WinRS, path: str) -> bool:
    answer = shell.run(f'if exist "{path}" (echo {_YES}) else (echo {_NO})', timeout_s=60).stdout.split()
    if answer not in ([_YES], [_NO]):
        raise PeerError(f"The PC did not say whether {path!r} exists.", fix="Run again; look at the PC's cmd AutoRun.")
    return answer == [_YES]


def _run(shell: WinRS, line: str, options: dict[str, Any]) -> CommandResult:
    stdin = options["stdin"] or ""
    if options["argv"] is not None:
        return shell.run_program(options["argv"], timeout_s=options["timeout"], stdin=stdin)
    return shell.run(line, timeout_s=options["timeout"], stdin=stdin)


def _streams(stdout: str, stderr: str) -> dict[str, Any]:
    """Give both streams as ansible.builtin.command does: lines end in LF, the last one without."""
    streams: dict[str, Any] = {}
    for name, text in (("stdout", stdout), ("stderr", stderr)):
        plain = text.replace("\r\n", "\n").rstrip("\n")
        streams[name] = plain
        streams[f"{name}_lines"] = plain.splitlines()
    return streams
