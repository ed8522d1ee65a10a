# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several writes at a time, stage by stage; after a failure no other begins, and what was written is told.

A stage is a set of writes that do not need one another; the next stage begins when all of it is done. Nothing is
written twice: what failed is left to the next run, which reads the server anew.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError, RefusedError, TalkError

Row = dict[str, Any]
_AGAIN = "Run it again: it reads the server anew and writes only what is left."


@dataclass
class Applied:
    """What applying told.

    ``ids``: of new objects, by MAC or path. ``doubt``: the server must be read again to be sure. ``written``: one row
    ``{action, item}`` a thing written, in the order of its end.
    """

    ids: dict[str, str] = field(default_factory=dict)
    doubt: bool = False
    written: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Write:
    """One request that changes something: how to send it, and the rows people see of it.

    ``send`` gives the rows that were written if they are not all of them, else None. An error of it that holds
    ``written`` in its details came after these were written.
    """

    send: Callable[[], Sequence[Row] | None]
    rows: tuple[Row, ...]


def written(action: str, *items: str) -> tuple[Row, ...]:
    """Give the rows of a write: what is done (``created``) and to which things."""
    return tuple({"action": action, "item": item} for item in items)


def carry_out(stages: Iterable[Iterable[Write]], applied: Applied, parallel: int = 1) -> None:
    """Send all writes, ``parallel`` at a time within a stage.

    Raises:
        OtedgeError: that of the first write that failed; ``details`` get the rows ``written``, ``failed`` (the server
            refused), ``unknown`` (the answer was lost, so it may have been done) and ``left`` (never sent).
    """
    waiting = [list(stage) for stage in stages]
    for number, stage in enumerate(waiting):
        errors, begun = _send(stage, applied, parallel)
        if errors:
            left = [*stage[begun:], *(write for later in waiting[number + 1 :] for write in later)]
            raise _told(errors, stage, left, applied)


def _send(stage: Sequence[Write], applied: Applied, parallel: int) -> tuple[dict[int, Exception], int]:
    """Send one stage; give the errors by place, and how many writes were begun."""
    errors: dict[int, Exception] = {}
    stop, lock = threading.Event(), threading.Lock()
    places = iter(range(len(stage)))
    begun = 0

    def work() -> None:
        nonlocal begun
        while True:
            with lock:
                place = None if stop.is_set() else next(places, None)
                if place is None:
                    return
                begun += 1
            try:
                done = stage[place].send()
            except Exception as exc:  # whatever it is: no other write may begin, and the caller raises it
                errors[place] = exc
                stop.set()
                return
            with lock:
                applied.written.extend(stage[place].rows if done is None else done)

    threads = min(parallel, len(stage))
    if threads <= 1:
        work()
        return errors, begun
    with ThreadPoolExecutor(threads, thread_name_prefix="ums") as pool:
        try:
            for waiting in [pool.submit(work) for _number in range(threads)]:
                waiting.result()
        except BaseException:
            stop.set()  # an interrupt: let those under way end, begin no other
            raise
    return errors, begun


def _told(errors: dict[int, Exception], stage: Sequence[Write], left: Sequence[Write], applied: Applied) -> Exception:
    """Give the error to raise, with what was done and what was not."""
    first = errors[min(errors)]
    foreign = next((exc for exc in errors.values() if not isinstance(exc, OtedgeError)), None)
    if foreign is not None or not isinstance(first, OtedgeError):
        return foreign or first
    done = {place for place, exc in errors.items() if isinstance(exc, OtedgeError) and exc.details.get("written")}
    lost = {place for place, exc in errors.items() if isinstance(exc, TalkError)} - done
    unsent = {place for place, exc in errors.items() if isinstance(exc, RefusedError)} - done  # by us, before it
    first.details.update(
        written=[*applied.written, *(row for place in sorted(done) for row in stage[place].rows)],
        failed=[row for place in sorted(errors.keys() - lost - done - unsent) for row in stage[place].rows],
        unknown=[row for place in sorted(lost) for row in stage[place].rows],
        left=[row for write in (*(stage[place] for place in sorted(unsent)), *left) for row in write.rows],
    )
    return first


def tell(exc: OtedgeError, earlier: Sequence[Row]) -> None:
    """Put into an error what was written before it, ``earlier`` rounds included, and that the next run goes on.

    An error of a command that went to some devices only says all that by itself, and must not be told to be repeated.
    """
    details = exc.details
    if earlier:  # a later round was refused, and its plan knows nothing of the round before
        exc.message = exc.message.removeprefix("Nothing was changed: ")
    in_the_middle = bool(earlier) or "left" in details  # see carry_out
    details["written"] = [*earlier, *details.get("written", ())]
    for key in ("failed", "unknown", "left"):
        details.setdefault(key, [])
    done, failed, unknown, left = (len(details[key]) for key in ("written", "failed", "unknown", "left"))
    if not in_the_middle or not (done or left):
        return
    lost = f", {unknown} not known (its answer was lost)" if unknown else ""
    refused = f", {failed} failed" if failed > 1 else ""
    exc.message = f"{exc.message} In all {done} written{refused}{lost}, {left} left."
    if "un it again" not in exc.fix:
        exc.fix = f"{exc.fix} {_AGAIN}".strip()
