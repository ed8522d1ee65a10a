# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Exec commands of the simulated switch: modes, revert timer, saving. Source: switch-acl.md section 2.1."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from . import acl6, eem, groups, locking, reloading, show
from .entry import CliError, Token
from .grammar import Handler, Reply, command

if TYPE_CHECKING:
    from .session import Session

NONE_PENDING = "%No Rollback Confirmed Change pending"
MAX_MINUTES = 120


def _terminal(name: str) -> Handler:
    def handler(session: Session, words: list[Token]) -> Reply:
        if not words[0].text.isdigit() or int(words[0].text) > 512:
            raise CliError("invalid", words[0].column)
        setattr(session, name, int(words[0].text))
        return Reply()

    return handler


def _nothing(_session: Session, _words: list[Token]) -> Reply:
    return Reply()


def _mode(name: str) -> Handler:
    def handler(session: Session, _words: list[Token]) -> Reply:
        session.enter(name)
        return Reply()

    return handler


def _enable(session: Session, _words: list[Token]) -> Reply:
    """Ask for the enable password where one is set; [recorded] three tries."""
    asked = session.switch.options.get("enable_password") and not session.machine
    if not asked or session.mode == "exec":
        session.enter("exec")
        return Reply()
    return _ask(3)(session)


def _ask(tries: int) -> Callable[[Session], Reply]:
    def answer(session: Session, typed: str) -> Reply:
        if typed == str(session.switch.options["enable_password"]):
            session.enter("exec")
            return Reply()
        return _ask(tries - 1)(session) if tries > 1 else Reply("% Bad secrets\n\n")

    def ask(session: Session) -> Reply:
        session.question = ("Password: ", answer)
        return Reply()

    return ask


def _leave(_session: Session, _words: list[Token]) -> Reply:
    return Reply(close=True)


def _minutes(word: Token) -> int:
    """[documented] Minutes only; [assumed] 1 to 120."""
    if not word.text.isdigit() or not 1 <= int(word.text) <= MAX_MINUTES:
        raise CliError("invalid", word.column)
    return int(word.text)


def _configure_revert(session: Session, words: list[Token]) -> Reply:
    """[documented] Needs an archive with a path and no other pending timer; wording of the latter [assumed]."""
    minutes, switch = _minutes(words[0]), session.switch
    if not switch.running.archive_path:
        raise CliError("message", text="%Turn config archive on before using Rollback Confirmed Change")
    if switch.pending:
        raise CliError("message", text="%A Rollback Confirmed Change is already pending: confirm or revert it first")
    entered = locking.enter(session, "configure terminal")
    name, now = switch.archive_file(), switch.hooks.now()
    switch.pending = {
        "deadline": now + 60 * minutes,
        "minutes": minutes,
        "file": name,
        "user": session.user,
        "at": now,
        "config": switch.copy_of_running().dump(),
    }
    switch.hooks.journal("revert_timer", write=True, minutes=minutes, file=name, session=session.number)
    return Reply(f"Rollback Confirmed Change: Backing up current running config to {name}\n\n{entered}")


def _pending(session: Session) -> dict[str, object]:
    if not session.switch.pending:
        raise CliError("message", text=NONE_PENDING)
    return session.switch.pending


def _confirm(session: Session, _words: list[Token]) -> Reply:
    _pending(session)
    session.switch.pending = None
    session.switch.hooks.journal("revert_timer", write=True, confirmed=True, session=session.number)
    return Reply()


def _revert_now(session: Session, _words: list[Token]) -> Reply:
    _pending(session)
    name = session.switch.roll_back("configure revert now")
    return Reply(f"Rollback Confirmed Change: Rolling to: {name}\n\nTotal number of passes: 1\nRollback Done\n\n", True)


def _revert_timer(session: Session, words: list[Token]) -> Reply:
    minutes = _minutes(words[0])
    pending = _pending(session)
    pending["minutes"], pending["deadline"] = minutes, session.switch.hooks.now() + 60 * minutes
    session.switch.hooks.journal("revert_timer", write=True, minutes=minutes, session=session.number)
    return Reply()


def _save(session: Session, _words: list[Token]) -> Reply:
    switch = session.switch
    changed = switch.startup.text_lines() != switch.running.text_lines()
    switch.startup = switch.copy_of_running()
    if switch.running.archive_write_memory and switch.running.archive_path:
        switch.archive_file()
    return Reply("Building configuration...\n[OK]\n", changed)


