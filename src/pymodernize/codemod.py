"""What the author of a codemod imports: ``Codemod``, ``Finding``, ``Rewrite``, ``Edit``."""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from pymodernize.assumptions import Assumption
from pymodernize.reasons import WITHOUT_REWRITE, code_of

if TYPE_CHECKING:
    import libcst as cst

    from pymodernize.semantics.module import Module
    from pymodernize.semantics.references import Reference

    Replacement: TypeAlias = "cst.CSTNode | Sequence[cst.CSTNode] | cst.RemovalSentinel"
    Change: TypeAlias = "Callable[[Any], Replacement]"


class Status(Enum):
    """What became of a finding."""

    APPLIED = "applied"
    WITHHELD = "withheld"
    """It has a rewrite that rests on an assumption which is not accepted."""
    FOUND = "found"
    """It has no rewrite, or one that could not be placed."""
    KEPT = "kept"
    """It is left on purpose: nothing is to be done about it."""
    REJECTED = "rejected"
    """Its rewrite failed the self-check, or the codemod failed."""
    FLAGGED = "flagged"
    """A check found it: a person is to look at it, and nothing rewrites it."""


@dataclass(frozen=True, eq=False)
class Edit:
    """A fragment of the file and the pure function that makes a new one of it.

    Several rewrites may hold the same ``Edit`` object: it is done once, if
    any of them is.

    Attributes:
        node: what changes, and as little beside it as possible. An
            ``ast.ExceptHandler`` stands for its header: the change gets it
            with an empty block, and the block in the file stays.
        change: from the fragment's LibCST node to a node, several statements,
            or ``libcst.RemoveFromParent()``.
        above: whether the comment lines directly above a statement that is
            taken away go, too.
        until: for a run of statements of one block, the last of them; the
            first is ``node``. The change gets the list of their nodes. Lines
            that it only moves to the right or left count as kept.
    """

    node: ast.AST
    change: Change
    above: bool = False
    until: ast.stmt | None = None


@dataclass(frozen=True)
class Definition:
    """Module-level statements that a rewrite needs, placed once, by what they are.

    Constants, loggers and statements that run stand below the imports, in
    this order; functions and classes below the script's own, above ``main``.
    A rewrite is not made if code that runs as the module is loaded would use
    them above that place.

    Attributes:
        source: the statements, indented by four spaces, without a final newline.
    """

    source: str


@dataclass(frozen=True)
class Insertion:
    """A statement that a rewrite needs before another one; rewrites that need the same share it.

    Attributes:
        before: the statement in front of which it goes, and in front of the
            comments that belong to that.
        source: one simple statement, or the lines of one with a block, indented as the file is.
        order: of several in front of one statement, the least comes first.
        opens: whether it is one of those with which a function or a guard
            begins: a blank line sets it off from a comment on the statement.
    """

    before: ast.stmt
    source: str
    order: int = 9
    opens: bool = False


@dataclass(frozen=True, eq=False)
class Rewrite:
    """Edits that hold together: all are made or none.

    Attributes:
        edits: what changes.
        references: names of other modules that the new code uses; missing
            imports are added.
        definitions: module-level statements that the new code needs.
        insertions: statements that it needs elsewhere.
        drops: qualified names that the old code used and the new does not;
            an import that is left without use goes.
        sets: variables of the file's own, parameters too, that the new code sets as well.
        removes: statements that go with all that is in them.
        drops_comments: whether comments inside the edited fragments may be
            lost, and the finding's message says so.
        provides: what holds in the file once this is carried out, in the
            codemod's own terms; others may rest on it.
        needs: what must be provided in the same round for this to be right.
        otherwise: what is done if that is not provided.
        waits: whether it is made only in a round in which nothing else is to be made: others may make something
            of the place that reads better.
    """

    edits: tuple[Edit, ...]
    references: tuple[Reference, ...] = ()
    definitions: tuple[Definition, ...] = ()
    insertions: tuple[Insertion, ...] = ()
    drops: tuple[str, ...] = ()
    removes: tuple[ast.stmt, ...] = ()
    sets: frozenset[str] = frozenset()
    drops_comments: bool = False
    provides: Hashable = None
    needs: frozenset[Hashable] = frozenset()
    otherwise: Rewrite | None = None
    waits: bool = False


@dataclass(frozen=True)
class Finding:
    """One place that falls short of the standard, and what can be done about it.

    Attributes:
        codemod: the name of the codemod that found it.
        line: first line, from 1; of the file as it was given.
        column: column in UTF-8 bytes, from 0.
        end_line: last line.
        end_column: column after the last byte.
        message: what was found.
        assumptions: the names of those that its rewrite rests on.
        withheld_for: those of them that are not accepted, in a result.
        code: a stable name of the reason.
        reason: what the rewrite assumes, or why there is none.
        status: what became of it.
        detail: a traceback, for a codemod that failed.
        node: where it is in the syntax tree; None in a result.
        rewrite: the change, None if there is none or in a result.
    """

    codemod: str
    line: int
    column: int
    end_line: int
    end_column: int
    message: str
    assumptions: frozenset[str] = frozenset()
    withheld_for: tuple[str, ...] = ()
    code: str = ""
    reason: str = ""
    status: Status = Status.FOUND
    detail: str = ""
    node: ast.AST | None = field(default=None, compare=False, repr=False)
    rewrite: Rewrite | None = field(default=None, compare=False, repr=False)

    @property
    def sentence(self) -> str:
        """What was found, with the reason if there is one."""
        return f"{self.message} - {self.reason}" if self.reason else self.message

    def settled(self, status: Status, **changes: Any) -> Finding:  # noqa: ANN401 - the fields' own types
        """The finding as a result: with its outcome, without node and rewrite, picklable.

        Args:
            status: the outcome.
            changes: other fields that differ.

        Returns:
            A copy; the finding itself stays as it is.
        """
        return replace(self, status=status, node=None, rewrite=None, **changes)


