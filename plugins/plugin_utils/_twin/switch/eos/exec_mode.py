# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Exec commands of the simulated EOS switch: modes, configure sessions, saving. Source: switch-acl.md section 2.2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..entry import CliError, Token
from ..grammar import Command, Handler, Reply, command
from . import candidates, show

if TYPE_CHECKING:
    from .session import Session


def _terminal(name: str) -> Handler:
    def handler(session: Session, words: list[Token]) -> Reply:
        """[recorded] Netmiko waits for these two answers."""
        if not words[0].text.isdigit() or int(words[0].text) > 32767:
            raise CliError("invalid", words[0].column)
        setattr(session, name, int(words[0].text))
        if name == "width":
            return Reply(f"Width set to {session.width} columns.\n")
        return Reply("Pagination disabled.\n" if session.length == 0 else "Pagination enabled.\n")

    return handler


def _nothing(_session: Session, _words: list[Token]) -> Reply:
    return Reply()


def _enable(session: Session, _words: list[Token]) -> Reply:
    wanted = str(session.switch.options.get("enable_password") or "")
    if session.mode == "exec" or not wanted:
        session.mode = "exec"
        return Reply()

    def answered(asked: Session, line: str) -> Reply:
        if line != wanted:
            return Reply("% Bad secret\n")
        asked.mode = "exec"
        return Reply()

    session.question = ("Password: ", answered)
    return Reply()


def _disable(session: Session, _words: list[Token]) -> Reply:
    session.enter("user")
    return Reply()


def _leave(_session: Session, _words: list[Token]) -> Reply:
    return Reply(close=True)


def _configure(session: Session, _words: list[Token]) -> Reply:
    session.enter("config")
    return Reply()


def _configure_session(session: Session, words: list[Token]) -> Reply:
    """[documented] A session without a name gets one; entered again it goes on."""
    switch = session.switch
    if not words:
        switch.unnamed += 1
    name = words[0].text if words else f"sess-{switch.unnamed}--{int(switch.hooks.now()) % 10**9}-0"
    made = name not in switch.candidates or switch.candidates[name].state == candidates.COMPLETED
    candidates.open_candidate(switch, name, session.user)
    session.enter("config")
    session.candidate = name
    return Reply("", made)


def _commit(session: Session, words: list[Token]) -> Reply:
    found = candidates.find_candidate(session.switch, words[0].text)
    candidates.commit(session.switch, found, candidates.seconds_of(words[1]) if len(words) > 1 else 0)
    return Reply("", True, True)


def _abort(session: Session, words: list[Token]) -> Reply:
    found = candidates.find_candidate(session.switch, words[0].text)
    return Reply("", True, candidates.abort(session.switch, found, "abort"))


def _save(session: Session, _words: list[Token]) -> Reply:
    """[recorded] The answer. It stores what runs, also while a commit timer runs [assumed]."""
    session.switch.startup = session.switch.copy_of_running()
    session.switch.hooks.journal("save", write=True, session=session.number)
    return Reply("Copy completed successfully.\n", True)


def _clear(session: Session, words: list[Token]) -> Reply:
    for one in session.switch.running.lists.values():
        if not words or one.name == words[0].text:
            one.counters.clear()
            one.last_hit.clear()
    session.switch.hooks.changed()
    return Reply()


def _reload(_session: Session, _words: list[Token]) -> Reply:
    raise CliError("message", text="% Reload is not simulated; inject the fault power_cut")


EXEC_ANYWHERE: list[Command] = [
    command("show version", show.version),
    command("show hostname", show.hostname),
    command("show privilege", show.privilege),
    command("show clock", show.clock),
    command("show users", show.users),
    command("show running-config", show.running),
    command("show running-config diffs", show.running_diffs),
    command("show running-config interfaces <rest>", show.running_interface),
    command("show running-config section <word>", show.running_section),
    command("show startup-config", show.startup),
    command("show ip access-lists", show.access_lists("ip")),
    command("show ip access-lists <word>", show.access_lists("ip")),
    command("show ip access-lists summary", show.summaries("ip")),
    command("show ip access-lists <word> summary", show.summaries("ip")),
    command("show ipv6 access-lists", show.access_lists("ipv6")),
    command("show ipv6 access-lists <word>", show.access_lists("ipv6")),
    command("show ipv6 access-lists summary", show.summaries("ipv6")),
    command("show ipv6 access-lists <word> summary", show.summaries("ipv6")),
    command("show configuration sessions", show.sessions(False)),
    command("show configuration sessions detail", show.sessions(True)),
    command("show session-config", show.session_config(False)),
    command("show session-config diffs", show.session_config(True)),
    command("show session-config named <word>", show.session_config(False)),
    command("show session-config named <word> diffs", show.session_config(True)),
    command("show interfaces status", show.interfaces_status),
    command("show ip interface brief", show.ip_interface_brief),
    command("show vlan", show.vlans),
    command("show hardware capacity", show.hardware),
    command("show logging", show.logging),
    command("write", _save),
    command("write memory", _save),
    command("copy running-config startup-config", _save),
    command("clear ip access-lists counters", _clear),
    command("clear ip access-lists counters <word>", _clear),
    command("clear ipv6 access-lists counters", _clear),
    command("clear ipv6 access-lists counters <word>", _clear),
]
_TERMINAL: list[Command] = [
    command("terminal length <word>", _terminal("length")),
    command("terminal width <word>", _terminal("width")),
    command("terminal monitor", _nothing),
    command("enable", _enable),
    command("exit", _leave),
    command("logout", _leave),
]
USER: list[Command] = [
    *_TERMINAL,
    command("show version", show.version),
    command("show hostname", show.hostname),
    command("show privilege", show.privilege),
    command("show clock", show.clock),
]
EXEC: list[Command] = [
    *EXEC_ANYWHERE,
    *_TERMINAL,
    command("disable", _disable),
    command("end", _nothing),
    command("configure", _configure),
    command("configure terminal", _configure),
    command("configure session", _configure_session),
    command("configure session <word>", _configure_session),
    command("configure session <word> commit", _commit),
    command("configure session <word> commit timer <word>", _commit),
    command("configure session <word> abort", _abort),
    command("reload", _reload),
    command("reload <rest>", _reload),
]
