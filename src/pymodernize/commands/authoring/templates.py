"""The files that ``pymodernize new`` writes: a codemod that works, its cases, and a pack around it."""

from __future__ import annotations

CODEMOD = '''"""{old}() → {new}()."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from pymodernize.codemod import Codemod, Edit, Finding, Rewrite
from pymodernize.semantics.references import NameTaken, reference

if TYPE_CHECKING:
    import libcst as cst

    from pymodernize.semantics.module import Module

# Begun by `pymodernize new`: it renames the calls of one function. Go on where a comment has a number.


class {name}(Codemod):
    """Call {new} for {old}.

    Why:
        (1) Say what is wrong with the old code, and when that hurts.

    Assumptions:
        For every input: (2) say why the new code does the same, or name the inputs for which it does not.

    Limits:
        (3) Say what is left, and why.

    References:
        https://docs.python.org/3/
    """

    # (4) A file that contains none of these bytes is not looked at.
    triggers = (b"{old_name}",)
    # (5) reasons = {{"code": "A sentence."}}: why places are left, where `reason=Reason("code", "…")` says so.

    def find(self, module: Module) -> Iterator[Finding]:
        """Every call of the old function, however it is imported."""
        # (6) Ask the model, not the text: also module.nodes(), .uses(), .parent(), .scope(), .qualified_name().
        for call in module.calls("{old}"):
            try:
                name = reference(module, "{new}", call)
            except NameTaken as exc:
                yield self.finding(module, call, "{old}()", reason=exc.args[0])
                continue
            # (7) The smallest node that changes, and the function that makes a new one of it.
            edit = Edit(call.func, partial(_named, expression=name.expression))
            rewrite = Rewrite((edit,), references=(name,), drops=("{old}",))
            yield self.finding(module, call, "{old}() is {new}()", rewrite)


def _named(_: cst.BaseExpression, expression: str) -> cst.BaseExpression:
    """The function's new name, as LibCST has it."""
    import libcst as cst  # not before a rewrite is made: it takes long to load

    return cst.parse_expression(expression)
'''

OLD, NEW = "example.old", "example.new"
CASES = {
    "keep_function_of_its_own/before.py": "def old(value):\n    return value\n\n\nprint(old(1))\n",
    "keep_function_of_its_own/case.toml": "why = \"The file's own function is another one than the library's.\"\n",
    "keep_not_called/before.py": "from example import old\n\nhandlers = {'old': old}\n",
    "keep_not_called/case.toml": 'why = "Only calls are looked at: whoever gets the function may compare it."\n',
    "renamed/before.py": "import example\n\nprint(example.old(1))\n",
    "renamed/after.py": "import example\n\nprint(example.new(1))\n",
    "renamed/case.toml": 'why = "The call says what it calls by the new name."\ndoc = true\n',
}
"""The cases of the codemod, by path and text: two that must not change come first."""

PACK = """[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "{distribution}"
version = "0.1"
description = "Codemods for pymodernize."
requires-python = ">=3.10"
dependencies = ["pymodernize"]

[project.entry-points."{group}"]
{package} = "{package}"

[tool.hatch.build.targets.wheel]
packages = ["{package}"]
"""
PACKAGE = '"""Codemods: each module that has no underscore in front of its name is one."""\n'
