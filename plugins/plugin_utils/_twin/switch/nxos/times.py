# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Times as the scheduler of the simulated NX-OS switch reads them."""

from __future__ import annotations

import calendar
import re
import time

from ..entry import CliError, Token


def start_line(words: list[Token], now: float) -> str:
    """Turn `+[[DD:]HH:]MM`, `HH:MM` or `YYYY:MM:DD:HH:MM` behind `time start` into the line that is stored.

    [assumed] Times are whole minutes: a delay ends at the beginning of its minute, up to 59 s early.

    Raises:
        CliError: another form, or trailing words other than `repeat`.
    """
    text, rest = words[0].text, words[1:]
    if text == "now":
        text = "+0:01"
    parts = text.lstrip("+").split(":")
    if not all(part.isdigit() for part in parts) or (len(parts) > 3 and len(parts) != 5):
        raise CliError("invalid", words[0].column)
    numbers = [int(part) for part in parts]
    if text.startswith("+"):
        at = now + 60 * minutes_of(numbers)
    elif len(numbers) == 5:
        at = float(calendar.timegm((*numbers, 0)))
    else:
        today = now - now % 86400 + 60 * minutes_of(numbers)
        at = today if today > now else today + 86400
    line = f"time start {time.strftime('%Y:%m:%d:%H:%M', time.gmtime(at))}"
    if not rest:
        return line
    if len(rest) != 2 or rest[0].text != "repeat" or not re.fullmatch(r"(\d+:){0,2}\d+", rest[1].text):
        raise CliError("invalid", rest[0].column)
    return f"{line} repeat {rest[1].text}"


def minutes_of(numbers: list[int]) -> int:
    """Give the minutes of [days, hours, minutes], of which the first may be missing."""
    days, hours, minutes = [0, 0, 0, *numbers][-3:]
    return 1440 * days + 60 * hours + minutes
