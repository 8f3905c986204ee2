"""Add the imports and definitions that rewrites need."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Sequence

from pymodernize.codemod import Definition
from pymodernize.rewriting import import_lists
from pymodernize.rewriting.fragments import Splice
from pymodernize.rewriting.frame import Slot, anchor, number_of, place_among, slot_of
from pymodernize.semantics.layout import IMPORTS, own_comment, preamble
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import Reference


def additions(
    module: Module,
    references: Iterable[Reference],
    definitions: Iterable[Definition],
    *,
    first_use: int | None = None,
    first_run: int | None = None,
) -> list[Splice]:
    """The splices that add what rewrites of one round need.

    Args:
        module: the model before the round's edits.
        references: the names used; those with an import are added, each once.
        definitions: statements for the place after the imports, each once.
        first_use: the offset of the first code outside of functions that uses
            a new import; None if there is none.
        first_run: the offset of the first code outside of functions that a
            rewrite changes or adds; None if there is none.
    """
    found = preamble(module)
    wanted = list(dict.fromkeys(definitions))
    splices: list[Splice] = []
    block = [item for item in found.imports if not _is_future(item)]
    if block and first_use is not None and first_use < _line_start(module, block[0]):
        block = []  # the module's own imports come too late for it
    # An import that stands there already, above one with a star, would be no better for standing there twice.
    there = {name for statement in block for name in _imported(statement)}
    asked = {item.statement for item in references if item.statement is not None}
    statements = _grouped({text for text in asked if not there.issuperset(_imported(ast.parse(text).body[0]))})
    alone = not block
    fresh = bool(statements) and alone
    places: dict[ast.stmt | None, list[str]] = {}
    for item in sorted(wanted, key=place_among):
        places.setdefault(_anchor(module, item, first_run, fresh=fresh), []).append(item.source)
    if fresh:
        splices.append(_first_imports(module, statements, followed=found.last in places))
    else:
        splices += _into_block(module, block, statements)
    for place, sources in places.items():
        own = fresh and place is found.last
        splices.append(_definitions(module, None if own else place, sources, below_import=own))
    return splices


def _anchor(module: Module, definition: Definition, first_run: int | None, *, fresh: bool) -> ast.stmt | None:
    """The statement behind which a definition goes; below new imports at the top of a file for what stands there."""
    slot = slot_of(definition)
    if fresh and slot < Slot.FUNCTION:
        return preamble(module).last
    return anchor(module, slot, first_run)


def above_its_uses(module: Module, definition: Definition, uses: Sequence[int]) -> bool:
    """Whether a new definition would stand above all code that uses it as the module is loaded.

    Args:
        module: the model before the edits.
        definition: the definition.
        uses: the offsets of that code.
    """
    first = min(uses, default=None)
    place = anchor(module, slot_of(definition), first)
    return first is None or (_line_end(module, place) if place is not None else module.once(_top)[0]) <= first


def _imported(statement: ast.stmt) -> Iterator[tuple[str, str, str | None]]:
    """The module, name and alias that an import statement imports."""
    home = "." * statement.level + (statement.module or "") if isinstance(statement, ast.ImportFrom) else ""
    for alias in statement.names if isinstance(statement, (ast.Import, ast.ImportFrom)) else ():
        yield home, alias.name, alias.asname


# --- adding ----------------------------------------------------------------------------------------------------


def _grouped(statements: set[str]) -> list[str]:
    """The statements in order, those from one module as one."""
    names: dict[str, list[str]] = {}
    plain: list[str] = []
    for statement in sorted(statements):
        head, found, name = statement.partition(" import ")
        if found:
            names.setdefault(head, []).append(name)
        else:
            plain.append(statement)
    return sorted([*plain, *(f"{head} import {', '.join(group)}" for head, group in names.items())], key=_sort_key)


def _sort_key(statement: str) -> tuple[bool, str]:
    return statement.startswith("from "), statement


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def _into_block(module: Module, block: list[ast.stmt], statements: list[str]) -> list[Splice]:
    newline = module.source.newline
    merged: list[Splice] = []
    splices: dict[int, list[str]] = {}
    run = _first_run(module, block) if block else []
    grouped = any(_library(item) for item in run)
    for statement in statements:
        into_list = _into_list(module, run, statement)
        if into_list is not None:
            merged += into_list
            continue
        splices.setdefault(_place(module, run, statement), []).append(statement + newline)
    if not grouped and all(_library(item) for statement in statements for item in ast.parse(statement).body):
        for lines in splices.values():
            lines.append(newline)  # the library's imports are a group of their own
    return merged + [Splice(offset, offset, _ended(module, offset, lines)) for offset, lines in splices.items()]


def _into_list(module: Module, run: list[ast.stmt], statement: str) -> list[Splice] | None:
    """The splices that add names to an import from the same module; None if there is none that could take them."""
    (new,) = ast.parse(statement).body
    if not isinstance(new, ast.ImportFrom):
        return None
    for item in run:
        if (
            isinstance(item, ast.ImportFrom)
            and (item.level, item.module) == (0, new.module)
            and item.names[0].name != "*"
        ):
            splices = import_lists.with_names(module, item, [ast.unparse(alias) for alias in new.names])
            if splices is not None:
                return splices
    return None


def _ended(module: Module, offset: int, lines: list[str]) -> bytes:
    """Lines for an offset; at the end of a file without a final newline they bring the missing one."""
    text = "".join(lines)
    if offset == len(module.source.data) and not module.source.data.endswith(b"\n"):
        text = module.source.newline + text[: -len(module.source.newline)]
    return text.encode("utf-8")


def _place(module: Module, run: list[ast.stmt], statement: str) -> int:
    """The offset of the line that a new import goes to: in order among its like, the library's first."""
    library = [item for item in run if _library(item)]
    if _by_module(library):
        above = [item for item in library if _home(item) <= _home(ast.parse(statement).body[0])]
        return _below(module, above[-1]) if above else _above(module, library[0])
    alike = [item for item in run if isinstance(item, ast.Import) != statement.startswith("from ") and _library(item)]
    before = [item for item in alike if ast.unparse(item).lower() <= statement.lower()]
    if before:
        return _below(module, before[-1])
    if alike:
        return _above(module, alike[0])
    if library:
        return _below(module, library[-1]) if statement.startswith("from ") else _above(module, library[0])
    return _above(module, run[0])


