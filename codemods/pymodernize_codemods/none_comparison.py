"""``== None`` → ``is None``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Codemod, Edit, Finding, Rewrite
from pymodernize.integrations.libcst_command import libcst_command
from pymodernize.reasons import Reason

if TYPE_CHECKING:
    import libcst as cst

    from pymodernize.semantics.module import Module

# Packages whose objects make a new object of a comparison: arrays, columns of tables, fields of queries.
_COMPARING = frozenset(
    """cudf cupy dask django_filters flask_sqlalchemy geoalchemy2 geopandas ibis jax modin mongoengine mxnet numpy
    pandas peewee piccolo polars pony pyarrow pydal pypika pyspark sqlalchemy sqlmodel sympy tensorflow
    theano torch vaex xarray z3""".split()
)


class NoneComparison(Codemod):
    """Compare with None by ``is``.

    Why:
        There is one None, and ``is`` asks for it. ``==`` asks the other value's class, which may
        answer as it likes: an array compares its elements, a column of a table makes a condition.

    Assumptions:
        For every input where the classes that the value can have are known, and none of them has an
        ``==`` of its own that knows None: texts, numbers, lists and other builtins, what ``re.match`` and
        ``os.environ.get`` give, open files, instances of the file's own classes. Followed through variables,
        attributes, parameters and results of functions.

        Needs ``changes-behaviour`` where the class is not known and the comparison is a condition of the
        script: a class with an ``==`` of its own may answer otherwise.

        Found only where the class is not known and the result is used as a value, as the condition of a
        query may be, or where the file imports a package of arrays or tables.

    Limits:
        Chains such as ``a == b == None``, and comparisons of a literal with None, are not looked at.
        ``== True`` and ``== False`` are no business of this codemod: 1 is equal to True and is not True.

    References:
        https://peps.python.org/pep-0008/#programming-recommendations
    """

    of_expressions = True
    triggers = (b"None",)
    noqa = ("E711",)
    rows = ("Q5",)
    reasons = {"unknown-class": "The class of the value is not known: its == may give something else than an answer."}

    def find(self, module: Module) -> Iterator[Finding]:
        """Every comparison of one value with None."""
        for compare in module.nodes(ast.Compare):
            value = _compared(compare)
            if value is not None:
                yield self._judged(module, compare, value)

    def _judged(self, module: Module, compare: ast.Compare, value: ast.expr) -> Finding:
        from pymodernize.semantics.equality import is_identity_with_none
        from pymodernize_codemods._script.truth_tests import is_only_tested

        message = f"{'==' if isinstance(compare.ops[0], ast.Eq) else '!='} None"
        rewrite = Rewrite((_edit(module, compare),))
        if is_identity_with_none(module, value):
            return self.finding(module, compare, message, rewrite)
        reason = Reason("unknown-class", "the class of the value is not known, and may have an == of its own")
        if _compares_arrays(module) or not is_only_tested(module, compare):
            return self.finding(module, compare, message, reason=reason)
        return self.finding(module, compare, message, rewrite, assumptions={CHANGES_BEHAVIOUR.name}, reason=reason)


def _compared(compare: ast.Compare) -> ast.expr | None:
    """What is compared with None; None if it is a chain, another comparison, or one of literals."""
    if len(compare.ops) != 1 or not isinstance(compare.ops[0], (ast.Eq, ast.NotEq)):
        return None
    left, right = compare.left, compare.comparators[0]
    if _is_none(right):
        value = left
    elif _is_none(left):
        value = right
    else:
        return None
    # Python warns of "is" with a literal.
    return None if isinstance(value, (ast.Constant, ast.Tuple)) else value


def _edit(module: Module, compare: ast.Compare) -> Edit:
    around = module.parent(compare)
    if not isinstance(around, ast.UnaryOp) or not isinstance(around.op, ast.Not):
        return Edit(compare, _by_identity)
    return Edit(around, partial(_without_not, in_brackets="\n" in module.text(around)))


def _is_none(expr: ast.expr) -> bool:
    return isinstance(expr, ast.Constant) and expr.value is None


def _compares_arrays(module: Module) -> bool:
    roots = {alias.name.partition(".")[0] for node in module.nodes(ast.Import) for alias in node.names}
    roots |= {(node.module or "").partition(".")[0] for node in module.nodes(ast.ImportFrom)}
    return not roots.isdisjoint(_COMPARING)


def _by_identity(comparison: cst.Comparison, *, negated: bool = False) -> cst.Comparison:
    """The comparison with ``is``, None behind it."""
    import libcst as cst

    target = comparison.comparisons[0]
    old = target.operator
    new = cst.Is() if isinstance(old, cst.Equal) is not negated else cst.IsNot()
    spaces = {
        side: space for side in ("whitespace_before", "whitespace_after") if not (space := getattr(old, side)).empty
    }
    left, right = comparison.left, target.comparator
    if isinstance(left, cst.Name) and left.value == "None":
        left, right = right, left
    target = cst.ComparisonTarget(new.with_changes(**spaces), right)
    return comparison.with_changes(left=left, comparisons=[target])


def _without_not(negation: cst.UnaryOperation, *, in_brackets: bool) -> cst.Comparison:
    """``not x == None`` as the one comparison that it means."""
    import libcst as cst

    comparison = _by_identity(cst.ensure_type(negation.expression, cst.Comparison), negated=True)
    inner = (comparison.lpar, comparison.rpar) if in_brackets else ((), ())
    return comparison.with_changes(lpar=[*negation.lpar, *inner[0]], rpar=[*inner[1], *negation.rpar])


__getattr__ = libcst_command(NoneComparison)
