# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""EEM applets of the simulated IOS switch: command lines that run by themselves when a countdown ends.

[documented] Actions run in the order of their labels as text (`10` before `2`), begin below `enable`, and end after 20
seconds unless `maxrun` says otherwise; an applet is registered when its mode is left.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from .entry import CliError, Token
from .grammar import Command, Handler, Reply, command

if TYPE_CHECKING:
    from .device import Switch
    from .session import Session

MAX_RUN = 20.0
CLI = re.compile(r'action \S+ cli command (?:"(?P<quoted>[^"]*)"|(?P<bare>\S+))(?: pattern "?(?P<pattern>[^"]*)"?)?')


def _offered(session: Session) -> None:
    """[documented] Without the license add-on of a Catalyst 9000 there is no EEM; the answer to it is assumed."""
    if not session.switch.options.get("eem", True):
        raise CliError("invalid", 0)


def open_applet(session: Session, words: list[Token]) -> Reply:
    """`event manager applet NAME`."""
    _offered(session)
    name = words[0].text
    session.enter("applet", name)
    session.draft = list(session.switch.running.applets.get(name, []))
    return Reply()


def drop_applet(session: Session, words: list[Token]) -> Reply:
    """`no event manager applet NAME`; the countdown ends with it. One that is missing is no error [assumed]."""
    _offered(session)
    gone = session.switch.running.applets.pop(words[0].text, None) is not None
    session.switch.applets.pop(words[0].text, None)
    return Reply("", gone)


def _put(key: str) -> Handler:
    """Keep a line; an event, a description or an action of the same label is replaced."""

    def handler(session: Session, words: list[Token]) -> Reply:
        line = " ".join([key, *(word.text for word in words)])
        _drop(session, key, words)
        session.draft.append(line)
        session.draft.sort(key=_order)
        return Reply()

    return handler


def _order(line: str) -> tuple[bool, str]:
    return line.startswith("action "), line.split()[1] if line.startswith("action ") else ""


def _drop(session: Session, key: str, words: list[Token]) -> None:
    what = f"action {words[0].text} " if key == "action" else f"{key.split(maxsplit=1)[0]} "
    session.draft[:] = [line for line in session.draft if not f"{line} ".startswith(what)]


def _take(key: str) -> Handler:
    def handler(session: Session, words: list[Token]) -> Reply:
        _drop(session, key, words)
        return Reply()

    return handler


def _countdown(session: Session, words: list[Token]) -> Reply:
    """`event timer countdown [name X] time SECONDS [maxrun SECONDS]`."""
    text = " ".join(word.text for word in words)
    if not re.fullmatch(r"(?:name \S+ )?time \d+(?:\.\d+)?(?: maxrun \d+(?:\.\d+)?)?", text):
        raise CliError("invalid", words[0].column)
    return _put("event timer countdown")(session, words)


def _action(session: Session, words: list[Token]) -> Reply:
    if words[1].text == "cli" and not CLI.fullmatch("action " + " ".join(word.text for word in words)):
        raise CliError("invalid", words[-1].column)
    return _put("action")(session, words)


def register(switch: Switch, name: str, lines: list[str]) -> None:
    """Take an applet over when its mode is left; what is as it was goes on as it was."""
    if switch.running.applets.get(name) == lines or not lines:
        return
    switch.running.applets[name] = list(lines)
    switch.applets.pop(name, None)
    arm(switch)
    switch.hooks.journal("change", write=True, why=f"event manager applet {name}", registered=True)


def _seconds(lines: list[str], word: str) -> float:
    found = next((re.search(rf"\b{word} (\d+(?:\.\d+)?)", line) for line in lines if "timer countdown" in line), None)
    return float(found[1]) if found else 0.0


def arm(switch: Switch) -> None:
    """Take note of the applets that the running configuration holds; called after it is replaced as a whole."""
    wanted = switch.running.applets
    for name in [name for name in switch.applets if name not in wanted]:
        del switch.applets[name]
    now = switch.hooks.now()
    for name, lines in wanted.items():
        wait = _seconds(lines, "time")
        switch.applets.setdefault(name, {"at": now, "due": now + wait if wait else 0.0})


def run_due(switch: Switch, now: float) -> None:
    """Run the applets whose countdown has ended, once."""
    if switch.down_until:
        return
    for name, state in list(switch.applets.items()):
        if state["due"] and now >= state["due"] and name in switch.running.applets:
            state["due"] = 0.0
            _run(switch, name)


def _run(switch: Switch, name: str) -> None:
    """Type the lines in a session of their own, which begins below `enable`; a refused one stops nothing."""
    lines = switch.running.applets[name]
    why, most, spent = f"event manager applet {name}", _seconds(lines, "maxrun") or MAX_RUN, 0.0
    session = switch.machine_session("eem")
    session.enter("user")
    switch.hooks.journal("change", write=True, why=why, fired=True)
    for line in lines:
        found = CLI.fullmatch(line)
        if found is None:
            continue
        typed = found["quoted"] if found["quoted"] is not None else found["bare"]
        spent += switch.faults.line_latency
        reply = session.run(typed) if spent <= most else Reply()
        # a question that no pattern expects is waited for until the time is over
        over = spent > most or (session.question is not None and found["pattern"] is None)
        if reply.changed:
            switch.last_change = {"at": switch.hooks.now(), "by": "eem"}
        refused = "maxrun" if over else switch.refused(reply.text)
        switch.hooks.journal("change", write=reply.changed, why=why, line=typed, refused=refused)
        if reply.effective:
            switch.hooks.changed()
        if over:
            break
    switch.release_lock(session)


def show_registered(session: Session, _words: list[Token]) -> Reply:
    """`show event manager policy registered` [recorded]."""
    _offered(session)
    lines = [f"{'No.':<5}{'Class':<10}{'Type':<8}{'Event Type':<20}{'Trap':<6}{'Time Registered':<26}Name"]
    for number, (name, state) in enumerate(session.switch.applets.items(), 1):
        own = session.switch.running.applets.get(name, [])
        event = next((line.split() for line in own if line.startswith("event ")), ["event", "none"])
        kind = " ".join(event[1:3]) if event[1] == "timer" else event[1]
        at = time.strftime("%a %b %e %H:%M:%S %Y", time.gmtime(state["at"]))
        lines.append(f"{number:<5}{'applet':<10}{'user':<8}{kind:<20}{'Off':<6}{at:<26}{name}")
        lines += [f" time {_seconds(own, 'time'):.3f}"] if kind == "timer countdown" else []
        lines.append(f" maxrun {_seconds(own, 'maxrun') or MAX_RUN:.3f}")
        lines += [*(f" {line}" for line in own if line.startswith("action ")), ""]
    return Reply("".join(f"{line}\n" for line in lines))


OTHER_EVENTS = "timer watchdog,timer absolute,timer cron,syslog,cli,track,snmp,interface,none"
APPLET: list[Command] = [
    command("event timer countdown <rest>", _countdown),
    command("action <word> <word> <rest>", _action),
    command("no action <word>", _take("action")),
    command("no action <word> <rest>", _take("action")),
    command("description <rest>", _put("description")),
    command("no description", _take("description")),
    command("event none", _put("event none")),
    *(command(f"event {kind} <rest>", _put(f"event {kind}")) for kind in OTHER_EVENTS.split(",")),
    *(command(f"no event {kind} <rest>", _take("event")) for kind in ["timer countdown", *OTHER_EVENTS.split(",")]),
    command("no event none", _take("event")),
]
GLOBAL: list[Command] = [
    command("event manager applet <word>", open_applet),
    command("no event manager applet <word>", drop_applet),
]
