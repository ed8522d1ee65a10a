# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ums_info against the simulated UMS and against what is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError, TalkError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums import client
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.errors import refusal
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.probe import state_of
from ansible_collections.otedge.endpoint.plugins.modules import ums_info
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.ums import UmsServer, UmsStore
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.fake_ums import (
    Bench,
    FakeModule,
    checked,
    error,
)
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.journal_hooks import JournalHooks

Run = Callable[..., dict[str, Any]]
PASSWORD = "lab-only-ü"


@pytest.fixture
def hooks() -> JournalHooks:
    return JournalHooks()


@pytest.fixture
def store(hooks: JournalHooks) -> UmsStore:
    firmwares = [{"product": "IGEL OS 12", "version": "12.9.0"}]
    config = {"firmwares": firmwares, "profiles": ["base"], "directories": ["plant-a/line-1"], "version": "12.09.110"}
    made = UmsStore(config, hooks, None)
    made.add_device("0A0000000001", name="op1")
    made.add_device("0A0000000002", name="gone", bin=True)
    return made


@pytest.fixture
def run(store: UmsStore, tmp_path: Path) -> Iterator[Run]:
    server = UmsServer(store, "svc-imi", PASSWORD, tmp_path)
    server.start()
    account = {"host": "127.0.0.1", "port": server.port, "username": "svc-imi", "password": PASSWORD}

    def work(**options: Any) -> dict[str, Any]:
        given = {**account, "ca_path": server.ca_path, "timeout": 10, **options}
        module = FakeModule(checked(ums_info.SPEC, {key: value for key, value in given.items() if value is not None}))
        result = ums_info.work(module)
        assert not result["changed"] and PASSWORD not in str(result)
        return {**result, "warnings": module.warnings}

    yield work
    server.stop()


def test_all_is_well(run: Run, hooks: JournalHooks) -> None:
    result = run()
    assert (result["state"], result["problem"], result["reachable"], result["imi"]) == ("ok", None, True, True)
    assert result["server"]["version"] == "12.09.110"
    assert result["sees"] == {"devices": 1, "devices_in_bin": 1, "directories": 2, "profiles": 1, "firmwares": 1}
    assert result["features"]["priority_profiles"] is True
    assert result["warnings"] == [] and hooks.requests.count("POST /login") == 1


@pytest.mark.parametrize(
    ("options", "state", "words"),
    [
        ({"port": 1}, "unreachable", "Check host and port"),
        ({"ca_path": None}, "certificate", "Set ca_path"),
        ({"password": "wrong"}, "login_refused", "Check username and password"),
    ],
)
def test_how_far_it_went(run: Run, hooks: JournalHooks, options: dict[str, Any], state: str, words: str) -> None:
    result = run(**options)
    assert (result["state"], result["reachable"], result["imi"]) == (state, state != "unreachable", None)
    assert words in result["problem"]["fix"] and result["problem"]["message"].startswith("Cannot log in")
    assert result["sees"]["devices"] is None and result["server"]["version"] is None
    assert result["warnings"] == [] and hooks.requests.count("POST /login") <= 1  # a refused login is not tried again


def test_no_licence_still_tells_the_version(run: Run, store: UmsStore) -> None:
    store.inject("license", {})
    result = run()
    assert (result["state"], result["reachable"], result["imi"]) == ("licence", True, False)
    assert (result["server"]["version"], result["problem"]["error_code"]) == ("12.09.110", "ITG-0C001")


def test_no_server_status_is_no_problem(run: Run, store: UmsStore) -> None:
    store.inject("serverstatus_absent", {})
    result = run()
    assert result["state"] == "ok" and set(result["server"].values()) == {None}


def test_missing_rights_warn(run: Run, store: UmsStore) -> None:
    store.inject("weak_rights", {})
    result = run()
    assert (result["state"], result["sees"]["devices"], result["sees"]["directories"]) == ("ok", 0, 0)
    assert "may lack the right Browse" in result["warnings"][0]
    assert result["features"]["asset_information"] is None


def test_server_that_is_starting(run: Run, store: UmsStore) -> None:
    store.inject("status", {"status": 503})
    assert run()["state"] == "unavailable"


def test_options_that_cannot_be_right_fail(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="ca_path"):
        run(ca_path="/nowhere/ca.pem")
    with pytest.raises(InputError, match="host must be"):
        run(host="https://ums")
    monkeypatch.setattr(client, "REQUESTS_ERROR", ImportError("no requests"))
    with pytest.raises(OtedgeError, match="library requests"):
        run()


def test_features_and_what_may_not_be_asked(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.fake.add_device("0A0000000001")
    bench.fake.__dict__["_get_assetinfo"] = lambda *_args: error(400, "ITG-0C001")
    bench.fake.__dict__["_get_profiles"] = lambda *_args: error(403, "ITG-0B005")
    result = bench.run(ums_info, check_mode=True)
    assert result["features"]["asset_information"] is False
    assert (result["state"], result["sees"]["profiles"], result["sees"]["devices"]) == ("ok", None, 1)
    bench.fake.__dict__["_get_assetinfo"] = lambda *_args: (200, {"assetinfos": []})
    assert bench.run(ums_info)["features"]["asset_information"] is True
    bench.server.close()


def test_something_else_answers(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.fake.raw = b"<html>Welcome</html>"
    result = bench.run(ums_info)
    assert (result["state"], result["imi"]) == ("no_imi", False) and "lead to a UMS" in result["problem"]["fix"]
    bench.server.close()


@pytest.mark.parametrize(
    ("exc", "state"),
    [
        (TalkError("x"), "unreachable"),
        (TalkError("x", reason="certificate"), "certificate"),
        (refusal("x", "s", 404, None), "no_imi"),
        (refusal("x", "s", 302, None), "no_imi"),
        (refusal("x", "s", 400, {"errorCode": "ITG-0B006"}), "no_imi"),
        (refusal("x", "s", 400, {"errorCode": "ITG-0C002"}), "no_imi"),
        (refusal("x", "s", 400, {"errorCode": "ITG-0C001"}), "licence"),
        (refusal("x", "s", 403, None), "no_rights"),
        (refusal("x", "s", 401, {"errorCode": "ITG-0B005"}), "no_rights"),
        (refusal("x", "s", 401, {"errorCode": "ITG-0B007"}), "login_refused"),
        (refusal("x", "s", 500, {"errorCode": "ITG-FF002"}), "unavailable"),
    ],
)
def test_states(exc: Any, state: str) -> None:
    assert state_of(exc) == state
