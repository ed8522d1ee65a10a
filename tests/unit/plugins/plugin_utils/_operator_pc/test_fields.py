# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every field out of one whole set of answers: its value, what junk makes of it, what a missing answer makes of it."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import assess, people, reads, redaction, work
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.answers import Answers
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.fields import FIELDS, SECTIONS
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.readers import Unreadable
from ansible_collections.otedge.endpoint.tests.unit.plugins.plugin_utils._operator_pc import a_windows_7 as w
from hypothesis import given, settings
from hypothesis import strategies as st

Fields = dict[str, dict[str, Any]]


def read(answers: Answers) -> Fields:
    return dict(assess.document("l1-op1", answers, SECTIONS)["fields"])


FULL = read(w.answers())
# What a German Windows 7 has none of.
WITHOUT = {"os.display_version", "os.ubr", "os.embedded_product", "firmware.secure_boot_cas"}


def test_a_whole_set_of_answers_leaves_nothing_unread() -> None:
    assert {key for key, found in FULL.items() if not found["available"]} == WITHOUT


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("system.domain", {"joined": False, "name": "PLANT", "role": "standalone workstation"}),
        ("system.chassis", ["low profile desktop"]),
        ("memory.slots", {"total": 4, "max_bytes": 32 * 1024**3}),
        ("os.architecture_bits", 64),
        ("os.clock_skew", {"seconds": 2.4, "uncertainty": 0.1}),
        ("os.local_time", "2026-11-22T22:00:02.376625+01:00"),
        ("os.languages", ["de-DE"]),
        ("os.last_update", "2019-03-24"),
        ("os.dotnet", ["3.5", "4.6.1"]),
        ("firmware.type", "bios"),
        ("firmware.partition_style", "mbr"),
        ("firmware.secure_boot", False),
        ("firmware.tpm", {"present": True, "enabled": True, "activated": False, "version": "1.2"}),
        ("write_filter.enabled", False),
        ("antivirus.products", [{"name": "Defender", "on": True, "outdated": False}]),
        ("network.connections", [{"address": "10.20.60.10", "protocol": "tcp", "port": 443}]),
        ("services.running", ["Spooler"]),
        ("devices.com_ports", [{"port": "COM1", "driver": "\\Device\\Serial0"}]),
        ("software.java", [{"kind": "Java Runtime Environment", "version": "1.8", "view": "32-bit"}]),
        ("access.rdp_port", 3389),
        ("access.shell", "C:\\kiosk\\start.exe"),
        ("access.autologon_account", {"user": "bediener", "domain": "L1-OP1"}),
        ("access.mapped_drives", [{"sid": w.SID, "drive": "Z", "path": "\\\\srv\\x", "user": ""}]),
        ("printers.user_connections", [{"sid": w.SID, "printer": "\\\\srv\\etikett"}]),
    ],
)
def test_values(key: str, expected: Any) -> None:
    assert FULL[key]["value"] == expected


def test_localised_routes_ports_and_sessions() -> None:
    assert [(item["to"], item["gateway"]) for item in FULL["network.routes"]["value"]] == [
        ("0.0.0.0", "10.20.1.1"),
        ("10.20.1.0", ""),
    ]
    ports = [(item["protocol"], item["port"]) for item in FULL["network.listening"]["value"]]
    assert ports == [("tcp", 135), ("tcp", 3389), ("udp", 123)]
    assert [(item["user"], item["session"], item["idle_minutes"]) for item in FULL["access.sessions"]["value"]] == [
        ("bediener", "console", 0),
        ("wartung schicht", "", 72),
        ("fern", "rdp-tcp#0", 2 * 1440 + 194),
    ]


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("No User exists for *\n", []),
        ("Es ist kein Benutzer f\u00fcr * vorhanden.\n", []),
        ("'query' is not recognized as an internal or external command,\n", None),
        ("", None),
    ],
)
def test_nobody_logged_on_is_not_the_same_as_no_such_command(shown: str, expected: Any) -> None:
    answers = Answers(text={"sessions": shown})
    if expected is None:
        with pytest.raises(Unreadable):
            people.sessions(answers)
    else:
        assert people.sessions(answers) == expected


