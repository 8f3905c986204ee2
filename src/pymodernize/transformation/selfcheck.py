"""Checks of every changed file before it is shown or written: the last line of defence, not the first."""

from __future__ import annotations

import ast
import sys
from collections import Counter

from pymodernize.plan import Plan
from pymodernize.semantics.module import Module
from pymodernize.semantics.script_metadata import lines_of, metadata_block
from pymodernize.source import SourceFile

QUESTIONS = (
    "It parses, and compiles, for the target version.",
    "It uses no undefined names but those that it used before.",
    "The names that other files use of it are there.",
    "All its comments are there, and no others, unless a rewrite says so.",
    "It has the encoding, the byte order mark and the line ends that it had.",
    "Each name outside of what was rewritten is bound where it was.",
    "No name is read before it is bound while the file is loaded.",
)
"""What every result is asked before it is offered; the last two round by round, by the modules about bindings."""


def problem(
    before: Module, after: SourceFile, plan: Plan, *, comments_may_go: bool, model: Module | None = None
) -> str | None:
    """Say what is wrong with a rewritten file, None if nothing is.

    Args:
        before: the file as it was given.
        after: the file as rewritten.
        plan: for the version of Python that it must parse for.
        comments_may_go: whether an applied finding said that it removes some.
        model: the model of the rewritten file, if the caller has made one.
    """
    made = None
    try:
        if model is None or plan.target_version < sys.version_info[:2]:
            tree = _parsed(before, after, plan)
            model = model or (made := Module(after, before.facts, tree))
        found = _difference(before, model, comments_may_go=comments_may_go)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as exc:
        return f"the result does not parse: {exc}"
    if made is not None:
        made.dissolve()
    return found or _encoding_problem(before.source, after)


def _difference(before: Module, after: Module, *, comments_may_go: bool) -> str | None:
    """What is wrong with a result that parses, beside the file as it was given."""
    unresolved = after.unresolved - before.unresolved
    if (refused := _refused(after)) and not _refused(before):
        return f"the result does not compile: {refused}"
    if unresolved:
        return f"the result uses undefined names: {', '.join(sorted(unresolved))}"
    if gone := (before.imported_names_used_elsewhere or set()) & _own_names(before) - _own_names(after):
        return f"other files use names that would be gone: {', '.join(sorted(gone))}"
    if lost := _comments(before) - _comments(after):
        if not comments_may_go:
            return f"a comment would be lost: {next(iter(lost))}"
    if added := _comments(after) - _comments(before) - _new_shebang(before, after) - _new_metadata(before, after):
        return f"a comment would appear: {next(iter(added))}"
    return None


def _parsed(before: Module, after: SourceFile, plan: Plan) -> ast.Module:
    """The tree of the result, for the target version if the file as it was given is fit for that."""
    try:
        return ast.parse(after.text, feature_version=plan.target_version)
    except SyntaxError:
        try:
            ast.parse(before.source.text, feature_version=plan.target_version)
        except SyntaxError:
            return ast.parse(after.text)
        raise


def _refused(module: Module) -> str | None:
    """The compiler's error for a tree that parses: ``return`` outside of a function, a late ``__future__``."""
    try:
        compile(module.source.text, "<result>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as exc:
        return str(exc)
    return None


def _own_names(module: Module) -> set[str]:
    """The names that a module binds itself."""
    return set(module.index.scope.bindings)


def _comments(module: Module) -> Counter[str]:
    return Counter(comment.text for comment in module.comments)


def _new_shebang(before: Module, after: Module) -> Counter[str]:
    """The first line of the result, where it is a shebang and the file had none: to the system that is no comment."""
    first = after.source.line(1).rstrip(b"\r\n")
    if not first.startswith(b"#!") or before.source.data.startswith(b"#!"):
        return Counter()
    return Counter([first.decode("utf-8")])


def _new_metadata(before: Module, after: Module) -> Counter[str]:
    """The block of metadata of the result, where the file had none: to what installs libraries that is no comment."""
    lines, old = lines_of(after), lines_of(before)
    block = metadata_block(lines)
    return Counter(lines[block.start : block.stop] if block is not None and metadata_block(old) is None else ())


def _encoding_problem(before: SourceFile, after: SourceFile) -> str | None:
    old, new = _newlines(before.data), _newlines(after.data)
    if not new <= (old or {before.newline}):
        return "the result mixes newlines that the file did not have"
    try:
        again = SourceFile.decode(after.encode())
    except ValueError as exc:
        return f"the result cannot be written in {before.encoding}: {exc}"
    if (again.encoding, again.bom, again.data) != (before.encoding, before.bom, after.data):
        return "the result would be read in another encoding"
    return None


def _newlines(data: bytes) -> set[str]:
    kinds = set()
    windows = data.count(b"\r\n")
    if windows:
        kinds.add("\r\n")
    if data.count(b"\n") > windows:
        kinds.add("\n")
    return kinds
