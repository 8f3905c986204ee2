"""getopt and the loop over what it gives → a function that reads the command line with argparse."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from pymodernize.codemod import Codemod, Definition, Edit, Finding, Rewrite, Safety
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import NameTaken, Reference
from pymodernize.semantics.scopes import Binding, BindingKind, Scope
from pymodernize.semantics.values import Cell
from pymodernize_codemods._script.asking import is_asked
from pymodernize_codemods._script.failing import Failing
from pymodernize_codemods._script.following import contents_of
from pymodernize_codemods._script.leftovers import Leftovers, Plan
from pymodernize_codemods._script.parsers import Argument, Parser, quoted
from pymodernize_codemods._script.placing import (
    expression_edit,
    have_comments,
    needless_imports,
    removal,
    statements_edit,
    with_parts,
)
from pymodernize_codemods.argparse_skeleton.getopt_branches import Branches, Deed, Loop, is_literal, read_loop
from pymodernize_codemods.argparse_skeleton.getopt_usage import UsageText, read_usage
from pymodernize_codemods.argparse_skeleton.left import Left
from pymodernize_codemods.argparse_skeleton.optparse_text import known_text
from pymodernize_codemods.argparse_skeleton.verbosity import Verbosity, verbosity

_FUNCTIONS = ("getopt.getopt", "getopt.gnu_getopt")
_DROPS = ("getopt", *_FUNCTIONS, "getopt.GetoptError", "getopt.error", "sys", "sys.argv", "os", "os.path")
_NAMES = ("parse_arguments", "parse_command_line", "read_command_line")
_VARIABLES = ("arguments", "parsed", "namespace")
_LONG = 60
_LONGEST = 66
"""A description that is longer would make a line of more than 88 columns."""
_LOOKS = frozenset(f"builtins.{name}" for name in "len sorted enumerate iter reversed bool set".split())
_OWN_HELP = frozenset({"-h", "--help"})


def find(codemod: Codemod, module: Module) -> Iterator[Finding]:
    """Every command line that getopt reads.

    Args:
        codemod: whose findings they are.
        module: the module.
    """
    if b"getopt" not in module.source.data:
        return
    for call in module.calls(*_FUNCTIONS):
        message = "a command line by getopt"
        try:
            rewrite, doubts = Conversion(module, call).rewrite()
            message += ", with comments that go" if rewrite.drops_comments else ""
        except (Left, NameTaken) as exc:
            yield codemod.finding(module, call, message, reason=str(exc))
            continue
        safety = Safety.UNSAFE if doubts else Safety.SAFE
        yield codemod.finding(module, call, message, rewrite, safety=safety, reason="; ".join(doubts))


class Conversion:
    """The rewrite of one call of getopt, with the loop and the checks that follow it."""

    def __init__(self, module: Module, call: ast.Call) -> None:
        self.module = module
        self.call = call
        self.failing = Failing(module)
        self.doubts: list[str] = []
        self.edits: list[Edit] = []
        self.gone: list[ast.stmt] = []
        self.defaults: dict[str, ast.Assign] = {}

    def rewrite(self) -> tuple[Rewrite, list[str]]:
        """The rewrite, and why it may break the script.

        Raises:
            Left: there is none.
        """
        module = self.module
        if not module.is_closed:
            raise Left("other files may use what is in this one")
        self.argv = self.arguments_given()
        self.declared = self.read_declared()
        self.options, self.rest = self.targets()
        self.anchor = self.read_anchor()
        self.loop_statement = self.read_loop_statement()
        loop = read_loop(self.loop_statement, self.failing)
        self.gone += [self.anchor, self.loop_statement]
        self.refuse_reads(loop)
        deeds = self.deeds(loop)
        self.variable = self.free(_VARIABLES)
        leftovers = self.leftovers(deeds)
        self.gone += leftovers.checks
        usage_functions = self.usage_functions()
        texts = [text for text in (self.docstring(), *self.constants()) if text]
        usage = read_usage(module, [*usage_functions, *self.showing(usage_functions), *self.gone], texts)
        if usage.words:  # the names of the arguments come from the text
            self.words = usage.words
            leftovers = self.leftovers(deeds)
        definitions, references = self.place(deeds, leftovers, usage, usage_functions)
        lost = have_comments(module, [*self.gone, *usage_functions, *self.removed])
        rewrite = Rewrite(
            tuple(self.edits), references=references, definitions=definitions, drops=_DROPS, drops_comments=lost
        )
        return rewrite, [*self.doubts, *self.abbreviations(), *self.orders()]

    def orders(self) -> Iterator[str]:
        """Whether the arguments may be a command line of their own, whose options are not the script's."""
        if self.module.qualified_name(self.call.func) != "getopt.getopt":
            return
        scope = self.module.scope(self.rest)
        for name in self.module.nodes(ast.Name):
            if name.id != self.rest.id or not isinstance(name.ctx, ast.Load) or self.module.scope(name) is not scope:
                continue
            parent = self.module.parent(name)
            handed = isinstance(parent, (ast.Call, ast.Starred, ast.BinOp, ast.Return, ast.Assign, ast.keyword))
            if handed and not (isinstance(parent, ast.Call) and self.module.qualified_name(parent.func) in _LOOKS):
                yield "getopt takes no options behind the first argument, argparse does, and the arguments go elsewhere"
                return

    def abbreviations(self) -> Iterator[str]:
        """What getopt takes as short for an option, and argparse also for its own --help."""
        name = next((flag for flag in self.declared if flag.startswith("--h") and flag != "--help"), None)
        if name is not None and "--help" not in self.declared:
            yield f"--h is short for {name} to getopt, and may be --help to argparse"

    # --- the call ----------------------------------------------------------------------------------------------

    def arguments_given(self) -> str:
        """The source of the list that is read, empty for the arguments of the process."""
        call, module = self.call, self.module
        if call.keywords or not 2 <= len(call.args) <= 3 or any(isinstance(arg, ast.Starred) for arg in call.args):
            raise Left("getopt is called in an unusual way")
        given = call.args[0]
        if module.qualified_name(given) == "sys.argv":
            raise Left("the name of the script is read as one of its arguments")
        if isinstance(given, ast.Subscript) and module.qualified_name(given.value) == "sys.argv":
            match given.slice:
                case ast.Slice(lower=ast.Constant(value=1), upper=None, step=None):
                    return ""
        return module.text(given)

    def read_declared(self) -> dict[str, bool]:
        """The options that getopt is told of, and whether each takes a value."""
        short = known_text(self.module, self.call.args[1])
        if short is None:
            raise Left("the options are made elsewhere")
        short = short.lstrip("+")
        if "::" in short or short.startswith((":", "-")):
            raise Left("options with a value that may be left out")
        declared = {
            f"-{letter}": short[place + 1 : place + 2] == ":" for place, letter in enumerate(short) if letter != ":"
        }
        for name in self.long_names():
            declared[f"--{name.rstrip('=')}"] = name.endswith("=")
            if "=?" in name:
                raise Left("options with a value that may be left out")
        if any(flag[1:].isdigit() for flag in declared):
            raise Left("an option looks like a negative number to argparse")
        return declared

    def long_names(self) -> list[str]:
        """The long options as they are written for getopt."""
        if len(self.call.args) < 3:
            return []
        given = self.call.args[2]
        if isinstance(given, ast.Constant) and isinstance(given.value, str):
            return [given.value] if given.value else []
        names = (
            [known_text(self.module, item) for item in given.elts]
            if isinstance(given, (ast.List, ast.Tuple))
            else [None]
        )
        if None in names:
            raise Left("the options are made elsewhere")
        return [name for name in names if name]

    def targets(self) -> tuple[ast.Name, ast.Name]:
        """The names that options and arguments are put into."""
        parent = self.module.parent(self.call)
        if (
            isinstance(parent, ast.Assign)
            and len(parent.targets) == 1
            and isinstance(parent.targets[0], (ast.Tuple, ast.List))
        ):
            names = parent.targets[0].elts
            if len(names) == 2 and isinstance(names[0], ast.Name) and isinstance(names[1], ast.Name):
                return names[0], names[1]
        raise Left("what getopt gives is not taken apart where it is called")

    def read_anchor(self) -> ast.stmt:
        """The statement of the call, or the ``try`` around it."""
        statement = self.module.statement(self.call)
        around = self.module.parent(statement)
        if not isinstance(around, ast.Try) or statement not in around.body:
            return statement
        plain = len(around.body) == 1 and not around.orelse and not around.finalbody
        if not plain or not all(self.failing.fails(handler.body) for handler in around.handlers):
            raise Left("what happens to wrong options is nothing that argparse does")
        return around

    # --- the loop ----------------------------------------------------------------------------------------------

    def read_loop_statement(self) -> ast.For:
        """The loop over the options that follows, with nothing but defaults in between."""
        block = self.module.block(self.anchor)
        for statement in block[block.index(self.anchor) + 1 :]:
            if isinstance(statement, ast.For) and isinstance(statement.iter, ast.Name):
                if statement.iter.id == self.options.id:
                    return statement
            checks = isinstance(statement, ast.If) and not statement.orelse and self.failing.fails(statement.body)
            if not checks and not self.is_apart(statement):
                raise Left(f"line {statement.lineno}: something else is done before the options are looked at")
        raise Left("no loop over the options follows")

    def is_apart(self, statement: ast.stmt) -> bool:
        """Whether a statement only sets variables, and has nothing to do with the options."""
        if not isinstance(statement, ast.Assign) or not all(isinstance(item, ast.Name) for item in statement.targets):
            return False
        return not any(isinstance(node, ast.Name) and node.id == self.options.id for node in ast.walk(statement))

    def refuse_reads(self, loop: Loop) -> None:
        """Raise Left if the options, or the names of the loop, are read anywhere else."""
        module = self.module
        for name, inside in ((self.options.id, self.loop_statement.iter), (loop.option, None), (loop.value, None)):
            found = module.scope(self.options).lookup(name)
            reads = module.uses(found[1][0]) if found is not None else []
            for read in reads:
                if read is inside or inside is None and self.loop_statement in module.ancestors(read):
                    continue
                if inside is None and self.is_bound_anew(found, read):
                    continue
                raise Left(f"line {read.lineno}: {name} is read once more")

    def is_bound_anew(self, found: tuple[Scope, list[Binding]] | None, read: ast.Name) -> bool:
        """Whether a name of the loop is certainly bound again before it is read below."""
        module = self.module
        for binding in found[1] if found is not None else ():
            around = module.parent(binding.node)
            if isinstance(around, (ast.For, ast.comprehension)) or isinstance(around, ast.Tuple):
                loop = around if not isinstance(around, ast.Tuple) else module.parent(around)
                if isinstance(loop, ast.For) and loop is not self.loop_statement and loop in module.ancestors(read):
                    return True
            if isinstance(around, ast.Assign) and around.lineno > (self.loop_statement.end_lineno or 0):
                statement = module.statement(read)
                block = module.block(around)
                if any(item is around for item in block) and around.lineno < statement.lineno:
                    if any(item in block[block.index(around) :] for item in (statement, *module.ancestors(read))):
                        return True
        return False

    def deeds(self, loop: Loop) -> list[Deed]:
        """What each option does, in the order of the loop."""
        reader = Branches(self.module, loop, self.failing)
        deeds: list[Deed] = []
        handled: set[str] = set()
        for flags, body in loop.branches:
            known = tuple(flag for flag in flags if flag in self.declared)
            handled.update(known)
            if not known:
                continue
            deed = reader.deed(known, body)
            takes = {self.declared[flag] for flag in known}
            wants = deed.action in {"store", "append"}
            if takes != {wants}:
                raise Left(f"line {body[0].lineno}: {known[0]} {'has no value' if wants else 'does not use its value'}")
            deeds.append(deed)
        if ignored := [flag for flag in self.declared if flag not in handled]:
            if not loop.refuses:
                raise Left(f"{ignored[0]} is accepted and does nothing")
        return deeds

    # --- what is left ------------------------------------------------------------------------------------------

    words = None

    def leftovers(self, deeds: Sequence[Deed]) -> Leftovers:
        """What becomes of the arguments."""
        module, target = self.module, self.rest
        found = module.scope(target).lookup(target.id)
        contents = contents_of(module, Cell(found[0], target.id)) if found is not None else None
        reads = list(contents.reads) if contents is not None and len(contents.targets) == 1 else None
        taken = {deed.variable.id for deed in deeds if deed.variable is not None}
        if reads is not None and not reads:
            self.doubts = ["arguments beside the options, which the script ignores, are refused then"]
            return Leftovers(())
        block = module.block(self.loop_statement)
        first, last = block.index(self.anchor), block.index(self.loop_statement)
        following = [*(item for item in block[first:last] if isinstance(item, ast.If)), *block[last + 1 :]]
        if found is not None and found[0] is not module.scope(self.anchor):
            reads = None  # a global list, which the function alone gets its namespace for
        return Plan(module, reads, following, self.words, self.reach, self.failing.fails, taken).result()

    def reach(self, read: ast.expr) -> str | None:
        """How a read of the arguments can name the namespace: always, for its name is free in the file."""
        return self.variable

    def usage_functions(self) -> list[ast.FunctionDef]:
        """The functions of this file that nothing calls any more: they showed the usage."""
        module = self.module
        gone = {id(node) for statement in self.gone for node in ast.walk(statement)}
        found: list[ast.FunctionDef] = []
        before = -1
        while before < len(found):
            before = len(found)
            for function in module.tree.body:
                if not isinstance(function, ast.FunctionDef) or function in found:
                    continue
                calls = module.every_call(function)
                if calls and all(id(call) in gone for call in calls):
                    found.append(function)
                    gone |= {id(node) for node in ast.walk(function)}
        return found

    def showing(self, gone: Sequence[ast.FunctionDef]) -> list[ast.FunctionDef]:
        """Further functions that the old code calls: they show the usage, and have other callers."""
        calls = [node for statement in self.gone for node in ast.walk(statement) if isinstance(node, ast.Call)]
        found = [self.module.local_function(call.func) for call in calls]
        return [item for item in dict.fromkeys(found) if isinstance(item, ast.FunctionDef) and item not in gone]

    def docstring(self) -> str | None:
        """The text of the module's docstring."""
        node = self.module.docstring
        return node.value.value if node is not None and isinstance(node.value, ast.Constant) else None  # type: ignore[return-value]

    def constants(self) -> Iterator[str]:
        """The texts that module-level names hold, such as ``USAGE``."""
        for statement in self.module.tree.body:
            if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
                if isinstance(statement.value.value, str) and "\n" in statement.value.value:
                    yield statement.value.value

    # --- placing -----------------------------------------------------------------------------------------------

    def free(self, names: Sequence[str]) -> str:
        """The first of some names that nothing in the file has."""
        found = next((name for name in names if name not in self.module.identifiers), None)
        if found is None:
            raise Left(f"the name {names[0]} is taken")
        return found

    def place(
        self, deeds: Sequence[Deed], leftovers: Leftovers, usage: UsageText, functions: Sequence[ast.FunctionDef]
    ) -> tuple[tuple[Definition, ...], tuple[Reference, ...]]:
        """Make the edits; the function that parses takes the place of one that showed the usage."""
        module = self.module
        self.find_defaults(deeds)
        arguments, unpacked = self.arguments(deeds, usage)
        arguments += [Argument((item.name,), item.settings()) for item in leftovers.positionals]
        if leftovers.kept is not None:
            unpacked.append([f"{self.rest.id} = {self.variable}.{leftovers.kept}"])
        more = self.verbosity(self.places(unpacked, leftovers)[0], arguments, functions)
        if more is not None:
            arguments.append(more.argument)
        settings = self.settings(deeds)
        name = self.free(_NAMES)
        parser = Parser(name, tuple(arguments), settings, intermixed=leftovers.is_list and self.is_mixed(deeds))
        source, references = parser.definition(module, module.tree.body[-1])
        call = [[f"{self.variable} = {name}({self.argv})"]]
        if more is not None:
            references = (*references, more.logging)
            call += [lines] if (lines := more.statement(self.variable)) else []
            asked = more.asked(module, self.variable)
            self.edits += [expression_edit(module, node, text) for node, text in asked.items()]
        self.replace(call, unpacked, leftovers)
        self.edits += [expression_edit(module, read, text) for read, text in leftovers.reads]
        self.edits += [removal(statement) for statement in self.removed]
        self.edits += needless_imports(module, "getopt", [edit.node for edit in self.edits])
        first = functions[0] if functions else None
        self.edits += [removal(function) for function in functions[1:]]
        if first is not None:
            self.edits.append(statements_edit(module, first, [source.split("\n")], keeper=-1))
            return (), references
        return (Definition(source),), references

    def is_mixed(self, deeds: Sequence[Deed]) -> bool:
        """Whether options were taken behind arguments, too."""
        return bool(deeds) and self.module.qualified_name(self.call.func) == "getopt.gnu_getopt"

    def verbosity(
        self, at: ast.stmt, arguments: Sequence[Argument], functions: Sequence[ast.FunctionDef]
    ) -> Verbosity | None:
        """The option that shows more messages, where no abbreviation of another is in doubt by it."""
        if any(flag == "-v" or flag.startswith("--v") for flag in self.declared):
            return None
        gone = {node for statement in (*self.gone, *functions) for node in ast.walk(statement)}
        return verbosity(self.module, at, arguments, gone.__contains__)

    def places(self, unpacked: list[list[str]], leftovers: Leftovers) -> list[ast.stmt]:
        """The old statements: where the command line is read now, and the others."""
        places = [self.anchor, self.loop_statement, *leftovers.checks]
        return places if unpacked else [places[-1], *places[:-1]]

    def replace(self, call: list[list[str]], unpacked: list[list[str]], leftovers: Leftovers) -> None:
        """Put the new statements where the old ones stood."""
        module = self.module
        first, *others = self.places(unpacked, leftovers)
        self.edits.append(statements_edit(module, first, call, keeper=-1))
        if unpacked:
            self.edits.append(statements_edit(module, self.loop_statement, unpacked, keeper=-1))
            others.remove(self.loop_statement)
        self.edits += [removal(place) for place in others]

    def settings(self, deeds: Sequence[Deed]) -> tuple[tuple[str, str], ...]:
        """The settings of the parser itself."""
        settings: list[tuple[str, str]] = []
        text = (self.docstring() or "").strip()
        first = text.split("\n\n")[0].strip()
        if (
            first
            and len(first) <= _LONGEST
            and "\n" not in first
            and "%(" not in first
            and "usage" not in first.lower()
        ):
            settings.append(("description", quoted(first)))
        if any(_OWN_HELP & set(deed.flags) and deed.action != "help" for deed in deeds):
            settings.append(("add_help", "False"))
        return tuple(settings)

    # --- the options -------------------------------------------------------------------------------------------

    def find_defaults(self, deeds: Sequence[Deed]) -> None:
        """The assignments that give each variable its value if its option is not given."""
        self.removed: list[ast.stmt] = []
        for deed in deeds:
            variable = deed.variable
            if variable is None or variable.id in self.defaults:
                continue
            self.defaults[variable.id] = self.default_of(variable)
        made = {deed.variable.id for deed in deeds if deed.variable is not None and deed.made is not None}
        for name, assign in self.defaults.items():
            if name not in made and is_literal(assign.value) and self.is_needless(name, assign):
                self.removed.append(assign)

    def default_of(self, variable: ast.Name) -> ast.Assign:
        """The one assignment before the loop that a variable has its value from."""
        module = self.module
        found = module.scope(variable).lookup(variable.id)
        if found is None:
            raise Left(f"{variable.id} has no value without its option")
        before = [
            binding
            for binding in found[1]
            if self.loop_statement not in module.ancestors(binding.node)
            and getattr(binding.node, "lineno", 0) < self.loop_statement.lineno
        ]
        assign = module.parent(before[0].node) if len(before) == 1 and before[0].kind is BindingKind.NAME else None
        if not isinstance(assign, ast.Assign) or len(assign.targets) != 1 or assign.targets[0] is not before[0].node:
            raise Left(f"what {variable.id} is without its option cannot be told")
        own = any(item is assign for item in module.block(self.anchor))
        top = found[0] is module.index.scope and any(item is assign for item in module.tree.body)
        if not own and not top:
            raise Left(f"what {variable.id} is without its option cannot be told")
        if (
            top
            and not own
            and len(found[1]) != 1 + sum(self.loop_statement in module.ancestors(binding.node) for binding in found[1])
        ):
            raise Left(f"what {variable.id} is without its option cannot be told")
        return assign

    def is_needless(self, name: str, assign: ast.Assign) -> bool:
        """Whether nothing can read a variable between its default and the loop."""
        module = self.module
        block = module.block(self.anchor)
        if not any(item is assign for item in block):
            return False
        between = block[block.index(assign) + 1 : block.index(self.loop_statement)]
        quiet = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Global)
        for statement in between:
            if statement is self.anchor or isinstance(statement, quiet):
                continue
            if not isinstance(statement, ast.Assign):
                return False
            for node in ast.walk(statement.value):
                if isinstance(node, ast.Name) and node.id == name:
                    return False
                if isinstance(node, ast.Call) and (module.qualified_name(node.func) or "").partition(".")[0] in {
                    "",
                    "__main__",
                }:
                    return False
        return True

    def arguments(self, deeds: Sequence[Deed], usage: UsageText) -> tuple[list[Argument], list[list[str]]]:
        """What is added to the parser, and the statements that set the variables."""
        arguments: list[Argument] = []
        unpacked: dict[str, list[str]] = {}
        flags = self.help_flags(deeds)
        if flags:
            arguments.append(Argument(flags, (("action", '"help"'), ("help", '"show this help message and exit"'))))
        for deed in deeds:
            if deed.action == "version":
                arguments.append(self.version(deed))
            elif deed.variable is not None:
                arguments.append(self.option(deed, deed.variable, usage, deed.variable.id in unpacked))
                if deed.made is not None and sum(other.variable == deed.variable for other in deeds) > 1:
                    raise Left(f"{deed.variable.id} is set in several ways")
                unpacked.setdefault(deed.variable.id, self.unpacking(deed.variable.id, deed))
        return arguments, list(unpacked.values())

    def help_flags(self, deeds: Sequence[Deed]) -> tuple[str, ...]:
        """The flags for help that argparse does not have by itself here."""
        helps = {flag for deed in deeds if deed.action == "help" for flag in deed.flags}
        taken = {flag for deed in deeds if deed.action != "help" for flag in deed.flags}
        if taken & _OWN_HELP:
            helps |= _OWN_HELP - taken
            return tuple(sorted(helps, key=len))
        return tuple(sorted(helps - _OWN_HELP, key=len))

    def unpacking(self, name: str, deed: Deed) -> list[str]:
        """The statement that sets a variable."""
        if deed.made is not None:
            new: dict[ast.expr, str] = {
                node: f"{self.variable}.{name}"
                for node in ast.walk(deed.made)
                if isinstance(node, ast.Name) and node.id == deed.value
            }
            made = with_parts(self.module, deed.made, new)
            if "\n" in made:
                raise Left(f"line {deed.made.lineno}: what is made of a value takes several lines")
            return [f"if {self.variable}.{name} is not None:", f"    {name} = {made}"]
        if is_literal(self.defaults[name].value):
            return [f"{name} = {self.variable}.{name}"]
        return [f"if {self.variable}.{name} is not None:", f"    {name} = {self.variable}.{name}"]

    def version(self, deed: Deed) -> Argument:
        """An option that shows the version."""
        assert deed.constant is not None  # noqa: S101 - the branch has one
        text = known_text(self.module, deed.constant)
        if text is None or len(text) > _LONG or "\n" in text or "  " in text or "%" in text:
            raise Left(f"line {deed.constant.lineno}: argparse may break the lines of the version's text")
        return Argument(deed.flags, (("action", '"version"'), ("version", self.module.text(deed.constant))))

    def option(self, deed: Deed, variable: ast.Name, usage: UsageText, again: bool) -> Argument:
        """One option."""
        name = variable.id
        flags = tuple(sorted(deed.flags, key=lambda flag: flag.startswith("--")))
        settings: list[tuple[str, str]] = []
        if Argument(flags).destination != name:
            settings.append(("dest", f'"{name}"'))
        given = self.defaults[name].value
        literal = is_literal(given) and deed.made is None
        default = self.module.text(given) if literal else "None"
        action, constant = deed.action, None
        if action == "store_const":
            action, constant, default = self.flag(deed, variable, given, default)
        if action == "count" and not (isinstance(given, ast.Constant) and type(given.value) is int):
            raise Left(f"{name} does not count from a number")
        if action == "append" and not (isinstance(given, ast.List) and not given.elts):
            raise Left(f"{name} does not begin as an empty list")
        if action != "store":
            settings.append(("action", f'"{action}"'))
        if constant is not None:
            settings.append(("const", constant))
        if deed.converts:
            settings.append(("type", deed.converts))
        if isinstance(given, ast.Constant) and isinstance(given.value, str) and deed.converts:
            raise Left(f"{name} is a text without its option, and a number with it")
        if default not in {"None", ""} and not again and not (action == "store_true" and default == "False"):
            if not (action == "store_false" and default == "True"):
                settings.append(("default", self.default_source(name, default)))
        metavar = usage.metavar_of(deed.flags)
        if metavar and metavar != name.upper() and action in {"store", "append"}:
            settings.append(("metavar", quoted(metavar)))
        text = usage.help_of(deed.flags, name) or self.comment_of(name)
        if text:
            settings.append(("help", quoted(text)))
        return Argument(flags, tuple(settings))

    def flag(self, deed: Deed, variable: ast.Name, given: ast.expr, default: str) -> tuple[str, str | None, str]:
        """The action, constant and default of an option that sets a constant."""
        assert deed.constant is not None  # noqa: S101 - the branch has one
        constant = deed.constant.value if isinstance(deed.constant, ast.Constant) else None
        value = given.value if isinstance(given, ast.Constant) else Ellipsis
        if constant is True and value is False:
            return "store_true", None, default
        if constant is False and value is True:
            return "store_false", None, default
        if constant == 1 and value in (0, None) and value is not False and self.is_flag(variable):
            return "store_true", None, "False"
        if not is_literal(given):
            raise Left(f"what {variable.id} is without its option is made by other code")
        return "store_const", self.module.text(deed.constant), default

    def is_flag(self, variable: ast.Name) -> bool:
        """Whether nothing but the truth of a variable counts, and nothing else sets it."""
        module = self.module
        found = module.scope(variable).lookup(variable.id)
        if found is None or len(found[1]) != 2:
            return False
        return all(is_asked(module, read) for read in module.uses(found[1][0]))

    def default_source(self, name: str, default: str) -> str:
        """The default: the module's own name for it where that stays."""
        assign = self.defaults[name]
        stays = assign not in self.removed and any(item is assign for item in self.module.tree.body)
        return name if stays else default

    def comment_of(self, name: str) -> str:
        """The comment behind a default that goes: it says what the option is for."""
        assign = self.defaults[name]
        if assign not in self.removed:
            return ""
        text = self.module.comments_by_line.get(assign.lineno, "").lstrip("# ").strip()
        return text.replace("%", "%%")
