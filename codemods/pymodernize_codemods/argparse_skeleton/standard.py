"""What the standard has of a command line beside the script's own arguments: verbosity, and a check of what is read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from pymodernize.codemod import Codemod, Definition, Finding, Insertion, Rewrite
from pymodernize.rewriting.frame import reads_command_line
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import NameTaken, Reference, reference
from pymodernize_codemods._logging.configuration import existing
from pymodernize_codemods._script.entry import entry, sets_up
from pymodernize_codemods.argparse_skeleton.inputs import certain_inputs, sets_level

_VERBOSE = 'add_argument("-v", "--verbose", action="count", default=0, help="show more messages")'
_CHECK = "validate_inputs"


@dataclass(frozen=True)
class _CommandLine:
    """A ``main`` that reads its command line by a function of its own.

    Attributes:
        main: the function.
        parser: the function that reads the command line.
        given: the last statement of the parser's function, a ``return``.
        variable: the parser.
        read: the statement of ``main`` that calls it.
        space: what that binds.
        block: the statements around that.
    """

    main: ast.FunctionDef
    parser: ast.FunctionDef
    given: ast.Return
    variable: str
    read: ast.Assign
    space: str
    block: list[ast.stmt]

    @property
    def below(self) -> ast.stmt | None:
        """The statement below the one that reads the command line, and the one that sets the level by that."""
        rest = self.block[self.block.index(self.read) + 1 :]
        return next((item for item in rest if not sets_level(item)), None)


def find(codemod: Codemod, module: Module) -> Iterator[Finding]:
    """What is missing of the standard, in a script that has its command line and its log.

    Args:
        codemod: whose findings they are.
        module: the module.
    """
    if module.style != "standard" or not module.is_closed:
        return
    line = _command_line(module)
    logger = existing(module, "logger").logger if line is not None else None
    if line is None or line.below is None or logger is None:
        return
    try:
        if "verbose" not in module.identifiers and b'"-v"' not in module.source.data:
            yield codemod.finding(
                module, line.parser, "the script has no verbosity", _verbosity(module, line, line.below)
            )
        if _CHECK not in module.identifiers:
            yield from _checked(codemod, module, line, logger)
    except NameTaken as exc:
        yield codemod.finding(module, line.parser, "the command line falls short of the standard", reason=str(exc))


def _command_line(module: Module) -> _CommandLine | None:
    start = entry(module)
    if start is None or not start.exits or not any(sets_up(module, item) for item in start.main.body):
        return None
    for block in (start.main.body, *(item.body for item in start.main.body if isinstance(item, ast.Try))):
        for statement in block:
            match statement:
                case ast.Assign(targets=[ast.Name(id=space)], value=ast.Call(func=func, args=[], keywords=[])):
                    parser = module.local_function(func)
                case _:
                    continue
            if isinstance(parser, ast.FunctionDef) and reads_command_line(parser):
                match parser.body[-1]:
                    case ast.Return(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))) as given:
                        return _CommandLine(start.main, parser, given, name, statement, space, block)
    return None


def _verbosity(module: Module, line: _CommandLine, below: ast.stmt) -> Rewrite:
    """The rewrite that adds ``-v``, and sets the level by it."""
    logging = reference(module, "logging", line.main)
    name = logging.expression
    level = f"{name}.getLogger().setLevel({name}.DEBUG if {line.space}.verbose else {name}.INFO)"
    added = Insertion(line.given, f"{line.variable}.{_VERBOSE}")
    return Rewrite((), (logging,), insertions=(added, Insertion(below, level)))


def _checked(codemod: Codemod, module: Module, line: _CommandLine, logger: str) -> Iterator[Finding]:
    """The finding for paths that are read in every run, and not looked at before."""
    names = certain_inputs(module, line.parser, line.block, line.read, line.space)
    below = line.below
    if not names or below is None or module.fresh.name((_CHECK,), _CHECK) is None:
        return
    argparse = reference(module, "argparse", line.parser)
    path = reference(module, "pathlib.Path", line.parser) if not all(names.values()) else None
    paths = ", ".join(
        _as_path(f"{line.space}.{name}", path if not is_path else None) for name, is_path in names.items()
    )
    source = "\n".join(
        [
            f"def {_CHECK}({line.space}: {argparse.expression}.Namespace) -> bool:",
            '    """Whether what the script reads is there; what is not is logged."""',
            f"    missing = [path for path in [{paths}] if not path.exists()]",
            "    for path in missing:",
            f'        {logger}.error("no such file or folder: %s", path)',
            "    return not missing",
        ]
    )
    unit = module.indent
    start = module.span(below)[0]
    data = module.source.data
    margin = data[data.rfind(b"\n", 0, start) + 1 : start].decode()
    newline = module.source.newline
    check = f"if not {_CHECK}({line.space}):{newline}{margin}{unit}return 2"
    rewrite = Rewrite(
        (),
        (argparse, *([path] if path is not None else [])),
        (Definition(source),),
        (Insertion(below, check, order=1),),
    )
    yield codemod.finding(module, line.main, "what the script reads is not looked at first", rewrite)


def _as_path(expression: str, path: Reference | None) -> str:
    return f"{path.expression}({expression})" if path is not None else expression
