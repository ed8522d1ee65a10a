# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates of one PC: its own, self-signed as `winrm quickconfig -transport:https` wants one, and a client's.

[documented] a client certificate is mapped to a local account; [documented] Windows 7 offers TLS 1.0 only until an
update and a registry value are there, which no OpenSSL of today accepts.
"""

from __future__ import annotations

import datetime
import hashlib
import ipaddress
import os
import ssl
from dataclasses import dataclass
from pathlib import Path

try:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
except ImportError as exc:
    CRYPTOGRAPHY_ERROR: ImportError | None = exc
else:
    CRYPTOGRAPHY_ERROR = None

_DAYS = 3650


@dataclass(frozen=True)
class Tls:
    """What a listener needs: context, the mapped client's certificate (DER) and the binding of the channel."""

    context: ssl.SSLContext
    client: bytes
    binding: bytes
    certificate_path: Path
    client_certificate_path: Path
    client_key_path: Path


def make_tls(folder: Path, name: str, *, legacy: bool = False) -> Tls:
    """Make, or take from the folder, the certificates of a PC.

    Args:
        folder: where the files are kept, mode 0600.
        name: inventory name of the PC.
        legacy: the listener offers TLS 1.0 only.

    Raises:
        RuntimeError: the library cryptography is missing.
    """
    if CRYPTOGRAPHY_ERROR is not None:
        raise RuntimeError("cryptography is missing: pip install -r requirements-twin.txt") from CRYPTOGRAPHY_ERROR
    certificate, key = _pair(folder, f"pc-{name}", name, ExtendedKeyUsageOID.SERVER_AUTH)
    client, client_key = _pair(folder, f"pc-{name}-client", f"rollout-{name}", ExtendedKeyUsageOID.CLIENT_AUTH)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if legacy:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    context.load_cert_chain(certificate, key)
    context.load_verify_locations(client)
    context.verify_mode = ssl.CERT_OPTIONAL
    server_der, client_der = (ssl.PEM_cert_to_DER_cert(path.read_text("ascii")) for path in (certificate, client))
    binding = b"tls-server-end-point:" + hashlib.sha256(server_der).digest()
    return Tls(context, client_der, binding, certificate, client, client_key)


def _pair(folder: Path, stem: str, name: str, usage: x509.ObjectIdentifier) -> tuple[Path, Path]:
    certificate_path, key_path = folder / f"{stem}.pem", folder / f"{stem}.key"
    if certificate_path.exists() and key_path.exists():
        return certificate_path, key_path
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    names: list[x509.GeneralName] = [x509.DNSName(name), x509.DNSName("localhost")]
    names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=_DAYS))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    encoded = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    _write(key_path, encoded)
    _write(certificate_path, made.public_bytes(serialization.Encoding.PEM))
    return certificate_path, key_path


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
