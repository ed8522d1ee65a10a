# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: winrs_command
short_description: Run a command on any Windows host, without PowerShell
version_added: 0.1.0
author: otedge.endpoint contributors (@otedge)
description:
  - Runs one C(cmd) command line, or one program, in a plain remote shell (WinRS) over the host's ordinary C(winrm)
    connection. Needs no PowerShell and pushes nothing to the host. M(ansible.builtin.raw) wraps every command in
    PowerShell when the connection is C(winrm); this does not.
  - A command is started once, and never again after a broken connection.
options:
  cmd:
    description:
      - Command line for C(cmd), with its pipes, redirections and builtins; up to 8191 characters, without line breaks.
      - Within it C(^ & | < >) and C(%) are special; C(%) cannot be escaped. Give O(argv) where that matters.
    type: str
  argv:
    description:
      - Program and arguments, started without C(cmd). Every argument arrives as given, and the exit code is the
        program's own. There are no builtins (C(dir), C(echo), C(copy)) and no redirections.
    type: list
    elements: str
  chdir:
    description: Directory on the host in which the command, and relative O(creates) and O(removes), begin.
    type: str
  creates:
    description: The command is not run if this path exists; wildcards work.
    type: str
  removes:
    description: The command is not run unless this path exists; wildcards work.
    type: str
  ok_rc:
    description:
      - Exit codes that mean success. They are unsigned; a negative one means the same 32 bits.
      - C(robocopy) succeeds below 8, C(msiexec) with 0, 3010 and 1641.
    type: list
    elements: int
    default: [0]
  stdin:
    description: Text that the command reads from its standard input, which ends then. It is in no result.
    type: str
  timeout:
    description: Seconds after which the command is ended and the task fails.
    type: int
    default: 300
  codepage:
    description:
      - Code page of the shell. With V(65001) (UTF-8) some tools of Windows 7 misbehave (C(more), C(xcopy), C(for /f));
        give the host's OEM code page then, such as V(437) or V(850).
    type: int
    default: 65001
  oem_codepage:
    description:
      - How output is read that is no UTF-8 although O(codepage=65001), as old tools write it. A warning says that it
        was needed.
    type: int
    default: 850
extends_documentation_fragment:
  - otedge.endpoint.attributes
  - otedge.endpoint.attributes.controller
attributes:
  check_mode:
    support: partial
    details:
      - The command is skipped, unless O(creates) or O(removes) decide whether it would run; those are looked at.
  diff_mode:
    support: none
    details:
      - What a command changes is not known.
notes:
  - The host needs C(ansible_connection=winrm); C(psrp), C(ssh) and C(local) are refused.
  - The logon is a network logon. It has no credentials for a second server (file shares), no desktop, and ends with the
    shell, which ends every process the command left running. Start what has to go on with
    M(otedge.endpoint.cim_invoke) and C(Win32_Process.Create).
  - Command lines are seen by everybody who may list processes on the host, and may be logged there. Feed secrets by
    O(stdin), and set C(no_log).
  - Where the policy forbids remote shells, this fails and says so; M(otedge.endpoint.cim_info) and
    M(otedge.endpoint.windows_registry) still work.
seealso:
  - module: otedge.endpoint.cim_invoke
  - module: ansible.windows.win_command
    description: The same for hosts with PowerShell.
"""

EXAMPLES = r"""
- name: Read the addresses
  otedge.endpoint.winrs_command:
    cmd: ipconfig /all
  register: addresses
  changed_when: false

- name: Copy a folder once
  otedge.endpoint.winrs_command:
    argv: [robocopy, 'C:\HMI\Recipes', 'D:\Keep\Recipes', /E, '/R:2', '/W:5', /NP]
    creates: D:\Keep\Recipes
    ok_rc: [0, 1, 2, 3, 4, 5, 6, 7]
    timeout: 1800

- name: Install a package silently
  otedge.endpoint.winrs_command:
    argv: [msiexec, /i, 'C:\Stage\agent.msi', /qn, /norestart]
    ok_rc: [0, 3010]
    creates: C:\Program Files\Agent\agent.exe
"""

RETURN = r"""
cmd:
  description: What was run, as given.
  returned: always
  type: raw
  sample: ipconfig /all
rc:
  description: Exit code, unsigned.
  returned: always
  type: int
  sample: 0
stdout:
  description: Standard output, lines ending in LF.
  returned: always
  type: str
  sample: Windows IP Configuration
stdout_lines:
  description: Standard output by lines.
  returned: always
  type: list
  elements: str
  sample: [Windows IP Configuration]
stderr:
  description: Standard error output, lines ending in LF.
  returned: always
  type: str
  sample: ''
stderr_lines:
  description: Standard error output by lines.
  returned: always
  type: list
  elements: str
  sample: []
msg:
  description: Why the command did not run, or why it counts as failed.
  returned: in these cases
  type: str
  sample: "Did not run command since 'D:\\Keep\\Recipes' exists"
"""

from ansible_collections.otedge.endpoint.plugins.module_utils._module import controller_face
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.winrs_command import SPEC


def main() -> None:
    controller_face(SPEC)


if __name__ == "__main__":
    main()
