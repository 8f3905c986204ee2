"""Scopes and bindings: by the rules of the language, and against the standard library's own symbol tables."""

from __future__ import annotations

import ast
import symtable
import sys
import sysconfig
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from pymodernize.semantics.scopes import BindingKind, Index, Scope, ScopeKind, build_index

STDLIB = Path(sysconfig.get_path("stdlib"))
INLINES = sys.version_info >= (3, 12)
INLINED = {"listcomp", "setcomp", "dictcomp"}
# Names that the compiler adds to a symbol table by itself.
IMPLICIT = {"__class__", "__classdict__", "__static_attributes__", "__conditional_annotations__", ".0", "super"}


def index_of(source: str) -> Index:
    return build_index(ast.parse(source))


def scope_named(index: Index, name: str) -> Scope:
    return next(scope for node, scope in index.scopes.items() if getattr(node, "name", None) == name)


def read(index: Index, name: str, number: int = -1) -> str:
    """Where a read of a name finds it: the kind of scope with its name, ``builtin`` if nowhere."""
    name_node, scope = [(node, scope) for node, scope in index.loads.items() if node.id == name][number]
    found = scope.lookup(name_node.id)
    if found is None:
        return "builtin"
    owner = found[0]
    name_of = getattr(owner.node, "name", "")
    return f"{owner.kind.value} {getattr(name_of, 'id', name_of)}".strip()


@pytest.mark.parametrize(
    ("source", "name", "where"),
    [
        ("x = 1\nx", "x", "module"),
        ("x", "x", "builtin"),
        ("def f():\n    x = 1\n    return x", "x", "function f"),
        ("x = 1\ndef f():\n    return x", "x", "module"),
        ("x = 1\ndef f():\n    global x\n    x = 2\n    return x", "x", "module"),
        ("def f():\n    global x\n    x = 2\n    return x", "x", "module"),
        ("def f():\n    global x\n    def g():\n        return x", "x", "builtin"),
        ("x = 1\ndef f():\n    x = 2\n    def g():\n        global x\n        return x", "x", "module"),
        ("def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2\n        return x", "x", "function f"),
        ("def f(x):\n    def g():\n        nonlocal x\n        x = 2\n    return x", "x", "function f"),
        ("x = 1\nclass C:\n    x = 2\n    def m(self):\n        return x", "x", "module"),
        ("x = 1\nclass C:\n    x = 2\n    y = x", "x", "class C"),
        ("x = 1\nclass C:\n    x = 2\n    y = [x for _ in ()]", "x", "module"),
        ("class C:\n    x = [1]\n    y = [i for i in x]", "x", "class C"),
        ("class C:\n    x = [1]\n    y = [i for _ in () for i in x]", "x", "builtin"),
        ("class C:\n    x = 2\n    y = lambda: x", "x", "builtin"),
        ("class C:\n    x = 2\n    class D:\n        y = x", "x", "builtin"),
        ("class C:\n    x = 2\n    def m(self, y=x): pass", "x", "class C"),
        ("def f():\n    x = 1\n    class C:\n        def m(self):\n            return x", "x", "function f"),
        # A global in a class body is none for its methods.
        (
            "def f():\n    x = 1\n    class C:\n        global x\n        def m(self):\n            return x",
            "x",
            "function f",
        ),
        ("[x for x in ()]\nx", "x", "builtin"),
        ("[(y := 1) for x in ()]\ny", "y", "module"),
        ("def f():\n    [[(y := 1) for x in ()] for z in ()]\n    return y", "y", "function f"),
        ("def f():\n    global y\n    [(y := 1) for x in ()]\ny", "y", "module"),
        ("def f(a, /, b, *c, d, **e):\n    return e", "e", "function f"),
        ("f = lambda x: x", "x", "function"),
        ("def f(x=x): pass", "x", "builtin"),
        ("@x\ndef f(x): pass", "x", "builtin"),
        ("def f(x) -> x: pass", "x", "builtin"),
        ("def f(x: x): pass", "x", "builtin"),
        ("class C(x):\n    x = 1", "x", "builtin"),
        ("class C(metaclass=x):\n    x = 1", "x", "builtin"),
        ("try: pass\nexcept E as x: x", "x", "module"),
        ("with a as x: x", "x", "module"),
        ("with a as (x, *y): y", "y", "module"),
        ("for x.y in (): x", "x", "builtin"),
        ("for x in (): pass\nx", "x", "module"),
        ("match a:\n    case [b, *c]: c", "c", "module"),
        ("match a:\n    case {'k': b, **c}: c", "c", "module"),
        ("match a:\n    case C(b, k=d) as c: d", "d", "module"),
        ("match a:\n    case b.c: b", "b", "builtin"),
        ("import a.b.c\na", "a", "module"),
        ("import a.b.c\nb", "b", "builtin"),
        ("import a.b as c\na", "a", "builtin"),
        ("def f():\n    import a\na", "a", "builtin"),
        ("x: int\nx", "x", "module"),
        ("x += 1", "x", "builtin"),
        ("del x\nx", "x", "module"),
    ],
)
def test_lookup(source: str, name: str, where: str) -> None:
    if source == "x += 1":
        index = index_of(source)
        assert [binding.kind for binding in index.scope.bindings["x"]] == [BindingKind.NAME]
        return
    assert read(index_of(source), name) == where


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type parameters")
@pytest.mark.parametrize(
    ("source", "name", "where"),
    [
        ("def f[T](x: T): pass", "T", "type parameters f"),
        ("def f[T]():\n    return T", "T", "type parameters f"),
        ("def f[T](x=T): pass", "T", "builtin"),
        ("class C[T](B[T]): pass", "T", "type parameters C"),
        ("class C[T]:\n    def m(self): return T", "T", "type parameters C"),
        ("class C:\n    X = 1\n    def m[T](self, x: X): pass", "X", "class C"),
        ("type A[T] = T", "T", "type parameters A"),
        ("def f[*T, **P](): return P", "P", "type parameters f"),
    ],
)
def test_type_parameters(source: str, name: str, where: str) -> None:
    assert read(index_of(source), name) == where


