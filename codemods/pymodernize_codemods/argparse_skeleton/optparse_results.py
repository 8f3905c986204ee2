"""What ``parse_args`` of optparse gives, options and arguments, and how the script uses it with argparse."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pymodernize.codemod import Edit, Insertion
from pymodernize.semantics.module import Module
from pymodernize.semantics.values import Cell
from pymodernize_codemods._script.call_source import CallChange, changed_call
from pymodernize_codemods._script.failing import Failing
from pymodernize_codemods._script.object_flow import Follower, contents_of
from pymodernize_codemods._script.parsers import Argument
from pymodernize_codemods._script.placing import expression_edit, have_comments, insertion, removal, statements_edit
from pymodernize_codemods._script.remaining_arguments import (
    RemainingArguments,
    Word,
    remaining_arguments,
    usage_words,
)
from pymodernize_codemods._script.truth_tests import is_only_tested
from pymodernize_codemods.argparse_skeleton.optparse_options import OptparseOption
from pymodernize_codemods.argparse_skeleton.optparse_uses import ParserUses
from pymodernize_codemods.argparse_skeleton.reasons import IGNORED, NotConvertible

_VALUES_ONLY = frozenset({"ensure_value", "read_file", "read_module"})
_BY_NAME = frozenset({"builtins.getattr", "builtins.hasattr", "builtins.setattr", "builtins.delattr"})
_PLAIN_PAIR = (ast.For, ast.comprehension, ast.Starred)
_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True)
class Site:
    """A place where the pair is taken apart.

    Attributes:
        statement: the assignment.
        value: the expression that gives the pair.
        options: what the options are put into.
        arguments: what the arguments are put into; None if they are not wanted.
    """

    statement: ast.Assign
    value: ast.expr
    options: ast.expr
    arguments: ast.expr | None


class Results:
    """Work out what becomes of the pair.

    Args:
        module: the module.
        call: the constructor of the parser.
        uses: what the script does with the parser.
        options: all options of the parser.
    """

    def __init__(self, module: Module, call: ast.Call, uses: ParserUses, options: Sequence[OptparseOption]) -> None:
        self.module = module
        self.call = call
        self.uses = uses
        self.options = options
        self.edits: list[Edit] = []
        self.insertions: list[Insertion] = []
        self.doubts: list[str] = []
        self.positionals: tuple[Argument, ...] = ()
        self.checks: tuple[ast.stmt, ...] = ()
        self.says_usage = False
        self.beside = False
        self.attributes: dict[str, list[ast.expr]] = {}
        self.observed = False
        self.origins: list[ast.expr] = []

    def read(self, usage: str | None) -> None:
        """Find the places, and make the edits there.

        Args:
            usage: the text that shows how the script is called; None if it is not known.

        Raises:
            NotConvertible: the pair is used in a way that a namespace has no like of.
        """
        if len(self.uses.parses) > 1:
            raise NotConvertible("arguments are read in several places")
        ((parse, owner),) = self.uses.parses
        self.refuse_arguments(parse)
        sites = list(self.sites(parse))
        if len(sites) > 1:
            raise NotConvertible("what is read is taken apart in several places")
        words = _words(usage)
        if not sites:
            self.doubts.append(IGNORED)
            return
        (site,) = sites
        self.read_options(site)
        leftovers = self.leftovers(site, words)
        self.positionals, self.checks = leftovers.positionals, leftovers.checks
        used = [item.shown for item in self.positionals]
        self.says_usage = bool(words) and used == [word.text for word in words or ()]
        self.place(parse, owner, site, leftovers)

    def refuse_arguments(self, parse: ast.Call) -> None:
        """Raise NotConvertible unless a call of ``parse_args`` has at most the list of arguments."""
        given = [*parse.args, *(item.value for item in parse.keywords)]
        if len(given) > 1 or any(item.arg != "args" for item in parse.keywords):
            raise NotConvertible("values are kept from elsewhere")
        if given and self.module.qualified_name(given[0]) == "sys.argv":
            raise NotConvertible("the name of the script is read as one of its arguments")
        if given and isinstance(given[0], ast.Starred):
            raise NotConvertible("what is read is made elsewhere")

    def sites(self, expr: ast.expr) -> Iterator[Site]:
        """The places where the value of an expression is taken apart."""
        self.origins.append(expr)
        parent = self.module.parent(expr)
        match parent:
            case ast.Assign(targets=[ast.Tuple(elts=[options, arguments]) | ast.List(elts=[options, arguments])]):
                if not all(isinstance(item, (ast.Name, ast.Attribute)) for item in (options, arguments)):
                    raise NotConvertible("what is read is taken apart in an unusual way")
                yield Site(parent, expr, options, arguments)
            case ast.Subscript(value=value, slice=ast.Constant(value=0)) if value is expr:
                assign = self.module.parent(parent)
                if not isinstance(assign, ast.Assign) or len(assign.targets) != 1 or assign.value is not parent:
                    raise NotConvertible("what is read is taken apart in an unusual way")
                yield Site(assign, expr, assign.targets[0], None)
            case ast.Return():
                function = self.module.function(parent)
                is_plain = isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
                contents = self.module.values.contents(Cell(function, "")) if is_plain else None
                if contents is None or any(item.expr is not expr for item in contents.sources):
                    raise NotConvertible("what is read goes where it cannot be followed")
                for call in contents.reads:
                    yield from self.sites(call)
            case ast.Expr():
                return
            case _:
                raise NotConvertible("what is read goes where it cannot be followed")

    # --- options -----------------------------------------------------------------------------------------------

    def read_options(self, site: Site) -> None:
        """See how the script uses the options."""
        trail = Follower(self.module).from_targets([site.options], [*self.origins, site.statement.value])
        self.observed = bool(trail.lost)
        for use in trail.uses:
            self.option_use(use)
        self.are_alone = trail.is_alone
        for option in self.options:
            if option.count > 1 and (
                self.observed or not all(map(self.is_pair, self.attributes.get(option.destination, ())))
            ):
                raise NotConvertible(f"{option.destination} would be a list instead of a tuple")

    def option_use(self, use: ast.expr) -> None:
        """One use of the options."""
        parent = self.module.parent(use)
        if isinstance(parent, ast.Attribute):
            if parent.attr in _VALUES_ONLY:
                raise NotConvertible(f"line {use.lineno}: a namespace has no {parent.attr}")
            if parent.attr == "__dict__":
                self.whole()
            elif isinstance(parent.ctx, ast.Load):
                self.attributes.setdefault(parent.attr, []).append(parent)
            return
        if isinstance(parent, ast.Call) and parent.args[:1] == [use]:
            name = self.module.qualified_name(parent.func)
            if name in _BY_NAME:
                second = parent.args[1] if len(parent.args) > 1 else None
                if isinstance(second, ast.Constant) and isinstance(second.value, str):
                    self.attributes.setdefault(second.value, []).append(parent)
                else:
                    self.observed = True
                return
            if name == "builtins.vars":
                self.whole()
                return
        if isinstance(parent, (ast.Expr, ast.If, ast.While)) or _is_compared(parent):
            return
        self.observed = True
        if isinstance(parent, (ast.Tuple, ast.List, ast.Return)) or isinstance(parent, (ast.Call, ast.keyword)):
            reason = "the options go where they cannot be followed"
        else:
            reason = "the options are used as a whole, and a namespace shows in another way"
        self.doubts.append(reason)

    def whole(self) -> None:
        """The options are read as a mapping, in which a namespace has the arguments, too."""
        self.observed = True
        self.doubts.append("the mapping of all options has the arguments in it, too")

    def is_flag(self, name: str) -> bool:
        """Whether the script asks an option for nothing but whether it is true."""
        return not self.observed and all(is_only_tested(self.module, read) for read in self.attributes.get(name, ()))

    def is_pair(self, expr: ast.expr) -> bool:
        """Whether a read of several values does not tell a tuple from a list."""
        parent = self.module.parent(expr)
        if isinstance(parent, ast.Subscript):
            return parent.value is expr and isinstance(parent.slice, ast.Constant)
        if isinstance(parent, ast.Assign):
            return parent.value is expr and isinstance(parent.targets[0], (ast.Tuple, ast.List))
        if isinstance(parent, ast.Compare):
            return _is_compared(parent)
        return isinstance(parent, _PLAIN_PAIR) or is_only_tested(self.module, expr)

    # --- arguments ---------------------------------------------------------------------------------------------

    def leftovers(self, site: Site, words: Sequence[Word] | None) -> RemainingArguments:
        """What becomes of the arguments."""
        module, target = self.module, site.arguments
        taken = {option.destination for option in self.options} | self.attributes.keys()
        reads: Sequence[ast.expr] | None = None
        if target is None:
            reads = ()
        elif isinstance(target, ast.Name):
            found = module.scope(target).lookup(target.id)
            contents = contents_of(module, Cell(found[0], target.id)) if found is not None else None
            others = [item for item in contents.targets if item is not target] if contents is not None else []
            if contents is not None and not any(self.is_stored(item) for item in others):
                reads = [read for read in contents.reads if isinstance(read, ast.expr)]
        if reads is not None and not reads:
            self.doubts.append(IGNORED)
            return RemainingArguments(())
        block = module.block(site.statement)
        following = block[block.index(site.statement) + 1 :]
        failing = Failing(module, lambda call: call in self.uses.errors, self.is_said)
        return remaining_arguments(
            module, reads, following, words, lambda read: self.namespace(site, read), failing.fails, taken
        )

    def is_said(self, call: ast.Call) -> bool:
        """Whether a call only shows the parser's help."""
        return call in self.uses.said and not (isinstance(call.func, ast.Attribute) and call.func.attr == "exit")

    def is_stored(self, target: ast.AST) -> bool:
        """Whether something else than None is put into a variable here."""
        parent = self.module.parent(target)
        return not (
            isinstance(parent, ast.Assign) and isinstance(parent.value, ast.Constant) and parent.value.value is None
        )

    def namespace(self, site: Site, read: ast.expr) -> str | None:
        """How a read of the arguments can name the options; None if it cannot."""
        target = site.options
        if not isinstance(target, ast.Name) or not self.are_alone:
            return None
        own, there = self.module.scope(target).lookup(target.id), self.module.scope(read).lookup(target.id)
        return target.id if own is not None and there is not None and own[0] is there[0] else None

    # --- edits -------------------------------------------------------------------------------------------------

    def place(self, parse: ast.Call, owner: str, site: Site, leftovers: RemainingArguments) -> None:
        """The statement that parses, the reads and the checks."""
        module = self.module
        method = "parse_intermixed_args" if leftovers.is_list and self.options else "parse_args"
        text = changed_call(module, parse, CallChange(f"{owner}.{method}"))
        added = [item.source(owner, module.facts.line_length) for item in leftovers.positionals]
        statement = module.statement(parse)
        self.beside = not added or self.is_beside(statement)
        if site.value is parse:
            self.place_here(site, text, added if self.beside else [], leftovers)
        else:
            if method != "parse_args":
                self.edits.append(expression_edit(module, parse, text))
            if self.beside:
                self.insertions += [insertion(module, statement, lines) for lines in added]
            self.place_here(site, module.text(site.value), [], leftovers)
        self.edits += [expression_edit(module, read, source) for read, source in leftovers.reads]

    def place_here(self, site: Site, value: str, added: list[list[str]], leftovers: RemainingArguments) -> None:
        """The assignment, with what comes before and after it."""
        module, statement = self.module, site.statement
        options = module.text(site.options)
        new = [[f"{options} = {value}"]]
        if leftovers.kept is not None and site.arguments is not None:
            new.append([f"{module.text(site.arguments)} = {options}.{leftovers.kept}"])
        checks = list(leftovers.checks)
        block = module.block(statement)
        follows = bool(checks) and block[block.index(statement) + 1] is checks[0]
        if added and follows and not have_comments(module, [statement, checks[0]]):
            # The blank lines around the check then stand around the statement that does its work.
            self.edits.append(statements_edit(module, statement, added))
            self.edits.append(statements_edit(module, checks.pop(0), new))
        else:
            self.edits.append(statements_edit(module, statement, [*added, *new], keeper=len(added)))
        self.edits += [removal(check) for check in checks]

    def is_beside(self, statement: ast.stmt) -> bool:
        """Whether a statement runs once for each parser, so that arguments can be added there."""
        if self.module.function(statement) is not self.module.function(self.call):
            return False
        return not any(isinstance(node, _LOOPS) for node in self.module.ancestors(statement))


def _words(usage: str | None) -> list[Word] | None:
    if usage is None:
        return None
    line = usage.strip()
    if line.lower().startswith("usage:"):
        line = line[6:].strip()
    if "\n" in line or not line.startswith("%prog"):
        return None
    return usage_words(line)


def _is_compared(node: ast.AST | None) -> bool:
    """Whether a comparison only asks whether something is None."""
    return isinstance(node, ast.Compare) and all(isinstance(op, (ast.Is, ast.IsNot)) for op in node.ops)
