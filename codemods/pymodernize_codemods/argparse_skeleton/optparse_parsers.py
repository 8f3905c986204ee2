"""optparse → argparse, option by option, where the parser stands."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence

from pymodernize.codemod import Codemod, Edit, Finding, Insertion, Rewrite
from pymodernize.reasons import Reason
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import reference
from pymodernize_codemods._script.call_source import CallChange, changed_call
from pymodernize_codemods._script.parsers import Argument
from pymodernize_codemods._script.placing import (
    expression_edit,
    have_comments,
    insertion,
    needless_imports,
)
from pymodernize_codemods.argparse_skeleton.library_findings import finding_of
from pymodernize_codemods.argparse_skeleton.optparse_options import OptionReader, OptparseOption
from pymodernize_codemods.argparse_skeleton.optparse_results import Results
from pymodernize_codemods.argparse_skeleton.optparse_text import Shown, Texts, known_text
from pymodernize_codemods.argparse_skeleton.optparse_uses import TEXTS, read_uses
from pymodernize_codemods.argparse_skeleton.reasons import NotConvertible

_PARAMETERS = """usage option_list option_class version conflict_handler description formatter add_help_option prog
epilog""".split()
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
        yield finding_of(codemod, module, call, "optparse", lambda call=call: _conversion(module, call))


def _conversion(module: Module, call: ast.Call) -> tuple[Rewrite, list[str]]:
    """The rewrite of one parser, with all that is done to it, and why it may break the script.

    Raises:
        NotConvertible: there is none.
        NameTaken: the file leaves no name for an import.
    """
    argparse = reference(module, "argparse", call)
    if not module.is_closed:
        raise NotConvertible("other files may use the parser, or what it gives")
    texts = Texts(module, argparse.expression)
    reader = OptionReader(module, f"{argparse.expression}.SUPPRESS")
    uses = read_uses(module, call, reader, texts)
    given = _settings(call)
    listed = _listed_options(module, given.get("option_list"), reader)
    _check_settings(given)
    if texts.usage is None:
        texts.usage = known_text(module, given.get("usage"))
    options = sorted([*(option for option, _ in uses.options), *listed], key=lambda item: module.span(item.call))
    results = Results(module, call, uses, options)
    results.read(texts.usage)
    _choose_defaults(module, options, uses.defaults, results)
    made, insertions = _constructor(module, call, given, texts, options, listed, results)
    edits = [*uses.edits, made]
    for option, owner in sorted(uses.options, key=lambda item: module.span(item[0].call)):
        edits.append(expression_edit(module, option.call, option.source(module, f"{owner}.add_argument")))
    edits += results.edits
    elsewhere = {**texts.elsewhere, **reader.texts}
    edits += [expression_edit(module, node, source) for node, source in elsewhere.items()]
    edits += needless_imports(module, "optparse", [edit.node for edit in edits])
    rewrite = Rewrite(
        tuple(edits),
        references=(argparse,),
        insertions=(*insertions, *results.insertions),
        drops=(*_DROPS, "sys"),
        drops_comments=have_comments(module, results.checks),
    )
    inside = {node for statement in results.checks for node in ast.walk(statement)}
    shown = ["the script shows the help itself, which argparse words in another way"] if uses.shown - inside else []
    return rewrite, list(dict.fromkeys([*texts.doubts, *reader.doubts, *results.doubts, *shown]))


# --- the constructor -------------------------------------------------------------------------------------------


def _settings(call: ast.Call) -> dict[str, ast.expr]:
    """The arguments of the constructor by name."""
    if any(isinstance(arg, ast.Starred) for arg in call.args) or any(item.arg is None for item in call.keywords):
        raise NotConvertible("settings of the parser are made elsewhere")
    given = dict(zip(_PARAMETERS, call.args, strict=False))
    return given | {str(item.arg): item.value for item in call.keywords}


def _check_settings(given: Mapping[str, ast.expr]) -> None:
    for name in ("formatter", "option_class"):
        if name in given and not _is_none(given[name]):
            raise NotConvertible(f"the script brings its own {name}")
    if unknown := sorted(given.keys() - set(_PARAMETERS)):
        raise NotConvertible(f"optparse has no {unknown[0]}")


def _listed_options(module: Module, given: ast.expr | None, reader: OptionReader) -> list[OptparseOption]:
    """The options of ``option_list``: they are added behind the constructor."""
    if given is None or _is_none(given):
        return []
    if not isinstance(given, (ast.List, ast.Tuple)):
        raise NotConvertible("the list of options is made elsewhere")
    if "#" in module.text(given):
        raise NotConvertible("comments stand in the list of options")
    found = []
    for item in given.elts:
        made = module.qualified_name(item.func) if isinstance(item, ast.Call) else None
        if not isinstance(item, ast.Call) or made not in {"optparse.make_option", "optparse.Option"}:
            raise NotConvertible("the list of options is made elsewhere")
        found.append(reader.read(item))
    return found


def _constructor(
    module: Module,
    call: ast.Call,
    given: Mapping[str, ast.expr],
    texts: Texts,
    options: Sequence[OptparseOption],
    listed: Sequence[OptparseOption],
    results: Results,
) -> tuple[Edit, list[Insertion]]:
    """The new constructor, and what is added right behind it."""
    nodes: dict[str, ast.AST] = {**given, **{str(item.arg): item for item in call.keywords}}
    replaced: dict[ast.AST, str] = {}
    dropped: set[ast.AST] = set()
    added: list[str] = []
    for name, value in given.items():
        node = nodes[name]
        said = name == "usage" and (texts.usage in _DEFAULT_USAGE or results.says_usage)
        if name in {"option_list", "version"} or _is_none(value) and name != "add_help_option":
            dropped.add(node)
        elif said and isinstance(value, ast.Constant):
            dropped.add(node)
        elif name in TEXTS:
            replaced[node] = f"{name}={texts.source(value, TEXTS[name])}"
        else:
            replaced[node] = f"{'add_help' if name == 'add_help_option' else name}={module.text(value)}"
    behind: list[list[str]] = []
    version = given.get("version")
    showing = [option for option in options if option.action == "version"]
    if version is not None and not _is_none(version):
        made = texts.converted(version, Shown.VERSION)
        source = made.source or module.text(version)
        if made.value is None:
            texts.doubts.append("argparse breaks the lines of a version text, and this one is not known")
        elif len(made.value) > _WRAPPED or any(sign in made.value for sign in ("\n", "  ", "\t")):
            added.append(f"formatter_class={texts.argparse}.RawDescriptionHelpFormatter")
        shown = Argument(("--version",), (("action", '"version"'), ("version", source)))
        behind.append(shown.source(_target(module, call), module.facts.line_length))
        for option in showing:
            option.added.append(f"version={source}")
    elif showing:
        raise NotConvertible("an option shows a version, and the parser has none")
    behind += [[option.source(module, f"{_target(module, call)}.add_argument")] for option in listed]
    if not results.beside:
        behind += [item.source(_target(module, call), module.facts.line_length) for item in results.positionals]
    change = CallChange(f"{texts.argparse}.ArgumentParser", replaced, frozenset(dropped), added)
    edit = expression_edit(module, call, changed_call(module, call, change))
    if not behind:
        return edit, []
    block, place = module.place(module.statement(call))
    if place + 1 == len(block):
        raise NotConvertible("nothing follows the parser in its block")
    return edit, [insertion(module, block[place + 1], lines) for lines in behind]


def _target(module: Module, call: ast.Call) -> str:
    """The expression that the parser is assigned to."""
    statement = module.parent(call)
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        return module.text(statement.targets[0])
    raise NotConvertible("the parser has no name where it is made")


# --- defaults --------------------------------------------------------------------------------------------------


def _choose_defaults(
    module: Module, options: Sequence[OptparseOption], elsewhere: Collection[str], results: Results
) -> None:
    """Give options the defaults that optparse has.

    These are None for a flag, and of several options for one attribute those
    of the last one that has any; argparse's are False or True for a flag, and
    those of the first option.

    Args:
        module: the module.
        options: all of the parser's.
        elsewhere: the attributes whose defaults are set otherwise.
        results: how the script uses what is read.
    """
    by_name: dict[str, list[OptparseOption]] = {}
    for option in options:
        if option.destination:
            by_name.setdefault(option.destination, []).append(option)
    for name, same in by_name.items():
        explicit = [option for option in same if option.default is not None]
        if len(same) == 1:
            (option,) = same
            if option.action in {"store_true", "store_false"} and not explicit and name not in elsewhere:
                if option.action == "store_false" or not results.is_flag(name):
                    option.set_default("None")
            continue
        if name in elsewhere:
            if explicit:
                raise NotConvertible(f"{name} gets its default in several ways")
            continue
        if len({module.function(option.call) for option in same}) > 1:
            raise NotConvertible(f"the options for {name} are added in different places")
        last = explicit[-1].default if explicit else None
        if last is None and same[0].action not in {"store_true", "store_false"}:
            continue
        for option in same[1:]:
            option.set_default(None)
        same[0].set_default(module.text(last) if last is not None else "None")


def _is_none(expr: ast.expr) -> bool:
    return isinstance(expr, ast.Constant) and expr.value is None
