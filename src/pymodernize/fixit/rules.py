"""The classes of Fixit's rules, found as Fixit finds them."""

from __future__ import annotations

import importlib
import re

from fixit import LintRule
from fixit.config import CollectionError, find_rules
from fixit.ftypes import QualifiedRule, QualifiedRuleRegex
from libcst.metadata import FilePathProvider

from pymodernize.fixit.errors import NoRule


def rules_of(word: str) -> list[type[LintRule]]:
    """The rules that a word of the settings means.

    Args:
        word: ``MODULE:CLASS`` or ``MODULE``.

    Raises:
        NoRule: it means none, or one that needs to know more than a file.
    """
    match = QualifiedRuleRegex.match(word)
    if match is None:
        raise NoRule(f"{word!r} is no rule; write MODULE:CLASS, or MODULE for all of it")
    if match["local"]:
        raise NoRule(f"{word!r} is code of the folder that is worked on; install it, and name it as it is imported")
    try:
        found = list(find_rules(QualifiedRule(match["module"], match["name"])))
    except CollectionError as exc:
        raise NoRule(f"{word!r}: {exc.__cause__ or exc}") from None
    except Exception as exc:  # whatever a module of rules raises when it is imported
        raise NoRule(f"{word!r} does not import: {type(exc).__name__}: {exc}") from None
    if not found:
        raise NoRule(f"{word!r} has no rules")
    for rule in found:
        _check(rule)
    return found


def _check(rule: type[LintRule]) -> None:
    """Refuse a rule that asks for what only a whole repository tells: a file is worked on by itself, and is not read.

    Raises:
        NoRule: it does.
    """
    for provider in rule.get_inherited_dependencies():
        if provider.gen_cache is not None and provider is not FilePathProvider:
            what = f"asks for {provider.__name__}, which reads the whole repository"
            raise NoRule(f"{rule.__module__}:{rule.__name__} {what}; run it by fixit itself")


def name_of(rule: type[LintRule]) -> str:
    """The name of a rule's codemod: ``use-fstring`` for ``UseFstring`` and ``UseFstringRule``."""
    name = rule.__name__.removesuffix("Rule") or rule.__name__
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name).replace("_", "-").lower()


def rule_class(module: str, name: str) -> type[LintRule]:
    """The class of a rule by where it is defined."""
    return getattr(importlib.import_module(module), name)
