"""getopt and the loop over what it gives → a function that reads the command line with argparse."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from pymodernize.codemod import Codemod, Definition, Edit, Finding, Rewrite
from pymodernize.semantics.module import Module
from pymodernize.semantics.values import Cell
from pymodernize_codemods._script.failing import Failing
from pymodernize_codemods._script.object_flow import contents_of
from pymodernize_codemods._script.parsers import Argument, Parser, quoted
from pymodernize_codemods._script.placing import (
    expression_edit,
    have_comments,
    needless_imports,
    removal,
    statements_edit,
)
from pymodernize_codemods._script.remaining_arguments import RemainingArguments, Word, remaining_arguments
from pymodernize_codemods.argparse_skeleton.getopt_branches import ShowsHelp
from pymodernize_codemods.argparse_skeleton.getopt_defaults import OptionDefaults
from pymodernize_codemods.argparse_skeleton.getopt_options import OWN_HELP, GetoptArguments, destinations
from pymodernize_codemods.argparse_skeleton.getopt_reading import GetoptCommandLine, read_getopt
from pymodernize_codemods.argparse_skeleton.getopt_usage import read_usage_text
from pymodernize_codemods.argparse_skeleton.library_findings import finding_of
from pymodernize_codemods.argparse_skeleton.reasons import IGNORED, NotConvertible
from pymodernize_codemods.argparse_skeleton.usage import description
from pymodernize_codemods.argparse_skeleton.verbosity import Verbosity, verbosity

_FUNCTIONS = ("getopt.getopt", "getopt.gnu_getopt")
_DROPS = ("getopt", *_FUNCTIONS, "getopt.GetoptError", "getopt.error", "sys", "sys.argv", "os", "os.path")
_NAMES = ("parse_arguments", "parse_command_line", "read_command_line")
_VARIABLES = ("arguments", "parsed", "namespace")
_LOOKS = frozenset(f"builtins.{name}" for name in "len sorted enumerate iter reversed bool set".split())


def find(codemod: Codemod, module: Module) -> Iterator[Finding]:
    """Every command line that getopt reads.

    Args:
        codemod: whose findings they are.
        module: the module.
    """
    if b"getopt" not in module.source.data:
        return
    for call in module.calls(*_FUNCTIONS):
        yield finding_of(codemod, module, call, "getopt", lambda call=call: _conversion(module, call))


def _conversion(module: Module, call: ast.Call) -> tuple[Rewrite, list[str]]:
    """The rewrite of one call of getopt, and why it may break the script.

    Raises:
        NotConvertible: there is none.
    """
    if not module.is_closed:
        raise NotConvertible("other files may use what is in this one")
    failing = Failing(module)
    line = read_getopt(module, call, failing)
    variable = _free(module, _VARIABLES)
    remaining = _remaining(line, variable, failing, None)
    gone = [line.anchor, line.loop, *remaining.checks]
    functions = _unused_functions(module, gone)
    texts = [text for text in (module.docstring_text, *_long_constants(module)) if text]
    usage = read_usage_text(module, [*functions, *_called(module, gone, functions), *gone], texts)
    if usage.words:  # the names of the arguments come from the text
        remaining = _remaining(line, variable, failing, usage.words)
    defaults = OptionDefaults(module, line.anchor, line.loop)
    defaults.find(line.effects)
    arguments, unpacked = GetoptArguments(module, variable, defaults).arguments(line.effects, usage)
    arguments += remaining.positionals
    if remaining.kept is not None:
        unpacked.append([f"{line.rest.id} = {variable}.{remaining.kept}"])
    old = [line.anchor, line.loop, *remaining.checks]
    at = line.anchor if unpacked else old[-1]
    more = _verbosity(line, at, arguments, [*gone, *functions])
    if more is not None:
        arguments.append(more.argument)
    mixed = remaining.is_list and bool(line.effects) and line.is_mixed
    parser = Parser(_free(module, _NAMES), tuple(arguments), _settings(line), intermixed=mixed)
    source, references = parser.definition(module, module.tree.body[-1], given=bool(line.given))
    new = [[f"{variable} = {parser.name}({line.given})"]]
    edits: list[Edit] = []
    if more is not None:
        references = (*references, more.logging)
        new += [lines] if (lines := more.statement(variable)) else []
        edits += [expression_edit(module, node, text) for node, text in more.asked(module, variable).items()]
    edits.append(statements_edit(module, at, new, keeper=-1))
    if unpacked:
        edits.append(statements_edit(module, line.loop, unpacked, keeper=-1))
        old.remove(line.loop)
    edits += [removal(statement) for statement in old if statement is not at]
    edits += [expression_edit(module, read, text) for read, text in remaining.reads]
    edits += [removal(statement) for statement in defaults.removed]
    edits += needless_imports(module, "getopt", [edit.node for edit in edits])
    if functions:  # the function that parses takes the place of one that showed the usage
        edits += [removal(function) for function in functions[1:]]
        edits.append(statements_edit(module, functions[0], [source.split("\n")], keeper=-1))
    rewrite = Rewrite(
        tuple(edits),
        references=references,
        definitions=() if functions else (Definition(source),),
        drops=_DROPS,
        drops_comments=have_comments(module, [*gone, *functions, *defaults.removed]),
    )
    doubts = [IGNORED] if _reads(line) == [] else []
    return rewrite, [*doubts, *_abbreviations(line), *_orders(line)]


def _orders(line: GetoptCommandLine) -> Iterator[str]:
    """Whether the arguments may be a command line of their own, whose options are not the script's."""
    module = line.module
    if line.is_mixed:
        return
    scope = module.scope(line.rest)
    for name in module.nodes(ast.Name):
        if name.id != line.rest.id or not isinstance(name.ctx, ast.Load) or module.scope(name) is not scope:
            continue
        parent = module.parent(name)
        handed = isinstance(parent, (ast.Call, ast.Starred, ast.BinOp, ast.Return, ast.Assign, ast.keyword))
        if handed and not (isinstance(parent, ast.Call) and module.qualified_name(parent.func) in _LOOKS):
            yield "getopt takes no options behind the first argument, argparse does, and the arguments go elsewhere"
            return


