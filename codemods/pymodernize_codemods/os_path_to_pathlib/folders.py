"""A loop over the names in a folder that becomes one over the paths in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from pymodernize.codemod import Codemod, Edit, Finding, Rewrite
from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import Binding
from pymodernize_codemods._paths.classes import PATH, is_path
from pymodernize_codemods._paths.edits import replaced
from pymodernize_codemods._paths.form import Form, Unfit
from pymodernize_codemods.os_path_to_pathlib.listings import counted
from pymodernize_codemods.os_path_to_pathlib.loops import Loop, loop_over, reads_in
from pymodernize_codemods.os_path_to_pathlib.statements import is_name, removed

# So many uses of a name, one of them to join it, read no worse as uses of a path.
_MOST_NAMES = 3
_NAMES = ("child", "entry", "child_path")


def findings(codemod: Codemod, module: Module) -> Iterator[Finding]:
    """The loops over ``os.listdir(folder)``, or over ``[child.name for child in folder.iterdir()]``, of a path.

    Args:
        codemod: in whose name they are found.
        module: the module.

    Yields:
        One finding a loop whose variable nobody else sees.
    """
    for loop in (*module.nodes(ast.For), *module.nodes(ast.comprehension)):
        finding = _Folder.of(codemod, module, loop)
        if finding is not None:
            yield finding


@dataclass(frozen=True)
class _Folder:
    module: Module
    loop: Loop
    target: ast.Name
    folder: ast.expr
    reads: tuple[ast.Name, ...]

    @classmethod
    def of(cls, codemod: Codemod, module: Module, loop: Loop) -> Finding | None:
        """The finding for one loop."""
        listed = _listed(module, loop.iter) or _joined_to(module, loop)
        reads = reads_in(module, loop) if listed is not None else None
        if listed is None or reads is None or not isinstance(loop.target, ast.Name):
            return None
        folder, children, comprehension = listed
        if isinstance(folder, ast.Call) and any(is_path(module, arg) for arg in folder.args[:1]):
            return None  # Path() of a path: what is joined to it shows when that is gone
        return cls(module, loop, loop.target, folder, tuple(reads)).finding(codemod, children, comprehension)

    def finding(self, codemod: Codemod, children: str, listed: ast.expr) -> Finding | None:
        """What changes: the loop, and each use of its variable."""
        joins = [read for read in self.reads if self.is_join(self.module.parent(read), read)]
        if not joins and any(_is_joined(self.module, read) for read in self.reads):
            return None  # half of a loop
        if isinstance(listed, ast.Call) and len(self.reads) > _MOST_NAMES * len(joins):
            return None
        name, dropped = self.kept_by_name() or (self.new_name(), None)
        if name is None:
            return None
        places: dict[ast.expr, str] = {}
        for read in self.reads:
            parent = self.module.parent(read)
            if not self.is_join(parent, read):
                places[read] = f"{name}.name"
            elif isinstance(parent, ast.expr) and (dropped is None or self.module.parent(parent) is not dropped):
                places |= self.in_place(parent, name)
        start, end = self.module.span(self.loop.iter)
        first, last = self.module.span(listed)
        data = self.module.source.data
        if data[first : first + 1] == b"(":
            children = f"({children})"  # a generator brings the parentheses of the call that it stands in
        iterated = data[start:first].decode("utf-8") + children + data[last:end].decode("utf-8")
        edits = [replaced(self.module, self.loop.iter, iterated), replaced(self.module, self.target, name)]
        edits += [replaced(self.module, expr, text) for expr, text in places.items()]
        if dropped is not None:
            edits.append(Edit(dropped, removed))
        return codemod.finding(self.module, self.loop.iter, "a loop over the names in a folder", Rewrite(tuple(edits)))

    def in_place(self, join: ast.expr, name: str) -> dict[ast.expr, str]:
        """What is replaced for a join: with the parentheses around it, where something is taken of it."""
        around = self.module.parent(join)
        if isinstance(around, ast.Attribute) and not isinstance(join, ast.Call):
            return {around: f"{name}.{around.attr}"}
        return {join: name}

    def is_join(self, node: ast.AST | None, read: ast.expr) -> bool:
        """Whether a node is ``folder / name``, of this folder; of the current one, ``Path(name)``."""
        if isinstance(node, ast.Call) and _is_current(self.module, self.folder):
            return node.args == [read] and not node.keywords and self.module.qualified_name(node.func) == PATH
        return (
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Div)
            and node.right is read
            and ast.dump(node.left) == ast.dump(self.folder)
            and is_path(self.module, node.left)
            and _stays_the_same(self.module, self.folder)
        )

    def kept_by_name(self) -> tuple[str, ast.stmt] | None:
        """What the loop calls the paths itself, and the statement for that, which then goes."""
        for statement in self.loop.body if isinstance(self.loop, ast.For) else ():
            match statement:
                case ast.Assign(targets=[ast.Name() as target], value=ast.BinOp() as value) if any(
                    self.is_join(value, read) for read in self.reads
                ):
                    found = self.module.scope(target).lookup(target.id)
                    if (
                        found is not None
                        and self.is_seen_after(statement, found[1])
                        and not self.has_comment(statement)
                    ):
                        return target.id, statement
        return None

    def is_seen_after(self, statement: ast.stmt, bindings: list[Binding]) -> bool:
        """Whether a variable is bound by one statement of the loop, and seen in the loop after that only."""
        if len(bindings) != 1 or bindings[0].scope.parent is None and not self.module.is_closed:
            return False
        return all(
            self.loop in self.module.ancestors(read) and read.lineno > (statement.end_lineno or 0)
            for read in self.module.uses(bindings[0])
        )

    def has_comment(self, statement: ast.stmt) -> bool:
        """Whether a comment stands on the lines of a statement."""
        lines = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
        return any(line in self.module.comments_by_line for line in lines)

    def new_name(self) -> str | None:
        """A name for the paths that means nothing else where it is needed."""
        inside = self.loop if isinstance(self.loop, ast.For) else self.module.parent(self.loop)
        assert inside is not None  # noqa: S101 - the comprehension of its loop
        return self.module.fresh.local_name(_NAMES, inside, bound=self.target, inside=inside, reads=self.reads)


def listed(module: Module, listing: ast.expr, form: Form, *, generator: bool) -> Form:
    """The counterpart of a call of ``os.listdir`` where it stands.

    Args:
        module: the module.
        listing: the call.
        form: the list of names, ``[child.name for child in folder.iterdir()]``.
        generator: whether what takes the names takes any iterable.
    """
    number = counted(module, listing, form.text.partition(" in ")[2][:-1])
    if number is not None:
        return form.then(number)
    return form.then(form.text[1:-1]) if generator else form


def joins(module: Module, listing: ast.Call) -> tuple[list[ast.Call], list[ast.Call]] | None:
    """The calls of ``os.path.join`` that the names in a folder are given to by the loop over them.

    Args:
        module: the module.
        listing: a call of ``os.listdir``.

    Returns:
        Those that join a name to this folder, and the others; None if no loop
        goes over the names.

    Raises:
        Unfit: there is a loop, which cannot go over paths instead.
    """
    loop = loop_over(module, listing)
    if loop is None:
        return None
    reads = reads_in(module, loop)
    if reads is None:
        raise Unfit("its names are seen beyond the loop over them")
    strings = [fstring for read in reads if (fstring := _fstring(module, read)) is not None]
    if len(set(strings)) < len(strings):
        raise Unfit("an f-string shows a name more than once")  # one change each is all that can be made there
    own: list[ast.Call] = []
    others: list[ast.Call] = []
    for read in reads:
        call = module.parent(read)
        if isinstance(call, ast.Call) and _is_joined(module, read):
            first, second = (*call.args, None)[:2]
            same = bool(listing.args) and first is not None and ast.dump(first) == ast.dump(listing.args[0])
            (own if second is read and same else others).append(call)
    return own, others


def _fstring(module: Module, read: ast.expr) -> ast.expr | None:
    """The f-string that an expression stands in, None if in none."""
    return next((node for node in module.ancestors(read) if isinstance(node, ast.JoinedStr)), None)


def _is_joined(module: Module, read: ast.Name) -> bool:
    """Whether a name is an argument of ``os.path.join``."""
    call = module.parent(read)
    return isinstance(call, ast.Call) and module.qualified_name(call.func) == "os.path.join"


def _listed(module: Module, expr: ast.expr) -> tuple[ast.expr, str, ast.expr] | None:
    """The folder of ``[child.name for child in folder.iterdir()]``, sorted or not, what lists it, and the list."""
    if isinstance(expr, ast.Call) and module.qualified_name(expr.func) == "builtins.sorted":
        return _listed(module, expr.args[0]) if len(expr.args) == 1 and not expr.keywords else None
    if isinstance(expr, ast.Call) and module.qualified_name(expr.func) == "os.listdir":
        return _listing(module, expr)
    if not isinstance(expr, (ast.ListComp, ast.GeneratorExp)) or len(expr.generators) != 1:
        return None
    match expr.generators[0], expr.elt:
        case (
            ast.comprehension(
                target=ast.Name(id=target),
                iter=ast.Call(func=ast.Attribute(value=folder, attr="iterdir"), args=[]) as children,
                ifs=[],
            ),
            ast.Attribute(value=ast.Name(id=name), attr="name"),
        ) if name == target and is_path(module, folder):
            return folder, module.text(children), expr
    return None


def _listing(module: Module, call: ast.Call) -> tuple[ast.expr, str, ast.expr] | None:
    """The folder of ``os.listdir(folder)``, if that is a path and reads well in front of a method."""
    if len(call.args) != 1 or call.keywords or module.names.is_replaced("os.listdir"):
        return None
    folder = call.args[0]
    if not is_path(module, folder) or not isinstance(folder, (ast.Name, ast.Attribute, ast.Call)):
        return None
    return folder, f"{module.text(folder)}.iterdir()", call


def _joined_to(module: Module, loop: Loop) -> tuple[ast.expr, str, ast.expr] | None:
    """The same for ``os.listdir(text)`` whose names are joined to ``Path(text)``."""
    listing = loop.iter
    if isinstance(listing, ast.Call) and module.qualified_name(listing.func) == "builtins.sorted":
        listing = listing.args[0] if len(listing.args) == 1 and not listing.keywords else listing
    match listing:
        case ast.Call(args=[text], keywords=[]) if module.qualified_name(listing.func) == "os.listdir":
            pass
        case _:
            return None
    if is_path(module, text) or module.names.is_replaced("os.listdir"):
        return None
    for read in reads_in(module, loop) or ():
        match module.parent(read):
            case ast.BinOp(op=ast.Div(), left=ast.Call(args=[wrapped], keywords=[]) as folder, right=right) if (
                right is read and module.qualified_name(folder.func) == PATH and ast.dump(wrapped) == ast.dump(text)
            ):
                return folder, f"{module.text(folder)}.iterdir()", listing
    return None


def _is_current(module: Module, folder: ast.expr) -> bool:
    """Whether an expression is ``Path()`` or ``Path(".")``: its children are ``Path(name)``."""
    return (
        isinstance(folder, ast.Call)
        and module.qualified_name(folder.func) == PATH
        and not folder.keywords
        and all(isinstance(arg, ast.Constant) and arg.value in {"", "."} for arg in folder.args)
    )


def _stays_the_same(module: Module, folder: ast.expr) -> bool:
    """Whether a folder means the same all the time: it is written out, or its name has one binding."""
    if isinstance(folder, ast.Call) and module.qualified_name(folder.func) == PATH and not folder.keywords:
        return all(_stays_the_same(module, arg) for arg in folder.args)
    if isinstance(folder, ast.BinOp) and isinstance(folder.op, ast.Div):
        return _stays_the_same(module, folder.left) and _stays_the_same(module, folder.right)
    if isinstance(folder, ast.Constant):
        return True
    if not is_name(folder):
        return False
    cell = module.values.read_by(folder)
    if cell is not None:
        contents = module.values.contents(cell)
        return contents is not None and len(contents.targets) == 1
    found = module.scope(folder).lookup(folder.id) if isinstance(folder, ast.Name) else None
    return found is not None and len(found[1]) == 1