@dataclass(frozen=True)
class NoOptions:
    """The options of a codemod that has none."""


class Codemod:
    """Base class of all codemods; its docstring is its documentation.

    Class attributes:
        triggers: a file that contains none of these bytes is not looked at; options
            may give an instance others.
        noqa: codes of other linters that suppress it on a line, too.
        rows: the rows of the written standard that it serves, by their ids.
        assumptions: those that its rewrites may rest on, apart from
            ``changes-behaviour``, which every codemod may name.
        reasons: the codes of the reasons for which it leaves a place, each with
            a sentence; those that any codemod may have are the engine's.
        on_purpose: codes of those of its reasons for which a place is best left:
            nothing is to be done about it, and reports for people pass over it.
        uses_project: whether findings depend on other files of the project.
        of_scripts: whether it has nothing to say of a file that can be no
            script by its name and place: one of a package, of tests, or that a
            tool runs for its own ends. Such a file need not be parsed for it.
        of_expressions: whether it changes expressions and clauses where they
            stand, and no layout: the profile ``expressions`` has it.
        of_python_3: whether it writes what Python 2 has not: a file that runs
            there only, by the names that it uses, is left.
        goes_first: whether its rewrites are preferred to others that they
            overlap with: they do away with code that others would change.
        note_type: the type of its notes, as msgspec knows it: text, whole numbers,
            truth values, bytes, tuples, frozen sets, frozen dataclasses of these.
        Options: the codemod's settings, a frozen dataclass.
    """

    triggers: tuple[bytes, ...] = ()
    noqa: ClassVar[tuple[str, ...]] = ()
    rows: ClassVar[tuple[str, ...]] = ()
    assumptions: ClassVar[tuple[Assumption, ...]] = ()
    reasons: ClassVar[Mapping[str, str]] = {}
    on_purpose: ClassVar[frozenset[str]] = frozenset()
    uses_project: ClassVar[bool] = False
    of_scripts: ClassVar[bool] = False
    of_expressions: ClassVar[bool] = False
    of_python_3: ClassVar[bool] = False
    goes_first: ClassVar[bool] = False
    note_type: ClassVar[Any] = None

    Options: ClassVar[type[Any]] = NoOptions

    def __init__(self, options: Any = None) -> None:  # noqa: ANN401 - the subclass's Options
        self.options = options if options is not None else self.Options()

    @classmethod
    def name(cls) -> str:
        """The name in settings and on the command line: that of its module, with hyphens.

        Returns:
            For example ``print-to-nothing`` for ``print_to_nothing.py``.
        """
        return cls.__module__.rpartition(".")[2].replace("_", "-")

    def find(self, module: Module) -> Iterator[Finding]:
        """Look through one module.

        A file is asked about where a trigger occurs in it. What takes long to
        load is best kept in a module of its own, ``finding`` beside the
        class, and imported here: a run that finds no trigger does without.

        Args:
            module: the model; must not be changed.

        Yields:
            Findings, made by :meth:`finding`.
        """
        raise NotImplementedError(f"{type(self).__name__} has no find()")

    def note(self, module: Module, findings: Sequence[Finding]) -> Hashable | None:
        """What other files of the run must know of this one.

        Asked for if :attr:`uses_project` is set, imports connect the files and
        the codemod finds anything in this one.

        Args:
            module: the model; its facts have no notes yet.
            findings: this codemod's, with what became of each when the file
                was worked on by itself.

        Returns:
            Anything that can be hashed and pickled; None if there is nothing to
            know. It is kept between runs if it is of the :attr:`note_type`;
            else it is asked for anew.
        """
        return None

    @classmethod
    def tells(cls) -> bool:
        """Whether there may be anything that other files must know: only a codemod with a :meth:`note` of its own.

        Returns:
            False if no file need be asked.
        """
        return cls.note is not Codemod.note

    def explain(self, module: Module, line: int) -> Iterator[str]:
        """Why the codemod decides as it does at one line; asked for by ``--explain-line``.

        Args:
            module: the model.
            line: the line's number, from 1.

        Yields:
            Lines for a person; none if the codemod has nothing to say there.
        """
        yield from ()

    def finding(
        self,
        module: Module,
        node: ast.AST,
        message: str,
        rewrite: Rewrite | None = None,
        *,
        assumptions: Iterable[str] = (),
        code: str = "",
        reason: str = "",
        kept: bool = False,
    ) -> Finding:
        """A finding at a node.

        Args:
            module: the model that the node is of.
            node: the place; not the module itself, which has none.
            message: what was found, for a person.
            rewrite: the change, None if there is none.
            assumptions: the names of those that the rewrite rests on.
            code: a stable name of the reason; where none is given that of
                the assumption, or of the reason itself.
            reason: what the rewrite assumes, or why there is none.
            kept: whether the place is left on purpose: there is no rewrite,
                and nothing to be done.

        Returns:
            The finding, for :meth:`find` to yield.
        """
        assumed = frozenset(assumptions)
        if rewrite is None:
            code = code or code_of(reason, WITHOUT_REWRITE)
        return Finding(
            codemod=self.name(),
            line=node.lineno,  # type: ignore[attr-defined]
            column=node.col_offset,  # type: ignore[attr-defined]
            end_line=node.end_lineno,  # type: ignore[attr-defined]
            end_column=node.end_col_offset,  # type: ignore[attr-defined]
            message=message,
            assumptions=assumed,
            code=code or min(assumed, default="") or code_of(reason),
            reason=str.__str__(reason),
            node=node,
            rewrite=rewrite,
            status=Status.KEPT if kept else Status.FOUND,
        )
