# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts that Windows writes in its own language: English and German (`language: de` of a PC).

[documented] that these tools are localised; [assumed] the exact German words, which are from memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .machine import Machine

_TEXTS: dict[str, dict[str, str]] = {
    "unknown": {
        "en": "'{0}' is not recognized as an internal or external command,\r\noperable program or batch file.",
        "de": 'Der Befehl "{0}" ist entweder falsch geschrieben oder\r\nkonnte nicht gefunden werden.',
    },
    "file_missing": {
        "en": "The system cannot find the file specified.",
        "de": "Das System kann die angegebene Datei nicht finden.",
    },
    "done": {"en": "The operation completed successfully.", "de": "Der Vorgang wurde erfolgreich beendet."},
    "no_key": {
        "en": "ERROR: The system was unable to find the specified registry key or value.",
        "de": "FEHLER: Der angegebene Registrierungsschlüssel bzw. Wert wurde nicht gefunden.",
    },
    "reg_denied": {"en": "ERROR: Access is denied.", "de": "FEHLER: Zugriff verweigert"},
    "default": {"en": "(Default)", "de": "(Standard)"},
    "found": {
        "en": "End of search: {0} match(es) found.",
        "de": "Suchende: {0} Übereinstimmung(en) gefunden.",
    },
    "users": {
        "en": " USERNAME              SESSIONNAME        ID  STATE   IDLE TIME  LOGON TIME",
        "de": " BENUTZERNAME          SITZUNGSNAME       ID  STATUS  LEERLAUF   ANMELDEZEIT",
    },
    "no_user": {"en": "No User exists for *", "de": "Es ist kein Benutzer vorhanden für *"},
    "active": {"en": "Active", "de": "Aktiv"},
    "disconnected": {"en": "Disc", "de": "Getr."},
    "connections": {"en": "Active Connections", "de": "Aktive Verbindungen"},
    "connection_head": {
        "en": "  Proto  Local Address          Foreign Address        State           PID",
        "de": "  Proto  Lokale Adresse         Remoteadresse          Status           PID",
    },
    "LISTENING": {"en": "LISTENING", "de": "ABHÖREN"},
    "ESTABLISHED": {"en": "ESTABLISHED", "de": "HERGESTELLT"},
    "tasks_csv": {
        "en": '"TaskName","Next Run Time","Status"',
        "de": '"Aufgabenname","Nächste Laufzeit","Status"',
    },
    "ready": {"en": "Ready", "de": "Bereit"},
    "no_task": {
        "en": "ERROR: The system cannot find the file specified.",
        "de": "FEHLER: Das System kann die angegebene Datei nicht finden.",
    },
    "task_made": {
        "en": 'SUCCESS: The scheduled task "{0}" has successfully been created.',
        "de": 'ERFOLGREICH: Die geplante Aufgabe "{0}" wurde erfolgreich erstellt.',
    },
    "task_deleted": {
        "en": 'SUCCESS: The scheduled task "{0}" was successfully deleted.',
        "de": 'ERFOLGREICH: Die geplante Aufgabe "{0}" wurde erfolgreich gelöscht.',
    },
    "identifier": {"en": "identifier", "de": "Bezeichner"},
    "fwbootmgr": {"en": "Firmware Boot Manager", "de": "Firmware-Start-Manager"},
    "bootmgr": {"en": "Windows Boot Manager", "de": "Windows-Start-Manager"},
    "osloader": {"en": "Windows Boot Loader", "de": "Windows-Startladeprogramm"},
    "firmware": {"en": "Firmware Application (101fffff)", "de": "Firmwareanwendung (101fffff)"},
    "bootsector": {"en": "Real-mode Boot Sector", "de": "Real-Mode-Startsektor"},
}


def language(machine: Machine) -> str:
    """Language of a PC: en or de."""
    return str(machine.overrides.get("language", "en"))[:2]


def say(machine: Machine, key: str, *values: object) -> str:
    """Give a text in the language of the PC, English where there is no other."""
    texts = _TEXTS[key]
    return texts.get(language(machine), texts["en"]).format(*values)
