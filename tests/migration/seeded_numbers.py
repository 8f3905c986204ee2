"""A codemod that is wrong on purpose: alone in some places, in others only together with a second one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import libcst as cst

from pymodernize.codemod import Codemod, Edit, Finding, Rewrite
from pymodernize.semantics.module import Module


class SeededNumbers(Codemod):
    """Write another number where there is a 1."""

    triggers = (b"= 1",)

    def find(self, module: Module) -> Iterator[Finding]:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and node.value.value == 1:
                name = ast.unparse(node.targets[0])
                number = "3" if name.startswith("right") else "2"
                edit = Edit(node.value, lambda _, number=number: cst.Integer(number))
                yield self.finding(module, node.value, f"{name} is 1", Rewrite((edit,)))


CHECK = """\
import glob, sys, xml.sax.saxutils

values = {}
for path in sorted(glob.glob("part*.py")):
    exec(open(path).read(), values)
failing = [name for name in values if name.startswith("wrong") and values[name] != 1]
for name in values:
    if name.startswith("first") and (values[name], values["second" + name[5:]]) == (2, 2):
        failing.append(name)
failing += [name for name in values if name.startswith("broken")]
if len(sys.argv) > 1:
    cases = "".join(f'<testcase classname="check" name="{name}"><failure/></testcase>' for name in failing)
    open(sys.argv[1], "w").write(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
sys.exit(1 if failing else 0)
"""