def test_type_parameter_scopes_are_among_the_scopes() -> None:
    if sys.version_info < (3, 12):
        pytest.skip("type parameters")
    kinds = [scope.kind for scope in index_of("def f[T](): pass").scopes.values()]
    assert ScopeKind.TYPE_PARAMETERS in kinds


@pytest.mark.parametrize(
    ("source", "name", "kinds", "target"),
    [
        ("import a.b.c", "a", ["import"], "a"),
        ("import a.b as c", "c", ["import"], "a.b"),
        ("from a.b import c", "c", ["import"], "a.b.c"),
        ("from a import b as c", "c", ["import"], "a.b"),
        ("from . import c", "c", ["import"], ".c"),
        ("from ..a import c", "c", ["import"], "..a.c"),
        ("if x:\n    import a\nelse:\n    a = None", "a", ["import", "name"], None),
        ("def a(): pass\nclass a: pass", "a", ["function", "class"], None),
        ("try: pass\nexcept E as a: pass", "a", ["except"], None),
        ("a = 1\ndel a", "a", ["name", "del"], None),
        ("match x:\n    case a: pass", "a", ["pattern"], None),
    ],
)
def test_bindings(source: str, name: str, kinds: list[str], target: str | None) -> None:
    found = index_of(source).scope.bindings[name]
    assert [binding.kind.value for binding in found] == kinds
    assert found[0].name == name
    if target:
        assert found[0].target == target


def test_star_import_is_kept_with_its_scope() -> None:
    index = index_of("from a import *\nfrom b import c")
    assert [star.module for star in index.scope.star_imports] == ["a"]
    assert list(index.scope.bindings) == ["c"]


def test_nonlocal_bindings_stand_in_document_order() -> None:
    index = index_of("def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2\n    x = 3\n")
    lines = [getattr(binding.node, "lineno", 0) for binding in scope_named(index, "f").bindings["x"]]
    assert lines == [2, 5, 6]
    assert "x" not in scope_named(index, "g").bindings
    assert {binding.scope for binding in scope_named(index, "f").bindings["x"]} == {scope_named(index, "f")}


def test_nonlocal_without_an_owner_binds_nothing() -> None:
    assert "x" not in index_of("def g():\n    nonlocal x\n    x = 2\n").scope.bindings


