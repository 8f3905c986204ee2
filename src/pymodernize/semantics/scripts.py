"""Distinguishes scripts from modules that are meant to be imported, from tests, and from files that tools load."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from pymodernize.semantics.flow import TRIES, blocks

if TYPE_CHECKING:
    from pymodernize.semantics.named import Named
    from pymodernize.semantics.project import ProjectFacts

# Files that a tool imports or runs, whatever their content.
NOT_SCRIPTS = frozenset(
    """__init__.py conf.py conftest.py dodo.py fabfile.py gunicorn.conf.py locustfile.py manage.py noxfile.py
    settings.py setup.py sitecustomize.py usercustomize.py wsgi.py""".split()
)
_TEST_FILE = re.compile(r"(?:^|/)(?:tests?/|test_[^/]*\.py$|[^/]*_tests?\.py$|conftest\.py$)")
_TEST_MODULE = re.compile(r"(?:^|/)(?:test_[^/]*|[^/]*_test)\.py$")
_BRANCHES = (ast.If, ast.Match, *TRIES)


def is_test_file(path: str) -> bool:
    """Whether a file is a test by its name or folder.

    Args:
        path: relative to the project, with slashes of either kind.

    Returns:
        True for the files that test runners collect, and for others in folders of tests.
    """
    return bool(_TEST_FILE.search(path.replace("\\", "/")))


def is_test_module(path: str) -> bool:
    """Whether a test runner collects tests from a file, by its name.

    Args:
        path: relative to the project, with slashes of either kind.

    Returns:
        True for ``test_*.py`` and ``*_test.py``.
    """
    return bool(_TEST_MODULE.search(path.replace("\\", "/")))


def may_be_script(facts: ProjectFacts) -> bool:
    """Whether a file may be a script, by its name and place alone.

    Args:
        facts: the project facts of the file.

    Returns:
        False for a file of a package or of tests, and for one that a tool
        imports or runs.
    """
    return not (facts.in_package or facts.name in NOT_SCRIPTS or is_test_file(facts.path))


def is_guard(statement: ast.AST) -> bool:
    """Whether a statement is an ``if __name__ == "__main__"``, with the operands in any order.

    Args:
        statement: any node.

    Returns:
        False also for a guard with a further condition.
    """
    test = statement.test if isinstance(statement, ast.If) else None
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.ops[0], ast.Eq):
        return False
    sides = (test.left, test.comparators[0])
    named = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
    return named and any(isinstance(side, ast.Constant) and side.value == "__main__" for side in sides)


def acts(module: Named, statement: ast.stmt) -> bool:
    """Whether a statement of a module's body does work, beyond definitions, imports and assignments.

    Args:
        module: the module.
        statement: at its top level, or in a branch there.

    Returns:
        False also for a change of ``sys.path``, which imports may need.
    """
    if isinstance(statement, ast.Expr):
        if isinstance(statement.value, ast.Constant):
            return False
        called = statement.value.func if isinstance(statement.value, ast.Call) else None
        return not (called is not None and (module.qualified_name(called) or "").startswith("sys.path."))
    if isinstance(statement, (ast.For, ast.While, ast.With)):
        return True
    if isinstance(statement, _BRANCHES):
        return any(acts(module, item) for block in blocks(statement) for item in block)
    return False
