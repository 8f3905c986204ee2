"""The parameter by which a function takes the command line, as the target version can write it."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from pymodernize.semantics.module import Module
from pymodernize.semantics.references import Reference, reference

UNIONS = (3, 10)
"""The first Python whose classes can be joined with ``|`` when an annotation is evaluated (PEP 604)."""


@dataclass(frozen=True)
class Parameter:
    """A parameter, ready to be written.

    Attributes:
        source: name, annotation and default.
        references: what its annotation needs.
    """

    source: str
    references: tuple[Reference, ...]


def argv_parameter(module: Module, at: ast.AST, name: str = "argv") -> Parameter:
    """A parameter for the arguments without the program's name, None for those of the process.

    Args:
        module: where it will stand.
        at: a node beside which its function will stand.
        name: what to call it.

    Returns:
        The parameter, for the module's target version.

    Raises:
        NameTaken: the file leaves no name for an import.
    """
    if module.target >= UNIONS:
        sequence = reference(module, "collections.abc.Sequence", at)
        return Parameter(f"{name}: {sequence.expression}[str] | None = None", (sequence,))
    sequence, optional = reference(module, "typing.Sequence", at), reference(module, "typing.Optional", at)
    annotation = f"{optional.expression}[{sequence.expression}[str]]"
    return Parameter(f"{name}: {annotation} = None", (sequence, optional))
