"""Whether a text is valid as a file name: it can be encoded, and has no null character.

Functions that take a path raise ValueError for an invalid text, and OSError for
any other fault of a name. Source:
https://docs.python.org/3/library/os.html#file-names-command-line-arguments-and-environment-variables
"""

from __future__ import annotations

import ast
import itertools
import re

from pymodernize.semantics.module import Module
from pymodernize.semantics.values import Cell, Contents, Source, Way
from pymodernize_codemods._exceptions.kinds import NUMBERS, Kinds

# Texts from the system, which are valid.
_GIVEN = frozenset({"sys.argv", "sys.executable", "builtins.__file__", "os.environ"})
_GIVING = frozenset(
    """os.getcwd os.getenv os.environ.get os.path.expanduser pathlib.Path.cwd pathlib.Path.home tempfile.gettempdir
    tempfile.mkdtemp""".split()
)
# Functions whose result consists of their arguments and of texts from the system.
_JOINING = frozenset(
    """builtins.str builtins.sorted builtins.enumerate builtins.zip builtins.list builtins.reversed builtins.tuple
    builtins.set os.fspath os.path.abspath os.path.basename os.path.dirname os.path.expanduser os.path.expandvars
    os.path.join os.path.normpath os.path.split os.path.splitext pathlib.Path pathlib.PurePath""".split()
)
# Functions whose results are names of existing files.
_LISTING = frozenset({"os.listdir", "os.walk"})
# The same, but a result may begin with the argument.
_FINDING = frozenset({"glob.glob", "glob.iglob", "os.scandir"})
_PATH_ATTRIBUTES = frozenset({"name", "parent", "stem", "suffix", "path"})
_PATH_METHODS = frozenset(
    """absolute expanduser glob iterdir join joinpath partition replace resolve rglob rpartition rsplit rstrip
    lstrip split strip with_name with_stem with_suffix""".split()
)
_TEXTS = frozenset({"str", "pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "NoneType"}) | NUMBERS
# Functions that do not mutate a list that is passed to them.
_LOOKING = frozenset(f"builtins.{name}" for name in "bool enumerate len list print sorted str tuple zip".split())
# A field that formats a number as a character, which may be the null character.
_CHARACTER = re.compile(r"%[^A-Za-z%]*c")


class PathTexts:
    """Infers which texts and paths of one module are valid file names.

    Args:
        module: the module.
        kinds: infers the kinds of its values.
    """

    def __init__(self, module: Module, kinds: Kinds) -> None:
        self._module = module
        self._kinds = kinds
        self._cells: dict[Cell, bool] = {}
        self._met: list[Cell] = []

    def can_be_taken(self, expr: ast.expr) -> bool:
        """Whether a text or a path, or each element of a container of them, is a valid file name.

        Args:
            expr: any expression of the module.

        Returns:
            False also where it is not known.
        """
        match expr:
            case ast.Constant(value=str(text)):
                return text.isascii() and "\0" not in text
            case ast.Name() | ast.Attribute() if self._module.qualified_name(expr) in _GIVEN:
                return not self._module.names.is_replaced(self._module.qualified_name(expr) or "")
            case ast.Subscript(value=value):
                return self.can_be_taken(value)
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
                return all(map(self.can_be_taken, parts))
            case ast.Starred(value=value) | ast.NamedExpr(value=value):
                return self.can_be_taken(value)
            case ast.ListComp(elt=part) | ast.GeneratorExp(elt=part) | ast.SetComp(elt=part):
                return self.can_be_taken(part)
            case ast.IfExp(body=first, orelse=second):
                return self.can_be_taken(first) and self.can_be_taken(second)
            case ast.BoolOp(values=parts):
                return all(map(self.can_be_taken, parts))
            case ast.BinOp(left=left, op=ast.Add() | ast.Div(), right=right):
                return self.can_be_taken(left) and self.can_be_taken(right)
            case ast.BinOp(left=ast.Constant(value=str(template)) as left, op=ast.Mod(), right=right):
                parts = right.elts if isinstance(right, ast.Tuple) else [right]
                return self.can_be_taken(left) and not _CHARACTER.search(template) and all(map(self._is_part, parts))
            case ast.JoinedStr(values=parts):
                return all(map(self.can_be_taken, parts))
            case ast.FormattedValue(value=value, format_spec=None):
                return self._is_part(value)
            case ast.Call():
                return self._result(expr)
        # An entry of a folder has the path of that folder, which was taken, and the name of an existing file.
        return self._held(expr) or self._of_a_path(expr) or self._kinds.names(expr) == {"os.DirEntry"}

    def _is_part(self, expr: ast.expr) -> bool:
        """Whether a value may be a part of a valid text, as a number may."""
        names = self._kinds.names(expr)
        return bool(names) and names <= NUMBERS or self.can_be_taken(expr)

    def _of_a_path(self, expr: ast.expr) -> bool:
        match expr:
            case ast.Attribute(value=value, attr=attr) if attr in _PATH_ATTRIBUTES:
                return self.can_be_taken(value)
        return False

    def _result(self, call: ast.Call) -> bool:
        """Whether the result of a call is valid."""
        name = self._module.qualified_name(call.func) or ""
        if self._module.names.is_replaced(name):
            return False
        given = [*call.args, *(item.value for item in call.keywords if item.arg not in {"key", "reverse"})]
        if name in _GIVING:
            # An argument may be the default for a variable that does not exist.
            return all(map(self.can_be_taken, given))
        if name in _LISTING:
            return not given or name == "os.listdir" or self.can_be_taken(given[0])
        if name in _JOINING or name in _FINDING:
            return all(map(self._is_part, given))
        if isinstance(call.func, ast.Attribute) and call.func.attr in _PATH_METHODS and not name:
            return self.can_be_taken(call.func.value) and all(map(self._is_part, given))
        return self._held(call)

    def _held(self, expr: ast.expr) -> bool:
        """Whether every value that is stored in the cell that an expression reads is valid."""
        cell = self._module.values.read_by(expr)
        if cell is None:
            return False
        if cell not in self._cells:
            is_first = not self._met
            self._cells[cell] = True
            self._met.append(cell)
            if is_first:
                self._find_fixpoint()
        return self._cells[cell]

    def _find_fixpoint(self) -> None:
        """Find the greatest fixpoint for the cells that were met: each is valid until one of its sources is not.

        After the first pass in reverse order, since a cell is met before those that it depends on.
        """
        checked, changed = 0, True
        while changed or checked < len(self._met):
            for cell in itertools.islice(self._met, checked, None):  # checking a cell may add others
                self._check(cell)
                checked += 1
            changed = any([self._check(cell) for cell in reversed(self._met)])
        self._met.clear()

    def _check(self, cell: Cell) -> bool:
        """Check a cell, given the answers for others so far; return whether its answer has changed to False."""
        if not self._cells[cell]:
            return False
        contents = self._module.values.contents(cell)
        self._cells[cell] = (
            contents is not None and all(map(self._is_source, contents.sources)) and self._stays(contents)
        )
        return not self._cells[cell]

    def _is_source(self, source: Source) -> bool:
        if source.way is Way.UPDATE:
            return isinstance(getattr(self._module.parent(source.expr), "op", None), (ast.Add, ast.Div)) and (
                self._is_part(source.expr)
            )
        return self.can_be_taken(source.expr)

    def _stays(self, contents: Contents) -> bool:
        """Whether no read of a cell mutates its container; texts and paths are immutable."""
        return all(self._is_text(read) or self._only_reads(read) for read in contents.reads)

    def _is_text(self, read: ast.expr) -> bool:
        names = self._kinds.names(read)
        return bool(names) and names <= _TEXTS

    def _only_reads(self, read: ast.expr) -> bool:
        match self._module.parent(read):
            case ast.For(iter=value) | ast.comprehension(iter=value):
                return value is read
            case ast.Subscript(value=value, ctx=ast.Load()):
                return value is read
            case ast.Call(func=ast.Name() as func):
                return (self._module.qualified_name(func) or "") in _LOOKING
            case ast.Compare() | ast.JoinedStr() | ast.FormattedValue() | ast.If() | ast.While() | ast.BinOp():
                return True
        return False
