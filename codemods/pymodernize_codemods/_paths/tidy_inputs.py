"""The hazards that a module's values can have if its inputs have none."""

from __future__ import annotations

import ast

from pymodernize_codemods._paths import hazards
from pymodernize_codemods._paths.classes import types_of
from pymodernize_codemods._paths.elements import Steps, Take, union
from pymodernize_codemods._paths.hazards import ANY, NONE, Hazard
from pymodernize_codemods._paths.judgement import Judge
from pymodernize_codemods._paths.named import literals


class OfTidyInputs(Judge):
    """Infers the hazards that the script itself causes, as if its inputs had none."""

    unknown = ANY & ~(hazards.NORMALISED | Hazard.DOT | Hazard.ROOT | Hazard.ABSOLUTE)

    def said_by_name(self, expr: ast.expr, found: Hazard) -> Hazard:
        """The hazards of the literals that the script uses under the name of an unknown value."""
        if found != self.unknown:
            return NONE
        texts = [item.value for item in literals(self.module, expr) if isinstance(item.value, str)]
        return union(map(hazards.of_text, texts))

    def _guessed(self, judged: list[str | Hazard]) -> Hazard:
        """The hazards of a concatenation: those of its literals, and of each value."""
        example = "".join(piece if isinstance(piece, str) else "x" for piece in judged)
        found = hazards.guessed(judged) & self.unknown | hazards.of_text(example)
        own = union(piece for piece in judged if isinstance(piece, Hazard))
        if own & (Hazard.TRAILING | Hazard.DOT | Hazard.ROOT):
            own |= Hazard.UNTIDY
        last = judged[-1]
        ends = last & hazards.NORMALISED & ~Hazard.EMPTY if isinstance(last, Hazard) else NONE
        return found | own & (Hazard.UNTIDY | Hazard.ABSOLUTE) | ends


class OfTidyFiles(OfTidyInputs):
    """The same for uses of the file alone, where the empty folder of a single name is no hazard."""

    def at(self, expr: ast.expr, steps: Steps) -> Hazard:
        """The hazards of a part of an expression's value, as in :class:`Judge`."""
        found = super().at(expr, steps)
        return found & ~Hazard.EMPTY if steps[-1:] == (Take.FOLDER,) else found


class OfAnswers(OfTidyFiles):
    """The same where the answer at a prompt may be empty."""

    def _call(self, call: ast.Call) -> Hazard:
        """The hazards of a call's result; that of ``input`` may be empty, as Enter alone is a common answer."""
        first: ast.expr = call
        while isinstance(first, ast.Call) and isinstance(first.func, ast.Attribute):
            first = first.func.value
        found = super()._call(call)
        asks = isinstance(first, ast.Call) and self.function(first) == "builtins.input"
        return found | Hazard.EMPTY if asks and (first is call or types_of(self.module, call) == {"str"}) else found
