# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.records import release_path, write_json
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.release import (
    NAMESPACES,
    Release,
    commands,
    draft,
    judge,
    read_releases,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.times import parse_time

HASH = "0123456789abcdef" * 4
START = parse_time("2026-12-05T01:00:00Z", "UTC").timestamp()
SPAN = {"not_before": "2026-12-05T01:00:00Z", "not_after": "2026-12-05T05:00:00Z"}
HOUR = 3600.0


def _document(role: str, /, **changes: Any) -> dict[str, Any]:
    signer = f"{role}@plant-a"
    return {"plan_hash": HASH, "site": "plant-a", "role": role, "signer": signer, **SPAN, "waivers": [], **changes}


def _pair(**changes: Any) -> list[Release]:
    return [
        Release(role, f"{role}.json", _document(role, **changes), f"{role}@plant-a", f"SHA256:{role}")
        for role in ("ot", "it")
    ]


@pytest.mark.parametrize(
    ("now", "changes", "problem"),
    [
        (START, {}, ""),
        (START + 4 * HOUR - 1, {}, ""),
        (START - 1, {}, "not valid before"),
        (START + 4 * HOUR, {}, "expired"),
        (START, {"not_after": "2026-12-08T01:00:00Z"}, ""),
        (START, {"not_after": "2026-12-08T01:00:01Z"}, "longest is 72 hours"),
        (START, {"not_after": "2026-12-05T01:00:00Z"}, "ends before"),
        (START, {"not_after": None}, "not_after"),
        (START, {"plan_hash": "f" * 64}, "plan_hash"),
        (START, {"site": "plant-b"}, "site"),
        (START, {"role": "boss"}, "role"),
        (START, {"signer": "someone"}, "names signer"),
    ],
)
def test_judge_one_document(now: float, changes: dict[str, Any], problem: str) -> None:
    verdict = judge(_pair(**changes), HASH, "plant-a", now)
    assert verdict.valid is (problem == "")
    assert problem in " ".join(verdict.problems)


def test_judge_needs_two_people() -> None:
    ot, it = _pair()
    same_key = judge([ot, replace(it, fingerprint=ot.fingerprint)], HASH, "plant-a", START)
    assert not same_key.valid and "two different keys" in same_key.problems[0]
    signed_twice = replace(it, identity=ot.identity, document=_document("it", signer=ot.identity))
    same_person = judge([ot, signed_twice], HASH, "plant-a", START)
    assert not same_person.valid and "two different people" in same_person.problems[0]
    for releases in ([], [ot], [it], [ot, ot], [ot, replace(it, identity="")], [ot, replace(it, problem="bad")]):
        assert not judge(releases, HASH, "plant-a", START).valid


def test_waivers_count_in_the_ot_release_alone() -> None:
    waiver = [{"gate": "backup", "station": "op1", "reason": "spare"}, {"gate": "backup", "station": "op2"}, "x"]
    ot, it = _pair()
    with_ot = judge([replace(ot, document=_document("ot", waivers=waiver)), it], HASH, "plant-a", START)
    assert with_ot.waivers == {("backup", "op1"): "spare"}
    with_it = judge([ot, replace(it, document=_document("it", waivers=waiver))], HASH, "plant-a", START)
    assert with_it.valid and with_it.waivers == {}


def test_draft_is_valid_for_the_windows_and_never_longer_than_72_hours() -> None:
    windows = [
        {"id": "a", "start": "2026-12-05T01:00:00Z", "end": "2026-12-05T05:00:00Z"},
        {"id": "b", "start": "2026-12-19T01:00:00Z", "end": "2026-12-19T05:00:00Z"},
    ]
    short = draft({"site": "plant-a", "windows": windows[:1]}, HASH, "ot", "ot@plant-a")
    assert (short["not_before"], short["not_after"]) == (SPAN["not_before"], SPAN["not_after"])
    assert draft({"site": "plant-a", "windows": windows}, HASH, "ot", "x")["not_after"] == "2026-12-08T01:00:00Z"
    assert judge([Release("ot", "x", short, "ot@plant-a", "k"), _pair()[1]], HASH, "plant-a", START).valid


def _sign(folder: Path, key: str, path: Path, namespace: str) -> None:
    if not (folder / key).exists():
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / key)], check=True)
    subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-f", str(folder / key), "-n", namespace, str(path)],
        check=True,
        capture_output=True,
    )


def _signed_site(folder: Path, it_key: str = "it") -> Path:
    for role, key in (("ot", "ot"), ("it", it_key)):
        path = release_path(str(folder), HASH, role)
        write_json(path, _document(role))
        _sign(folder, key, path, NAMESPACES[role])
    lines = [
        f'{role}@plant-a namespaces="{NAMESPACES[role]}" {(folder / f"{key}.pub").read_text().strip()}'
        for role, key in (("ot", "ot"), ("it", it_key))
    ]
    (folder / "allowed_signers").write_text("\n".join(lines) + "\n")
    return folder / "allowed_signers"


SIGNERS = {"ot": "ot@plant-a", "it": "it@plant-a"}


def test_real_signatures_release_the_plan(tmp_path: Path) -> None:
    allowed = str(_signed_site(tmp_path))
    assert judge(read_releases(str(tmp_path), HASH, allowed, SIGNERS), HASH, "plant-a", START).valid


def test_one_key_twice_is_found_by_its_fingerprint(tmp_path: Path) -> None:
    allowed = str(_signed_site(tmp_path, it_key="ot"))
    verdict = judge(read_releases(str(tmp_path), HASH, allowed, SIGNERS), HASH, "plant-a", START)
    assert not verdict.valid and "two different keys" in " ".join(verdict.problems)


def test_a_changed_document_and_a_missing_one_are_not_released(tmp_path: Path) -> None:
    allowed = str(_signed_site(tmp_path))
    path = release_path(str(tmp_path), HASH, "ot")
    path.write_text(path.read_text().replace('"waivers": []', '"waivers": [1]'))
    release_path(str(tmp_path), HASH, "it").unlink()
    ot, it = read_releases(str(tmp_path), HASH, allowed, SIGNERS)
    assert ot.problem and not ot.identity
    assert "no such document" in it.problem
    verdict = judge([ot, it], HASH, "plant-a", START)
    assert [problem[:3] for problem in verdict.problems] == ["ot:", "it:"]


def test_nobody_named_and_no_allowed_signers(tmp_path: Path) -> None:
    _signed_site(tmp_path)
    ot, it = read_releases(str(tmp_path), HASH, "", {"it": "it@plant-a"})
    assert "names nobody" in ot.problem and it.problem


def test_commands_name_the_namespaces() -> None:
    ot, it = commands("/r", HASH)
    assert ot == "ssh-keygen -Y sign -f <private key> -n otedge-release-ot /r/releases/0123456789ab-ot.json"
    assert "-n otedge-release-it" in it