def _copy(session: Session, _words: list[Token]) -> Reply:
    session.question = ("Destination filename [startup-config]? ", _copy_answer)
    return Reply()


def _copy_answer(session: Session, answer: str) -> Reply:
    if answer.strip() not in ("", "startup-config"):
        return Reply("%Error: only startup-config is a destination here\n")
    return _save(session, [])


def _archive_config(session: Session, _words: list[Token]) -> Reply:
    if not session.switch.running.archive_path:
        raise CliError("message", text="%Archive path not set")
    session.switch.archive_file()
    return Reply()


def _clear_counters(session: Session, words: list[Token]) -> Reply:
    for name, acl in session.switch.running.lists.items():
        if not words or words[0].text == name:
            acl.counters.clear()
    return Reply()


def _clock(session: Session, _words: list[Token]) -> Reply:
    now = session.switch.hooks.now()
    stamp = time.strftime("%H:%M:%S", time.gmtime(now))
    return Reply(f"{stamp}.{int(now % 1 * 1000):03d} UTC {time.strftime('%a %b %e %Y', time.gmtime(now))}\n")


def _privilege(session: Session, _words: list[Token]) -> Reply:
    return Reply(f"Current privilege level is {1 if session.mode == 'user' else 15}\n")


USER = [
    command("enable", _enable),
    command("disable", _mode("user")),
    command("exit", _leave),
    command("logout", _leave),
    command("quit", _leave),
    command("terminal length <word>", _terminal("length")),
    command("terminal width <word>", _terminal("width")),
    command("terminal monitor", _nothing),
    command("terminal no monitor", _nothing),
    command("show clock", _clock),
    command("show privilege", _privilege),
    command("show version", show.version),
    command("show vlan", show.vlans),
    command("show vlan brief", show.vlans),
    command("show interfaces status", show.interfaces_status),
    command("show ip interface brief", show.ip_interface_brief),
]
EXEC = [
    *USER,
    command("show running-config", show.running),
    command("show running-config all", show.running),
    command("show running-config interface <rest>", show.running_interface),
    command("show startup-config", show.startup),
    command("show ip access-lists", show.access_lists),
    command("show ip access-lists <word>", show.access_lists),
    command("show ip access-lists interface <rest>", show.access_lists_of_interface),
    command("show access-lists", show.all_access_lists),
    command("show access-lists <word>", show.all_access_lists),
    command("show object-group", groups.show),
    command("show object-group <word>", groups.show),
    command("show object-group name <word>", groups.show),
    command("show ipv6 access-list", acl6.show),
    command("show ipv6 access-list <word>", acl6.show),
    command("show ipv6 interface <rest>", acl6.show_interface),
    command("clear ipv6 access-list", acl6.clear),
    command("clear ipv6 access-list <word>", acl6.clear),
    command("show ip interface", show.ip_interface),
    command("show ip interface <rest>", show.ip_interface),
    command("show archive", show.archive),
    command("show archive config rollback timer", show.rollback_timer),
    command("show users", show.users),
    command("show logging", show.logging),
    command("show platform hardware fed switch active fwd-asic resource tcam utilization", show.tcam),
    command("show configuration lock", locking.show),
    command("show event manager policy registered", eem.show_registered),
    command("show reload", reloading.show),
    command("show inventory", show.inventory),
    command("configure terminal", locking.configure),
    command("configure terminal <word>", locking.configure_lock),
    command("configure terminal revert timer <word>", _configure_revert),
    command("configure confirm", _confirm),
    command("configure revert now", _revert_now),
    command("configure revert timer <word>", _revert_timer),
    command("write", _save),
    command("write memory", _save),
    command("copy running-config startup-config", _copy),
    command("archive config", _archive_config),
    command("clear ip access-list counters", _clear_counters),
    command("clear ip access-list counters <word>", _clear_counters),
    command("clear access-list counters", _clear_counters),
    command("clear access-list counters <word>", _clear_counters),
    command("reload", reloading.reload_now),
    command("reload in <word>", reloading.reload_in),
    command("reload in <word> <rest>", reloading.reload_in),
    command("reload cancel", reloading.cancel),
]
