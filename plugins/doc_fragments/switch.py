# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of the plugins that talk to a switch."""

from __future__ import annotations


class ModuleDocFragment:
    """How a switch is reached, beyond what the host's connection options say."""

    DOCUMENTATION = r"""
options:
  known_hosts:
    description:
      - File with the host keys of the switches. The variable C(switch_known_hosts) counts if this is not set, then
        C(~/.ssh/known_hosts). A key that is not in it is never accepted.
    type: path
  platform:
    description: The platform, if C(ansible_network_os) is not set or names another one. Default V(cisco.ios.ios).
    type: str
  ssh_config:
    description:
      - OpenSSH configuration file with C(ProxyJump) or C(ProxyCommand) for the switch, if it stands behind a jump host.
        The variable C(switch_ssh_config) counts if this is not set. One jump; the key of the jump host is checked by
        C(ssh) itself, the key of the switch against O(known_hosts).
    type: path
  timeout:
    description: Seconds to wait for a session.
    type: int
    default: 20
requirements:
  - netmiko
notes:
  - Host, port, user, password and key come from the host's own connection options, so C(-u), C(-k), credentials of
    AWX and C(ansible_ssh_*) variables all count. The platform is C(ansible_network_os).
  - Where the user lands below privileged mode, C(ansible_become_password) (also C(-K)) is the enable password; with
    C(ansible_become) and no password, C(enable) is tried without one.
"""
