"""The rewrite of a script that reads ``sys.argv``: an argparse parser, and edits that read its namespace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Definition, Insertion, Rewrite
from pymodernize.semantics.module import Module
from pymodernize_codemods._assumptions import PLAIN_ARGUMENTS, SURPLUS_ARGUMENTS
from pymodernize_codemods._script.parsers import Argument, Parser, help_setting, quoted, sources
from pymodernize_codemods.argparse_skeleton.added_options import constant_options, prompt_options, version_argument
from pymodernize_codemods.argparse_skeleton.analysis import Analysis
from pymodernize_codemods.argparse_skeleton.argument_reads import check_all_read, replace_reads
from pymodernize_codemods.argparse_skeleton.argument_types import argument_types
from pymodernize_codemods.argparse_skeleton.choices import Choices, choices_by_place
from pymodernize_codemods.argparse_skeleton.conversions import type_source
from pymodernize_codemods.argparse_skeleton.copies import Copies
from pymodernize_codemods.argparse_skeleton.count_tests import CountTests
from pymodernize_codemods.argparse_skeleton.defaults import Defaults, check_missing
from pymodernize_codemods.argparse_skeleton.initial_values import SupersededValues
from pymodernize_codemods.argparse_skeleton.namespace import Namespace, free_variable
from pymodernize_codemods.argparse_skeleton.naming import Naming, positional_names
from pymodernize_codemods.argparse_skeleton.option_actions import OptionActions
from pymodernize_codemods.argparse_skeleton.options import HELP
from pymodernize_codemods.argparse_skeleton.patch import Patch
from pymodernize_codemods.argparse_skeleton.placing import (
    first_statement,
    opens_block,
    place_of_call,
    place_of_function,
)
from pymodernize_codemods.argparse_skeleton.reasons import HYPHEN, MORE, SHOWS_USAGE, Bare, NotPlain
from pymodernize_codemods.argparse_skeleton.unused import remove_unused
from pymodernize_codemods.argparse_skeleton.verbosity import verbosity

_FUNCTIONS = ("parse_arguments", "parse_command_line")


@dataclass(frozen=True)
class _Decisions:
    """What the steps have decided.

    Attributes:
        namespace: what argparse gives.
        parser: the parser.
        patch: what becomes of the script's statements and expressions.
        constants: statements that set constants of the module anew, by the constant.
    """

    namespace: Namespace
    parser: Parser
    patch: Patch
    constants: Mapping[str, str]


def rewrite_of(analysis: Analysis) -> tuple[Rewrite, dict[str, str]] | None:
    """The rewrite of one command line, and what it assumes of the arguments: names of assumptions, with their reasons.

    Args:
        analysis: what is known of the script.

    Returns:
        None if the script asks for no argument at all, and takes them as they come.

    Raises:
        NotPlain: argparse cannot say it, or has nothing to say.
        NameTaken: the file leaves no name for an import.
    """
    decisions = _decide(analysis)
    if not decisions.parser.arguments:
        return None
    rewrite, parser = _written(analysis, decisions)
    if not analysis.settings.bare and analysis.module.style == "plain" and _is_bare(analysis, parser):
        raise Bare("argparse would say and check no more than the names of the arguments", analysis.argv.here)
    return rewrite, _assumptions(analysis, parser)


def _decide(analysis: Analysis) -> _Decisions:
    """Take the steps in order: each reads what those before it have decided."""
    module, argv, settings = analysis.module, analysis.argv, analysis.settings
    naming, patch, superseded = Naming(module, analysis.usage), Patch(module), SupersededValues()
    # What the positional arguments are.
    converted = argument_types(analysis)
    choices = choices_by_place(analysis, converted.types)
    known = {test: outcome for item in choices.values() for test, outcome in item.checks.items()}
    names = positional_names(analysis, naming, choices)
    check_missing(analysis, converted.handlers)
    namespace = Namespace(argv, free_variable(module, argv), names, analysis.arity.rest)
    # What becomes of the code that reads them.
    patch.statements |= {statement: tuple(statement.body) for statement in converted.needless}
    options, stored = OptionActions(analysis, naming, namespace, patch, superseded).run()
    defaults = Defaults(analysis, converted.types, known, namespace, patch, superseded).run()
    replace_reads(analysis, converted.types, namespace, patch)
    CountTests(analysis, known, defaults, namespace, patch).run()
    for statement in argv.aliases:
        patch.statements.setdefault(statement, ())
    if analysis.arity.least >= 1:
        patch.statements |= {check: () for check in argv.checks if not check.orelse}
    superseded.remove(patch)
    # What the settings ask for beside.
    if settings.prompts:
        options += prompt_options(naming, argv.frame, namespace, patch)
    given = [*sources([*stored, *options], "default"), *defaults.values()]
    constants: dict[str, tuple[Argument, str]] = {}
    if settings.constants and argv.frame is None:
        constants = constant_options(naming, first_statement(analysis), namespace, given)
    options += [option for option, _ in constants.values()]
    assigned = {name: source for name, (_, source) in constants.items()}
    # What is of no use then.
    written = [*given, *constants, *assigned.values()]
    paths = {names[place] for place, kind in converted.types.items() if kind == "pathlib.Path"}
    paths |= {item.destination for item in options if dict(item.settings).get("type", "").endswith("Path")}
    remarks = Copies(analysis, naming, namespace, paths, written, patch).run()
    positionals = _positionals(analysis, naming, namespace, converted.types, choices, defaults, remarks)
    parser, needed = _parser(analysis, naming, [*positionals, *stored], options)
    remove_unused(module, patch, needed)
    return _Decisions(namespace, parser, patch, assigned)


def _positionals(
    analysis: Analysis,
    naming: Naming,
    namespace: Namespace,
    types: Mapping[int, str],
    choices: Mapping[int, Choices],
    defaults: Mapping[int, str],
    remarks: Mapping[int, str],
) -> list[Argument]:
    """The positional arguments, with all that was decided of each."""
    arity, names = analysis.arity, namespace.names
    found = []
    for place in range(arity.singles):
        shown = "" if place in choices else naming.metavar(place, names[place])
        settings: list[tuple[str, str]] = [("metavar", quoted(shown))] if shown else []
        if types.get(place):
            settings.append(("type", type_source(analysis.module, types[place])))
        if place in choices:
            settings.append(("choices", f"[{', '.join(quoted(word) for word in choices[place].words)}]"))
        if arity.is_optional(place):
            settings.append(("nargs", '"?"'))
            default = defaults.get(place, "None")
            settings += [("default", default)] if default != "None" else []
        said = naming.help(place, names[place]) or remarks.get(place, "")
        found.append(Argument((names[place],), (*settings, *help_setting(said))))
    if arity.rest is not None:
        many = str(arity.exact) if arity.exact is not None else '"+"' if arity.least > arity.rest else '"*"'
        name = names[arity.rest]
        shown = naming.metavar(arity.rest, name)
        settings = [*([("metavar", quoted(shown))] if shown else []), ("nargs", many)]
        found.append(Argument((name,), (*settings, *help_setting(naming.help(arity.rest, name)))))
    return found


def _parser(
    analysis: Analysis, naming: Naming, positionals: list[Argument], options: list[Argument]
) -> tuple[Parser, set[str]]:
    """The parser, and the variables that it reads beside the defaults."""
    module = analysis.module
    settings: list[tuple[str, str]] = []
    if analysis.usage.description:
        settings.append(("description", quoted(analysis.usage.description)))
    flags = {name for option in options for name in option.names}
    if any(name.startswith("--") for name in flags):
        settings.append(("allow_abbrev", "False"))
    if flags & HELP:
        settings.append(("conflict_handler", '"resolve"'))
    arguments = [*positionals, *options]
    needed: set[str] = set()
    version = version_argument(module, flags, analysis.argv.here)
    if version is not None and "version" not in naming.taken:
        arguments.append(version[0])
        needed.add(version[1])
    function = module.fresh.name(_FUNCTIONS, _FUNCTIONS[0])
    if function is None:
        raise NotPlain("the file has a function parse_arguments of its own", analysis.argv.here)
    mixed = bool(options) and _has_list(arguments)
    strict = mixed or not analysis.arity.ignored or module.accepts(SURPLUS_ARGUMENTS.name)
    ignores_more = _passes_over(analysis) and not strict
    parser = Parser(function, tuple(arguments), tuple(settings), intermixed=mixed, ignores_more=ignores_more)
    return parser, needed


def _is_bare(analysis: Analysis, parser: Parser) -> bool:
    """Whether a parser has names of arguments alone, and no check of the script is about their number.

    A type of which every text is a value, as Path, checks nothing.
    """
    settings = (item for argument in parser.arguments for item in argument.settings)
    said = {key for key, value in settings if key != "type" or not value.endswith("Path")}
    options = any(name.startswith("-") for argument in parser.arguments for name in argument.names)
    return not options and not analysis.flow.tests and said <= {"nargs"}


def _has_list(arguments: Iterable[Argument]) -> bool:
    """Whether there are positional arguments of which there may be more or fewer."""
    return bool(sources(arguments, "nargs"))


def _passes_over(analysis: Analysis) -> bool:
    """Whether the script passes over further arguments."""
    return analysis.arity.surplus and not any(loop.refuses for loop in analysis.argv.loops)


def _assumptions(analysis: Analysis, parser: Parser) -> dict[str, str]:
    found = {PLAIN_ARGUMENTS.name: HYPHEN}
    if _passes_over(analysis) and not parser.ignores_more:
        found[SURPLUS_ARGUMENTS.name] = MORE
    if analysis.arity.usage:
        found[CHANGES_BEHAVIOUR.name] = SHOWS_USAGE
    return found


def _written(analysis: Analysis, decisions: _Decisions) -> tuple[Rewrite, Parser]:
    """The edits, with the parser's function and its call in their places; and the parser with all of its options."""
    module, argv = analysis.module, analysis.argv
    namespace, parser, patch = decisions.namespace, decisions.parser, decisions.patch
    check_all_read(analysis, patch)
    # What a constant is set to must be in force wherever it was.
    at = first_statement(analysis) if decisions.constants else place_of_call(analysis, parser, patch)
    more = verbosity(module, at, parser.arguments, patch.is_gone)
    if more is not None:
        parser = _with_option(parser, more.argument)
        patch.expressions |= more.asked(module, namespace.variable)
    given = ""
    if argv.parameter is not None:
        given = argv.parameter.arg if argv.offset == 0 else f"{argv.parameter.arg}[1:]"
    source, references = parser.definition(module, at, given=bool(given))
    place = place_of_function(analysis, at, patch)
    if place is not None:
        patch.statements[place] = tuple(_own_indent(module, source))
    call = Insertion(at, f"{namespace.variable} = {parser.name}({given})")
    shown = more.inserted(module, at, namespace.variable) if more is not None else ()
    inserted = (call, *shown, *(Insertion(at, statement) for statement in decisions.constants.values()))
    opens = opens_block(analysis, at, patch)
    rewrite = Rewrite(
        edits=patch.edits(),
        references=(*references, more.logging) if more is not None else references,
        definitions=(Definition(source),) if place is None else (),
        sets=frozenset(decisions.constants),
        insertions=tuple(replace(item, opens=opens) for item in inserted),
        drops=("sys", "sys.argv", "sys.exit", "os", "os.path"),
        removes=tuple(item for item, becomes in patch.statements.items() if not becomes),
        drops_comments=patch.drops_comments(),
    )
    return rewrite, parser


def _with_option(parser: Parser, option: Argument) -> Parser:
    """A parser with one option more."""
    arguments = (*parser.arguments, option)
    mixed = _has_list(arguments)
    return replace(parser, arguments=arguments, intermixed=mixed, ignores_more=parser.ignores_more and not mixed)


def _own_indent(module: Module, source: str) -> list[str]:
    """The lines of a source that is indented by four spaces, with the file's own indentation."""
    lines = []
    for line in source.split("\n"):
        body = line.lstrip(" ")
        lines.append(module.indent * ((len(line) - len(body)) // 4) + body)
    return lines
