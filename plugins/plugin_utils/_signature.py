# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Detached signatures of people over documents, verified by ``ssh-keygen -Y``; nothing here signs."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import (
    InputError,
    OtedgeError,
    RefusedError,
)

NAMESPACE_RELEASE_OT = "otedge-release-ot"
NAMESPACE_RELEASE_IT = "otedge-release-it"
NAMESPACE_LINE_STATE = "otedge-line-state"

TIMEOUT_S = 10.0
_PLAIN_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+:/-]*")
_KEY = re.compile(r" with (?P<type>\S+) key (?P<fingerprint>SHA256:[A-Za-z0-9+/]+=*)")


@dataclass(frozen=True)
class Signature:
    """A signature that holds: who signed, and with which key.

    Args:
        identity: the principal of allowed_signers that was asked for.
        fingerprint: of the signing key, ``SHA256:<base64>``; tells two identities with one key apart.
    """

    identity: str
    fingerprint: str


def verify_argv(signature_path: str, allowed_signers_path: str, identity: str, namespace: str) -> list[str]:
    """Build the command that verifies a document given on its standard input (ssh-keygen(1), ``-Y verify``)."""
    return ["ssh-keygen", "-Y", "verify", "-f", allowed_signers_path, "-I", identity, "-n", namespace,
            "-s", signature_path]  # fmt: skip


def inspect_argv(signature_path: str, namespace: str) -> list[str]:
    """Build the command that tells the key of a signature, trusted or not (``-Y check-novalidate``)."""
    return ["ssh-keygen", "-Y", "check-novalidate", "-n", namespace, "-s", signature_path]


def sign_command(document_path: str, namespace: str) -> str:
    """Give the command a person types to sign; the product itself never signs."""
    return f"ssh-keygen -Y sign -f <private key> -n {namespace} {document_path}"


def parse_good(output: str, namespace: str, identity: str | None = None) -> str | None:
    """Read the key's fingerprint from ssh-keygen's answer.

    Args:
        output: standard output of ``-Y verify`` (with identity) or of ``-Y check-novalidate`` (without).
        namespace: the namespace that was asked for.
        identity: the principal that was asked for.

    Returns:
        ``SHA256:<base64>``, or None if no line says exactly that.
    """
    head = f'Good "{namespace}" signature' + (f" for {identity}" if identity is not None else "")
    for line in output.splitlines():
        if line.startswith(head):
            found = _KEY.fullmatch(line[len(head) :])
            if found:
                return found["fingerprint"]
    return None


def _run(argv: list[str], document: bytes, timeout_s: float) -> tuple[int, str, str]:
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
    done = subprocess.run(argv, input=document, capture_output=True, timeout=timeout_s, check=False, env=environment)
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def _call(argv: list[str], document: bytes) -> tuple[int, str, str]:
    try:
        return _run(argv, document, TIMEOUT_S)
    except FileNotFoundError as exc:
        raise OtedgeError(
            "Cannot verify signatures: the program ssh-keygen was not found on the controller.",
            fix="Install the OpenSSH client tools (package openssh-client or openssh-clients).",
        ) from exc
    except subprocess.TimeoutExpired as exc:
        raise OtedgeError(
            f"Cannot verify a signature: ssh-keygen did not answer within {TIMEOUT_S:g} s.",
            fix="Check the load and the file system of the controller, then run again.",
        ) from exc


def _check_inputs(signature_path: str, allowed_signers_path: str, identity: str, namespace: str) -> None:
    for what, word in (("identity", identity), ("namespace", namespace)):
        if not _PLAIN_WORD.fullmatch(word):
            raise InputError(f"The {what} {word!r} cannot be used to verify a signature.",
                             fix="Use letters, digits and . _ @ + : / - only.")  # fmt: skip
    if not os.path.isfile(allowed_signers_path):
        raise InputError(
            f"There is no allowed signers file at {allowed_signers_path}.",
            fix="Put the public keys of the signers there, in the ALLOWED SIGNERS form of ssh-keygen(1).",
        )
    if not os.path.isfile(signature_path):
        raise RefusedError(f"There is no signature at {signature_path}.", fix="Sign the document.", signature="missing")


def verify(
    document: bytes,
    signature_path: str,
    allowed_signers_path: str,
    identity: str,
    namespace: str,
) -> Signature:
    """Verify a detached signature over exactly these bytes.

    The fingerprint is read from the same answer that says "good", so that it is the key which was verified even if
    the file is replaced meanwhile.

    Args:
        document: the signed bytes as they were read; parse these same bytes afterwards, not the file again.
        signature_path: armoured SSH signature (``<document>.sig``).
        allowed_signers_path: trusted keys by principal, each bound to its namespaces.
        identity: the principal that must have signed.
        namespace: the purpose it was signed for.

    Raises:
        InputError: identity, namespace or the allowed signers file cannot be used.
        RefusedError: no signature, or one that does not hold; ``details["signature"]`` is ``missing``, ``other_signer``
            (made by another key or identity) or ``invalid``.
        OtedgeError: ssh-keygen is missing or hangs.
    """
    _check_inputs(signature_path, allowed_signers_path, identity, namespace)
    code, out, err = _call(verify_argv(signature_path, allowed_signers_path, identity, namespace), document)
    fingerprint = parse_good(out, namespace, identity) if code == 0 else None
    if fingerprint is not None:
        return Signature(identity, fingerprint)
    code, out, _rest = _call(inspect_argv(signature_path, namespace), document)
    key = parse_good(out, namespace) if code == 0 else None
    if key is not None:
        raise RefusedError(
            f"The signature {signature_path} was made with key {key}, which {allowed_signers_path} does not accept"
            f" for {identity} in namespace {namespace}.",
            fix="Let the named signer sign, or have the key added for that identity and namespace.",
            signature="other_signer",
            fingerprint=key,
        )
    said = err.strip().splitlines()
    raise RefusedError(
        f"The signature {signature_path} does not hold for {identity} in namespace {namespace}:"
        f" {said[0] if said else 'ssh-keygen gave no reason'}.",
        fix="The document was changed after signing, or signed for another purpose: sign it again.",
        signature="invalid",
    )
