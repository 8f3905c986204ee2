"""How the top of a module is laid out."""

from __future__ import annotations

import pytest

from pymodernize.semantics.layout import preamble
from pymodernize.semantics.module import Module
from pymodernize.source import SourceFile


@pytest.mark.parametrize(
    ("source", "imports", "last"),
    [
        ("", [], None),
        ("main()", [], None),
        ("'''Doc.'''\nimport a\nfrom b import c\nmain()", [2, 3], 3),
        ("from __future__ import annotations\nimport a", [1, 2], 2),
        ("import a\nX = 1\nY: int = 2\nimport b\nmain()\nimport c", [1, 4], 4),
        ("import sys\nsys.path.insert(0, 'x')\nimport b", [1, 3], 3),
        ("import a\na.f()\nimport b", [1], 1),
        ("import a\ndef f(): pass\nimport b", [1], 1),
        ("import a\nif x:\n    import b\nimport c", [1, 4], 4),
        ("import a\ntry:\n    import b\nexcept ImportError:\n    b = None\n", [1], 2),
        (
            "try:\n    import b\nexcept ImportError:\n    import sys\n    print('no b')\n    sys.exit(1)\nimport c",
            [7],
            7,
        ),
        ("try:\n    import b\nexcept ImportError:\n    raise SystemExit\nimport c", [5], 5),
        ("import a\ntry:\n    import b\nexcept ImportError:\n    b = get()\n    b.set()\nimport c", [1], 1),
        ("import a\ntry:\n    import b\nexcept ImportError:\n    def b(): pass\nimport c", [1], 1),
        ("import a\nif x:\n    y = 1\nimport b", [1], 1),
        ("import a\nif x:\n    pass\nelse:\n    try:\n        import b\n    finally: pass\nimport c", [1, 8], 8),
        ("import a\nif __name__ == '__main__':\n    import b\n    main()\n", [1], 1),
        ("import a\nprint = 1\nif x:\n    import b\n    print(1)\nimport c", [1], 1),
        ("import a; import b\nimport c", [1, 1, 2], 2),
    ],
)
def test_preamble(source: str, imports: list[int], last: int | None) -> None:
    found = preamble(Module(SourceFile.decode(source.encode())))
    assert [statement.lineno for statement in found.imports] == imports
    assert (found.last.lineno if found.last is not None else None) == last