def test_every_node_has_its_parent() -> None:
    tree = ast.parse(Path(ast.__file__).read_text(encoding="utf-8"))
    index = build_index(tree)
    plain = (ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop, ast.TypeIgnore)
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, plain):
                assert index.parent[child] is node
                assert any(item is child for item in index.by_type[type(child)])


ORDER = """
x = {f(1): f(2), **f(3), f(4): f(5)}
y = f(6) if f(7) else f(8)
z = [f(9) for i in f(10) if f(11)], {f(12): f(13) for i in f(14)}
def g(a: f(15) = f(16), *b: f(17), c: f(18) = f(19)) -> f(20): return f(21)
h(f(22), k=f(23), *f(24), **f(25))
@f(26)
class C(f(27), m=f(28), *f(29)):
    n = lambda a=f(30): f(31)
(w := f(32))
try: f(33)
except f(34): f(35)
else: f(36)
finally: f(37)
match f(38):
    case {f.a: 1, f.b: C(k=2)} if f(39): f(40)
"""


def test_nodes_come_in_document_order() -> None:
    calls = [node for node in index_of(ORDER).by_type[ast.Call] if isinstance(node, ast.Call)]
    numbers = [node.args[0].value for node in calls if isinstance(node.args[0], ast.Constant)]
    assert numbers == list(range(1, 41))


def test_a_deep_tree_does_not_meet_the_recursion_limit() -> None:
    tree: ast.expr = ast.Name("x", ast.Load())
    for _ in range(4_000):
        tree = ast.UnaryOp(ast.Not(), tree)
    index = build_index(ast.Module([ast.Expr(tree)], []))
    assert len(index.loads) == 1
    for _ in range(4_000):
        tree = ast.UnaryOp(ast.Not(), tree)
    with pytest.raises(RecursionError, match="more than 5000 nodes"):
        build_index(ast.Module([ast.Expr(tree)], []))
    while isinstance(tree, ast.UnaryOp):  # taken apart, so that it is not freed by recursion
        tree, tree.operand = tree.operand, ast.Constant(1)


# --- against symtable ------------------------------------------------------------------------------------------


def stdlib_files() -> list[Path]:
    files = sorted(
        path
        for folder in (
            "",
            "email",
            "asyncio",
            "json",
            "importlib",
            "multiprocessing",
            "xml/dom",
            "unittest",
            "concurrent",
        )
        for path in (STDLIB / folder).glob("*.py")
    )
    return files[::2][:150]


def mangled(name: str, owner: str | None) -> str:
    if owner is None or not name.startswith("__") or name.endswith("__"):
        return name
    return f"_{owner.lstrip('_')}{name}" if owner.strip("_") else name


_KINDS = {
    ScopeKind.FUNCTION: "function",
    ScopeKind.CLASS: "class",
    ScopeKind.COMPREHENSION: "function",
}


def table_name(scope: Scope) -> str:
    node = scope.node
    if isinstance(node, ast.Lambda):
        return "lambda"
    if isinstance(node, ast.GeneratorExp):
        return "genexpr"
    return getattr(node, "name", None) or type(node).__name__.lower()


