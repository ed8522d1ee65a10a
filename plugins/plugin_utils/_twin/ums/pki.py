# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The certificate authority of the simulated UMS: made once, kept, so that clients trust one file over restarts."""

from __future__ import annotations

import datetime
import ipaddress
import os
from collections.abc import Iterable
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

_CA_DAYS = 3650
_SERVER_DAYS = 365
_RENEW_DAYS = 30


def ensure_pki(folder: Path, addresses: Iterable[str]) -> tuple[Path, Path, Path]:
    """Make what is missing in folder: own CA, server key and a server certificate for the addresses.

    Args:
        folder: made with mode 0700 if missing.
        addresses: IP addresses and DNS names the certificate must hold.

    Returns:
        Paths of ca.pem, server.pem and server.key.

    Raises:
        RuntimeError: the library cryptography is missing.
    """
    if CRYPTOGRAPHY_ERROR is not None:
        raise RuntimeError(
            "The simulated UMS needs the Python library cryptography. Install requirements-twin.txt."
        ) from CRYPTOGRAPHY_ERROR
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ca_path, ca_key_path = folder / "ca.pem", folder / "ca.key"
    certificate_path, key_path = folder / "server.pem", folder / "server.key"
    now = datetime.datetime.now(datetime.UTC)
    if not (ca_path.exists() and ca_key_path.exists()):
        _make_ca(ca_path, ca_key_path, now)
        certificate_path.unlink(missing_ok=True)
    names = sorted({"127.0.0.1", "localhost", *addresses})
    if not (key_path.exists() and _is_good(certificate_path, names, now)):
        _make_server(folder, names, now)
    return ca_path, certificate_path, key_path


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _is_good(path: Path, names: list[str], now: datetime.datetime) -> bool:
    if not path.exists():
        return False
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    held = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    fresh = certificate.not_valid_after_utc - now > datetime.timedelta(days=_RENEW_DAYS)
    return fresh and all(_alternative(name) in held for name in names)


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(path.name + ".tmp")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    part.replace(path)


def _key_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _named(subject: str, issuer: str, now: datetime.datetime, days: int) -> x509.CertificateBuilder:
    def name(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    return (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=days))
    )


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=ca, crl_sign=ca, encipher_only=False, decipher_only=False,
    )  # fmt: skip


_CA_NAME = "Simulated UMS CA"


def _make_ca(path: Path, key_path: Path, now: datetime.datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key()
    certificate = (
        _named(_CA_NAME, _CA_NAME, now, _CA_DAYS)
        .public_key(public)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(ca=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(key_path, _key_bytes(key))
    _write(path, certificate.public_bytes(serialization.Encoding.PEM))


def _make_server(folder: Path, names: list[str], now: datetime.datetime) -> None:
    ca_key = serialization.load_pem_private_key((folder / "ca.key").read_bytes(), None)
    if not isinstance(ca_key, ec.EllipticCurvePrivateKey):
        raise RuntimeError(f"The key {folder / 'ca.key'} is not one this program made; remove the folder {folder}.")
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key()
    certificate = (
        _named("simulated-ums", _CA_NAME, now, _SERVER_DAYS)
        .public_key(public)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(ca=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_alternative(name) for name in names]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    _write(folder / "server.key", _key_bytes(key))
    _write(folder / "server.pem", certificate.public_bytes(serialization.Encoding.PEM))
