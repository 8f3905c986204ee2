"""What a script does with one parser of optparse."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field

from pymodernize.codemod import Edit
from pymodernize.semantics.module import Module
from pymodernize_codemods._script.call_source import CallChange, changed_call
from pymodernize_codemods._script.object_flow import Follower
from pymodernize_codemods._script.placing import expression_edit, removal, statements_edit
from pymodernize_codemods.argparse_skeleton.optparse_options import OptionReader, OptparseOption
from pymodernize_codemods.argparse_skeleton.optparse_text import Shown, Texts
from pymodernize_codemods.argparse_skeleton.reasons import NotConvertible

TEXTS = {"usage": Shown.USAGE, "description": Shown.DESCRIPTION, "epilog": Shown.EPILOG}
"""The texts of a parser, by its attributes and parameters."""
# Methods that both have, with the same meaning for what is passed by place.
_SAME = frozenset({"error", "exit", "print_help", "print_usage", "format_help"})


@dataclass(frozen=True)
class ParserUses:
    """What was found.

    Attributes:
        options: those that are added by calls, with what each is added to.
        parses: the calls of ``parse_args``, with what each is called on.
        errors: the calls of ``parser.error``.
        said: the calls by which the parser shows something.
        shown: the calls that show or give a text of the help.
        defaults: the attributes that ``set_defaults`` sets.
        edits: of what is done in another way with argparse.
    """

    options: list[tuple[OptparseOption, str]] = field(default_factory=list)
    parses: list[tuple[ast.Call, str]] = field(default_factory=list)
    errors: set[ast.Call] = field(default_factory=set)
    said: set[ast.Call] = field(default_factory=set)
    shown: set[ast.Call] = field(default_factory=set)
    defaults: set[str] = field(default_factory=set)
    edits: list[Edit] = field(default_factory=list)


def read_uses(module: Module, call: ast.Call, reader: OptionReader, texts: Texts) -> ParserUses:
    """Find them.

    Args:
        module: the module.
        call: the constructor.
        reader: reads the options.
        texts: converts the texts.

    Raises:
        NotConvertible: argparse has nothing like one of them, or they cannot be followed.
    """
    trail = Follower(module).from_values([call])
    if trail.lost or not trail.is_alone:
        lost = [*trail.lost, *(item.expr for item in trail.sources), call]
        raise NotConvertible(f"line {lost[0].lineno}: the parser goes where it cannot be followed")
    return _UseReader(module, reader, texts).read(sorted(trail.uses, key=module.span))


class _UseReader:
    def __init__(self, module: Module, reader: OptionReader, texts: Texts) -> None:
        self.module = module
        self.reader = reader
        self.texts = texts
        self.uses = ParserUses()
        self.added_groups: set[ast.AST] = set()
        self.known_groups: set[ast.AST] = set()

    def read(self, exprs: Sequence[ast.expr]) -> ParserUses:
        """Read all uses, in document order."""
        for expr in exprs:
            self._use(expr)
        if not self.uses.parses:
            raise NotConvertible("no arguments are read by it in this file")
        if self.added_groups - self.known_groups:
            raise NotConvertible("a group is made where it cannot be followed")
        return self.uses

    def _add(self, call: ast.Call, owner: ast.expr) -> None:
        self.uses.options.append((self.reader.read(call), self.module.text(owner)))

    def _use(self, expr: ast.expr) -> None:
        """One use of the parser."""
        parent = self.module.parent(expr)
        if isinstance(parent, ast.Attribute):
            outer = self.module.parent(parent)
            if isinstance(outer, ast.Call) and outer.func is parent:
                self._method(expr, parent, outer)
                return
            if isinstance(parent.ctx, ast.Store) and parent.attr in TEXTS and isinstance(outer, ast.Assign):
                self._text(outer.value, TEXTS[parent.attr])
                return
            raise NotConvertible(f"line {expr.lineno}: argparse has no {parent.attr} of a parser to look at")
        if isinstance(parent, ast.Call) and self.module.qualified_name(parent.func) == "optparse.OptionGroup":
            if parent.args[:1] == [expr]:
                self._group(parent, expr)
                return
        if not isinstance(parent, ast.Expr):
            raise NotConvertible(f"line {expr.lineno}: the parser goes where it cannot be followed")

    def _method(self, expr: ast.expr, func: ast.Attribute, call: ast.Call) -> None:
        """A call of one of its methods."""
        name, module = func.attr, self.module
        owner = module.text(expr)
        if name == "add_option":
            self._add(call, expr)
        elif name == "parse_args":
            self.uses.parses.append((call, owner))
        elif name in _SAME and not call.keywords:
            (self.uses.errors if name == "error" else self.uses.said).add(call)
            if name not in {"error", "exit"}:
                self.uses.shown.add(call)
        elif name == "get_usage" and not call.args:
            self.uses.shown.add(call)
            self.uses.edits.append(expression_edit(module, func, f"{owner}.format_usage"))
        elif name in {"set_usage", "set_description"} and len(call.args) == 1:
            self._set_text(call, owner, name.removeprefix("set_"))
        elif name == "set_defaults" and not call.args and all(keyword.arg for keyword in call.keywords):
            self.uses.defaults.update(str(keyword.arg) for keyword in call.keywords)
        elif name == "add_option_group" and call.args and isinstance(call.args[0], ast.Name) and not call.keywords:
            self.added_groups.add(call)
        elif name == "add_option_group":
            self.uses.edits.append(expression_edit(module, func, f"{owner}.add_argument_group"))
            self._grouped(call)
        else:
            raise NotConvertible(f"line {call.lineno}: argparse has nothing like {name}")

    def _set_text(self, call: ast.Call, owner: str, name: str) -> None:
        """A text that is set by a method is an attribute of argparse's parser."""
        statement = self.module.parent(call)
        if not isinstance(statement, ast.Expr):
            raise NotConvertible(f"line {call.lineno}: a text is set within an expression")
        source = self.texts.source(call.args[0], TEXTS[name])
        self.uses.edits.append(statements_edit(self.module, statement, [[f"{owner}.{name} = {source}"]]))

    def _text(self, expr: ast.expr, shown: Shown) -> None:
        """A text in place."""
        made = self.texts.converted(expr, shown)
        if made.source is not None:
            self.uses.edits.append(expression_edit(self.module, expr, made.source))

    def _group(self, call: ast.Call, parser: ast.expr) -> None:
        """A group that is made by itself: argparse makes it with the parser."""
        change = CallChange(f"{self.module.text(parser)}.add_argument_group", dropped=frozenset({parser}))
        self.uses.edits.append(expression_edit(self.module, call, changed_call(self.module, call, change)))
        self._grouped(call)

    def _grouped(self, call: ast.Call) -> None:
        """What is done to a group."""
        trail = Follower(self.module).from_values([call])
        if trail.lost or not trail.is_alone:
            raise NotConvertible(f"line {call.lineno}: a group goes where it cannot be followed")
        for use in trail.uses:
            parent = self.module.parent(use)
            outer = self.module.parent(parent) if parent is not None else None
            if isinstance(parent, ast.Attribute) and parent.attr == "add_option" and isinstance(outer, ast.Call):
                self._add(outer, use)
            elif isinstance(parent, ast.Call) and use is not call and isinstance(outer, ast.Expr):
                if not isinstance(parent.func, ast.Attribute) or parent.func.attr != "add_option_group":
                    raise NotConvertible(f"line {use.lineno}: a group goes where it cannot be followed")
                self.uses.edits.append(removal(outer))
                self.known_groups.add(parent)
            elif not isinstance(parent, ast.Expr):
                raise NotConvertible(f"line {use.lineno}: argparse has nothing like what is done to a group")
