"""``--interactive``: each rewrite is shown, and a person says whether it is made."""

from __future__ import annotations

from collections.abc import Sequence

from pymodernize.commands.choices import Choices, Question
from pymodernize.execution.execute import FileReport
from pymodernize.plan import Plan
from pymodernize.report.terminal import answer, tell
from pymodernize.report.text import TextReport
from pymodernize.transformation.result import Result

_ANSWERS = {
    "y": "take this",
    "n": "leave this",
    "a": "take this and the rest of the file",
    "d": "leave this and the rest of the file",
    "s": "ask about each place of this by itself",
    "u": "go back to the last question",
    "q": "leave this and all that has not been asked; what was taken is written (Ctrl-C: nothing is)",
    "?": "show this",
}


def asked(reports: Sequence[FileReport], plan: Plan) -> list[FileReport]:
    """The files of a run with the rewrites that a person wants.

    Args:
        reports: of all files, with what is known around each that changes.
        plan: what the run does.

    Raises:
        KeyboardInterrupt: it is broken off.
    """
    changing = [report for report in reports if report.result.output is not None]
    choices = Choices(plan, changing)
    shown: Question | None = None
    while (question := choices.question()) is not None:
        if question != shown:
            _show(question, changing)
            shown = question
        letters = _letters(question, choices)
        letter = answer(f"Make this change? [{','.join(letters)}] ").strip().lower()
        if letter == "?" or letter not in letters:
            _explain(letters)
            continue
        if letter == "u":
            shown = None
        _carry_out(letter, question, choices)
        _settle(choices, changing, ends=letter == "q")
    outcomes = {id(report): choices.outcome(number) for number, report in enumerate(changing)}
    return [outcomes.get(id(report), report) for report in reports]


def _show(question: Question, changing: Sequence[FileReport]) -> None:
    """The difference that is asked about, and what it is."""
    report = changing[question.number]
    difference = FileReport(report.path, question.before, Result(output=question.after))
    TextReport().diff(difference, question.after)
    assumed = sorted({name for finding in question.findings for name in finding.assumptions})
    resting = f" (assumes {', '.join(assumed)})" if assumed else ""
    what = f"{len(question.findings)} places"
    if len(question.findings) == 1:
        what = f"line {question.findings[0].line}: {question.findings[0].message}"
    tell(f"({question.number + 1}/{len(changing)}) {report.path}: {question.part.codemod}: {what}{resting}")


def _letters(question: Question, choices: Choices) -> list[str]:
    """The answers that there are to a question."""
    there = {"s": bool(question.places), "u": choices.can_undo}
    return [letter for letter in _ANSWERS if there.get(letter, True)]


def _explain(letters: Sequence[str]) -> None:
    for letter in letters:
        tell(f"{letter} - {_ANSWERS[letter]}")


def _carry_out(letter: str, question: Question, choices: Choices) -> None:
    if letter == "y":
        choices.take(question)
    elif letter == "n":
        choices.leave(question)
    elif letter == "a":
        choices.take_rest(question.number)
    elif letter == "d":
        choices.leave_rest(question.number)
    elif letter == "s":
        choices.split(question)
    elif letter == "u":
        choices.undo()
    else:
        choices.leave_all()


def _settle(choices: Choices, changing: Sequence[FileReport], *, ends: bool) -> None:
    """Ask again about files that rest on what was left in another; leave them if there are no more questions."""
    while numbers := choices.unsettled():
        for number in numbers:
            path = changing[number].path
            if ends:
                choices.give_up(number)
                tell(f"{path}: is left as it was, since what was taken rests on what was left in other files")
            else:
                choices.forget(number)
                tell(f"{path}: is asked about again, since what was taken rests on what was left in other files")
