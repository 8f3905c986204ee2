"""What the values of a module can be like if what comes in from outside has no peculiarities."""

from __future__ import annotations

import ast

from pymodernize_codemods._paths import hazards
from pymodernize_codemods._paths.classes import types_of
from pymodernize_codemods._paths.elements import Steps, Take, union
from pymodernize_codemods._paths.hazards import ANY, NONE, Hazard
from pymodernize_codemods._paths.judgement import Judge
from pymodernize_codemods._paths.named import literals


class OfTidyInputs(Judge):
    """What remains of the peculiarities if what comes in from outside has none: what the script itself brings."""

    unknown = ANY & ~(hazards.NORMALISED | Hazard.DOT | Hazard.ROOT | Hazard.ABSOLUTE)

    def said_by_name(self, expr: ast.expr, found: Hazard) -> Hazard:
        """What the literals that stand under the name of an unknown value add to what is known of it."""
        if found != self.unknown:
            return NONE
        texts = [item.value for item in literals(self.module, expr) if isinstance(item.value, str)]
        return union(map(hazards.of_text, texts))

    def _guessed(self, judged: list[str | Hazard]) -> Hazard:
        """What the literals between the values bring, and each value by itself."""
        example = "".join(piece if isinstance(piece, str) else "x" for piece in judged)
        found = hazards.guessed(judged) & self.unknown | hazards.of_text(example)
        own = union(piece for piece in judged if isinstance(piece, Hazard))
        if own & (Hazard.TRAILING | Hazard.DOT | Hazard.ROOT):
            own |= Hazard.UNTIDY
        last = judged[-1]
        ends = last & hazards.NORMALISED & ~Hazard.EMPTY if isinstance(last, Hazard) else NONE
        return found | own & (Hazard.UNTIDY | Hazard.ABSOLUTE) | ends


class OfTidyFiles(OfTidyInputs):
    """The same where only the file counts that is meant: the folder of a name alone, an empty text, is one, too."""

    def at(self, expr: ast.expr, steps: Steps) -> Hazard:
        """What a part of the value of an expression may be like, as in :class:`Judge`."""
        found = super().at(expr, steps)
        return found & ~Hazard.EMPTY if steps[-1:] == (Take.FOLDER,) else found


class OfAnswers(OfTidyFiles):
    """The same where what somebody is asked for at a prompt may be nothing."""

    def _call(self, call: ast.Call) -> Hazard:
        """What a call gives; at a prompt nothing is typed in as many runs as somebody does not know what to type."""
        first: ast.expr = call
        while isinstance(first, ast.Call) and isinstance(first.func, ast.Attribute):
            first = first.func.value
        found = super()._call(call)
        asks = isinstance(first, ast.Call) and self.function(first) == "builtins.input"
        return found | Hazard.EMPTY if asks and (first is call or types_of(self.module, call) == {"str"}) else found