def test_tasks_of_windows_own_folder_are_left_out_and_a_broken_one_stays_visible() -> None:
    assert [item["name"] for item in FULL["tasks.list"]["value"]] == ["\\Sicherung"]
    assert FULL["tasks.list"]["value"][0]["enabled"] is False
    broken = w.TASKS.replace("</Settings>", "", 1)
    found = work.tasks(Answers(text={"schtasks": broken}))
    assert found == [{"name": "\\Sicherung", "enabled": None, "commands": [], "user": ""}]


def test_tasks_of_the_class_where_there_is_no_shell() -> None:
    row = {
        "TaskName": "Backup",
        "TaskPath": "\\",
        "State": "3",
        "Actions": {"Execute": "robocopy", "Arguments": r"D:\ \\srv\b"},
        "Principal": {"UserId": "SYSTEM"},
    }
    found = work.tasks(Answers(rows={"tasks": [row]}, reasons={"schtasks": "no shell"}))
    assert found == [{"name": "\\Backup", "enabled": True, "commands": [r"robocopy D:\ \\srv\b"], "user": "SYSTEM"}]


@pytest.mark.parametrize("name", ["secure_boot", "embedded", "run_32", "odbc", "shell_policy", "software_32", "opc"])
def test_a_key_that_may_not_be_read_is_told_from_one_that_does_not_exist(name: str) -> None:
    answers = w.answers()
    answers.text[name] = w.DENIED
    changed = {key: item for key, item in read(answers).items() if item != FULL[key]}
    assert changed
    assert all(not item["available"] and "Zugriff verweigert" in item["reason"] for item in changed.values())


def weaker(found: Any, full: Any) -> bool:
    """Does this say nothing that the whole set did not say?"""
    if found in (None, "", "unknown", "other", "?"):
        return True
    if isinstance(found, dict) and isinstance(full, dict):
        return all(weaker(value, full.get(key)) for key, value in found.items())
    if isinstance(found, list) and isinstance(full, list):
        return all(any(weaker(item, other) for other in full) for item in found) and (bool(found) or not full)
    return bool(found == full)


def invented(answers: Answers) -> list[str]:
    return [
        key
        for key, item in read(answers).items()
        if item["available"] and not weaker(item["value"], FULL[key]["value"])
    ]


@pytest.mark.parametrize("name", [*w.rows(), *w.texts(), "users", "asked_at"])
def test_a_missing_answer_never_makes_a_value_that_was_not_read(name: str) -> None:
    answers = w.answers()
    answers.rows.pop(name, None)
    answers.text.pop(name, None)
    if name in ("users", "asked_at"):
        setattr(answers, name, None)
    answers.reasons[name] = "the account may not read it"
    assert invented(answers) == []
    # Another answer says the same of these, or they only tell missing from denied.
    assert read(answers) != FULL or name in ("firmware", "ie_old", "none")


