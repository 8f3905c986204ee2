"""A rule of Fixit as a codemod: what it reports is found, and its replacements are rewrites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from fixit import LintRule
from fixit.ftypes import LintViolation, VisitorMethod
from libcst.metadata import FilePathProvider, MetadataWrapper
from packaging.specifiers import SpecifierSet

from pymodernize.codemod import Codemod, Finding
from pymodernize.fixit.rewrites import Nodes, Tree
from pymodernize.fixit.rules import name_of, rule_class
from pymodernize.reasons import Reason
from pymodernize.rewriting.fragments import CannotPlace, is_too_large, parse_module
from pymodernize.semantics.module import Module
from pymodernize.semantics.tree import TooLarge

NO_FIX = Reason("no-counterpart", "the rule has no fix for it")


_TRIGGERS = "a file that holds none of these texts is not looked at; without any, the rule's own `TRIGGERS` count"


@dataclass(frozen=True)
class RuleOptions:
    """The options of a rule."""

    triggers: tuple[str, ...] = field(default=(), metadata={"help": _TRIGGERS})


class RuleCodemod(Codemod):
    """What the codemods of all rules have in common."""

    rule: type[LintRule]
    Options = RuleOptions

    def __init__(self, options: RuleOptions | None = None) -> None:
        super().__init__(options)
        texts = self.options.triggers or getattr(self.rule, "TRIGGERS", ())
        # Of the instance: the settings of a folder may name others.
        self.triggers = tuple(text.encode() if isinstance(text, str) else bytes(text) for text in texts)

    def __reduce__(self) -> tuple[Any, ...]:
        return restored, (self.rule.__module__, self.rule.__name__, self.options)

    @classmethod
    def name(cls) -> str:
        """The name in settings and on the command line: that of the rule, with hyphens."""
        return name_of(cls.rule)

    def find(self, module: Module) -> Iterator[Finding]:
        """Have the rule look through one module."""
        if not module.tree.body or not SpecifierSet(self.rule.PYTHON_VERSION).contains(
            ".".join(map(str, module.target))
        ):
            return
        if is_too_large(module):
            raise TooLarge
        tree = module.once(_tree)
        if isinstance(tree, CannotPlace):
            message = f"{self.rule.__name__} does not look at the file"
            yield self.finding(module, module.tree.body[0], message, code="no-counterpart", reason=str(tree))
            return
        rule = _quick(self.rule)()
        try:
            tree.wrapper.visit_batched([rule])
        except SystemExit as exc:  # it would end the process that works on the file
            raise RuntimeError(f"it ends the process: SystemExit({exc.code!r})") from None
        for violation in rule._violations:  # noqa: SLF001 - as Fixit's own runner does
            yield self.told(module, tree, violation)

    def told(self, module: Module, tree: Tree, violation: LintViolation) -> Finding:
        """The finding for a report of a rule."""
        start, end = tree.place(violation.range.start), tree.place(violation.range.end)
        rewrite, reason = None, str.__str__(NO_FIX)
        if violation.replacement is not None:
            try:
                rewrite, reason = tree.rewrite(violation.node, violation.replacement), ""
            except CannotPlace as exc:
                reason = f"the fix of the rule cannot be made here: {exc}"
        node = module.once(Nodes).around(start, end)
        message = " ".join(violation.message.split())
        found = self.finding(module, node or module.tree.body[0], message, rewrite, reason=reason)
        (line, column), (end_line, end_column) = module.source.position(start), module.source.position(end)
        place = {"line": line, "column": column, "end_line": end_line, "end_column": end_column}
        return replace(found, node=node, **place)


def _tree(module: Module) -> Tree | CannotPlace:
    """The tree that all rules look at, or why there is none."""
    try:
        parsed = parse_module(module.source.text, module)
    except CannotPlace as exc:
        return exc
    known: dict[Any, object] = {FilePathProvider: Path(module.facts.path)}
    return Tree(module, MetadataWrapper(parsed, unsafe_skip_copy=True, cache=known))


@cache
def _quick(rule: type[LintRule]) -> type[LintRule]:
    """A rule that knows its methods: LibCST looks through all attributes each time, longer than many a rule takes."""
    methods = {name: getattr(rule, name) for name in dir(rule) if name.startswith(("visit_", "leave_"))}
    names = [name for name, method in methods.items() if callable(method) and not hasattr(method, "_is_no_op")]

    def get_visitors(self: LintRule) -> Mapping[str, VisitorMethod]:
        return {name: getattr(self, name) for name in names}

    return type(rule.__name__, (rule,), {"get_visitors": get_visitors, "__module__": rule.__module__})


@cache
def codemod_of(rule: type[LintRule]) -> type[Codemod]:
    """The codemod of a rule.

    Args:
        rule: the class.

    Returns:
        A class that is the same for each call with the same rule.
    """
    sentence = " ".join(str(getattr(rule, "MESSAGE", "") or f"The rule {rule.__name__} of Fixit.").split())
    origin = f"A rule of Fixit, {rule.__module__}:{rule.__name__}."
    documentation = f"{sentence}\n\n{origin}\nWhat its fix keeps is for the rule to say; the self-check holds for it."
    # Of the rule's module: what is kept between runs depends on the code there.
    values = {"rule": rule, "__module__": rule.__module__, "__doc__": documentation}
    return type(rule.__name__, (RuleCodemod,), values)


def restored(module: str, name: str, options: RuleOptions) -> Codemod:
    """The codemod of a rule in another process.

    Args:
        module: where the rule is defined.
        name: of its class.
        options: those of the codemod.
    """
    return codemod_of(rule_class(module, name))(options)
