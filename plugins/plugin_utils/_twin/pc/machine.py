# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One operator PC: files, registry, programs, tasks, power. No network in here; callers hold `hooks.lock`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from . import injections
from .bcd import Bcd
from .boot import THIN_CLIENT, WINDOWS, Boot
from .catalogue import Catalogue
from .cmd import Context, Interpreter, Result
from .cmd_backup import BACKUP
from .cmd_boot import BOOT
from .cmd_files import BUILTINS, OTHERS
from .cmd_powershell import POWERSHELL
from .cmd_registry import REGISTRY
from .cmd_services import SERVICES, control
from .cmd_system import SYSTEM
from .cmd_tools import TOOLS
from .converter import FOLDER, GRUB_CFG, IMAGE, OSC_TEXT, installed_product
from .files import Entry, Files
from .jobs import Jobs
from .profiles import PROFILES
from .registry import Registry
from .views import Views, zone_of
from .write_filter import WriteFilter

if TYPE_CHECKING:
    from ..hooks import PcHooks

COMMANDS = {**BUILTINS, **OTHERS, **TOOLS, **SYSTEM, **REGISTRY, **BOOT, **BACKUP, **SERVICES, **POWERSHELL}
_LIMITS: dict[str, dict[str, Any]] = {  # windows-wsman-cim section 2, limits by version of WinRM
    "1.1": {"operations": 1500, "shells": 5, "envelope": 150 * 1024, "enumeration_s": 60.0, "idle_s": 180.0},
    "2.0": {"operations": 15, "shells": 5, "envelope": 150 * 1024, "enumeration_s": 60.0, "idle_s": 180.0},
    "3.0": {"operations": 1500, "shells": 30, "envelope": 500 * 1024, "enumeration_s": 240.0, "idle_s": 7200.0},
}
_LIMITS["1.1"] |= {"connections": 5, "processes": 5, "memory_mb": 80}
_LIMITS["2.0"] |= {"connections": 25, "processes": 15, "memory_mb": 150}
_LIMITS["3.0"] |= {"connections": 300, "processes": 25, "memory_mb": 1024}


