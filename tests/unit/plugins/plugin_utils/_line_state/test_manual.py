# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._line_state import LineState, read_lines
from ansible_collections.otedge.endpoint.plugins.plugin_utils._line_state.manual import judge_manual, parse
from ansible_collections.otedge.endpoint.plugins.plugin_utils._line_state.source import Source

NOW = 1_795_000_000.0  # 2026-11-18T11:06:40Z
SIGNER = "shift@plant-a"
LINES: dict[str, Any] = {"line-1": {"state_source": {"type": "manual", "stopped_values": ["stopped"]}}}
SOURCE = Source(type="manual", stopped=frozenset({"stopped"}), min_dwell_s=0.0)


def document(**changes: Any) -> dict[str, Any]:
    base = {
        "line": "line-1",
        "state": "stopped",
        "signer": SIGNER,
        "not_before": "2026-11-18T11:00:00Z",
        "not_after": "2026-11-18T19:00:00+01:00",
    }
    return {**base, **changes}


class Site:
    def __init__(self, folder: Path) -> None:
        self.records = folder
        self.allowed = folder / "allowed_signers"
        self.key = folder / "key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.key)], check=True)
        public = " ".join((folder / "key.pub").read_text().split()[:2])
        self.allowed.write_text(f'{SIGNER} namespaces="otedge-line-state" {public}\n')
        (folder / "line_state").mkdir()
        self.path = folder / "line_state" / "line-1.json"

    def sign(self, content: dict[str, Any], namespace: str = "otedge-line-state") -> None:
        self.path.write_text(json.dumps(content))
        Path(f"{self.path}.sig").unlink(missing_ok=True)
        argv = ["ssh-keygen", "-q", "-Y", "sign", "-f", str(self.key), "-n", namespace, str(self.path)]
        subprocess.run(argv, check=True, capture_output=True)

    def read(self, lines: dict[str, Any] | None = None) -> LineState:
        allowed = str(self.allowed)
        found = read_lines(lines or LINES, None, records=str(self.records), allowed_signers=allowed, clock=lambda: NOW)
        return found["line-1"]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_signed_stop_holds(site: Site) -> None:
    site.sign(document())
    verdict = site.read()
    assert (verdict.running, verdict.state, verdict.quality) == (False, "stopped", "Signed")
    assert SIGNER in verdict.reason
    assert verdict.dwell_s == 400.0


def test_unsigned_changed_or_misused_is_running(site: Site) -> None:
    assert "There is no signed line state" in site.read().reason
    site.path.write_text(json.dumps(document()))
    assert "no signature" in site.read().reason
    site.sign(document())
    site.path.write_text(json.dumps(document(not_after="2026-11-19T19:00:00Z")))
    assert site.read().running
    site.sign(document(), namespace="otedge-release-ot")
    assert site.read().running
    site.sign(document(signer="ot@plant-a"))
    assert "does not accept" in site.read().reason


def test_signers_of_the_line_narrow_it(site: Site) -> None:
    site.sign(document())
    source = {**LINES["line-1"]["state_source"], "signers": ["other@plant-a"]}
    assert "may not sign" in site.read({"line-1": {"state_source": source}}).reason


def test_without_records_it_is_running() -> None:
    found = read_lines(LINES, None, records=None, allowed_signers=None, clock=lambda: NOW)
    assert found["line-1"].running
    assert "site_records" in found["line-1"].reason


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"line": "line-2"}, "signed for line line-2"),
        ({"state": "running"}, "is running"),
        ({"not_before": "2026-11-18T11:07:00Z"}, "holds only from"),
        ({"not_after": "2026-11-18T11:06:40Z"}, "held until"),
        ({"not_before": "2026-11-15T11:00:00Z"}, "at most 72 h"),
        ({"not_before": "2026-11-18T20:00:00Z"}, "more than nothing"),
        ({"not_before": "2026-11-18T11:00:00"}, "time zone"),
        ({"not_after": "later"}, "ISO 8601"),
    ],
)
def test_documents_that_do_not_hold(changes: dict[str, Any], words: str) -> None:
    verdict = judge_manual(document(**changes), "line-1", SOURCE, NOW)
    assert verdict.running
    assert words in verdict.reason


def test_dwell_counts_from_not_before() -> None:
    source = Source(type="manual", stopped=frozenset({"stopped"}), min_dwell_s=600.0)
    assert "400 s, 600 s are needed" in judge_manual(document(), "line-1", source, NOW).reason


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b"\xff", json.dumps(document(extra="x")).encode(),
                                 json.dumps(document(state=2)).encode()])  # fmt: skip
def test_other_forms_are_refused(raw: bytes) -> None:
    with pytest.raises(RefusedError):
        parse(raw)