def _by_module(block: list[ast.stmt]) -> bool:
    """Whether imports stand in the order of their modules, both forms among each other."""
    forms = [isinstance(item, ast.ImportFrom) for item in block]
    return forms != sorted(forms) and [*map(_home, block)] == sorted(map(_home, block))


def _home(statement: ast.stmt) -> str:
    """The module that an import names first."""
    if isinstance(statement, ast.ImportFrom):
        return (statement.module or "").lower()
    return statement.names[0].name.lower() if isinstance(statement, ast.Import) else ""


def _first_run(module: Module, block: list[ast.stmt]) -> list[ast.stmt]:
    """The imports up to the first other statement: an import further down runs after it."""
    body = module.tree.body
    start = body.index(block[0])
    run = []
    for statement in body[start:]:
        if not isinstance(statement, IMPORTS):
            break
        run.append(statement)
    return run


def _library(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Import):
        return all(alias.name.partition(".")[0] in sys.stdlib_module_names for alias in statement.names)
    if isinstance(statement, ast.ImportFrom):
        return statement.level == 0 and (statement.module or "").partition(".")[0] in sys.stdlib_module_names
    return False


def _below(module: Module, statement: ast.stmt) -> int:
    """The offset below an import, or above it if something that may need the new one shares its line."""
    if all(isinstance(item, IMPORTS) for item in _on_its_lines(module, statement)):
        return _line_end(module, statement)
    return _line_start(module, statement)


def _above(module: Module, statement: ast.stmt) -> int:
    """The offset above an import, and above the comment that speaks of it."""
    line = own_comment(module, _on_its_lines(module, statement)[0])
    return _line_start(module, statement) if line is None else module.source.line_span(line)[0]


def _line_start(module: Module, statement: ast.stmt) -> int:
    first = _on_its_lines(module, statement)[0]
    return module.source.line_span(module.source.position(module.span(first)[0])[0])[0]


def _line_end(module: Module, statement: ast.stmt) -> int:
    last = _on_its_lines(module, statement)[-1]
    return module.source.line_span(last.end_lineno or last.lineno)[1]


def _on_its_lines(module: Module, statement: ast.stmt) -> list[ast.stmt]:
    """The statements of the module's body that share lines with one of them, itself included."""
    body, first = module.place(statement)
    last = first
    while first and _joined(module, body[first - 1], body[first]):
        first -= 1
    while last + 1 < len(body) and _joined(module, body[last], body[last + 1]):
        last += 1
    return body[first : last + 1]


def _joined(module: Module, above: ast.stmt, below: ast.stmt) -> bool:
    """Whether a statement begins on the line on which another ends, or on one that continues it."""
    end = above.end_lineno or above.lineno
    if below.lineno == end:
        return True
    line = module.source.line(end).rstrip(b"\r\n")
    return below.lineno == end + 1 and line.endswith(b"\\") and end not in module.comments_by_line


def _first_imports(module: Module, statements: list[str], *, followed: bool) -> Splice:
    """Imports for a file that has none: after docstring and ``__future__``, below the leading comments."""
    newline = module.source.newline
    offset, above = module.once(_top)
    before = newline if above else ""
    rest = module.source.data[offset:]
    wanted = 2 if _COMMENTS.sub(b"", rest.lstrip(b"\r\n"), 1).startswith(_DEFINITIONS) else 1
    blank = max(0, wanted - _leading_blank_lines(rest)) if rest.strip() and not followed else 0
    text = before + "".join(statement + newline for statement in statements) + newline * blank
    return Splice(offset, offset, _ended(module, offset, [text]))


