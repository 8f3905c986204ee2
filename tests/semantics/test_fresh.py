"""Fresh names: what is taken, what is free, and what two rewrites of one round may share."""

from __future__ import annotations

import ast

import pytest
from toys import model

NAMES = ("child", "entry")
LOOPS = """
def work(folder):
    for a in one(folder):
        for b in two(a):
            use(a, b)
    for c in one(folder):
        use(c)

def other(child):
    for d in one(child):
        use(d)
"""


def loops(module):
    return {loop.target.id: loop for loop in module.nodes(ast.For)}


def for_loop(module, loop):
    target = loop.target
    reads = [node for node in module.nodes(ast.Name) if node.id == target.id and isinstance(node.ctx, ast.Load)]
    return module.fresh.local_name(NAMES, loop, bound=target, inside=loop, reads=reads)


def test_loops_that_are_not_seen_together_share_a_name():
    module = model(LOOPS.encode())
    found = loops(module)
    assert for_loop(module, found["a"]) == "child"
    assert for_loop(module, found["b"]) == "entry", "the outer loop has that already"
    assert for_loop(module, found["c"]) == "child"
    assert for_loop(module, found["d"]) == "entry", "a parameter has that name"


def test_the_inner_loop_may_ask_first():
    module = model(LOOPS.encode())
    found = loops(module)
    assert for_loop(module, found["b"]) == "child"
    assert for_loop(module, found["a"]) == "entry"
    assert for_loop(module, found["a"]) == "entry", "who asks again gets the same"


@pytest.mark.parametrize(
    "source",
    [
        "child = 1\n",
        "def f():\n    child = 1\n",
        "def f(child): pass\n",
        "print(child)\n",
        "import child\n",
        "import x.y as child\n",
        "class child: pass\n",
        "def f():\n    global child\n",
        "globals()['child'] = 1\n",
        "try: pass\nexcept OSError as child: pass\n",
        "match x:\n    case [child]: pass\n",
        "[child for child in x]\n",
    ],
)
def test_a_name_of_the_module_means_nothing_there(source):
    assert model(source.encode()).fresh.name(NAMES, "anything") == "entry"


def test_builtins_and_keywords_are_never_free():
    assert model(b"x = 1\n").fresh.name(("id", "class", "print"), "anything") is None


def test_one_purpose_is_one_name_and_two_are_two():
    fresh = model(b"x = 1\n").fresh
    assert fresh.name(NAMES, "first") == "child"
    assert fresh.name(NAMES, "second") == "entry"
    assert fresh.name(NAMES, "first") == "child"
    assert fresh.name(NAMES, "third") is None
    assert fresh.name(("other",), "fourth", taken={"other"}) is None


def test_a_name_that_goes_with_the_same_rewrite_is_free():
    module = model(b"child = first()\nuse(child)\n")
    reads = [node for node in module.nodes(ast.Name) if node.id == "child" and isinstance(node.ctx, ast.Load)]

    def ask(purpose, goes):
        tree = module.tree
        return module.fresh.local_name(NAMES, purpose, bound=tree.body[0], inside=tree, reads=reads, goes=goes)

    assert ask("kept", lambda _: False) == "entry"
    assert ask("gone", lambda binding: binding.name == "child") == "child"


def test_a_name_that_a_nested_function_has_hides_the_new_one_from_its_reads():
    source = b"def f(names):\n    for name in names:\n        g = lambda child: (child, name)\n"
    module = model(source)
    assert for_loop(module, module.nodes(ast.For)[0]) == "entry"
    module = model(source.replace(b"name)", b"names)"))
    assert for_loop(module, module.nodes(ast.For)[0]) == "child"


def test_a_variable_of_a_module_is_not_hidden():
    module = model(b"child = 1\ndef f(names):\n    for name in names: print(name)\n")
    assert for_loop(module, module.nodes(ast.For)[0]) == "entry"


def test_imports_and_other_names_keep_apart():
    from pymodernize.semantics.references import NameTaken, reference

    module = model(b"x = 1\n")
    assert module.fresh.name(("Path", "_Path"), "something else") == "Path"
    assert reference(module, "pathlib.Path", module.tree.body[0]).expression == "_Path"
    assert module.fresh.name(("_Path",), "a third") is None
    module = model(b"x = 1\n")
    assert [module.fresh.name((name,), name) for name in ("Path", "_Path")] == ["Path", "_Path"]
    with pytest.raises(NameTaken):
        reference(module, "pathlib.Path", module.tree.body[0])
