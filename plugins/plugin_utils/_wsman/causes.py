# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a PC cannot be talked to, and the next step: HTTP statuses and texts of the libraries below. Pure."""

from __future__ import annotations

import re

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import TalkError

BUILD_FIX = "Check ansible_port, ansible_winrm_scheme and ansible_winrm_transport."
_PROXY_FIX = "A proxy is in between: set no_proxy for the plant network, or ansible_winrm_proxy."
_OFF_FIX = (
    "Check that WinRM is on (on the PC: winrm quickconfig), on this port (5985, with TLS 5986), and its firewall rule"
    " open."
)
_LOGIN_FIX = (
    "Check ansible_user and ansible_password, that the account is not locked, and that the PC allows this"
    " ansible_winrm_transport (winrm get winrm/config/service/auth). For a local account also see that"
    " LocalAccountTokenFilterPolicy=1 is set on the PC."
)
# Status: (what it means, fix).
STATUS = {
    **dict.fromkeys((301, 302, 303, 307, 308), ("it sends us elsewhere, as no WinRM service does", _PROXY_FIX)),
    400: (
        "the PC did not understand the message",
        "Check ansible_winrm_transport, and ansible_winrm_message_encryption: auto.",
    ),
    403: ("forbidden", f"{_PROXY_FIX} If none is: the PC demands a client certificate or a TLS connection."),
    404: ("nothing there", "Check ansible_winrm_path, and that WinRM, not another service, listens on this port."),
    405: ("it is no WinRM service", "Check ansible_port: another service listens there."),
    407: ("a proxy wants a login", _PROXY_FIX),
    411: ("an old proxy does not let the message through", _PROXY_FIX),
    413: ("the message is larger than the PC or a proxy takes", "Send less: a shorter query, command or input."),
    500: ("the service failed without saying why", "Look at the PC's event log Windows Remote Management."),
    502: ("a proxy could not reach the PC", _PROXY_FIX),
    503: (
        "the WinRM service is busy or starting",
        "Run again in a minute; look at the PC's WinRM service if it stays.",
    ),
    504: ("a proxy gave up waiting for the PC", _PROXY_FIX),
}
_SKEW = re.compile(r"clock skew|KRB_AP_ERR_SKEW|skew too great|\b37\b.*time", re.IGNORECASE)
# Text of the library: (cause, fix); the first that fits counts.
_TEXTS = (
    (
        _SKEW,
        "is refused by Kerberos: the clocks differ too much",
        "Set the time: controller, domain controller and PC may differ by 5 minutes at most (chronyc, w32tm /resync).",
    ),
    (
        re.compile(r"Cannot find KDC|no KDC|realm", re.IGNORECASE),
        "is not let in by Kerberos: no domain controller of the realm was found",
        "Check the realm in /etc/krb5.conf (upper case) and that the controller reaches the domain controller.",
    ),
    (
        re.compile(r"Server not found in Kerberos database", re.IGNORECASE),
        "is not known to Kerberos under this name",
        "Use the PC's full name as ansible_host, or set ansible_winrm_kerberos_hostname_override.",
    ),
    (
        re.compile(r"Preauthentication failed|Client .*not found|password (?:has )?expired|KDC_ERR", re.IGNORECASE),
        "is not let in by Kerberos: user or password is wrong or expired",
        "Check ansible_user (user@REALM) and ansible_password.",
    ),
    (re.compile(r"ProxyError|Cannot connect to proxy|Tunnel connection failed", re.IGNORECASE), "is behind a proxy that"
     " does not answer", _PROXY_FIX),
    (re.compile(r"refused|Errno 111|10061", re.IGNORECASE), "refused the connection", _OFF_FIX),
    (
        re.compile(r"No route to host|unreachable|Errno 113|Errno 101", re.IGNORECASE),
        "cannot be reached: no route",
        "Check network, switch port and ansible_host.",
    ),
    (
        re.compile(r"Name or service not known|getaddrinfo|failed to resolve|nodename", re.IGNORECASE),
        "has a name that does not resolve",
        "Check ansible_host.",
    ),
    (
        re.compile(r"cert_pem|certificate file", re.IGNORECASE),
        "cannot be logged in to by certificate",
        "Set ansible_winrm_cert_pem and ansible_winrm_cert_key_pem to files that exist on the controller.",
    ),
    (
        re.compile(r"(\S+) is not installed", re.IGNORECASE),
        "cannot be talked to: a Python library for this transport is missing on the controller",
        "Install it (pip install 'pywinrm[kerberos]' or 'pywinrm[credssp]'), or set ansible_winrm_transport: ntlm.",
    ),
    (
        re.compile(r"did not respond with NTLM challenge|Access denied: Server", re.IGNORECASE),
        "rejected the credentials before NTLM began",
        f"The PC may not offer it: allow Negotiate there, or use another transport. {_LOGIN_FIX}",
    ),
)  # fmt: skip