def _top(module: Module) -> tuple[int, bool]:
    """Where a file's first import goes, and whether a blank line belongs above it."""
    body = module.tree.body
    future = [item for item in body if _is_future(item)]
    anchor = future[-1] if future else module.docstring
    if anchor is not None:
        return _line_end(module, anchor), True
    line = 1
    lines = len(module.source.line_starts)
    first = module.source.position(module.span(body[0])[0])[0] if body else lines
    while line < first and _is_comment_of_the_top(module, line):
        line += 1
    if line == first and body and _speaks_of_a_definition(module, body[0]):
        line = 1
        while line < first and _is_for_programs(module, line):
            line += 1
    if line > 1 and line < first and not module.source.line(line).strip():
        return module.source.line_span(line)[1], False
    return module.source.line_span(line)[0] if line <= lines else len(module.source.data), False


def _speaks_of_a_definition(module: Module, statement: ast.stmt) -> bool:
    """Whether the leading comments stand right above a function or class, and say nothing of the file's owners."""
    if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return False
    return _OWNERS.search(module.source.data[: module.span(statement)[0]]) is None


def _is_for_programs(module: Module, line: int) -> bool:
    """Whether a line of the leading comments is a shebang or declares an encoding."""
    text = module.source.line(line)
    return line <= 2 and (text.startswith(b"#!") or b"coding" in text or not text.strip())


def _is_comment_of_the_top(module: Module, line: int) -> bool:
    """Whether a line above all statements belongs to the file's leading comments."""
    text = module.source.line(line)
    # An encoding may be declared, indented even, below a blank first line; it must stay in the second.
    declared = line == 1 and not text.strip() and b"coding" in module.source.line(2)
    return text.startswith(b"#") or declared or line <= 2 and text.lstrip().startswith(b"#")


def _definitions(module: Module, anchor: ast.stmt | None, sources: Sequence[str], *, below_import: bool) -> Splice:
    """Statements after the import block, with the blank lines that PEP 8 asks for."""
    source = module.source
    offset = _line_end(module, anchor) if anchor is not None else module.once(_top)[0]
    # Variables first, and together; functions and classes apart, as PEP 8 has it.
    plain = _paragraphs([item for item in sources if not _is_block(item)])
    text = "\n\n\n".join(item for item in (plain, *filter(_is_block, sources)) if item)
    blocks = text.split("\n")
    before = 2 if blocks[0].startswith(("def ", "async def ", "class ", "@")) else 1
    if not below_import:
        before = max(0, before - _trailing_blank_lines(source.data[:offset])) if offset else 0
    following = source.data[offset:]
    blank = _leading_blank_lines(following)
    rest = _COMMENTS.sub(b"", following.lstrip(b"\r\n"), 1)
    wanted = 2 if blocks[-1][:1] in {" ", "\t"} or rest.startswith(_DEFINITIONS) else 1
    after = max(0, wanted - blank) if rest.strip() else 0
    indented = "\n".join(_indented(line, module.indent) for line in blocks)
    whole = "\n" * before + indented + "\n" + "\n" * after
    return Splice(offset, offset, _ended(module, offset, [whole.replace("\n", source.newline)]))


def _paragraphs(sources: Sequence[str]) -> str:
    """Statements with blank lines between them, but for numbers that get names one after the other."""
    text = ""
    for number, source in enumerate(sources):
        together = number and number_of(source) is not None and number_of(sources[number - 1]) is not None
        text += ("\n" if together else "\n\n" if number else "") + source
    return text


def _is_block(source: str) -> bool:
    """Whether statements have a function or a class among them."""
    return "\n    " in source


def _indented(line: str, unit: str) -> str:
    body = line.lstrip(" ")
    return unit * ((len(line) - len(body)) // 4) + body


_OWNERS = re.compile(rb"copyright|licen[cs]e|spdx|authors?\b|\(c\)", re.IGNORECASE)
_DEFINITIONS = (b"def ", b"class ", b"@", b"async def ")
# The comments that stand directly above a definition belong to it.
_COMMENTS = re.compile(rb"\A(?:#[^\n]*\n)+")


def _trailing_blank_lines(data: bytes) -> int:
    count = 0
    for line in reversed(data[-200:].split(b"\n")[:-1]):
        if line.strip():
            break
        count += 1
    return count


def _leading_blank_lines(data: bytes) -> int:
    count = 0
    for line in data[:200].split(b"\n")[:-1]:
        if line.strip():
            break
        count += 1
    return count
