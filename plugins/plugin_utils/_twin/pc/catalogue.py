# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What WMI and the registry of one PC say: static facts made once, moving facts at every question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from . import catalogue_hardware, catalogue_people, catalogue_peripherals, catalogue_registry, catalogue_system
from .cim import CLASS_KEY
from .schema import CIMV2, STANDARD, classes, namespaces
from .schema_more import BULK, EMBEDDED, KEYS, TASKS
from .texts import language

if TYPE_CHECKING:
    from .machine import Machine

GIB = 1024**3
STATES = {"LISTENING": 2, "ESTABLISHED": 5}
Row = dict[str, Any]


def instance_id(name: str, row: Row) -> str:
    """Name one instance of a class by its keys."""
    return "|".join([name.lower(), *(str(row.get(key, "")).lower() for key in KEYS.get(name.lower(), ()))])


class Catalogue:
    """Facts of one PC."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.profile = machine.profile
        self.overrides: dict[str, Any] = machine.overrides
        # Features of embedded editions: the write filter and the shell launcher.
        uwf, launcher = bool(self.overrides.get("uwf")), bool(self.overrides.get("shell_launcher"))
        self.namespaces = namespaces(self.profile.seven, uwf or launcher)
        self.classes = classes(self.profile.seven, uwf, launcher)
        self.hotfixes: list[str] = list(self.overrides.get("hotfixes", self.profile.hotfixes))
        self.memory = int(float(self.overrides.get("memory_gb", self.profile.memory_gb)) * GIB)
        self.disk = int(float(self.overrides.get("disk_gb", self.profile.disk_gb)) * GIB)
        self.apps: list[Row] = [dict(one) for one in machine.config.get("apps") or []]
        self._static: dict[tuple[str, str], list[Row]] = {
            **catalogue_hardware.rows(self, machine),
            **catalogue_system.rows(self, machine),
            **catalogue_peripherals.rows(self, machine),
        }

    def registry(self) -> dict[str, dict[str, Any]]:
        """The registry as it is before any change."""
        return catalogue_registry.keys(self, self.machine)

    def free_bytes(self) -> int:
        """Free bytes on C:."""
        free = float(self.overrides.get("free_gb", round(self.disk / GIB * 0.55, 1)))
        return max(int(free * GIB) - self.machine.files.used(), 0)

    def environment(self) -> dict[str, str]:
        """Variables of a new shell, names in lower case."""
        machine = self.machine
        found = {
            "computername": machine.hostname,
            "username": machine.user,
            "systemroot": "C:\\Windows",
            "windir": "C:\\Windows",
            "systemdrive": "C:",
            "programdata": "C:\\ProgramData",
            "programfiles": "C:\\Program Files",
            "comspec": "C:\\Windows\\system32\\cmd.exe",
            "temp": f"C:\\Users\\{machine.user}\\AppData\\Local\\Temp",
            "userprofile": f"C:\\Users\\{machine.user}",
            "processor_architecture": "AMD64" if self.profile.bits == 64 else "x86",
        }
        if self.profile.bits == 64:
            found["programfiles(x86)"] = "C:\\Program Files (x86)"
        return found

    def connections(self) -> list[Row]:
        """Listening and established TCP connections; established ones are the flows of the station."""
        machine = self.machine
        ports = [(135, 912), (445, 4), (5985, 4), (47001, 4), (49152 if self.profile.seven else 49664, 640)]
        rows = [
            {
                "local": "0.0.0.0",
                "local_port": port,
                "remote": "0.0.0.0",
                "remote_port": 0,
                "state": "LISTENING",
                "pid": pid,
            }
            for port, pid in ports
        ]
        rows += [
            {**rows[0], "local_port": int(one["port"]), "pid": int(one.get("pid", 4))}
            for one in self.overrides.get("listening") or []
        ]
        if self.overrides.get("rdp"):
            rows.append({**rows[0], "local_port": 3389, "pid": 968})
        local = str(machine.config.get("address", "127.0.0.1"))
        number = 0
        for flow in machine.config.get("flows") or []:
            if flow.get("protocol") != "tcp":
                continue
            for port in flow.get("ports") or []:
                rows.append(
                    {
                        "local": local,
                        "local_port": 50112 + 7 * number,
                        "remote": str(flow["to"]).partition("/")[0],
                        "remote_port": int(port),
                        "state": "ESTABLISHED",
                        "pid": catalogue_system.APP_PID + 4 * (number % max(len(self.apps), 1)),
                    }
                )
                number += 1
        return rows

    def instances(self, namespace: str, name: str) -> Iterable[Row]:
        """All instances of a class as they are now, every property present; a very large class one at a time."""
        key = (namespace, name.lower())
        if key == (CIMV2, BULK.lower()):
            return self._bulk()
        moving = self._moving(key)
        rows = self._static.get(key, []) if moving is None else moving
        complete = []
        for row in rows:
            names = self.classes.get((namespace, str(row.get(CLASS_KEY, name)).lower()), ())
            changed = self._changed(key, row)
            complete.append({**dict.fromkeys(names), **row, **changed})
        return complete

    def _changed(self, key: tuple[str, str], row: Row) -> Row:
        """What was changed about one instance since the PC was made: services, and what Put wrote."""
        changed: Row = {}
        if key[1] == "win32_encryptablevolume":
            changed["ProtectionStatus"] = int(self.machine.bitlocker_active)
        if key[1] in ("win32_service", "win32_systemdriver"):
            changed |= self.machine.services.get(str(row["Name"]).lower(), {})
        if self.machine.puts:
            changed |= self.machine.puts.get(instance_id(key[1], row), {})
        return changed

    def _bulk(self) -> Iterator[Row]:
        for number in range(int(self.overrides.get("bulk_instances", 100_000))):
            yield {"Index": number, "Name": f"instance {number}", "Payload": "0123456789abcdef" * 4}

    def _moving(self, key: tuple[str, str]) -> list[Row] | None:
        space, name = key
        if key == (CIMV2, "win32_product"):
            # [documented] every enumeration lets the installer verify, and repair, each package: it is a write
            self.machine.changed("msi_repair", packages=len(self.overrides.get("software") or []))
        if key in catalogue_people.CLASSES:
            return catalogue_people.rows(self, self.machine)[key]
        if space == EMBEDDED and name.startswith("uwf_"):
            return self.machine.filter.rows(name)
        makers = {
            (CIMV2, "win32_operatingsystem"): lambda: [self._operating_system()],
            (CIMV2, "win32_process"): lambda: [*self._static[key], *self._jobs()],
            (CIMV2, "win32_logicaldisk"): self._volumes,
            (STANDARD, "msft_nettcpconnection"): self._tcp,
            (TASKS, "msft_scheduledtask"): lambda: catalogue_people.task_rows(self, self.machine),
            (CIMV2, "win32_perfformatteddata_perfos_processor"): self._load,
            (CIMV2, "win32_perfformatteddata_perfos_system"): self._uptime,
        }
        return makers[key]() if key in makers else None

    def _volumes(self) -> list[Row]:
        rows = self._static[CIMV2, "win32_logicaldisk"]
        free = {one["DeviceID"]: self.machine.volume_free(one["DeviceID"]) for one in rows if one["DriveType"] == 3}
        return [{**one, "FreeSpace": free.get(one["DeviceID"])} for one in rows]

    def _tcp(self) -> list[Row]:
        return [
            {
                "LocalAddress": one["local"],
                "LocalPort": one["local_port"],
                "RemoteAddress": one["remote"],
                "RemotePort": one["remote_port"],
                "State": STATES[one["state"]],
                "OwningProcess": one["pid"],
                "InstanceID": f"{one['local']}++{one['local_port']}++{one['remote']}++{one['remote_port']}",
            }
            for one in self.connections()
        ]

    def _load(self) -> list[Row]:
        load = int(self.overrides.get("cpu_load", 7))
        return [{"Name": "_Total", "PercentProcessorTime": load, "PercentIdleTime": 100 - load}]

    def _uptime(self) -> list[Row]:
        up = int(self.machine.hooks.now() - self.machine.boot.boot_time)
        return [{"Name": "", "SystemUpTime": up, "Processes": 60, "Threads": 700}]

    def _jobs(self) -> list[Row]:
        return [
            {
                "Name": "cmd.exe",
                "ProcessId": job.pid,
                "Handle": str(job.pid),
                "ParentProcessId": 712,
                "CommandLine": job.line,
                "ExecutablePath": "C:\\Windows\\System32\\cmd.exe",
                "SessionId": 0,
                "CreationDate": datetime.fromtimestamp(job.started, UTC),
                "WorkingSetSize": 3_100_000,
            }
            for job in self.machine.jobs.running
        ]

    def _operating_system(self) -> Row:
        machine, profile = self.machine, self.profile
        now = machine.utc_time()
        offset = machine.local_time().utcoffset()
        german = language(machine) == "de"
        return {
            "Caption": profile.caption,
            "Name": f"{profile.caption}|C:\\Windows|\\Device\\Harddisk0\\Partition2",
            "Version": profile.version,
            "BuildNumber": profile.build,
            "BuildType": "Multiprocessor Free",
            "OSArchitecture": f"{profile.bits}-{'Bit' if german else 'bit'}",
            "OperatingSystemSKU": profile.sku,
            "ProductType": 1,
            "OSType": 18,
            "OSLanguage": 1031 if german else 1033,
            "CSName": machine.hostname,
            "CSDVersion": "Service Pack 1" if profile.service_pack else None,
            "ServicePackMajorVersion": profile.service_pack,
            "ServicePackMinorVersion": 0,
            "InstallDate": datetime(2019 if not profile.seven else 2013, 4, 11, 9, 30, tzinfo=UTC),
            # [documented] counted back from the clock: it moves when the clock is corrected
            "LastBootUpTime": datetime.fromtimestamp(machine.boot.boot_time + machine.skew, UTC),
            "LocalDateTime": now,
            "CurrentTimeZone": int(offset.total_seconds() // 60) if offset is not None else 0,
            "MUILanguages": ["de-DE" if german else "en-US"],
            "Locale": "0407" if german else "0409",
            "CountryCode": "49" if german else "1",
            "CodeSet": "1252",
            "SystemDrive": "C:",
            "WindowsDirectory": "C:\\Windows",
            "SystemDirectory": "C:\\Windows\\system32",
            "SystemDevice": "\\Device\\HarddiskVolume2",
            "BootDevice": "\\Device\\HarddiskVolume1",
            "Manufacturer": "Microsoft Corporation",
            "Primary": True,
            "Status": "OK",
            "NumberOfProcesses": 60,
            "NumberOfUsers": 2,
            "FreePhysicalMemory": self.memory // 1024 * 6 // 10,
            "TotalVisibleMemorySize": self.memory // 1024 - 98304,
        }
