"""optparse → argparse, option by option, where the parser stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from pymodernize.codemod import Codemod, Edit, Finding, Insertion, Rewrite
from pymodernize.reasons import Reason
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import reference
from pymodernize_codemods._script.call_source import CallChange, changed_call
from pymodernize_codemods._script.object_flow import Follower
from pymodernize_codemods._script.parsers import Argument
from pymodernize_codemods._script.placing import (
    expression_edit,
    have_comments,
    insertion,
    needless_imports,
    removal,
    statements_edit,
)
from pymodernize_codemods.argparse_skeleton.library_findings import finding_of
from pymodernize_codemods.argparse_skeleton.optparse_options import OptionReader, OptparseOption
from pymodernize_codemods.argparse_skeleton.optparse_results import Results
from pymodernize_codemods.argparse_skeleton.optparse_text import Converted, Shown, converted, known_text
from pymodernize_codemods.argparse_skeleton.reasons import NotConvertible

_PARAMETERS = """usage option_list option_class version conflict_handler description formatter add_help_option prog
epilog""".split()
_TEXTS = {"usage": Shown.USAGE, "description": Shown.DESCRIPTION, "epilog": Shown.EPILOG}
# Methods that both have, with the same meaning for what is passed by place.
_SAME = frozenset({"error", "exit", "print_help", "print_usage", "format_help"})
_DROPS = (
    "optparse",
    "optparse.OptionParser",
    "optparse.OptionGroup",
    "optparse.make_option",
    "optparse.SUPPRESS_HELP",
    "optparse.SUPPRESS_USAGE",
    "optparse.NO_DEFAULT",
)
_DEFAULT_USAGE = frozenset({"%prog [options]", "usage: %prog [options]", "Usage: %prog [options]"})
_WRAPPED = 60
"""A version text that is longer may be broken into lines by argparse."""


def find(codemod: Codemod, module: Module) -> Iterator[Finding]:
    """Every parser of optparse, and every class that is derived from one.

    Args:
        codemod: whose findings they are.
        module: the module.
    """
    if b"optparse" not in module.source.data:
        return
    for definition in module.nodes(ast.ClassDef):
        for base in definition.bases:
            name = module.qualified_name(base) or ""
            if name in {"optparse.OptionParser", "optparse.Option"}:
                reason = Reason("other-library", f"{definition.name} changes what {name.rpartition('.')[2]} does")
                yield codemod.finding(module, base, "a command line by optparse", reason=reason)
    for call in module.calls("optparse.OptionParser"):
        yield finding_of(
            codemod, module, call, "optparse", lambda call=call: OptparseConversion(module, call).rewrite()
        )


class OptparseConversion:
    """The rewrite of one parser, with all that is done to it."""

    def __init__(self, module: Module, call: ast.Call) -> None:
        self.module = module
        self.call = call
        self.argparse = reference(module, "argparse", call)
        self.options = OptionReader(module, f"{self.argparse.expression}.SUPPRESS")
        self.edits: list[Edit] = []
        self.insertions: list[Insertion] = []
        self.doubts: list[str] = []
        self.adding: list[tuple[OptparseOption, str]] = []
        self.parses: list[ast.Call] = []
        self.errors: set[ast.Call] = set()
        self.said: set[ast.Call] = set()
        self.shown: set[ast.Call] = set()
        self.defaults: set[str] = set()
        self.added_groups: set[ast.AST] = set()
        self.known_groups: set[ast.AST] = set()
        self.usage: str | None = None
        self.texts: dict[ast.expr, str] = {}

    def rewrite(self) -> tuple[Rewrite, list[str]]:
        """The rewrite, and why it may break the script.

        Raises:
            NotConvertible: there is none.
        """
        module = self.module
        if not module.is_closed:
            raise NotConvertible("other files may use the parser, or what it gives")
        trail = Follower(module).from_values([self.call])
        if trail.lost or not trail.is_alone:
            lost = [*trail.lost, *(item.expr for item in trail.sources), self.call]
            raise NotConvertible(f"line {lost[0].lineno}: the parser goes where it cannot be followed")
        for use in sorted(trail.uses, key=module.span):
            self.use(use)
        if not self.parses:
            raise NotConvertible("no arguments are read by it in this file")
        self.listed_options()
        self.adding.sort(key=lambda item: module.span(item[0].call))
        settings = self.settings()
        results = Results(module, self.call, self.parses, self.errors, self.said, [item for item, _ in self.adding])
        results.read(self.usage)
        self.choose_defaults(results)
        self.construct(settings, results)
        for option, func in self.adding:
            if option not in self.listed:
                self.edits.append(expression_edit(module, option.call, option.source(module, func)))
        doubts = list(dict.fromkeys([*self.doubts, *self.options.doubts, *results.doubts, *self.help_shown(results)]))
        texts = {**self.texts, **self.options.texts}
        edits = [*self.edits, *results.edits]
        edits += [expression_edit(module, node, source) for node, source in texts.items()]
        edits += needless_imports(module, "optparse", [edit.node for edit in edits])
        return (
            Rewrite(
                tuple(edits),
                references=(self.argparse,),
                insertions=(*self.insertions, *results.insertions),
                drops=(*_DROPS, "sys"),
                drops_comments=have_comments(module, results.checks),
            ),
            doubts,
        )

    def help_shown(self, results: Results) -> Iterator[str]:
        """Whether the script shows the text of the help where it goes on."""
        if self.shown - self.inside(results.checks):
            yield "the script shows the help itself, which argparse words in another way"

    def inside(self, statements: Sequence[ast.stmt]) -> set[ast.Call]:
        """The calls in some statements."""
        return {node for statement in statements for node in ast.walk(statement) if isinstance(node, ast.Call)}

    # --- what is done to the parser ----------------------------------------------------------------------------

    def use(self, expr: ast.expr) -> None:
        """One use of the parser."""
        parent = self.module.parent(expr)
        if isinstance(parent, ast.Attribute):
            outer = self.module.parent(parent)
            if isinstance(outer, ast.Call) and outer.func is parent:
                self.method(expr, parent, outer)
                return
            if isinstance(parent.ctx, ast.Store) and parent.attr in _TEXTS and isinstance(outer, ast.Assign):
                self.text(outer.value, _TEXTS[parent.attr])
                return
            raise NotConvertible(f"line {expr.lineno}: argparse has no {parent.attr} of a parser to look at")
        if isinstance(parent, ast.Call) and self.module.qualified_name(parent.func) == "optparse.OptionGroup":
            if parent.args[:1] == [expr]:
                self.group(parent, expr)
                return
        if not isinstance(parent, ast.Expr):
            raise NotConvertible(f"line {expr.lineno}: the parser goes where it cannot be followed")

    def method(self, expr: ast.expr, func: ast.Attribute, call: ast.Call) -> None:
        """A call of one of its methods."""
        name, module = func.attr, self.module
        owner = module.text(expr)
        if name == "add_option":
            self.adding.append((self.options.read(call), f"{owner}.add_argument"))
        elif name == "parse_args":
            self.parses.append(call)
        elif name in _SAME and not call.keywords:
            (self.errors if name == "error" else self.said).add(call)
            if name not in {"error", "exit"}:
                self.shown.add(call)
        elif name == "get_usage" and not call.args:
            self.shown.add(call)
            self.edits.append(expression_edit(module, func, f"{owner}.format_usage"))
        elif name in {"set_usage", "set_description"} and len(call.args) == 1:
            self.set_text(call, owner, name.removeprefix("set_"))
        elif name == "set_defaults" and not call.args and all(keyword.arg for keyword in call.keywords):
            self.defaults.update(str(keyword.arg) for keyword in call.keywords)
        elif name == "add_option_group" and call.args and isinstance(call.args[0], ast.Name) and not call.keywords:
            self.added_groups.add(call)
        elif name == "add_option_group":
            self.edits.append(expression_edit(module, func, f"{owner}.add_argument_group"))
            self.grouped(call)
        else:
            raise NotConvertible(f"line {call.lineno}: argparse has nothing like {name}")

    def set_text(self, call: ast.Call, owner: str, name: str) -> None:
        """A text that is set by a method is an attribute of argparse's parser."""
        statement = self.module.parent(call)
        if not isinstance(statement, ast.Expr):
            raise NotConvertible(f"line {call.lineno}: a text is set within an expression")
        made = self.converted(call.args[0], _TEXTS[name])
        source = made.source or self.module.text(call.args[0])
        self.edits.append(statements_edit(self.module, statement, [[f"{owner}.{name} = {source}"]]))

    def text(self, expr: ast.expr, shown: Shown) -> None:
        """A text in place."""
        made = self.converted(expr, shown)
        if made.source is not None:
            self.edits.append(expression_edit(self.module, expr, made.source))

    def converted(self, expr: ast.expr, shown: Shown) -> Converted:
        """A text for argparse."""
        if self.module.qualified_name(expr) == "optparse.SUPPRESS_USAGE":
            return Converted(f"{self.argparse.expression}.SUPPRESS")
        if shown is Shown.USAGE and self.usage is None:
            self.usage = known_text(self.module, expr)
        made = converted(self.module, expr, shown)
        if made.doubt and shown is Shown.USAGE:
            raise NotConvertible(f"line {expr.lineno}: the usage text is made elsewhere")
        if made.doubt:
            self.doubts.append(made.doubt)
        self.texts.update(made.elsewhere)
        return made

    # --- groups ------------------------------------------------------------------------------------------------

    def group(self, call: ast.Call, parser: ast.expr) -> None:
        """A group that is made by itself: argparse makes it with the parser."""
        change = CallChange(f"{self.module.text(parser)}.add_argument_group", dropped=frozenset({parser}))
        self.edits.append(expression_edit(self.module, call, changed_call(self.module, call, change)))
        self.grouped(call)

    def grouped(self, call: ast.Call) -> None:
        """What is done to a group."""
        trail = Follower(self.module).from_values([call])
        if trail.lost or not trail.is_alone:
            raise NotConvertible(f"line {call.lineno}: a group goes where it cannot be followed")
        for use in trail.uses:
            parent = self.module.parent(use)
            outer = self.module.parent(parent) if parent is not None else None
            if isinstance(parent, ast.Attribute) and parent.attr == "add_option" and isinstance(outer, ast.Call):
                self.adding.append((self.options.read(outer), f"{self.module.text(use)}.add_argument"))
            elif isinstance(parent, ast.Call) and use is not call and isinstance(outer, ast.Expr):
                if not isinstance(parent.func, ast.Attribute) or parent.func.attr != "add_option_group":
                    raise NotConvertible(f"line {use.lineno}: a group goes where it cannot be followed")
                self.edits.append(removal(outer))
                self.known_groups.add(parent)
            elif not isinstance(parent, ast.Expr):
                raise NotConvertible(f"line {use.lineno}: argparse has nothing like what is done to a group")

    # --- the parser itself -------------------------------------------------------------------------------------

    def settings(self) -> dict[str, ast.expr]:
        """The arguments of the constructor by name."""
        call = self.call
        if any(isinstance(arg, ast.Starred) for arg in call.args) or any(item.arg is None for item in call.keywords):
            raise NotConvertible("settings of the parser are made elsewhere")
        if self.added_groups - self.known_groups:
            raise NotConvertible("a group is made where it cannot be followed")
        given = dict(zip(_PARAMETERS, call.args, strict=False))
        given |= {str(item.arg): item.value for item in call.keywords}
        for name in ("formatter", "option_class"):
            if name in given and not _is_none(given[name]):
                raise NotConvertible(f"the script brings its own {name}")
        if unknown := sorted(given.keys() - set(_PARAMETERS)):
            raise NotConvertible(f"optparse has no {unknown[0]}")
        if "usage" in given and self.usage is None:
            self.usage = known_text(self.module, given["usage"])
        return given

    def listed_options(self) -> None:
        """The options of ``option_list``: they are added behind the constructor."""
        self.listed: list[OptparseOption] = []
        call = self.call
        given = dict(zip(_PARAMETERS, call.args, strict=False)) | {str(item.arg): item.value for item in call.keywords}
        list_ = given.get("option_list")
        if list_ is None or _is_none(list_):
            return
        if not isinstance(list_, (ast.List, ast.Tuple)):
            raise NotConvertible("the list of options is made elsewhere")
        if "#" in self.module.text(list_):
            raise NotConvertible("comments stand in the list of options")
        for item in list_.elts:
            if not isinstance(item, ast.Call):
                raise NotConvertible("the list of options is made elsewhere")
            if self.module.qualified_name(item.func) not in {"optparse.make_option", "optparse.Option"}:
                raise NotConvertible("the list of options is made elsewhere")
            option = self.options.read(item)
            self.listed.append(option)
            self.adding.append((option, ""))

    def construct(self, given: dict[str, ast.expr], results: Results) -> None:
        """The new constructor, and what is added right behind it."""
        module, call = self.module, self.call
        keywords = {str(item.arg): item for item in call.keywords}
        nodes: dict[str, ast.AST] = {name: keywords.get(name, value) for name, value in given.items()}
        replaced: dict[ast.AST, str] = {}
        dropped: set[ast.AST] = set()
        added: list[str] = []
        for name, value in given.items():
            node = nodes[name]
            if name in {"option_list", "version"} or _is_none(value) and name != "add_help_option":
                dropped.add(node)
            elif name in _TEXTS:
                plain = isinstance(value, ast.Constant)
                if name == "usage" and plain and (self.usage in _DEFAULT_USAGE or results.says_usage):
                    dropped.add(node)
                    continue
                made = self.converted(value, _TEXTS[name])
                replaced[node] = f"{name}={made.source or module.text(value)}"
            else:
                replaced[node] = f"{'add_help' if name == 'add_help_option' else name}={module.text(value)}"
        behind: list[list[str]] = []
        version = given.get("version")
        if version is not None and not _is_none(version):
            made = self.converted(version, Shown.VERSION)
            source = made.source or module.text(version)
            if made.value is None:
                self.doubts.append("argparse breaks the lines of a version text, and this one is not known")
            elif len(made.value) > _WRAPPED or "\n" in made.value or "  " in made.value or "\t" in made.value:
                added.append(f"formatter_class={self.argparse.expression}.RawDescriptionHelpFormatter")
            behind.append(self.adder(Argument(("--version",), (("action", '"version"'), ("version", source)))))
            for option in self.versions():
                option.added.append(f"version={source}")
        elif any(self.versions()):
            raise NotConvertible("an option shows a version, and the parser has none")
        for option in self.listed:
            behind.append([option.source(module, f"{self.target()}.add_argument")])
        if not results.beside:
            behind += map(self.adder, results.positionals)
        change = CallChange(f"{self.argparse.expression}.ArgumentParser", replaced, frozenset(dropped), added)
        self.edits.append(expression_edit(module, call, changed_call(module, call, change)))
        if behind:
            block = module.block(module.statement(call))
            place = block.index(module.statement(call)) + 1
            if place == len(block):
                raise NotConvertible("nothing follows the parser in its block")
            self.insertions += [insertion(module, block[place], lines) for lines in behind]

    def versions(self) -> Iterator[OptparseOption]:
        """The options of the script's own that show the version."""
        return (option for option, _ in self.adding if option.action == "version")

    def adder(self, argument: Argument) -> list[str]:
        """The lines of a call that adds an argument."""
        return argument.source(self.target(), self.module.facts.line_length)

    def target(self) -> str:
        """The expression that the parser is assigned to."""
        statement = self.module.parent(self.call)
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            return self.module.text(statement.targets[0])
        raise NotConvertible("the parser has no name where it is made")

    # --- defaults ----------------------------------------------------------------------------------------------

    def choose_defaults(self, results: Results) -> None:
        """optparse's defaults: None for a flag; of several options for one attribute the last one that has any.

        argparse's are False or True for a flag, and those of the first option.
        """
        module = self.module
        by_name: dict[str, list[OptparseOption]] = {}
        for option, _ in self.adding:
            if option.destination:
                by_name.setdefault(option.destination, []).append(option)
        for name, options in by_name.items():
            explicit = [option for option in options if option.default is not None]
            if len(options) == 1:
                (option,) = options
                if option.action in {"store_true", "store_false"} and not explicit and name not in self.defaults:
                    if option.action == "store_false" or not results.is_flag(name):
                        option.set_default("None")
                continue
            if name in self.defaults:
                if explicit:
                    raise NotConvertible(f"{name} gets its default in several ways")
                continue
            if len({module.function(option.call) for option in options}) > 1:
                raise NotConvertible(f"the options for {name} are added in different places")
            last = explicit[-1].default if explicit else None
            source = module.text(last) if last is not None else "None"
            if last is None and options[0].action not in {"store_true", "store_false"}:
                continue
            for option in options[1:]:
                option.set_default(None)
            options[0].set_default(source)


def _is_none(expr: ast.expr) -> bool:
    return isinstance(expr, ast.Constant) and expr.value is None