def tables_below(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    """The tables of functions, classes and comprehensions, through those of annotations and type parameters."""
    for child in table.get_children():
        if str(getattr(child.get_type(), "value", child.get_type())) in ("function", "class") and (
            child.get_name() not in {"__annotate__", *(INLINED if INLINES else ())}
        ):
            yield child
        else:
            yield from tables_below(child)


def is_passed_over(scope: Scope) -> bool:
    """Whether a scope has no table that is compared: of type parameters, or of a comprehension that is inlined."""
    return scope.kind is ScopeKind.TYPE_PARAMETERS or INLINES and table_name(scope) in INLINED


def scopes_below(index: Index) -> dict[Scope, list[Scope]]:
    below: dict[Scope, list[Scope]] = {}
    for scope in index.scopes.values():
        parent = scope.parent
        if parent is None or is_passed_over(scope):
            continue
        while is_passed_over(parent) and parent.parent is not None:
            parent = parent.parent
        below.setdefault(parent, []).append(scope)
    return below


def compare(scope: Scope, reads: set[str], table: symtable.SymbolTable, owner: str | None, where: str) -> int:
    """Compare one scope with its table; return how many names were."""
    names = {name for name in (*scope.bindings, *scope.global_names, *scope.nonlocal_names)}
    bound = {mangled(name, owner) for name in scope.bindings}
    by_mangled = {mangled(name, owner): name for name in names}
    count = 0
    for symbol in table.get_symbols():
        name = symbol.get_name()
        if name in IMPLICIT or name.startswith("."):
            continue
        plain = by_mangled.get(name, name)
        if owner and plain == name and name.startswith(f"_{owner.lstrip('_')}__"):
            plain = name[len(owner.lstrip("_")) + 1 :]
        if plain not in names and plain not in reads:
            # It is handed on to a function inside, or belongs to a comprehension that the compiler inlines.
            assert INLINES or not symbol.is_local(), f"{where}: {name}"
            continue
        found = scope.lookup(plain)
        ours = "global" if found is None or found[0].parent is None else "local" if found[0] is scope else "free"
        if scope.parent is None:
            ours = "local" if plain in scope.bindings else "global"
            theirs = "local" if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace() else "global"
            if theirs == "global" and ours == "local":
                continue  # bound by a function through ``global``
        else:
            theirs = "free" if symbol.is_free() else "local" if symbol.is_local() else "global"
        assert ours == theirs, f"{where}: {name} is {theirs}, not {ours}"
        count += 1
    if scope.parent is not None:
        unknown = bound - {symbol.get_name() for symbol in table.get_symbols() if symbol.is_local()}
        assert not unknown, f"{where}: {unknown} are not local"
    return count


def compare_all(source: str, where: str) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        index = build_index(ast.parse(source))
        top = symtable.symtable(source, where, "exec")
    below = scopes_below(index)
    reads: dict[Scope, set[str]] = {}
    for node, scope in index.loads.items():
        while scope.kind is ScopeKind.TYPE_PARAMETERS and scope.parent is not None:
            scope = scope.parent
        reads.setdefault(scope, set()).add(node.id)
    count = 0
    pending: list[tuple[Scope, symtable.SymbolTable, str | None]] = [(index.scope, top, None)]
    while pending:
        scope, table, owner = pending.pop()
        count += compare(
            scope, reads.get(scope, set()), table, owner, f"{where}:{table.get_lineno()} {table.get_name()}"
        )
        tables: dict[tuple[str, str], list[symtable.SymbolTable]] = {}
        for child in tables_below(table):
            kind = str(getattr(child.get_type(), "value", child.get_type()))
            tables.setdefault((kind, child.get_name()), []).append(child)
        own: dict[tuple[str, str], list[Scope]] = {}
        for inner in below.get(scope, []):
            own.setdefault((_KINDS[inner.kind], table_name(inner)), []).append(inner)
        assert own.keys() == tables.keys(), where
        for key, scopes in own.items():
            assert len(scopes) == len(tables[key]), f"{where}: {key}"
            # symtable goes by the order of evaluation; lines tell its tables apart well enough.
            pairs = zip(
                sorted(scopes, key=lambda item: item.node.lineno),
                sorted(tables[key], key=lambda item: item.get_lineno()),
                strict=True,
            )
            for inner, child in pairs:
                name = inner.node.name if isinstance(inner.node, ast.ClassDef) else owner
                pending.append((inner, child, name))
    return count


@pytest.mark.no_cover
def test_scopes_agree_with_symtable() -> None:
    count = 0
    for path in stdlib_files():
        count += compare_all(path.read_text(encoding="utf-8"), path.name)
    assert count > 20_000


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    x = 1\n    class C:\n        global x\n        x = 2\n        def m(self): return x\n",
        "def f():\n    global x\n    def g():\n        return x\n",
        "class C:\n    x = 1\n    y = [x for z in x if x]\n",
        "def f():\n    class C:\n        nonlocal_ = [y := 1]\n    return C\n",
        "def f(x):\n    def g():\n        nonlocal x\n        def h():\n            nonlocal x\n            x = 1\n",
        "def f():\n    return [(a := b) for b in c for d in b]\n",
        "def f():\n    try: pass\n    except E as e: pass\n    return lambda e=e: e\n",
    ],
)
def test_hard_cases_agree_with_symtable(source: str) -> None:
    assert compare_all(source, "<case>")
