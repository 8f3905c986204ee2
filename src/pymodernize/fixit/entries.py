"""The rules of Fixit that settings name, as entries like those of installed codemods.

Fixit and the rules are imported here, and only if a setting names some.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

from pymodernize.codemod import Codemod
from pymodernize.fixit.errors import NoRule
from pymodernize.registry import Entry


@dataclass(frozen=True)
class RuleEntry(Entry):
    """A rule by the name of its codemod.

    Attributes:
        rule: the name of its class.
    """

    rule: str = ""

    def load(self) -> type[Codemod]:
        """The codemod of the rule."""
        from pymodernize.fixit.codemods import codemod_of
        from pymodernize.fixit.rules import rule_class

        return codemod_of(rule_class(self.module, self.rule))


def rule_entries(named: Sequence[str]) -> Mapping[str, Entry]:
    """The rules that some words mean, by the names of their codemods, in order of name.

    Args:
        named: ``MODULE:CLASS`` for one rule, ``MODULE`` for all of a module or a package, as Fixit has them.

    Raises:
        NoRule: there is none, Fixit is not installed, or one cannot be run on a file by itself.
    """
    try:
        import_module("fixit")  # to tell whether it is there from what is wrong with a rule
    except ImportError as exc:
        raise NoRule(f"Fixit does not import ({exc}); pip install 'pymodernize[fixit]' brings it") from None
    from pymodernize.fixit.rules import name_of, rules_of

    found: dict[str, Entry] = {}
    for word in named:
        for rule in rules_of(word):
            entry = RuleEntry(name_of(rule), rule.__module__, "fixit-rules", rule=rule.__name__)
            if found.setdefault(entry.name, entry) != entry:
                other = found[entry.name].module
                raise NoRule(f"{word!r}: a rule called {entry.name} is in {other} and in {entry.module}")
    return dict(sorted(found.items()))
