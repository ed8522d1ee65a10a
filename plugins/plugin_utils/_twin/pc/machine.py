# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One operator PC: files, registry, programs, tasks, power. No network in here; callers hold `hooks.lock`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .boot import THIN_CLIENT, WINDOWS, Boot
from .catalogue import Catalogue
from .cmd import Context, Interpreter, Result
from .cmd_files import BUILTINS, OTHERS
from .cmd_system import SYSTEM
from .cmd_tools import TOOLS
from .converter import FOLDER, GRUB_CFG, IMAGE, OSC_TEXT, installed_product
from .files import Entry, Files
from .jobs import Jobs
from .profiles import PROFILES
from .registry import Registry

if TYPE_CHECKING:
    from ..hooks import PcHooks

COMMANDS = {**BUILTINS, **OTHERS, **TOOLS, **SYSTEM}
FAULTS = ("drop", "install_fails", "busy", "cut_reply")
_LIMITS = {  # windows-wsman-cim section 2, limits by version
    True: {"operations": 15, "shells": 5, "envelope": 150 * 1024, "enumeration_s": 60.0, "idle_s": 180.0},
    False: {"operations": 1500, "shells": 30, "envelope": 500 * 1024, "enumeration_s": 240.0, "idle_s": 7200.0},
}


class Machine:
    """The whole state of one PC.

    Args:
        config: name, model, overrides, address, mac, user, password, flows, apps, timezone, install_seconds,
            boot_seconds, after_install, unit_mac; optional power_back_seconds, converter_sha256.
        hooks: the world.
        state: what `dump` gave, None at the first start.
    """

    def __init__(self, config: dict[str, Any], hooks: PcHooks, state: dict[str, Any] | None = None) -> None:
        state = state or {}
        self.config, self.hooks = config, hooks
        self.name: str = config["name"]
        self.hostname = self.name.upper()[:15]
        self.user: str = str(config.get("user", "Administrator")).rpartition("\\")[2]
        self.profile = PROFILES[config.get("model") or "win10_x64"]
        self.stack = self.profile.stack
        self.identity = f"OS: {self.profile.version} SP: {self.profile.service_pack}.0 Stack: {self.stack}"
        self.limits: dict[str, Any] = _LIMITS[self.profile.seven]
        self.zone = _zone(str(config.get("timezone") or "UTC"))
        self.listeners: list[Callable[[], None]] = []
        self.writes = 0
        self.faults: dict[str, Any] = dict(state.get("faults", {}))
        self.catalogue = Catalogue(self)
        self.files = Files(state.get("files"))
        self.registry = Registry(self.catalogue.registry(), state.get("registry"))
        self.tasks: dict[str, dict[str, Any]] = {key: dict(one) for key, one in state.get("tasks", {}).items()}
        self.jobs = Jobs(self)
        self.boot = Boot(self, state.get("boot", {}))
        # A stopped twin does not stop the PC: tasks that came due meanwhile run at the first tick.
        self._last_tick: float = state.get("ticked", hooks.now())

    # What the world asks

    @property
    def os_phase(self) -> str:
        """What runs: off, booting, windows, installing or thin_client."""
        return self.boot.phase

    @property
    def armed(self) -> bool:
        """Whether the loader would start the installer: grub.cfg has the content of osc.cfg."""
        return self.files.text(GRUB_CFG) == OSC_TEXT

    @property
    def reachable(self) -> bool:
        """Whether the WinRM listener is up."""
        return self.boot.phase == WINDOWS and not self.faults.get("drop")

    @property
    def unit_mac(self) -> str:
        """MAC the thin client will register under: 12 hex digits, upper case."""
        wanted = self.config.get("unit_mac") or self.config.get("mac", "")
        return "".join(char for char in str(wanted) if char.isalnum()).upper()

    @property
    def console_user(self) -> str:
        """Who sits at it; empty when nobody is logged on."""
        return str(self.config.get("overrides", {}).get("console_user", "operator"))

    def tick(self, now: float) -> None:
        """Let time pass: power, due tasks, one command of every detached program."""
        self.boot.tick(now)
        if self.boot.phase == WINDOWS:
            for task in list(self.tasks.values()):
                if task["due"] is not None and self._last_tick < task["due"] <= now:
                    self._run_task(task)
            self.jobs.tick()
        self._last_tick = now

    def power_cut(self) -> None:
        """Cut the mains; see Boot.power_cut."""
        self.boot.power_cut()

    def inject(self, fault: str, args: Mapping[str, Any]) -> None:
        """Inject a fault: see FAULTS; `none` ends all, `power_on` presses the button.

        drop: gone from the network; install_fails: the installer breaks off; busy: `count` answers are HTTP 503;
        cut_reply: `count` answers break off in the middle (default 1).
        """
        if fault == "none":
            self.faults.clear()
        elif fault == "power_on":
            self.boot.power_on()
        elif fault in FAULTS:
            self.faults[fault] = int(args.get("count", 1)) if fault in ("busy", "cut_reply") else True
        else:
            raise ValueError(f"a PC knows no fault {fault!r}; it knows {', '.join((*FAULTS, 'power_on', 'none'))}")
        self._tell()

    def take_fault(self, name: str) -> bool:
        """Use up one stroke of a counted fault."""
        left = int(self.faults.get(name, 0))
        if left:
            self.faults[name] = left - 1
        return left > 0

    def dump(self) -> dict[str, Any]:
        """Give the whole state as plain JSON."""
        return {
            "boot": self.boot.dump(),
            "files": self.files.dump(),
            "registry": self.registry.changes,
            "tasks": self.tasks,
            "faults": self.faults,
            "ticked": self._last_tick,
        }

    def describe(self) -> dict[str, Any]:
        """Give the truth about this PC in a few words, for people and tests."""
        on = self.boot.phase != "off"
        return {
            "power": "on" if on else "off",
            "os": self.boot.phase,
            "broken": self.boot.broken,
            "armed": self.armed,
            "staged": installed_product(self) is not None and self.files.file(IMAGE) is not None,
            "unit_mac": self.unit_mac if self.boot.phase == THIN_CLIENT else None,
            "disarm_task": "otedge-disarm" in self.tasks,
            "osc_files": [one["path"] for one in self.files.children(FOLDER)],
        }

    # What its parts ask

    def changed(self, what: str, **data: Any) -> None:
        """Note a change of state: counts it and journals it."""
        self.writes += 1
        self.hooks.journal("change", write=True, what=what, **data)

    def phase_changed(self, phase: str, **data: Any) -> None:
        """Journal a new phase and let the listener follow it."""
        self.hooks.journal("power", write=False, phase=phase, **data)
        self.hooks.changed(self.name)
        self._tell()

    def windows_starts(self) -> None:
        """Windows is up: tasks of the start run, tasks that came due meanwhile do not."""
        self._last_tick = self.hooks.now()
        for task in self.tasks.values():
            if task["schedule"] == "onstart":
                self._run_task(task)

    def windows_ends(self) -> None:
        """Windows goes down: running programs are lost."""
        self.jobs.clear()

    def wiped(self) -> None:
        """The installer has begun to write the disk: nothing of Windows is left."""
        self.files = Files()
        self.files.remove("C:")
        self.registry = Registry({})
        self.tasks.clear()

    def write_file(self, path: str, content: Entry, operation: str) -> bool:
        """Write a file; False when its directory is missing."""
        if not self.files.put(path, content):
            return False
        self.changed("file", path=path, operation=operation)
        return True

    def move_file(self, path: str, target: str) -> bool:
        """Rename a file over another, in one step."""
        entry = self.files.file(path)
        if entry is None or not self.files.put(target, entry):
            return False
        if path.lower() != target.lower():
            self.files.remove(path)
        self.changed("file", path=target, source=path, operation="move")
        return True

    def remove_path(self, path: str, operation: str) -> None:
        """Remove a file or directory."""
        if self.files.entry(path) is not None:
            self.files.remove(path)
            self.changed("file", path=path, operation=operation)

    def is_program(self, name: str) -> bool:
        """Whether a program of this name can be started without cmd."""
        return name == "cmd" or (name in COMMANDS and name not in BUILTINS)

    def steps(self, line: str, directory: str) -> Iterator[None]:
        """Give the steps of a program started without cmd."""
        return Interpreter(Context(self, directory), COMMANDS, frozenset(BUILTINS)).direct(line)

    def run(self, line: str, directory: str, *, direct: bool) -> Result | None:
        """Run a line to its end, through cmd or as a program; None when there is no such program."""
        interpreter = Interpreter(Context(self, directory), COMMANDS, frozenset(BUILTINS))
        try:
            for _step in interpreter.direct(line) if direct else interpreter.line(line):
                pass
        except FileNotFoundError:
            return None
        return interpreter.result()

    def run_to_end(self, line: str, directory: str) -> Result:
        """Run a line through cmd to its end."""
        return self.run(line, directory, direct=False) or Result(1)

    def environment(self) -> dict[str, str]:
        """Variables of a new shell, names in lower case."""
        return self.catalogue.environment()

    def local_time(self, when: float | None = None) -> datetime:
        """Give a moment, now by default, as the clock on the wall of the PC."""
        return datetime.fromtimestamp(self.hooks.now() if when is None else when, UTC).astimezone(self.zone)

    def boot_local(self) -> datetime:
        """Local time of the last start of Windows."""
        return self.local_time(self.boot.boot_time)

    def free_bytes(self) -> int:
        """Free bytes on C:."""
        return self.catalogue.free_bytes()

    def has_hotfix(self, name: str) -> bool:
        """Whether an update is installed."""
        return name in self.catalogue.hotfixes

    def has_namespace(self, namespace: str) -> bool:
        """Whether WMI has this namespace here."""
        return namespace in self.catalogue.namespaces

    def properties(self, namespace: str, name: str) -> tuple[str, ...]:
        """Property names of a class; empty when WMI has no such class here."""
        return self.catalogue.classes.get((namespace, name.lower()), ())

    def instances(self, namespace: str, name: str) -> list[dict[str, Any]]:
        """All instances of a class as they are now, every property present."""
        return self.catalogue.instances(namespace, name)

    def connections(self) -> list[dict[str, Any]]:
        """Listening and established TCP connections."""
        return self.catalogue.connections()

    def _run_task(self, task: dict[str, Any]) -> None:
        # A daily task comes due again; a single one does not.
        task["due"] = task["due"] + 86400.0 if task["schedule"] == "daily" else None
        self.hooks.changed(self.name)
        self.hooks.journal("task", write=False, name=task["name"])
        self.jobs.start(task["command"], "C:\\Windows\\System32")

    def _tell(self) -> None:
        for listener in list(self.listeners):
            listener()


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
