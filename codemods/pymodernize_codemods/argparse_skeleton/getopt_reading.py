"""A command line that getopt reads: its call, the loop over the options that it gives, and what that does with each."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import Binding, Scope
from pymodernize_codemods._script.entry import sets_up
from pymodernize_codemods._script.failing import Failing
from pymodernize_codemods.argparse_skeleton.getopt_branches import (
    BranchReader,
    GetoptLoop,
    OptionEffect,
    read_getopt_loop,
)
from pymodernize_codemods.argparse_skeleton.optparse_text import known_text
from pymodernize_codemods.argparse_skeleton.reasons import NotConvertible


@dataclass(frozen=True)
class GetoptCommandLine:
    """What was read.

    Attributes:
        module: the module.
        call: the call of getopt.
        given: the source of the list that it reads, empty for the arguments of the process.
        declared: the options that it is told of, and whether each takes a value.
        rest: the name that the arguments are put into.
        anchor: the statement of the call, or the ``try`` around it.
        loop: the loop over the options.
        effects: what each option does, in the order of the loop.
    """

    module: Module
    call: ast.Call
    given: str
    declared: Mapping[str, bool]
    rest: ast.Name
    anchor: ast.stmt
    loop: ast.For
    effects: Sequence[OptionEffect]

    @property
    def is_mixed(self) -> bool:
        """Whether options are taken behind arguments, too."""
        return self.module.qualified_name(self.call.func) == "getopt.gnu_getopt"


def read_getopt(module: Module, call: ast.Call, failing: Failing) -> GetoptCommandLine:
    """Read one command line.

    Args:
        module: the module.
        call: the call of getopt.
        failing: tells what ends the script.

    Raises:
        NotConvertible: it does what argparse does not.
    """
    given = _arguments_given(module, call)
    declared = _declared_options(module, call)
    options, rest = _targets(module, call)
    anchor = _anchor(module, call, failing)
    statement = _loop_statement(module, anchor, options, failing)
    loop = read_getopt_loop(statement, failing)
    _refuse_reads(module, options, statement, loop)
    effects = _effects(loop, declared, BranchReader(module, loop, failing))
    return GetoptCommandLine(module, call, given, declared, rest, anchor, statement, effects)


# --- the call --------------------------------------------------------------------------------------------------


def _arguments_given(module: Module, call: ast.Call) -> str:
    """The source of the list that is read, empty for the arguments of the process."""
    if call.keywords or not 2 <= len(call.args) <= 3 or any(isinstance(arg, ast.Starred) for arg in call.args):
        raise NotConvertible("getopt is called in an unusual way")
    given = call.args[0]
    if module.qualified_name(given) == "sys.argv":
        raise NotConvertible("the name of the script is read as one of its arguments")
    if isinstance(given, ast.Subscript) and module.qualified_name(given.value) == "sys.argv":
        match given.slice:
            case ast.Slice(lower=ast.Constant(value=1), upper=None, step=None):
                return ""
    return module.text(given)


def _declared_options(module: Module, call: ast.Call) -> dict[str, bool]:
    """The options that getopt is told of, and whether each takes a value."""
    short = known_text(module, call.args[1])
    if short is None:
        raise NotConvertible("the options are made elsewhere")
    short = short.lstrip("+")
    if "::" in short or short.startswith((":", "-")):
        raise NotConvertible("options with a value that may be left out")
    declared = {
        f"-{letter}": short[place + 1 : place + 2] == ":" for place, letter in enumerate(short) if letter != ":"
    }
    for name in _long_names(module, call):
        declared[f"--{name.rstrip('=')}"] = name.endswith("=")
        if "=?" in name:
            raise NotConvertible("options with a value that may be left out")
    if any(flag[1:].isdigit() for flag in declared):
        raise NotConvertible("an option looks like a negative number to argparse")
    return declared


def _long_names(module: Module, call: ast.Call) -> list[str]:
    """The long options as they are written for getopt."""
    if len(call.args) < 3:
        return []
    given = call.args[2]
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        return [given.value] if given.value else []
    names = [known_text(module, item) for item in given.elts] if isinstance(given, (ast.List, ast.Tuple)) else [None]
    if None in names:
        raise NotConvertible("the options are made elsewhere")
    return [name for name in names if name]


def _targets(module: Module, call: ast.Call) -> tuple[ast.Name, ast.Name]:
    """The names that options and arguments are put into."""
    match module.parent(call):
        case ast.Assign(
            targets=[
                ast.Tuple(elts=[ast.Name() as options, ast.Name() as rest])
                | ast.List(elts=[ast.Name() as options, ast.Name() as rest])
            ]
        ):
            return options, rest
    raise NotConvertible("what getopt gives is not taken apart where it is called")


def _anchor(module: Module, call: ast.Call, failing: Failing) -> ast.stmt:
    """The statement of the call, or the ``try`` around it."""
    statement = module.statement(call)
    around = module.parent(statement)
    if not isinstance(around, ast.Try) or statement not in around.body:
        return statement
    plain = len(around.body) == 1 and not around.orelse and not around.finalbody
    if not plain or not all(failing.fails(handler.body) for handler in around.handlers):
        raise NotConvertible("what happens to wrong options is nothing that argparse does")
    return around


# --- the loop --------------------------------------------------------------------------------------------------


def _loop_statement(module: Module, anchor: ast.stmt, options: ast.Name, failing: Failing) -> ast.For:
    """The loop over the options that follows, with nothing but defaults in between."""
    block = module.block(anchor)
    for statement in block[block.index(anchor) + 1 :]:
        if isinstance(statement, ast.For) and isinstance(statement.iter, ast.Name):
            if statement.iter.id == options.id:
                return statement
        checks = isinstance(statement, ast.If) and not statement.orelse and failing.fails(statement.body)
        if not checks and not _is_apart(statement, options) and not sets_up(module, statement):
            raise NotConvertible(f"line {statement.lineno}: something else is done before the options are looked at")
    raise NotConvertible("no loop over the options follows")


def _is_apart(statement: ast.stmt, options: ast.Name) -> bool:
    """Whether a statement only sets variables, and has nothing to do with the options."""
    if not isinstance(statement, ast.Assign) or not all(isinstance(item, ast.Name) for item in statement.targets):
        return False
    return not any(isinstance(node, ast.Name) and node.id == options.id for node in ast.walk(statement))


def _refuse_reads(module: Module, options: ast.Name, statement: ast.For, loop: GetoptLoop) -> None:
    """Raise NotConvertible if the options, or the names of the loop, are read anywhere else."""
    for name, inside in ((options.id, statement.iter), (loop.option, None), (loop.value, None)):
        found = module.scope(options).lookup(name)
        reads = module.uses(found[1][0]) if found is not None else []
        for read in reads:
            if read is inside or inside is None and module.is_inside(read, statement):
                continue
            if inside is None and _is_bound_anew(module, found, read, statement):
                continue
            raise NotConvertible(f"line {read.lineno}: {name} is read once more")


def _is_bound_anew(
    module: Module, found: tuple[Scope, list[Binding]] | None, read: ast.Name, statement: ast.For
) -> bool:
    """Whether a name of the loop is certainly bound again before it is read below."""
    for binding in found[1] if found is not None else ():
        around = module.parent(binding.node)
        loop = module.parent(around) if isinstance(around, ast.Tuple) else around
        if isinstance(loop, ast.For) and loop is not statement and module.is_inside(read, loop):
            return True
        if isinstance(around, ast.Assign) and around.lineno > (statement.end_lineno or 0):
            block, own = module.block(around), module.statement(read)
            if any(item is around for item in block) and around.lineno < own.lineno:
                if any(item in block[block.index(around) :] for item in (own, *module.ancestors(read))):
                    return True
    return False


def _effects(loop: GetoptLoop, declared: Mapping[str, bool], reader: BranchReader) -> list[OptionEffect]:
    """What each option does, in the order of the loop."""
    effects: list[OptionEffect] = []
    handled: set[str] = set()
    for flags, body in loop.branches:
        known = tuple(flag for flag in flags if flag in declared)
        handled.update(known)
        if not known:
            continue
        effect = reader.effect(known, body)
        if {declared[flag] for flag in known} != {effect.takes_value}:
            wrong = "has no value" if effect.takes_value else "does not use its value"
            raise NotConvertible(f"line {body[0].lineno}: {known[0]} {wrong}")
        effects.append(effect)
    ignored = [flag for flag in declared if flag not in handled]
    if ignored and not loop.refuses:
        raise NotConvertible(f"{ignored[0]} is accepted and does nothing")
    return effects
