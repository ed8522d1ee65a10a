# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is told of a switch that cannot be talked to, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import TalkError

if TYPE_CHECKING:
    from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.session import Target


def first_line(exc: BaseException) -> str:
    """Give the first line of a message that says anything."""
    return next((line.strip() for line in str(exc).splitlines() if line.strip()), type(exc).__name__).rstrip(".")


def key_fix(target: Target) -> str:
    """Say how a host key gets into known_hosts."""
    port = f"-p {target.port} " if target.port != 22 else ""
    return (
        f"Read the key with 'ssh-keyscan {port}{target.host}', compare its fingerprint with the one that the"
        f" switch shows on its console, and add the line to {target.known_hosts}."
    )


def no_session(target: Target, exc: BaseException) -> TalkError:
    """Say which of the causes that Netmiko calls a timeout it was."""
    text = str(exc)
    if "not found in known_hosts" in text:
        return TalkError(f"The host key of switch {target.name} is unknown.", fix=key_fix(target))
    if "does not match" in text:
        return TalkError(
            f"Switch {target.name} shows another host key than {target.known_hosts} holds.",
            fix="Find out why before anything else: a replaced switch, or someone in between.",
        )
    cause = exc.__context__ or exc
    tried = [cause, *getattr(cause, "errors", {}).values()]
    if any(isinstance(one, ConnectionRefusedError) for one in tried):
        return TalkError(
            f"Switch {target.name} refuses the connection.", fix="Check ansible_host, ansible_port and its SSH server."
        )
    return TalkError(
        f"Switch {target.name} cannot be reached: {first_line(cause)}.",
        fix="Check ansible_host, ansible_port and the path from the automation node.",
    )
