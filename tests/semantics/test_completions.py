"""How a run may leave statements; what is said never to complete does not, in the interpreter either."""

from __future__ import annotations

import ast

import pytest

from pymodernize.semantics.completion import NEVER, Completion
from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation.model import module_of

NORMAL, RETURN, RAISE, BREAK, CONTINUE, EXIT = Completion

HEAD = "import os, sys, contextlib\nfrom sys import exit as leave\n"


def completions(code):
    return module_of((HEAD + code.replace("\\n", "\n")).encode(), ProjectFacts("tool.py"))


def of_file(code):
    module = completions(code)
    return module.completions.of(module.tree.body[2:])


def of_body(code):
    """How the body of a function ``f`` is left."""
    module = completions("def f():\n" + "".join(f"    {line}\n" for line in code.replace("\\n", "\n").splitlines()))
    function = module.tree.body[-1]
    assert isinstance(function, ast.FunctionDef)
    return module.completions.of(function.body)


@pytest.mark.parametrize(
    ("code", "ways"),
    [
        ("pass", NORMAL),
        ("x = 1", NORMAL),
        ("print()", NORMAL),
        ("return", RETURN),
        ("raise ValueError", RAISE),
        ("raise", RAISE),
        ("raise SystemExit(2)", EXIT),
        ("raise SystemExit", EXIT),
        ("assert x", NORMAL | RAISE),
        ("sys.exit()", EXIT),
        ("leave(1)", EXIT),
        ("exit()", EXIT),
        ("quit()", EXIT),
        ("os._exit(1)", EXIT),
        ("os.abort()", EXIT),
        ("os.execvp('ls', ['ls'])", EXIT),
        ("return sys.exit(1)", EXIT),
        ("x = sys.exit(1)", EXIT),
        ("x: int = sys.exit(1)", EXIT),
        ("x: int", NORMAL),
        ("x += sys.exit(1)", EXIT),
        ("print(sys.exit)", NORMAL),
        ("return\nx = 1", RETURN),
        ("sys.exit()\nreturn", EXIT),
        ("def g(): return 1", NORMAL),
        ("class C:\n    x = 1", NORMAL),
        ("class C:\n    sys.exit()", EXIT),
        # --- branches
        ("if x: return", NORMAL | RETURN),
        ("if x: return\nelse: raise ValueError", RETURN | RAISE),
        ("if x: return\nelif y: sys.exit()\nelse: pass", RETURN | EXIT | NORMAL),
        ("if x: return\nelif y: sys.exit()", RETURN | EXIT | NORMAL),
        ("if x:\n    if y: return\n    else: return\nelse: return", RETURN),
        ("if True: return", RETURN),
        ("if 0: return", NORMAL),
        ("if 0: return\nelse: raise E", RAISE),
        ("match x:\n    case 1: return", RETURN | NORMAL),
        ("match x:\n    case 1: return\n    case _: sys.exit()", RETURN | EXIT),
        ("match x:\n    case 1: return\n    case other: return", RETURN),
        ("match x:\n    case 1: return\n    case other if other: return", RETURN | NORMAL),
        # --- loops
        ("while True: pass", NEVER),
        ("while 1:\n    if x: break", NORMAL),
        ("while 1:\n    if x: return", RETURN),
        ("while 1:\n    for y in x: break", NEVER),
        ("while 1:\n    for y in x: pass\n    else: break", NORMAL),
        ("while 1:\n    while x: continue", NEVER),
        ("while 1:\n    try: break\n    finally: pass", NORMAL),
        ("while 1:\n    try: break\n    finally: continue", NEVER),
        ("while 1:\n    def g():\n        return\n    class C: x = 1", NEVER),
        ("while x: return", RETURN | NORMAL),
        ("while x: return\nelse: return", RETURN),
        ("while x: break\nelse: return", RETURN | NORMAL),
        ("for y in x: return", RETURN | NORMAL),
        ("for y in x: pass\nelse: raise E", RAISE),
        ("for y in x:\n    if y: break\nelse: raise E", RAISE | NORMAL),
        # --- try
        ("try: return\nexcept E: pass", RETURN | NORMAL),
        ("try: return\nexcept E: raise", RETURN | RAISE),
        ("try: x\nexcept E: return\nelse: return", RETURN),
        ("try: x\nexcept E: return", RETURN | NORMAL),
        ("try: sys.exit(1)\nexcept SystemExit: pass", EXIT | NORMAL),
        ("try: return\nfinally: x", RETURN),
        ("try: x\nfinally: return", RETURN),
        ("try: return\nfinally: sys.exit()", EXIT),
        ("try: raise E\nfinally:\n    if x: return", RAISE | RETURN),
        ("try: x\nfinally: raise E", RAISE),
        # --- with
        ("with open(x) as f: return", RETURN),
        ("with open(x) as f: f", NORMAL),
        ("with contextlib.suppress(E): return", RETURN | NORMAL),
        ("with lock: return", RETURN | NORMAL),
        ("with open(x), lock: return", RETURN | NORMAL),
        ("with other.open(x): return", RETURN | NORMAL),
    ],
)
def test_each_statement(code, ways):
    assert of_body(code) == ways