def of_status(address: str, status: int, user: str, transport: str) -> TalkError:
    """Give the failure for an HTTP status at or after the login."""
    if status == 401:
        return TalkError(
            f"{address} rejected the credentials (user {user}, transport {transport}).", fix=_LOGIN_FIX, status=status
        )
    text, fix = STATUS.get(status, ("", BUILD_FIX))
    more = f": {text}" if text else ""
    return TalkError(f"{address} answered HTTP {status}{more}.", fix=fix, status=status)


def of_text(address: str, text: str) -> TalkError | None:
    """Give the failure that a library's text tells of, or None where it says nothing we know."""
    for pattern, cause, fix in _TEXTS:
        if pattern.search(text):
            known = pattern.pattern.startswith(("refused", "No route", "Name or"))
            more = "" if known else f" ({text})"
            return TalkError(f"{address} {cause}{more}.", fix=fix)
    return None


def of_tls(address: str, text: str) -> TalkError:
    """Give the failure of a TLS connection."""
    if re.search(r"CERTIFICATE_VERIFY_FAILED|certificate verify|doesn't match|self.signed", text, re.IGNORECASE):
        fix = (
            "Set ansible_winrm_ca_trust_path to the CA that signed the PC's certificate, and use the name in it as"
            " ansible_host."
        )
    elif re.search(
        r"UNSUPPORTED_PROTOCOL|NO_PROTOCOLS|PROTOCOL_VERSION|HANDSHAKE_FAILURE|TOO_WEAK", text, re.IGNORECASE
    ):
        fix = (
            "The PC's TLS is too old for this controller (Windows 7 offers TLS 1.0 only): use ansible_winrm_transport:"
            " ntlm on port 5985, where NTLM seals the messages, or install KB3140245."
        )
    else:
        fix = "Check ansible_winrm_ca_trust_path, or the port: an http port was dialled with https or back."
    return TalkError(f"The TLS connection to {address} failed: {text}.", fix=fix)


def no_answer(address: str, *, connecting: bool, seconds: float) -> TalkError:
    """Give the failure of a PC that keeps silent."""
    if connecting:
        return TalkError(
            f"{address} did not answer in time: no connection within {seconds:.0f} s.",
            fix=f"Check power and network, and that no firewall drops it. {_OFF_FIX}",
        )
    return TalkError(
        f"{address} did not answer in time: no reply within {seconds:.0f} s.",
        fix="The PC hangs, restarts or is very slow: raise ansible_winrm_read_timeout_sec for a slow one.",
        maybe_done=True,
    )


# Text of the library where a connection broke: what it means.
_BREAKS = (
    (re.compile(r"IncompleteRead|Connection broken", re.IGNORECASE), "a reply ended in the middle"),
    (re.compile(r"RemoteDisconnected|without response", re.IGNORECASE), "it was closed without an answer"),
    (re.compile(r"reset by peer|Errno 104|10054", re.IGNORECASE), "it was reset"),
)


def of_break(text: str) -> str:
    """Give how a connection broke off, in plain words where the library's text is known."""
    return next((told for pattern, told in _BREAKS if pattern.search(text)), text)


def one_line(exc: BaseException) -> str:
    """Give an exception's text in one line, shortened."""
    return " ".join(str(exc).split()).rstrip(".")[:300]
