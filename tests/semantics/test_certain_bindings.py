"""The one binding that a read is certain to see, or that there is no such."""

from __future__ import annotations

import ast

import pytest

from pymodernize.semantics.certain_bindings import last_binding
from pymodernize.semantics.module import Module
from pymodernize.source import SourceFile


def seen(source: str) -> list[tuple[int, int] | None]:
    """For each read of ``x`` the place of the binding that it is certain to see, in document order."""
    module = Module(SourceFile.decode(source.encode()))
    found = []
    for read in sorted(module.nodes(ast.Name), key=lambda name: (name.lineno, name.col_offset)):
        if read.id == "x" and isinstance(read.ctx, ast.Load):
            looked_up = module.scope(read).lookup("x")
            assert looked_up is not None
            binding = last_binding(module, read, looked_up[0], [item.node for item in looked_up[1]])
            found.append((binding.lineno, binding.col_offset) if binding is not None else None)  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize(
    ("source", "bindings"),
    [
        ("x = 1\nx = f(x)\nprint(x)\n", [(1, 0), (2, 0)]),
        ("x = 1\nwith a(x) as x:\n    print(x)\nprint(x)\n", [(1, 0), (2, 13), (2, 13)]),
        ("x = 1\nwith a() as x, b(x) as x:\n    print(x)\n", [(2, 12), (2, 23)]),
        ("x = 1\nwith a() as x, b(x):\n    pass\n", [(2, 12)]),
        ("x = 1\nfor x in y:\n    print(x)\n", [(2, 4)]),
        ("x = 1\nif y:\n    x = 2\nprint(x)\n", [None]),
    ],
)
def test_what_is_certain(source: str, bindings: list[tuple[int, int] | None]):
    assert seen(source) == bindings


@pytest.mark.parametrize(
    "source",
    [
        "x = 1\nprint((x := 2), x)\n",
        "x = 1\ny = (x := 2) and x\n",
        "x = 1\nif (x := 2):\n    print(x)\n",
        "x = 1\nif a:\n    pass\nelif (x := 2):\n    pass\nelse:\n    print(x)\n",
        "x = 1\nmatch (x := 2):\n    case 2:\n        print(x)\n",
        "x = 1\nmatch y:\n    case [x] if y:\n        pass\n    case _:\n        print(x)\n",
        "x = 1\nmatch y:\n    case 1 if (x := 2):\n        pass\n    case _:\n        print(x)\n",
        "x = 1\nwith a((x := 2)), b(x):\n    pass\n",
    ],
)
def test_what_an_expression_or_a_pattern_may_have_bound_is_not(source: str):
    assert seen(source) == [None]