def test_break_and_continue_are_told():
    module = completions("for x in y:\n    if x: break\n    continue")
    loop = module.tree.body[-1]
    assert module.completions.of(loop.body) == BREAK | CONTINUE
    assert not module.completions.completes(loop.body)


@pytest.mark.parametrize(
    ("code", "ways"),
    [
        ("def usage(): sys.exit(2)\\nusage()", EXIT),
        ("def fail():\\n    raise E\\nfail()", RAISE),
        ("def f():\\n    if x: return\\n    sys.exit()\\nf()", NORMAL | EXIT),
        ("def f():\\n    return usage()\\ndef usage(): sys.exit()\\nf()", EXIT),
        ("def f():\\n    while 1: pass\\nf()", NEVER),
        # Through others, in whatever order, and in circles.
        ("def a():\\n    b()\\ndef b():\\n    c()\\ndef c():\\n    sys.exit()\\na()", EXIT),
        ("def a():\\n    if x: b()\\n    else: c()\\ndef b():\\n    a()\\ndef c():\\n    sys.exit()\\na()", EXIT),
        ("def a():\\n    if x: b()\\n    else: c()\\ndef b():\\n    a()\\ndef c(): pass\\na()", NORMAL),
        ("def a():\\n    b()\\ndef b():\\n    if x: return\\n    a()\\nb()\\na()", NORMAL),
        ("def a():\\n    a()\\na()", NEVER),
        # What may be something else comes back.
        ("def f(): sys.exit()\\ndef f(): pass\\nf()", NORMAL),
        ("def f(): sys.exit()\\nf = print\\nf()", NORMAL),
        ("@wrapped\\ndef f(): sys.exit()\\nf()", NORMAL),
        ("def f():\\n    yield sys.exit()\\nf()", NORMAL),
        ("def f():\\n    sys.exit()\\n    yield\\nf()", NORMAL),
        ("async def f(): sys.exit()\\nf()", NORMAL),
        ("async def f(): sys.exit()\\nasync def g(): await f()\\nasync def h():\\n    await g()\\nh()", NORMAL),
        ("def exit(status): pass\\nexit(1)", NORMAL),
        ("sys.exit = print\\nsys.exit(1)", NORMAL),
        ("def f(exit): exit(1)\\nf(print)", NORMAL),
        ("stop = sys.exit\\nstop(1)", EXIT),
        ("import sys as s\\ns.exit(1)", EXIT),
        ("import other\\nother.exit(1)", NORMAL),
        ("class Quiet:\\n    def __exit__(self, *e): return True\\nwith Quiet(): sys.exit()", EXIT | NORMAL),
        ("class Loud:\\n    def __exit__(self, *e): self.x = 1\\nwith Loud(): sys.exit()", EXIT),
        ("class Loud:\\n    def __exit__(self, *e): return False\\nwith Loud(): sys.exit()", EXIT),
        ("class Loud(Base):\\n    def __exit__(self, *e): pass\\nwith Loud(): sys.exit()", EXIT | NORMAL),
        ("class Odd:\\n    x = 1\\nwith Odd(): sys.exit()", EXIT | NORMAL),
    ],
)
def test_calls(code, ways):
    assert of_file(code) == ways


def test_awaited_functions_run():
    module = completions("async def f(): sys.exit()\nasync def g():\n    await f()\ndef h(): await_(f())\n")
    assert module.completions.of_function(module.tree.body[3]) == EXIT
    assert module.completions.of_function(module.tree.body[4]) == NORMAL


def test_the_order_of_questions_does_not_matter():
    code = "def a():\n    b()\ndef b():\n    if x: c()\n    else: a()\ndef c():\n    if y: b()\n    else: sys.exit()\n"
    for order in ((2, 3, 4), (4, 3, 2), (3, 2, 4)):
        module = completions(code)
        assert {module.completions.of_function(module.tree.body[place]) for place in order} == {EXIT}


def test_many_functions_and_branches_are_no_deep_recursion():
    count = 3000
    chain = "".join(f"def f{number}():\n    f{number + 1}()\n" for number in range(count))
    assert of_file(f"{chain}def f{count}(): sys.exit()\nf0()") == EXIT
    branches = [ast.parse("if x: sys.exit()").body[0] for _ in range(count)]
    for above, below in zip(branches, branches[1:], strict=False):
        above.orelse = [below]
    module = completions("sys.exit()")
    for branch in branches:
        branch.body = [module.tree.body[-1]]
    assert module.completions.of(branches[:1]) == EXIT | NORMAL


@pytest.mark.skipif("sys.version_info < (3, 11)")
def test_exception_groups():
    assert of_body("try: return\nexcept* E: x") == RETURN | NORMAL
