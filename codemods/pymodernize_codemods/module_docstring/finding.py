"""What a script is for and how it is called → its docstring."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import partial

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Codemod, Edit, Finding, Rewrite
from pymodernize.reasons import Reason
from pymodernize.semantics.module import Module
from pymodernize_codemods._script.brevity import is_short
from pymodernize_codemods._script.purpose import header, summarised
from pymodernize_codemods.module_docstring.command_lines import CommandLine, command_line
from pymodernize_codemods.module_docstring.writing import SHEBANG, extended, literal, placed, wrapped

_INDENT = "    "
# With fewer, a comment is a label: it does not say what the script does.
_FEWEST_WORDS = 3
_NOTHING_TO_IMPORT = "it defines nothing that has documentation, and one takes it in at a glance"
_READS = "the file shows its __doc__, which the rewrite changes"


def findings(codemod: Codemod, module: Module) -> Iterator[Finding]:
    """The script itself, if it lacks a docstring, the usage in it, or a shebang."""
    if not module.is_script or not module.is_closed or not module.tree.body:
        return
    told = command_line(module)
    if module.docstring is None:
        found = list(_missing(codemod, module, told))
    else:
        found = list(_short(codemod, module, module.docstring, told)) if told is not None else []
    # Who has not said what a file does may not start it by its name either.
    is_described = module.docstring is not None or any(item.rewrite is not None for item in found)
    if module.style != "plain" and is_described:
        yield from _shebang(codemod, module)
    yield from found


def _shebang(codemod: Codemod, module: Module) -> Iterator[Finding]:
    """The finding for a file that is started by its own name and does not say by what."""
    source = module.source
    if not module.facts.is_executable or source.data.startswith(b"#!"):
        return
    message, reason, rewrite = "the file can be started by its name and has no shebang", "", None
    if source.bom or source.newline != "\n":
        reason = Reason("shebang", "with Windows line ends or a byte order mark a shebang does not work")
    elif b"coding" in source.line(2) if len(source.line_starts) > 1 else False:
        reason = Reason("shebang", "the encoding stands in the second line, and counts in the first two alone")
    else:
        rewrite = Rewrite((Edit(module.tree, partial(placed, at=0, start=0, end=0, shebang=SHEBANG)),))
    yield codemod.finding(module, module.tree.body[0], message, rewrite, reason=reason)


def _missing(codemod: Codemod, module: Module, told: CommandLine | None) -> Iterator[Finding]:
    top = header(module)
    program = module.facts.name
    lines = summarised(top.text, program) if top.text else []
    # What a parser is told it shows by itself: in plain style it is not copied.
    if not lines and told is not None and module.style != "plain" and told.description.strip():
        lines = summarised(told.description.strip().splitlines(), program)
    if len(lines) == 1 and len(lines[0].split()) < _FEWEST_WORDS:
        lines = []
    lines = wrapped(lines, module.facts.line_length)
    # How a script is called says nothing of what it is for: its parser shows that as well.
    sections = _sections(module, told, lines) if lines else []
    lines += ["", *sections] if sections else []
    is_comment = bool(top.text) and top.start == top.top
    message = "the script has no docstring"
    if top.text:
        place = "in a comment" if is_comment else "below the imports"
        message = f"what the script is for stands {place}, not in a docstring"
    first = module.tree.body[0]
    if lines and module.guard is None and is_short(module, module.tree.body):
        yield codemod.finding(module, first, message, reason=Reason("short", _NOTHING_TO_IMPORT), kept=True)
        return
    docstring = literal(lines, module.source.newline, module.facts.line_length) if lines else None
    reason = _obstacle(module, docstring, bool(lines))
    if reason or docstring is None:
        yield codemod.finding(module, first, message, assumptions={CHANGES_BEHAVIOUR.name}, reason=reason)
        return
    place = partial(placed, at=top.top, start=top.start, end=top.end, docstring=docstring)
    yield codemod.finding(module, first, message, Rewrite((Edit(module.tree, place),), drops_comments=is_comment))


def _short(codemod: Codemod, module: Module, docstring: ast.Expr, told: CommandLine) -> Iterator[Finding]:
    text = str(ast.literal_eval(docstring.value))
    sections = _sections(module, told, text.splitlines())
    if not sections or "Usage:" not in sections:
        return
    source = module.text(docstring.value)
    whole = source.lower().startswith(('"""', "'''", 'r"""', "r'''")) and source.count(source[-3:]) == 2
    message = "the docstring does not say how the script is called"
    reason = _obstacle(module, source if whole else None, known=True)
    edit = Edit(docstring.value, partial(extended, sections=sections, newline=module.source.newline))
    rewrite = None if reason else Rewrite((edit,))
    yield codemod.finding(module, docstring, message, rewrite, reason=reason)


def _sections(module: Module, told: CommandLine | None, text: Sequence[str]) -> list[str]:
    """Usage and examples, where the program's name is known and the text says nothing of them.

    In plain style only of arguments that somebody has described, in a usage text say. Options
    are for ``--help`` to list: a copy of that list would have to be kept up.
    """
    program = module.facts.name
    if told is None or not program.isprintable() or program.startswith("<") or program == "-":
        return []
    if module.style == "plain" and not all(option.is_described for option in told.options):
        return []
    said = "\n".join(text).lower()
    if "usage" in said or f"{program.lower()} " in said:
        return []
    lines = ["Usage:", *(_INDENT + line for line in told.usage(program))]
    examples = told.examples(program)
    return [*lines, "", "Examples:", *(_INDENT + line for line in examples)] if examples else lines


def _obstacle(module: Module, docstring: str | None, known: bool) -> str:
    """Why a docstring cannot be written or changed, empty if it can."""
    if not known:
        return Reason("unknown-purpose", "nothing in the file says what it is for")
    if docstring is None:
        return Reason("text", "the text cannot stand in a docstring as it is")
    reads = any(node.id == "__doc__" for node in module.nodes(ast.Name))
    return (
        Reason("shown", _READS) if reads or any(node.attr == "__doc__" for node in module.nodes(ast.Attribute)) else ""
    )
