"""getopt and the loop over what it gives → a function that reads the command line with argparse."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from pymodernize.codemod import Codemod, Definition, Edit, Finding, Rewrite
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import Reference
from pymodernize.semantics.scopes import Binding, Scope
from pymodernize.semantics.values import Cell
from pymodernize_codemods._script.entry import sets_up
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
from pymodernize_codemods._script.remaining_arguments import RemainingArguments, remaining_arguments
from pymodernize_codemods.argparse_skeleton.getopt_branches import (
    BranchReader,
    GetoptLoop,
    OptionEffect,
    ShowsHelp,
    read_loop,
)
from pymodernize_codemods.argparse_skeleton.getopt_declared import arguments_given, declared_options
from pymodernize_codemods.argparse_skeleton.getopt_defaults import OptionDefaults
from pymodernize_codemods.argparse_skeleton.getopt_options import OWN_HELP, GetoptArguments, destinations
from pymodernize_codemods.argparse_skeleton.getopt_usage import UsageText, read_usage
from pymodernize_codemods.argparse_skeleton.library_findings import finding_of
from pymodernize_codemods.argparse_skeleton.reasons import IGNORED, NotConvertible
from pymodernize_codemods.argparse_skeleton.usage import description
from pymodernize_codemods.argparse_skeleton.verbosity import Verbosity, verbosity

_FUNCTIONS = ("getopt.getopt", "getopt.gnu_getopt")
_DROPS = ("getopt", *_FUNCTIONS, "getopt.GetoptError", "getopt.error", "sys", "sys.argv", "os", "os.path")
_NAMES = ("parse_arguments", "parse_command_line", "read_command_line")
_VARIABLES = ("arguments", "parsed", "namespace")
_LONGEST = 66
"""A description that is longer would make a line of more than 88 columns."""
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
        yield finding_of(codemod, module, call, "getopt", lambda call=call: GetoptConversion(module, call).rewrite())


class GetoptConversion:
    """The rewrite of one call of getopt, with the loop and the checks that follow it."""

    def __init__(self, module: Module, call: ast.Call) -> None:
        self.module = module
        self.call = call
        self.failing = Failing(module)
        self.doubts: list[str] = []
        self.edits: list[Edit] = []
        self.gone: list[ast.stmt] = []

    def rewrite(self) -> tuple[Rewrite, list[str]]:
        """The rewrite, and why it may break the script.

        Raises:
            NotConvertible: there is none.
        """
        module = self.module
        if not module.is_closed:
            raise NotConvertible("other files may use what is in this one")
        self.argv = arguments_given(module, self.call)
        self.declared = declared_options(module, self.call)
        self.options, self.rest = self.targets()
        self.anchor = self.read_anchor()
        self.loop_statement = self.read_loop_statement()
        self.starts = OptionDefaults(module, self.anchor, self.loop_statement)
        loop = read_loop(self.loop_statement, self.failing)
        self.gone += [self.anchor, self.loop_statement]
        self.refuse_reads(loop)
        effects = self.effects(loop)
        self.variable = self.free(_VARIABLES)
        leftovers = self.leftovers(effects)
        self.gone += leftovers.checks
        usage_functions = self.usage_functions()
        texts = [text for text in (module.docstring_text, *self.constants()) if text]
        usage = read_usage(module, [*usage_functions, *self.showing(usage_functions), *self.gone], texts)
        if usage.words:  # the names of the arguments come from the text
            self.words = usage.words
            leftovers = self.leftovers(effects)
        definitions, references = self.place(effects, leftovers, usage, usage_functions)
        lost = have_comments(module, [*self.gone, *usage_functions, *self.starts.removed])
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
        raise NotConvertible("what getopt gives is not taken apart where it is called")

    def read_anchor(self) -> ast.stmt:
        """The statement of the call, or the ``try`` around it."""
        statement = self.module.statement(self.call)
        around = self.module.parent(statement)
        if not isinstance(around, ast.Try) or statement not in around.body:
            return statement
        plain = len(around.body) == 1 and not around.orelse and not around.finalbody
        if not plain or not all(self.failing.fails(handler.body) for handler in around.handlers):
            raise NotConvertible("what happens to wrong options is nothing that argparse does")
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
            if not checks and not self.is_apart(statement) and not sets_up(self.module, statement):
                raise NotConvertible(
                    f"line {statement.lineno}: something else is done before the options are looked at"
                )
        raise NotConvertible("no loop over the options follows")

    def is_apart(self, statement: ast.stmt) -> bool:
        """Whether a statement only sets variables, and has nothing to do with the options."""
        if not isinstance(statement, ast.Assign) or not all(isinstance(item, ast.Name) for item in statement.targets):
            return False
        return not any(isinstance(node, ast.Name) and node.id == self.options.id for node in ast.walk(statement))

    def refuse_reads(self, loop: GetoptLoop) -> None:
        """Raise NotConvertible if the options, or the names of the loop, are read anywhere else."""
        module = self.module
        for name, inside in ((self.options.id, self.loop_statement.iter), (loop.option, None), (loop.value, None)):
            found = module.scope(self.options).lookup(name)
            reads = module.uses(found[1][0]) if found is not None else []
            for read in reads:
                if read is inside or inside is None and module.is_inside(read, self.loop_statement):
                    continue
                if inside is None and self.is_bound_anew(found, read):
                    continue
                raise NotConvertible(f"line {read.lineno}: {name} is read once more")

    def is_bound_anew(self, found: tuple[Scope, list[Binding]] | None, read: ast.Name) -> bool:
        """Whether a name of the loop is certainly bound again before it is read below."""
        module = self.module
        for binding in found[1] if found is not None else ():
            around = module.parent(binding.node)
            if isinstance(around, (ast.For, ast.comprehension)) or isinstance(around, ast.Tuple):
                loop = around if not isinstance(around, ast.Tuple) else module.parent(around)
                if isinstance(loop, ast.For) and loop is not self.loop_statement and module.is_inside(read, loop):
                    return True
            if isinstance(around, ast.Assign) and around.lineno > (self.loop_statement.end_lineno or 0):
                statement = module.statement(read)
                block = module.block(around)
                if any(item is around for item in block) and around.lineno < statement.lineno:
                    if any(item in block[block.index(around) :] for item in (statement, *module.ancestors(read))):
                        return True
        return False

    def effects(self, loop: GetoptLoop) -> list[OptionEffect]:
        """What each option does, in the order of the loop."""
        reader = BranchReader(self.module, loop, self.failing)
        effects: list[OptionEffect] = []
        handled: set[str] = set()
        for flags, body in loop.branches:
            known = tuple(flag for flag in flags if flag in self.declared)
            handled.update(known)
            if not known:
                continue
            effect = reader.effect(known, body)
            takes = {self.declared[flag] for flag in known}
            wants = effect.takes_value
            if takes != {wants}:
                raise NotConvertible(
                    f"line {body[0].lineno}: {known[0]} {'has no value' if wants else 'does not use its value'}"
                )
            effects.append(effect)
        if ignored := [flag for flag in self.declared if flag not in handled]:
            if not loop.refuses:
                raise NotConvertible(f"{ignored[0]} is accepted and does nothing")
        return effects

    # --- what is left ------------------------------------------------------------------------------------------

    words = None

    def leftovers(self, effects: Sequence[OptionEffect]) -> RemainingArguments:
        """What becomes of the arguments."""
        module, target = self.module, self.rest
        found = module.scope(target).lookup(target.id)
        contents = contents_of(module, Cell(found[0], target.id)) if found is not None else None
        reads = list(contents.reads) if contents is not None and len(contents.targets) == 1 else None
        taken = {name for pair in destinations(effects).items() for name in pair}
        if reads is not None and not reads:
            self.doubts = [IGNORED]
            return RemainingArguments(())
        block = module.block(self.loop_statement)
        first, last = block.index(self.anchor), block.index(self.loop_statement)
        following = [*(item for item in block[first:last] if isinstance(item, ast.If)), *block[last + 1 :]]
        if found is not None and found[0] is not module.scope(self.anchor):
            reads = None  # a global list, which the function alone gets its namespace for
        return remaining_arguments(
            module, reads, following, self.words, lambda _: self.variable, self.failing.fails, taken
        )

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

    def constants(self) -> Iterator[str]:
        """The texts that module-level names hold, such as ``USAGE``."""
        for statement in self.module.tree.body:
            if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
                if isinstance(statement.value.value, str) and "\n" in statement.value.value:
                    yield statement.value.value

    # --- placing -----------------------------------------------------------------------------------------------

    def free(self, names: Sequence[str]) -> str:
        """The first of some names that nothing in the file has."""
        found = self.module.fresh.name(names, names[0])
        if found is None:
            raise NotConvertible(f"the name {names[0]} is taken")
        return found

    def place(
        self,
        effects: Sequence[OptionEffect],
        leftovers: RemainingArguments,
        usage: UsageText,
        functions: Sequence[ast.FunctionDef],
    ) -> tuple[tuple[Definition, ...], tuple[Reference, ...]]:
        """Make the edits; the function that parses takes the place of one that showed the usage."""
        module = self.module
        self.starts.find(effects)
        arguments, unpacked = GetoptArguments(module, self.variable, self.starts).arguments(effects, usage)
        arguments += leftovers.positionals
        if leftovers.kept is not None:
            unpacked.append([f"{self.rest.id} = {self.variable}.{leftovers.kept}"])
        more = self.verbosity(self.places(unpacked, leftovers)[0], arguments, functions)
        if more is not None:
            arguments.append(more.argument)
        settings = self.settings(effects)
        name = self.free(_NAMES)
        parser = Parser(name, tuple(arguments), settings, intermixed=leftovers.is_list and self.is_mixed(effects))
        source, references = parser.definition(module, module.tree.body[-1], given=bool(self.argv))
        call = [[f"{self.variable} = {name}({self.argv})"]]
        if more is not None:
            references = (*references, more.logging)
            call += [lines] if (lines := more.statement(self.variable)) else []
            asked = more.asked(module, self.variable)
            self.edits += [expression_edit(module, node, text) for node, text in asked.items()]
        self.replace(call, unpacked, leftovers)
        self.edits += [expression_edit(module, read, text) for read, text in leftovers.reads]
        self.edits += [removal(statement) for statement in self.starts.removed]
        self.edits += needless_imports(module, "getopt", [edit.node for edit in self.edits])
        first = functions[0] if functions else None
        self.edits += [removal(function) for function in functions[1:]]
        if first is not None:
            self.edits.append(statements_edit(module, first, [source.split("\n")], keeper=-1))
            return (), references
        return (Definition(source),), references

    def is_mixed(self, effects: Sequence[OptionEffect]) -> bool:
        """Whether options were taken behind arguments, too."""
        return bool(effects) and self.module.qualified_name(self.call.func) == "getopt.gnu_getopt"

    def verbosity(
        self, at: ast.stmt, arguments: Sequence[Argument], functions: Sequence[ast.FunctionDef]
    ) -> Verbosity | None:
        """The option that shows more messages, where no abbreviation of another is in doubt by it."""
        if any(flag == "-v" or flag.startswith("--v") for flag in self.declared):
            return None
        gone = {node for statement in (*self.gone, *functions) for node in ast.walk(statement)}
        return verbosity(self.module, at, arguments, gone.__contains__)

    def places(self, unpacked: list[list[str]], leftovers: RemainingArguments) -> list[ast.stmt]:
        """The old statements: where the command line is read now, and the others."""
        places = [self.anchor, self.loop_statement, *leftovers.checks]
        return places if unpacked else [places[-1], *places[:-1]]

    def replace(self, call: list[list[str]], unpacked: list[list[str]], leftovers: RemainingArguments) -> None:
        """Put the new statements where the old ones stood."""
        module = self.module
        first, *others = self.places(unpacked, leftovers)
        self.edits.append(statements_edit(module, first, call, keeper=-1))
        if unpacked:
            self.edits.append(statements_edit(module, self.loop_statement, unpacked, keeper=-1))
            others.remove(self.loop_statement)
        self.edits += [removal(place) for place in others]

    def settings(self, effects: Sequence[OptionEffect]) -> tuple[tuple[str, str], ...]:
        """The settings of the parser itself."""
        settings: list[tuple[str, str]] = []
        if said := description(self.module):
            settings.append(("description", quoted(said)))
        if any(OWN_HELP & set(effect.flags) and not isinstance(effect, ShowsHelp) for effect in effects):
            settings.append(("add_help", "False"))
        return tuple(settings)
