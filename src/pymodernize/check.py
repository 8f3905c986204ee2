"""What the author of a check imports: ``Check`` and what its pattern is made of, ``calls`` and ``nodes``."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from pymodernize.codemod import Codemod, Finding, Status

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

    Place: TypeAlias = tuple[ast.AST, str]

_BEFORE_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True)
class Pattern:
    """What a check looks for.

    Attributes:
        places: from a module to the places that the pattern fits, each with what is found there.
    """

    places: Callable[[Module], Iterable[Place]]


class Check(Codemod):
    """Base class of all checks: a pattern and a sentence. A check flags places, and nothing is rewritten for it.

    Its docstring is its documentation, as that of a codemod. A declaration of
    ``sentence`` and ``pattern`` is all of a check; triggers, noqa, rows, of_scripts
    and Options mean what they mean for a codemod.

    Class attributes:
        sentence: why such places fall short of the standard.
        pattern: what it looks for, made by :func:`calls` or :func:`nodes`;
            without one there is a method ``places``.
    """

    sentence: ClassVar[str] = ""
    pattern: ClassVar[Pattern]

    def __init_subclass__(cls) -> None:
        cls.reasons = {cls.name(): cls.sentence}

    @classmethod
    def name(cls) -> str:
        """The name in settings and on the command line, and the code of its reason: that of its class, with hyphens.

        Returns:
            For example ``shell-call`` for ``ShellCall``.
        """
        return _BEFORE_CAPITAL.sub("-", cls.__name__).lower()

    def places(self, module: Module) -> Iterable[Place]:
        """The places that the pattern fits, each with what is found there.

        Args:
            module: the model; must not be changed.
        """
        return self.pattern.places(module)

    def find(self, module: Module) -> Iterator[Finding]:
        """The places that the pattern fits; none in tests, which show what is not done elsewhere.

        Args:
            module: the model.
        """
        if module.is_test:
            return
        reason = f"{self.sentence[:1].lower()}{self.sentence[1:]}".rstrip(".")
        for node, message in self.places(module):
            yield replace(self.finding(module, node, message, reason=reason, code=self.name()), status=Status.FLAGGED)


def calls(*names: str, where: Callable[[Module, ast.Call], bool] = lambda module, call: True) -> Pattern:
    """The pattern of calls of library functions, under whatever name they are imported.

    Args:
        names: dotted names, such as ``os.system``.
        where: which of the calls are meant.

    Returns:
        The pattern; what is found is the name of the function.
    """

    def places(module: Module) -> Iterator[Place]:
        for call in module.calls(*names):
            if where(module, call):
                yield call, called(module, call)

    return Pattern(places)


def nodes(*kinds: type[ast.AST], where: Callable[[Module, Any], str]) -> Pattern:
    """The pattern of syntax nodes.

    Args:
        kinds: classes of :mod:`ast`.
        where: what is found at a node; empty where it is not meant.
    """

    def places(module: Module) -> Iterator[Place]:
        for kind in kinds:
            for node in module.nodes(kind):
                if message := where(module, node):
                    yield node, message

    return Pattern(places)


def called(module: Module, call: ast.Call) -> str:
    """What is called, for a person: ``os.system()``.

    Args:
        module: the model.
        call: of a library's function.
    """
    return f"{(module.qualified_name(call.func) or ast.unparse(call.func)).removeprefix('builtins.')}()"
