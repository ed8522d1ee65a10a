# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError, RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils import _signature
from hypothesis import given
from hypothesis import strategies as st

NAMESPACE = _signature.NAMESPACE_RELEASE_OT
SIGNER = "ot@plant-a"
DOCUMENT = b'{"plan_hash":"abc"}\n'


def make_key(folder: Path, name: str) -> Path:
    key = folder / name
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(key)], check=True)
    return key


def public(key: Path) -> str:
    return " ".join(key.with_suffix(".pub").read_text().split()[:2])


def fingerprint(key: Path) -> str:
    done = subprocess.run(["ssh-keygen", "-lf", f"{key}.pub"], check=True, capture_output=True, text=True)
    return done.stdout.split()[1]


def sign(key: Path, document: Path, namespace: str) -> Path:
    signature = Path(f"{document}.sig")
    signature.unlink(missing_ok=True)
    argv = ["ssh-keygen", "-q", "-Y", "sign", "-f", str(key), "-n", namespace, str(document)]
    subprocess.run(argv, check=True, capture_output=True)
    return signature


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("keys")
    return {name: make_key(folder, name) for name in ("ot", "it", "stranger")}


@pytest.fixture
def allowed(tmp_path: Path, keys: dict[str, Path]) -> str:
    path = tmp_path / "allowed_signers"
    path.write_text(
        f'{SIGNER} namespaces="otedge-release-ot" {public(keys["ot"])}\n'
        f'it@plant-a namespaces="otedge-release-it" {public(keys["it"])}\n'
    )
    return str(path)


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "doc.json"
    path.write_bytes(DOCUMENT)
    return path


def test_good_signature_names_identity_and_key(keys: dict[str, Path], allowed: str, document: Path) -> None:
    sig = sign(keys["ot"], document, NAMESPACE)
    found = _signature.verify(DOCUMENT, str(sig), allowed, SIGNER, NAMESPACE)
    assert found == _signature.Signature(SIGNER, fingerprint(keys["ot"]))


@pytest.mark.parametrize(
    "case",
    [
        ("stranger", NAMESPACE, SIGNER, NAMESPACE, "other_signer"),
        ("it", NAMESPACE, SIGNER, NAMESPACE, "other_signer"),
        ("ot", NAMESPACE, "it@plant-a", NAMESPACE, "other_signer"),
        ("ot", "otedge-release-it", SIGNER, NAMESPACE, "invalid"),
        ("ot", NAMESPACE, SIGNER, "otedge-release-it", "invalid"),
        # a good key, but its line binds it to the other purpose
        ("ot", "otedge-release-it", SIGNER, "otedge-release-it", "other_signer"),
    ],
)
def test_refusals(keys: dict[str, Path], allowed: str, document: Path, case: tuple[str, str, str, str, str]) -> None:
    key, signed_for, identity, asked_for, expect = case
    sig = sign(keys[key], document, signed_for)
    with pytest.raises(RefusedError) as raised:
        _signature.verify(DOCUMENT, str(sig), allowed, identity, asked_for)
    assert raised.value.details["signature"] == expect
    if expect == "other_signer":
        assert fingerprint(keys[key]) in str(raised.value)


def test_changed_document_is_refused(keys: dict[str, Path], allowed: str, document: Path) -> None:
    sig = sign(keys["ot"], document, NAMESPACE)
    with pytest.raises(RefusedError) as raised:
        _signature.verify(DOCUMENT + b" ", str(sig), allowed, SIGNER, NAMESPACE)
    assert raised.value.details["signature"] == "invalid"


def test_junk_and_missing_signature(allowed: str, document: Path, tmp_path: Path) -> None:
    junk = tmp_path / "doc.json.sig"
    with pytest.raises(RefusedError) as raised:
        _signature.verify(DOCUMENT, str(junk), allowed, SIGNER, NAMESPACE)
    assert raised.value.details["signature"] == "missing"
    junk.write_text("junk\n")
    with pytest.raises(RefusedError) as raised:
        _signature.verify(DOCUMENT, str(junk), allowed, SIGNER, NAMESPACE)
    assert raised.value.details["signature"] == "invalid"


def test_missing_allowed_signers(keys: dict[str, Path], document: Path, tmp_path: Path) -> None:
    sig = sign(keys["ot"], document, NAMESPACE)
    with pytest.raises(InputError, match="allowed signers"):
        _signature.verify(DOCUMENT, str(sig), str(tmp_path / "nope"), SIGNER, NAMESPACE)


@pytest.mark.parametrize("identity", ["", "-f", "a b", "a\nb", "*", 'ot" signature'])
def test_odd_identity_never_reaches_a_command(
    allowed: str, document: Path, identity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*_args: object) -> tuple[int, str, str]:
        raise AssertionError("a command was run")

    monkeypatch.setattr(_signature, "_run", run)
    with pytest.raises(InputError):
        _signature.verify(DOCUMENT, str(document), allowed, identity, NAMESPACE)


def test_missing_tool_is_named(allowed: str, document: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(document.parent))
    with pytest.raises(OtedgeError, match="openssh-client"):
        _signature.verify(DOCUMENT, str(document), allowed, SIGNER, NAMESPACE)


def test_hanging_tool_is_bounded(allowed: str, document: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(argv: list[str], _document: bytes, timeout_s: float) -> tuple[int, str, str]:
        raise subprocess.TimeoutExpired(argv, timeout_s)

    monkeypatch.setattr(_signature, "_run", run)
    with pytest.raises(OtedgeError, match="did not answer within 10 s"):
        _signature.verify(DOCUMENT, str(document), allowed, SIGNER, NAMESPACE)


def test_zero_exit_without_the_words_is_not_good(allowed: str, document: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_signature, "_run", lambda *_args: (0, "", ""))
    with pytest.raises(RefusedError):
        _signature.verify(DOCUMENT, str(document), allowed, SIGNER, NAMESPACE)


@pytest.mark.parametrize(
    ("output", "identity", "expect"),
    [
        ('Good "n" signature for a with ED25519 key SHA256:abc+/=\n', "a", "SHA256:abc+/="),
        ('Good "n" signature with ED25519 key SHA256:abc\n', None, "SHA256:abc"),
        ('Good "n" signature for ab with ED25519 key SHA256:abc\n', "a", None),
        ('Good "m" signature for a with ED25519 key SHA256:abc\n', "a", None),
        ('xGood "n" signature for a with ED25519 key SHA256:abc\n', "a", None),
        ('Good "n" signature for a with ED25519 key SHA256:abc and more\n', "a", None),
    ],
)
def test_parse_good(output: str, identity: str | None, expect: str | None) -> None:
    assert _signature.parse_good(output, "n", identity) == expect


@given(st.text())
def test_parse_good_never_trusts_noise(text: str) -> None:
    assert _signature.parse_good(text, "otedge-release-ot", "ot@plant-a") is None


def test_argv_is_a_plain_list() -> None:
    assert _signature.verify_argv("s", "a", "i", "n") == [
        "ssh-keygen", "-Y", "verify", "-f", "a", "-I", "i", "-n", "n", "-s", "s",
    ]  # fmt: skip
    assert _signature.inspect_argv("s", "n") == ["ssh-keygen", "-Y", "check-novalidate", "-n", "n", "-s", "s"]
    assert "otedge-release-it" in _signature.sign_command("x.json", _signature.NAMESPACE_RELEASE_IT)
