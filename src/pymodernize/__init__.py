"""Codemods that bring legacy Python scripts up to a written standard.

The names below are the public interface. Each is loaded when it is first
asked for, so that ``pymodernize --version`` pays for none of them.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing would be looked for in the current folder under "python -m"

__version__ = "0.2.0"

if TYPE_CHECKING:
    from pymodernize.assumptions import Assumption
    from pymodernize.codemod import Codemod, Edit, Finding, Rewrite, Status
    from pymodernize.plan import Plan
    from pymodernize.semantics.module import Module
    from pymodernize.semantics.project import ProjectFacts
    from pymodernize.source import SourceFile
    from pymodernize.transformation.engine import transform
    from pymodernize.transformation.result import Result

__all__ = [
    "Assumption",
    "Codemod",
    "Edit",
    "Finding",
    "Module",
    "Plan",
    "ProjectFacts",
    "Result",
    "Rewrite",
    "SourceFile",
    "Status",
    "__version__",
    "transform",
]

_HOME = {
    "Assumption": "assumptions",
    "Codemod": "codemod",
    "Edit": "codemod",
    "Finding": "codemod",
    "Rewrite": "codemod",
    "Status": "codemod",
    "Result": "transformation.result",
    "transform": "transformation.engine",
    "Plan": "plan",
    "Module": "semantics.module",
    "ProjectFacts": "semantics.project",
    "SourceFile": "source",
}


def __getattr__(name: str) -> object:
    """Load a public name from the module that defines it (PEP 562)."""
    try:
        home = _HOME[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    """The public names, whether they have been loaded or not."""
    return sorted(__all__)
