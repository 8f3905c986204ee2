"""``"…" % values`` → f-strings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pymodernize.codemod import Codemod, Finding
from pymodernize.integrations.libcst_command import libcst_command
from pymodernize_codemods._assumptions import PLAIN_MESSAGES

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


class PercentToFstring(Codemod):
    """Write a text with values in it as an f-string instead of with ``%``.

    Why:
        Behind ``%`` the values stand apart from their places, which are counted by
        the reader, and a tuple that comes as the only value is taken apart. In an
        f-string each value stands where it is shown.

    Assumptions:
        For every input where the classes of the values are known and both show
        them alike: ``%s`` of texts, numbers, lists, exceptions, dates, paths and
        such, ``%d`` and its like of whole numbers, ``%.2f`` of numbers, ``%r`` of
        anything in a tuple. ``%10s`` gets its alignment: ``{name:>10}``.

        Under ``plain-messages`` where a class is not known: ``%s``, ``%x`` and ``%.2f`` of a
        value, and one value that stands behind ``%`` without a tuple. A file in which
        values of another kind are made has none of these rewritten: classes with
        a ``__format__``, enumerations, numpy, pandas, Decimal and Fraction, and for one
        value without a tuple rows of databases, ``unpack()``, ``groups()``, ``tuple()``.

        ``%d`` of an unknown class stays: it cuts off what a float has behind the
        point, and the ``d`` of an f-string raises. So does ``%.2f`` of one in a ``try``: what
        is no number raises ValueError in an f-string and TypeError behind ``%``.

        The texts of one function get one form: where one stays for its values, the others stay.

        Values are worked out in the same order and as often. A list that what
        stands behind it may change stays where it is.

    Limits:
        A text stays that a logger is given, since it formats that lazily; a statement of
        SQL, a pattern, a text that is translated; one that is a template: formatted
        again, in a variable, of many lines, or with braces; and bytes. In what is
        printed a format stays that print-to-logging would not read back from the f-string.

        A value stays where it was if it is no short expression: no lambda,
        condition, comparison, comprehension or text, nothing of several lines, no backslash.
        A line that would become too long is left.

        ``"…".format()`` is left to ruff's ``UP032``.

    References:
        https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting
        https://docs.python.org/3/library/string.html#format-specification-mini-language
    """

    of_expressions = True
    uses_project = True
    of_python_3 = True
    triggers = (b"%",)
    assumptions = (PLAIN_MESSAGES,)
    reasons = {
        "class": "The class of a value is not known, or an f-string shows it in another way.",
        "one-tuple": "The value behind % may be a tuple, which is taken apart.",
        "order": "A value may be changed by what stands behind it, before it is shown.",
        "form": "The format or the values are written in a way that an f-string does not have.",
        "logged": "A logger formats its message lazily.",
        "sql": "It is a statement of SQL, whose values belong into parameters.",
        "translated": "It is looked up in a translation, with the values in it.",
        "pattern": "It is a regular expression.",
        "template": "It is a template: formatted again, kept under the name of one, of many lines, or with braces.",
        "printed": "As a log record the f-string would read otherwise.",
        "half": "Another text of the function stays formatted by %, and one function has one form.",
        "expression": "A value is no short expression.",
        "long": "The line would become too long.",
        "nested": "It stands inside of an f-string.",
    }
    on_purpose = frozenset(
        """form half logged sql translated pattern template printed expression long nested""".split()
    )
    noqa = ("UP031",)
    rows = ("Q26",)

    def find(self, module: Module) -> Iterator[Finding]:
        """Every text of the file that is formatted by ``%`` where it stands."""
        from pymodernize_codemods.percent_to_fstring.finding import findings

        return findings(self, module)


__getattr__ = libcst_command(PercentToFstring)
