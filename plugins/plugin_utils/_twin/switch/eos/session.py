# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One command line session of the simulated EOS switch: modes, prompts, the list that is edited aside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..box import Box
from ..entry import CliError, Token, tokens_of
from ..grammar import Command, Reply, find
from ..rules import RuleList
from ..show import filtered
from .acl_mode import run_acl_line
from .candidates import find_candidate
from .config import short
from .config_mode import GLOBAL, LEAVE, SUBMODES, WITHIN_SESSION
from .exec_mode import EXEC, EXEC_ANYWHERE, USER

if TYPE_CHECKING:
    from .device import Switch

# mode -> what stands behind `config` in the prompt; {} is the target
PROMPTS = {"config": "", "if": "-if-{}", "vlan": "-vlan-{}", "cp": "-system-cp", "ssh": "-mgmt-ssh"}
LIST_PROMPTS = {"ip": "-acl-{}", "standard": "-std-acl-{}", "ipv6": "-ipv6-acl-{}"}
REFUSALS = {
    "invalid": "% Invalid input\n",
    "incomplete": "% Incomplete command\n",
    "ambiguous": "% Ambiguous command\n",
}


class Session:
    """What one logged-in user is in the middle of."""

    def __init__(self, switch: Switch, number: int, user: str) -> None:
        self.switch = switch
        self.number = number
        self.user = user
        self.mode = "exec" if int(switch.options.get("privilege", 15)) == 15 else "user"
        self.target = ""
        self.candidate = ""  # the configure session it is in
        self.edited: RuleList | None = None  # the list of this list mode, not yet stored
        self.length = 24
        self.width = 80
        self.question: tuple[str, Callable[[Session, str], Reply]] | None = None

    @property
    def prompt(self) -> str:
        """The prompt, or the question that waits. [recorded] Six letters of a configure session's name."""
        if self.question:
            return self.question[0]
        host = self.switch.running.hostname
        if self.mode in ("exec", "user"):
            return f"{host}{'#' if self.mode == 'exec' else '>'}"
        tail = PROMPTS.get(self.mode, "")
        if self.edited is not None:
            tail = LIST_PROMPTS[self.edited.kind].format(self.edited.name)
        elif tail:
            tail = tail.format(short(self.target))
        return f"{host}(config{f'-s-{self.candidate[:6]}' if self.candidate else ''}{tail})#"

    @property
    def hidden(self) -> bool:
        """True while a password is asked for."""
        return self.question is not None and self.question[0].startswith("Password")

    @property
    def box(self) -> Box:
        """The configuration that is edited: the candidate of a configure session, else the running one."""
        return find_candidate(self.switch, self.candidate).box if self.candidate else self.switch.running

    def own_lines(self) -> list[str]:
        """Give the lines of the mode the session is in."""
        box = self.box
        if self.mode == "if":
            if self.target not in box.ports:
                raise CliError("message", text=f"% Interface {self.target} does not exist")
            return box.ports[self.target].lines
        headings = {"cp": "system control-plane", "ssh": "management ssh"}
        return box.blocks.setdefault(headings[self.mode], []) if self.mode in headings else box.lines

    def enter(self, mode: str, target: str = "") -> None:
        """Change the mode; exec mode is outside every configure session."""
        if mode in ("exec", "user"):
            self.candidate = ""
        self.mode, self.target = mode, target

    def store_list(self) -> Reply:
        """Take the edited list over. [documented] This is what leaving list mode does."""
        edited, self.edited = self.edited, None
        if edited is None or edited.same_as(self.box.lists.get(edited.key)):
            return Reply()
        self.box.lists[edited.key] = edited
        return Reply("", True, not self.candidate and bool(self.box.bound(edited.key)))

    def run(self, line: str) -> Reply:
        """Run one line; a refusal comes back as text."""
        if self.question:
            answer = self.question[1]
            self.question = None
            return answer(self, line)
        if not line.strip() or line.lstrip().startswith("!"):
            return Reply()
        try:
            return self._run(line)
        except CliError as error:
            return Reply(REFUSALS.get(error.kind, f"{error.text}\n"))

    def _run(self, line: str) -> Reply:
        if self.mode in ("exec", "user"):
            return self.run_exec(line, USER if self.mode == "user" else EXEC)
        words = tokens_of(line)
        if words[0].text.lower() == "do" and len(words) > 1:
            return self.run_exec(line[words[1].column :], EXEC_ANYWHERE)
        if self.edited is not None:
            reply = run_acl_line(self, words)
            if reply is not None:
                return reply
        return self._configure(line)

    def run_exec(self, line: str, commands: Sequence[Command]) -> Reply:
        """Run an exec command, with its output filter."""
        base, pipe, output_filter = line.partition("|")
        first = base.split()[0].lower() if base.split() else ""
        filtering = bool(pipe) and len(first) >= 2 and "show".startswith(first)
        handler, captured = find(commands, base if filtering else line)
        reply = handler(self, captured)
        if not filtering or output_filter.strip() == "no-more":
            return reply
        return reply._replace(text=filtered(reply.text, output_filter, 0))

    def _configure(self, line: str) -> Reply:
        """Try the submode, then global mode, then what every mode knows; leaving list mode stores the list."""
        groups = [[*SUBMODES.get(self.mode, []), *LEAVE], [*(WITHIN_SESSION if self.candidate else []), *GLOBAL]]
        for place, commands in enumerate(groups):
            try:
                handler, captured = find(commands, line)
            except CliError as error:
                if error.kind != "invalid":
                    raise
                continue
            stored = self.store_list()
            if place and self.mode != "config":
                self.enter("config")
            return _joined(stored, handler, self, captured)
        return self.run_exec(line, EXEC_ANYWHERE)


def _joined(
    stored: Reply, handler: Callable[[Session, list[Token]], Reply], session: Session, words: list[Token]
) -> Reply:
    """Run a command behind the storing of a list: the world hears of both, whatever becomes of the command."""
    try:
        reply = handler(session, words)
    except CliError as error:
        reply = Reply(REFUSALS.get(error.kind, f"{error.text}\n"))
    return reply._replace(changed=reply.changed or stored.changed, effective=reply.effective or stored.effective)
