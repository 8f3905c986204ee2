"""Copy propagation: a variable that only holds an argument goes, and its reads become reads of the namespace."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import Binding, BindingKind, ScopeKind
from pymodernize.semantics.scripts import is_guard
from pymodernize_codemods.argparse_skeleton.analysis import Analysis
from pymodernize_codemods.argparse_skeleton.argv_variables import CHANGES, parameter_reads
from pymodernize_codemods.argparse_skeleton.namespace import Namespace
from pymodernize_codemods.argparse_skeleton.naming import Naming
from pymodernize_codemods.argparse_skeleton.patch import Patch

# A comment in words, that is neither code nor for a tool.
_PROSE = re.compile(r"#+\s*[A-Za-z][\w'-]*,?\s+\w")
_CODE = re.compile(r"[=()\[\]{}]|argv|\w\.\w|\b(?:todo|fixme|xxx|noqa|nosec|type:|pylint|mypy)\b", re.IGNORECASE)
_OF_PATHS = ("os.", "shutil.", "glob.", "pathlib.")
_NO_PATHS = frozenset({"os.getenv", "os.popen", "os.system", "os.environ.get", "os.kill"})
_DEEPEST = 3
_INDENT = 4
_MOST_READS = 3
"""A variable that is read more often is worth its line."""


@dataclass(frozen=True)
class _Copy:
    """A line that only gives attributes of the namespace other names.

    Attributes:
        statement: the statement of the script that becomes the line, or has it among others.
        line: the line, None if the statement becomes nothing else.
        names: each variable with the expression that it holds.
    """

    statement: ast.stmt
    line: str | None
    names: dict[str, str]


@dataclass(frozen=True)
class Copies:
    """Replaces variables that only hold an argument by attributes of the namespace.

    Attributes:
        analysis: what is known of the script.
        naming: says what the script says of an argument.
        namespace: what argparse gives.
        paths: the attributes of the namespace that are paths.
        written: new code that is not in the patch.
        patch: has the lines that set the variables, and gets the changes.
        remarks: what comments behind lines that go say, by the argument's number.
    """

    analysis: Analysis
    naming: Naming
    namespace: Namespace
    paths: Collection[str]
    written: Sequence[str]
    patch: Patch
    remarks: dict[int, str] = field(default_factory=dict, init=False)

    @property
    def module(self) -> Module:
        """The module."""
        return self.analysis.module

    def run(self) -> dict[int, str]:
        """Replace them where there are few reads and their lines do not get too long.

        Returns:
            What comments behind lines that go say, by the argument's number.
        """
        found = [(copy, reads) for copy in self._lines() if (reads := self._all_reads(copy))]
        crowded = self._crowded({read: copy.names[read.id] for copy, reads in found for read in reads})
        for copy, reads in found:
            if not any(read.lineno in crowded for read in reads):
                self.patch.expressions |= {read: copy.names[read.id] for read in reads}
                self._drop(copy)
        return self.remarks

    def _all_reads(self, copy: _Copy) -> list[ast.Name]:
        """The reads of a copy's variables, none if any of these has to stay."""
        found: list[ast.Name] = []
        for name in copy.names:
            reads = self._reads_of(copy, name)
            if not reads or len(reads) > _MOST_READS:
                return []
            found += reads
        return found

    def _crowded(self, replaced: dict[ast.Name, str]) -> set[int]:
        """The lines that get too long by what takes the place of reads."""
        longer: Counter[int] = Counter()
        lengths: dict[int, int] = {}
        for read, source in replaced.items():
            line = self.module.source.line(read.lineno).decode("utf-8").rstrip()
            # The module's own code may move into a function, before or after.
            moves = self.analysis.argv.frame is None and not any(map(is_guard, self.module.ancestors(read)))
            lengths[read.lineno] = len(line.expandtabs(_INDENT)) + _INDENT * moves
            longer[read.lineno] += len(source) - len(read.id)
        most = self.module.facts.line_length
        return {line for line, length in lengths.items() if length <= most < length + longer[line]}

    def _lines(self) -> Iterator[_Copy]:
        """The lines that only copy arguments."""
        for statement in self.module.nodes(ast.Assign):
            names = self._copied(self._own_line(statement))
            if names:
                yield _Copy(statement, None, names)
        for statement, parts in self.patch.statements.items():
            for part in parts:
                if isinstance(part, str) and (names := self._copied(part)):
                    yield _Copy(statement, part, names)

    def _own_line(self, statement: ast.Assign) -> str:
        """What an assignment of arguments becomes, empty for any other."""
        value = statement.value
        parts = value.elts if isinstance(value, ast.Tuple) else [value]
        if value not in self.patch.expressions and not all(part in self.patch.expressions for part in parts):
            return ""
        return "" if self.patch.is_gone(statement) or not self._is_plain(statement) else self.patch.text(statement)

    def _is_plain(self, statement: ast.Assign) -> bool:
        """Whether a statement has lines of its own, and no comment in them or above says more of it than help would."""
        first, last = statement.lineno, statement.end_lineno or statement.lineno
        above = self.module.source.line(first - 1).strip() if first > 1 else b""
        shared = any(
            item is not statement and item.lineno in range(first, last + 1) for item in self.module.block(statement)
        )
        lines = range(first, last + 1)
        commented = any(line in self.module.comments_by_line for line in lines) and not self._said(statement)
        return (
            not above.startswith(b"#")
            and not commented
            and not shared
            and not self.module.source.line(first)[: statement.col_offset].strip()
        )

    def _said(self, statement: ast.Assign) -> str:
        """What a comment behind an assignment says of its one argument; empty where help says anything already."""
        comment = self.module.comments_by_line.get(statement.end_lineno or 0, "")
        places = self._places_in(statement)
        if not _PROSE.match(comment) or _CODE.search(comment) or statement.lineno != statement.end_lineno:
            return ""
        if (
            len(places) != 1
            or places[0] >= self.analysis.arity.singles
            or self.naming.help(places[0], self.namespace.names[places[0]])
        ):
            return ""
        return re.sub(r"\s+", " ", comment.strip("# ").rstrip("."))

    def _places_in(self, statement: ast.stmt) -> list[int]:
        """The numbers of the arguments that a statement reads."""
        uses = self.analysis.argv.uses.values()
        return [use.place for use in uses if self.module.is_inside(use.node, statement)]

    def _copied(self, line: str) -> dict[str, str]:
        """The variables that a line sets to arguments, nothing if it does anything else."""
        if line[:1].isspace() or f"{self.namespace.variable}." not in line:
            return {}
        try:
            (statement,) = ast.parse(line).body
        except (SyntaxError, ValueError):
            return {}
        target = statement.targets[0] if isinstance(statement, ast.Assign) and len(statement.targets) == 1 else None
        if not isinstance(statement, ast.Assign) or target is None:
            return {}
        pairs = [(target, statement.value)]
        if isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Tuple):
            pairs = list(zip(target.elts, statement.value.elts, strict=False))
        found = {
            name.id: f"{self.namespace.variable}.{value.attr}"
            for name, value in pairs
            if isinstance(name, ast.Name)
            and isinstance(value, ast.Attribute)
            and isinstance(value.value, ast.Name)
            and value.value.id == self.namespace.variable
            and value.attr not in self.paths
        }
        return found if len(found) == len(pairs) else {}

    def _reads_of(self, copy: _Copy, name: str) -> list[ast.Name] | None:
        """The reads of a variable that only the copy sets, None if anything else may set or see it."""
        found = self.module.scope(copy.statement).lookup(name)
        if found is None or found[0].node is not (self.analysis.argv.frame or self.module.tree):
            return None
        scope, bindings = found
        seen = self.module.own_names_read
        if scope.kind is ScopeKind.MODULE and (seen is None or name in seen):
            return None
        if not all(self._is_of(copy, binding) for binding in bindings) or self._is_written(copy, name):
            return None
        every = dict.fromkeys(read for binding in bindings for read in self.module.uses(binding))
        reads = [read for read in every if not self.patch.is_gone(read)]
        plain = all(self._is_below(copy, read) and not self._is_changed(read) for read in reads)
        if any(self._is_path(read) for read in reads):
            return None  # a variable can be a Path for all that reads it
        return reads if reads and plain else None

    def _places(self, copy: _Copy) -> list[ast.stmt]:
        """The statement that becomes the copy, and those around it of which it is left."""
        places = [copy.statement]
        while isinstance(around := self.module.parent(places[-1]), ast.stmt):
            if places[-1] not in self.patch.statements.get(around, ()):
                break
            places.append(around)
        return places

    def _is_of(self, copy: _Copy, binding: Binding) -> bool:
        """Whether a binding is the copy's, or goes."""
        if binding.kind is not BindingKind.NAME:
            return False
        own = copy.line is None and self.module.statement(binding.node) is copy.statement
        return own or self.patch.is_gone(binding.node)

    def _is_written(self, copy: _Copy, name: str) -> bool:
        """Whether new text has the name, too."""
        parts = [part for parts in self.patch.statements.values() for part in parts if isinstance(part, str)]
        if copy.line is not None:
            parts.remove(copy.line)
        texts = [*parts, *self.patch.expressions.values(), *self.written]
        return any(re.search(rf"(?<![.\w]){re.escape(name)}\b", text) for text in texts)

    def _is_below(self, copy: _Copy, read: ast.Name) -> bool:
        """Whether a read stands below the copy, in the same block and function, where it can be replaced."""
        if self.module.function(read) is not self.module.function(copy.statement):
            return False
        around = list(self.module.ancestors(read))
        if any(isinstance(item, (ast.Lambda, ast.ClassDef)) for item in around) or not self._is_open(read):
            return False
        places = map(self.module.place, self._places(copy))
        return any(item in around for block, number in places for item in block[number + 1 :])

    def _is_path(self, read: ast.Name, depth: int = 0) -> bool:
        """Whether a function that takes paths gets what is read, here or in a function of the file."""
        for around in self.module.ancestors(read):
            if isinstance(around, ast.stmt):
                return False
            if isinstance(around, ast.Call):
                called = self.module.qualified_name(around.func) or ""
                if called.startswith(_OF_PATHS) and called not in _NO_PATHS:
                    return True
                function = self.module.local_function(around.func)
                if isinstance(function, ast.FunctionDef) and read in around.args and depth < _DEEPEST:
                    inside = parameter_reads(self.module, around, read) or ()
                    return any(self._is_path(use, depth + 1) for use in inside)
        return False

    def _is_changed(self, read: ast.Name) -> bool:
        """Whether a read changes the list that the variable holds: the namespace is none to be changed."""
        parent = self.module.parent(read)
        if isinstance(parent, ast.Attribute):
            return parent.attr in CHANGES
        return isinstance(parent, ast.Subscript) and not isinstance(parent.ctx, ast.Load)

    def _is_open(self, read: ast.Name) -> bool:
        """Whether a read in an f-string can be replaced: nothing around it changes, and it shows no text of its own."""
        around = list(self.module.ancestors(read))
        texts = [item for item in around if isinstance(item, ast.JoinedStr)]
        word = re.escape(read.id)
        return not texts or not (
            any(item in self.patch.statements for item in around)
            or re.search(rf"\b{word}\s*=(?!=)", self.module.text(texts[-1]))
            or texts[-1].lineno != texts[-1].end_lineno
        )

    def _drop(self, copy: _Copy) -> None:
        """Take the copy away."""
        if copy.line is not None:
            parts = list(self.patch.statements[copy.statement])
            parts.remove(copy.line)
            self.patch.statements[copy.statement] = tuple(parts)
            return
        if isinstance(copy.statement, ast.Assign) and (said := self._said(copy.statement)):
            (place,) = (
                use.place for use in self.analysis.argv.uses.values() if self.module.is_inside(use.node, copy.statement)
            )
            self.remarks[place] = said
        self.patch.statements[copy.statement] = ()
        around = self.module.parent(copy.statement)
        if isinstance(around, ast.stmt) and copy.statement in self.patch.statements.get(around, ()):
            parts = self.patch.statements[around]
            self.patch.statements[around] = tuple(part for part in parts if part is not copy.statement)
