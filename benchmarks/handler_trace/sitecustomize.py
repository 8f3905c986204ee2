"""Loaded by every Python of a traced test run: notes what reaches the handlers that the plan names."""

from __future__ import annotations

import builtins
import json
import os
import sys
import threading
from types import FrameType
from typing import Any

_LEAVING = (SystemExit, KeyboardInterrupt, GeneratorExit)


class Watch:
    """The handlers to watch, and what has been noted so far."""

    def __init__(self, plan: dict[str, list[dict]], log: str) -> None:
        self.plan = plan
        self.log = log
        self.files: dict[str, list[dict]] = {}
        self.noted: set[tuple[str, int, str, str]] = set()

    def handlers_of(self, filename: str) -> list[dict]:
        """The handlers in a file, by the end of its path."""
        if filename not in self.files:
            path = filename.replace(os.sep, "/")
            self.files[filename] = next((found for name, found in self.plan.items() if path.endswith(f"/{name}")), [])
        return self.files[filename]

    def __call__(self, frame: FrameType, event: str, _arg: Any) -> Any:  # noqa: ANN401 - a trace function
        """Trace the frames of watched files."""
        return self.local if event == "call" and self.handlers_of(frame.f_code.co_filename) else None

    def local(self, frame: FrameType, event: str, arg: Any) -> Any:  # noqa: ANN401 - a trace function
        """Note the exceptions that pass through a watched body."""
        if event == "exception":
            line = frame.f_lineno
            around = [
                item for item in self.handlers_of(frame.f_code.co_filename) if item["first"] <= line <= item["last"]
            ]
            if around:
                self.note(frame, max(around, key=lambda item: item["first"]), arg[0], arg[1])
        return self.local

    def note(self, frame: FrameType, handler: dict, kind: type[BaseException], value: object) -> None:
        """Write down one exception, once for each kind at each handler."""
        name = frame.f_code.co_filename
        if issubclass(kind, (StopIteration, StopAsyncIteration)):
            return  # the end of a loop is told to the trace function, too, and reaches no handler
        inner = [item for item in handler["inner"] if item["first"] <= frame.f_lineno <= item["last"]]
        if any(catches(frame, item["types"], kind) for item in inner):
            return
        if issubclass(kind, _LEAVING):
            verdict = "leaves"
        else:
            verdict = "inside" if catches(frame, handler["types"], kind) else "outside"
        key = (name, handler["first"], kind.__qualname__, verdict)
        if key not in self.noted:
            self.noted.add(key)
            item = {"file": name, "first": handler["first"], "line": frame.f_lineno, "types": handler["types"]}
            item |= {"exception": f"{kind.__module__}.{kind.__qualname__}: {value}"[:200], "verdict": verdict}
            with open(self.log, "a", encoding="utf-8") as out:
                out.write(json.dumps(item) + "\n")


def catches(frame: FrameType, texts: list[str], kind: type[BaseException]) -> bool:
    """Whether handlers catch an exception, by their types as they are written there."""
    for text in texts:
        try:
            types = eval(text, frame.f_globals, {**vars(builtins), **frame.f_locals})  # noqa: S307
        except Exception:  # noqa: S112 - a name that is not bound here catches nothing
            continue
        if issubclass(kind, types):
            return True
    return False


if "HANDLER_PLAN" in os.environ:
    with open(os.environ["HANDLER_PLAN"], encoding="utf-8") as _plan:
        _watch = Watch(json.load(_plan), os.environ["HANDLER_LOG"])
    threading.settrace(_watch)
    sys.settrace(_watch)