# Here an empty column is what WMI says of "none": no address, no gateway, a device without a driver or a name.
NOTHING = {
    ("addresses", "IPAddress"), ("addresses", "IPSubnet"), ("addresses", "DefaultIPGateway"),
    ("adapters", "MACAddress"), ("adapters", "NetConnectionID"), ("devices", "Name"), ("devices", "ClassGuid"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("query", "column"),
    sorted({(query, column) for query, rows in w.rows().items() for column in rows[0]} - NOTHING),
)
def test_an_empty_column_never_makes_a_value_that_was_not_read(query: str, column: str) -> None:
    answers = w.answers()
    for row in answers.rows[query]:
        row[column] = None
    assert set(invented(answers)) <= {"network.unit_mac_prediction"}


JUNK = st.one_of(st.none(), st.text(max_size=40), st.lists(st.text(max_size=5), max_size=3), st.just({"a": "b"}))
LINES = st.sampled_from(
    ["HKEY_USERS\\x", "    a    REG_SZ    b", "    a    REG_DWORD    0xzz", "<Task>", "</Task>", "<!-- \\a -->",
     " u  c  1 a b c", "TCP 1 2 3", "  TCP    [::]:1    x:\u00b2    S    4", "0.0.0.0 0.0.0.0 x 1.1.1.1 5",
     ">a b 9 9 9 9", "0", "*"]
)  # fmt: skip


TEXTS = st.one_of(st.text(max_size=60), st.lists(LINES, max_size=6).map("\n".join))


@settings(max_examples=40, deadline=None)
@given(st.lists(JUNK, min_size=1, max_size=8), st.lists(TEXTS, min_size=1, max_size=8), st.randoms())
def test_junk_is_unreadable_and_never_an_exception(junk: list[Any], shown: list[str], chance: Any) -> None:
    rows = {
        name: [{column: chance.choice(junk) for column in query.columns} for _row in range(chance.randrange(3))]
        for name, query in reads.QUERIES.items()
        if chance.random() < 0.8
    }
    commands = [*reads.COMMANDS, *(f"{name}.{w.SID}" for name in reads.USER_COMMANDS)]
    text = {name: chance.choice(shown) for name in commands if chance.random() < 0.8}
    document = assess.document("l1-op1", Answers(rows=rows, text=text, users=[w.SID]), SECTIONS)
    json.dumps(document)
    assert set(document["fields"]) == {field.key for field in FIELDS}


def test_no_secret_reaches_the_document() -> None:
    raw = json.dumps([w.rows(), w.texts()])
    assert all(secret in raw for secret in w.SECRETS)
    shown = json.dumps(assess.document("l1-op1", w.answers(), SECTIONS))
    assert [secret for secret in w.SECRETS if secret in shown] == []


@pytest.mark.parametrize(
    "command",
    [
        "app.exe --password=SECRET -x",
        "app.exe --password SECRET",
        'app.exe /Password:"SECRET x"',
        "DSN=m;PWD=SECRET;",
        "DRIVER=SQL;PWD=one SECRET two;DSN=m",
        "DSN=m;UID=sa;Password='SECRET'",
        "login /p:SECRET",
        "token: SECRET",
        '{"password": "SECRET"}',
        "plink -pw SECRET host",
        "psexec -u op -p SECRET cmd",
        "sqlcmd -U sa -P SECRET",
        "mysql -u root -pSECRET",
        "net use * \\\\s\\x SECRET /user:d\\u",
        "net use \\\\s\\x /user:d\\u SECRET",
        "NET.EXE USE Z: \\\\s\\x SECRET",
        "net user op SECRET /add",
        "cmdkey /add:t /user:u /pass:SECRET",
        "schtasks /create /ru u /rp SECRET",
        "curl https://u:SECRET@h/x",
        "x.exe https://h/?token=SECRET&a=1",
        "x h/?sig=SECRET",
        "curl -H 'Authorization: Bearer SECRETSECRET'",
        "powershell -enc SECRETSECRETSECRET",
        "set MYSQL_PWD=SECRET",
        "app api_key=SECRET",
        "app --db-password SECRET",
        "curl -H 'Authorization: Basic SECRETSECRET'",
        "app -Kennwort SECRET",
        "vnc /secret:SECRET",
        "snmp community=SECRET",
        "wbadmin -user:u -password:SECRET",
    ],
)
def test_secrets_of_command_lines_are_masked(command: str) -> None:
    shown = redaction.redacted_text(command)
    assert "SECRET" not in shown
    assert redaction.redacted_text(shown) == shown


@pytest.mark.parametrize(
    "command",
    [
        r"C:\Program Files\Siemens\PdlRt.exe /project:line1",
        "chrome.exe --kiosk https://mes.plant-a/terminal",
        "Password Manager Pro",
        "MES Terminal 2",
        "Microsoft Visual Basic PowerPacks 10.0",
        "ASP.NET User Controls 4",
        r"chrome.exe --user-data-dir=C:\kiosk",
        "net use Z: \\\\srv\\share /persistent:yes",
        "mstsc.exe /v:rds01 /f",
        r"svchost.exe -k netsvcs -p -s Schedule",
        "ping -n 5 10.1.1.1",
    ],
)
def test_ordinary_command_lines_stay_as_they_are(command: str) -> None:
    assert redaction.redacted_text(command) == command


@pytest.mark.parametrize("part", ["a", "-", "/u ", "pass ", "://", "net use ", "=", '"', "-p ", "bearer "])
def test_masking_a_very_long_text_takes_no_time(part: str) -> None:
    began = time.process_time()
    redaction.redacted_text(part * 5_000)
    assert time.process_time() - began < 2


@given(st.text(max_size=200))
def test_masking_never_fails(text: str) -> None:
    assert isinstance(redaction.redacted_text(text), str)