class Machine(Views):
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
        self.limits: dict[str, Any] = {**_LIMITS[self.stack], **(self.overrides.get("limits") or {})}
        self.zone = zone_of(str(config.get("timezone") or "UTC"))
        self.listeners: list[Callable[[], None]] = []
        self.writes = 0
        self.round_trips = 0  # requests of any kind since this process runs, logins included
        self.faults: dict[str, Any] = dict(state.get("faults", {}))
        self.catalogue = Catalogue(self)
        self.files = Files(state.get("files"))
        for letter in (self.overrides.get("volumes") or {}) if not state else ():
            self.files.make_dir(f"{letter.upper()}:")
        self.registry = Registry(self.catalogue.registry(), state.get("registry"))
        self.tasks: dict[str, dict[str, Any]] = {key: dict(one) for key, one in state.get("tasks", {}).items()}
        self.jobs = Jobs(self)
        self.boot = Boot(self, state.get("boot", {}))
        self.filter = WriteFilter(self, state.get("filter"))
        self.bcd = Bcd(self, state.get("bcd"))
        self.services: dict[str, dict[str, Any]] = {key: dict(one) for key, one in state.get("services", {}).items()}
        self.extras: dict[str, Any] = dict(state.get("extras", {}))
        self.puts: dict[str, dict[str, Any]] = {key: dict(one) for key, one in state.get("puts", {}).items()}
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
        return self.boot.phase == WINDOWS and not (self.faults.get("drop") or self.faults.get("winrm_off"))

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
        """Inject a fault: see `injections`; `none` ends all, `power_on` presses the button."""
        if fault == "none":
            self.faults.clear()
        elif fault == "power_on":
            self.boot.power_on()
        else:
            injections.accept(self.faults, fault, args)
        self._tell()

    def take_fault(self, name: str) -> bool:
        """Use up one stroke of a counted fault."""
        return injections.strikes(self.faults, name)

    def request_ended(self) -> None:
        """Count a request towards the faults that strike after some."""
        if injections.falls_due(self.faults, "drop_after"):
            self.faults["drop"] = True
            self._tell()
        if injections.falls_due(self.faults, "reboot_after"):
            self.boot.restart_now()

    def command_ended(self) -> bool:
        """Count a command of cmd; True when the power was cut right behind it."""
        if self.boot.phase != WINDOWS or not injections.falls_due(self.faults, "cut_after"):
            return self.boot.phase != WINDOWS
        self.power_cut()
        return True

    def dump(self) -> dict[str, Any]:
        """Give the whole state as plain JSON."""
        return {
            "boot": self.boot.dump(),
            "files": self.files.dump(),
            "registry": self.registry.changes,
            "tasks": self.tasks,
            "filter": self.filter.dump(),
            "bcd": self.bcd.dump(),
            "services": self.services,
            "puts": self.puts,
            "extras": self.extras,
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
            "round_trips": self.round_trips,
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
        count = self.extras.get("bitlocker_suspended")
        if isinstance(count, int) and not isinstance(count, bool):
            self.extras["bitlocker_suspended"] = count - 1
            if count <= 1:
                del self.extras["bitlocker_suspended"]
        for task in self.tasks.values():
            if task["schedule"] == "onstart":
                self._run_task(task)

    def windows_ends(self) -> None:
        """Windows goes down: running programs are lost."""
        self.jobs.clear()
        self.unmount()
        now = self.hooks.now()
        if "backups" in self.extras:  # one that had not ended is none
            self.extras["backups"] = [one for one in self.extras["backups"] if one["done"] <= now]
        self.extras.pop("network_uses", None)
        self.services = {key: {k: v for k, v in one.items() if k == "StartMode"} for key, one in self.services.items()}
        self.filter.windows_ends()

    def unmount(self) -> None:
        """Take the drive letter off the system partition."""
        if self.bcd.mounted:
            self.files.rename_root(self.bcd.mounted, "ESP:")
            self.bcd.mounted = ""

    def wiped(self) -> None:
        """The installer has begun to write the disk: nothing of Windows is left."""
        self.files = Files()
        self.files.remove("C:")
        self.registry = Registry({})
        self.tasks.clear()
        self.filter = WriteFilter(self, {"current": False, "next": False, "volume": False, "volume_next": False})

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

    def program(self, line: str, directory: str, *, system: bool = False) -> tuple[Interpreter, Iterator[None]]:
        """Give a program started without cmd, and its steps."""
        context = Context(self, directory)
        context.system = system
        interpreter = Interpreter(context, COMMANDS, frozenset(BUILTINS))
        return interpreter, interpreter.direct(line)

    def run(self, line: str, directory: str, *, direct: bool, stdin: str = "") -> Result | None:
        """Run a line to its end, through cmd or as a program; None when there is no such program."""
        interpreter = Interpreter(Context(self, directory), COMMANDS, frozenset(BUILTINS))
        interpreter.context.stdin = stdin
        try:
            for _step in interpreter.direct(line) if direct else interpreter.line(line):
                if self.command_ended():
                    break
        except FileNotFoundError:
            return None
        return interpreter.result()

    def run_to_end(self, line: str, directory: str) -> Result:
        """Run a line through cmd to its end."""
        return self.run(line, directory, direct=False) or Result(1)

    def service_control(self, name: str, verb: str) -> int:
        """Start or stop a service: 0, or the code of Win32_Service."""
        return control(self, name, verb)

    def _run_task(self, task: dict[str, Any]) -> None:
        # A daily task comes due again; a single one does not.
        task["due"] = task["due"] + 86400.0 if task["schedule"] == "daily" else None
        self.hooks.changed(self.name)
        self.run_task(task)

    def run_task(self, task: dict[str, Any]) -> None:
        """Start what a task runs."""
        self.hooks.journal("task", write=False, name=task["name"])
        system = str(task.get("user", "")).upper().rpartition("\\")[2] == "SYSTEM"
        self.jobs.start(task["command"], "C:\\Windows\\System32", system=system)

    def _tell(self) -> None:
        for listener in list(self.listeners):
            listener()