def _abbreviations(line: GetoptCommandLine) -> Iterator[str]:
    """What getopt takes as short for an option, and argparse also for its own --help."""
    name = next((flag for flag in line.declared if flag.startswith("--h") and flag != "--help"), None)
    if name is not None and "--help" not in line.declared:
        yield f"--h is short for {name} to getopt, and may be --help to argparse"


def _reads(line: GetoptCommandLine) -> list[ast.expr] | None:
    """The reads of the arguments, None if some are out of sight."""
    found = line.module.scope(line.rest).lookup(line.rest.id)
    contents = contents_of(line.module, Cell(found[0], line.rest.id)) if found is not None else None
    return list(contents.reads) if contents is not None and len(contents.targets) == 1 else None


def _remaining(
    line: GetoptCommandLine, variable: str, failing: Failing, words: Sequence[Word] | None
) -> RemainingArguments:
    """What becomes of the arguments.

    Args:
        line: the command line.
        variable: what the namespace is called.
        failing: tells what ends the script.
        words: what the usage line says of them.
    """
    module, reads = line.module, _reads(line)
    if reads == []:
        return RemainingArguments(())
    block = module.block(line.loop)
    first, last = block.index(line.anchor), block.index(line.loop)
    following = [*(item for item in block[first:last] if isinstance(item, ast.If)), *block[last + 1 :]]
    found = module.scope(line.rest).lookup(line.rest.id)
    if found is not None and found[0] is not module.scope(line.anchor):
        reads = None  # a global list, which the function alone gets its namespace for
    taken = {name for pair in destinations(line.effects).items() for name in pair}
    return remaining_arguments(module, reads, following, words, lambda _: variable, failing.fails, taken)


def _unused_functions(module: Module, gone: Sequence[ast.stmt]) -> list[ast.FunctionDef]:
    """The functions of a file that nothing calls any more: they showed the usage."""
    nodes = {node for statement in gone for node in ast.walk(statement)}
    found: list[ast.FunctionDef] = []
    before = -1
    while before < len(found):
        before = len(found)
        for function in module.tree.body:
            if isinstance(function, ast.FunctionDef) and function not in found:
                calls = module.every_call(function)
                if calls and nodes.issuperset(calls):
                    found.append(function)
                    nodes.update(ast.walk(function))
    return found


def _called(module: Module, gone: Sequence[ast.stmt], unused: Sequence[ast.FunctionDef]) -> list[ast.FunctionDef]:
    """Further functions that the old code calls: they show the usage, and have other callers."""
    calls = [node for statement in gone for node in ast.walk(statement) if isinstance(node, ast.Call)]
    found = dict.fromkeys(module.local_function(call.func) for call in calls)
    return [item for item in found if isinstance(item, ast.FunctionDef) and item not in unused]


def _long_constants(module: Module) -> Iterator[str]:
    """The texts of several lines that module-level names hold, such as ``USAGE``."""
    for statement in module.tree.body:
        match statement:
            case ast.Assign(value=ast.Constant(value=str(text))) if "\n" in text:
                yield text


def _free(module: Module, names: Sequence[str]) -> str:
    """The first of some names that nothing in the file has."""
    found = module.fresh.name(names, names[0])
    if found is None:
        raise NotConvertible(f"the name {names[0]} is taken")
    return found


def _verbosity(
    line: GetoptCommandLine, at: ast.stmt, arguments: Sequence[Argument], gone: Sequence[ast.stmt]
) -> Verbosity | None:
    """The option that shows more messages, where no abbreviation of another is in doubt by it."""
    if any(flag == "-v" or flag.startswith("--v") for flag in line.declared):
        return None
    nodes = {node for statement in gone for node in ast.walk(statement)}
    return verbosity(line.module, at, arguments, nodes.__contains__)


def _settings(line: GetoptCommandLine) -> tuple[tuple[str, str], ...]:
    """The settings of the parser itself."""
    settings: list[tuple[str, str]] = []
    if said := description(line.module):
        settings.append(("description", quoted(said)))
    if any(OWN_HELP & set(effect.flags) and not isinstance(effect, ShowsHelp) for effect in line.effects):
        settings.append(("add_help", "False"))
    return tuple(settings)
