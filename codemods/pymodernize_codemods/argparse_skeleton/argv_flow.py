"""Data flow of ``sys.argv``: the expressions that hold the list of arguments, and how each of them is used.

Arguments are counted from 0, as a person counts them: ``sys.argv[1]`` is
argument 0, the program's name is argument -1. A vector is an expression
whose value is the list of arguments from some index on: ``sys.argv`` starts at -1, ``sys.argv[1:]`` at 0.
"""

from __future__ import annotations

import ast

from pymodernize.semantics.call_binding import parameter_of
from pymodernize.semantics.module import Module
from pymodernize_codemods._script.entry import MAINS
from pymodernize_codemods.argparse_skeleton.argv_uses import (
    PROGRAM,
    ArgumentRead,
    ArgvUses,
    CountRead,
    EmptyTest,
    ListRead,
    OptionTest,
    Unpacking,
    Use,
    is_truth,
)
from pymodernize_codemods.argparse_skeleton.argv_variables import (
    CHANGES,
    argv_expressions,
    is_command_line,
    is_len,
    is_used_whole,
    may_change,
    reads_of,
)
from pymodernize_codemods.argparse_skeleton.loops import is_flag_loop, read_loop
from pymodernize_codemods.argparse_skeleton.membership import read_membership, tested_flag
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain

# Variables of these names are lists of arguments in general: no name for a positional argument comes of them.
_GENERIC = frozenset(
    "a arg args argv arguments argvs av cmdline myargs opts params sysargs argumentlist arglist".split()
)


def read_command_line(module: Module) -> ArgvUses | None:
    """Find all uses of the command line.

    Args:
        module: the module.

    Returns:
        None if there are none, beside the program's name.

    Raises:
        NotPlain: some use cannot be followed.
    """
    reader = _ArgvReader(module)
    reader.run()
    argv = reader.argv
    return argv if argv.nodes() else None


class _ArgvReader:
    def __init__(self, module: Module) -> None:
        self.module = module
        self.argv = ArgvUses(module)
        self.frames: dict[ast.AST | None, ast.AST] = {}
        self.whole: ast.AST | None = None
        self.done: set[ast.AST] = set()
        self.numbers: list[ast.Assign] = []

    def run(self) -> None:
        """Follow each ``sys.argv`` of the file to all expressions that its value reaches."""
        for root in argv_expressions(self.module):
            self.visit(root, PROGRAM, raw=True)
        self._check()

    # --- one expression that stands for a vector ---------------------------------------------------------------

    def visit(self, node: ast.expr, offset: int, *, raw: bool, kept: bool = False) -> None:
        """Record how a vector is used.

        Args:
            node: the expression that stands for it.
            offset: the number of its first argument.
            raw: whether options may be among them.
            kept: whether the variable goes on holding it.
        """
        if node in self.done:
            return
        parent = self.module.parent(node)
        match parent:
            case ast.Subscript(value=value) if value is node:
                self._subscript(parent, node, offset, raw, kept)
            case ast.Call(args=[only], keywords=[]) if only is node and is_len(self.module, parent):
                self._length(parent, offset, raw, kept)
            case ast.Compare(left=ast.Constant(value=str() as text), comparators=[right]) if right is node:
                if not isinstance(parent.ops[0], (ast.In, ast.NotIn)):
                    raise NotPlain("the command line is compared with a text", parent)
                self._member(parent, text, offset)
            case ast.Attribute(attr="remove"):
                self._removal(parent)
            case _:
                self._statement_use(node, parent, offset, raw, kept)

    def _length(self, call: ast.Call, offset: int, raw: bool, kept: bool) -> None:
        """``len()`` of a vector, also where a variable holds it that is bound once and read in the same function."""
        value, added = self._sum(call)
        parent = self.module.parent(value)
        target = parent.targets[0] if isinstance(parent, ast.Assign) and len(parent.targets) == 1 else None
        if kept or not isinstance(parent, ast.Assign) or not isinstance(target, ast.Name):
            self._counted(value, call, offset, added, raw=raw, kept=kept)
            return
        reads, changed = reads_of(self.module, target, parent)
        if changed:
            self._add(CountRead(call, offset, raw=raw))
            return
        self._in_frame(parent)
        self.numbers.append(parent)
        self.argv.aliases.append(parent)
        for read in reads:
            self._counted(read, read, offset, added, raw=raw)

    def _counted(
        self, value: ast.expr, node: ast.expr, offset: int, added: int, *, raw: bool, kept: bool = False
    ) -> None:
        """A read of the number of arguments: its value, or only whether it is zero.

        Args:
            value: the number, with what is added to it.
            node: the number alone, or the variable that holds all of it.
            offset: from which argument on they are counted.
            added: how much is added.
            raw: whether options may be among them.
            kept: whether a variable goes on holding them.
        """
        can_be_zero = not added or (offset, added) == (PROGRAM, -1)
        if can_be_zero and is_truth(self.module, value):
            self._add(EmptyTest(value, offset - added, kept=kept, raw=raw))
        else:
            self._add(CountRead(node, offset, added if node is value else 0, kept=kept, raw=raw))

    def _sum(self, call: ast.Call) -> tuple[ast.expr, int]:
        """The whole sum that a number is an operand of, and the constant that is added to it."""
        match self.module.parent(call):
            case ast.BinOp(left=left, op=ast.Sub(), right=ast.Constant(value=int(less))) as whole if left is call:
                return whole, -less
            case ast.BinOp(left=left, op=ast.Add(), right=ast.Constant(value=int(more))) as whole if left is call:
                return whole, more
        return call, 0

    def _statement_use(self, node: ast.expr, parent: ast.AST | None, offset: int, raw: bool, kept: bool) -> None:
        if is_truth(self.module, node):
            self._add(EmptyTest(node, offset, kept=kept, raw=raw))
            return
        match parent:
            case ast.For(iter=iterated) if iterated is node and is_flag_loop(self.module, parent):
                self._loop(parent, offset)
            case ast.Assign(targets=[ast.Name() as target]) if offset >= 0 or not kept:
                self._alias(parent, target, node, offset, raw)
            case ast.Assign(targets=[ast.Tuple() | ast.List() as targets]):
                self._unpacking(parent, targets.elts, node, offset, None, raw)
            case ast.Call() if self._passed_on(parent, node, offset, raw):
                pass
            case ast.Attribute(attr=("pop" | "append" | "insert" | "extend" | "clear")) if offset < 0:
                raise NotPlain("sys.argv itself is changed", parent)
            case _:
                self._rest(node, node, offset, raw, kept)

    def _rest(self, node: ast.expr, whole: ast.expr, offset: int, raw: bool, kept: bool) -> None:
        if offset < 0:
            raise NotPlain("sys.argv is used as a whole, with the program's name in it", node)
        self._add(ListRead(whole, offset, kept=kept, raw=raw))

    def _add(self, use: Use) -> None:
        self._in_frame(use.node)
        self.argv.uses[use.node] = use

    def _in_frame(self, node: ast.AST) -> None:
        self.frames.setdefault(self.module.function(node), node)

    def _subscript(self, expr: ast.Subscript, node: ast.expr, offset: int, raw: bool, kept: bool) -> None:
        if not isinstance(expr.ctx, ast.Load):
            raise NotPlain("the list of arguments is changed", expr)
        index = expr.slice
        if isinstance(index, ast.Slice):
            self._slice(expr, index, offset, raw, kept)
            return
        number = _integer(index)
        if number is None:
            raise NotPlain("an argument is read whose number is not written there", expr)
        if number < 0:
            raise NotPlain("an argument is counted from the end", expr)
        if offset + number == PROGRAM and isinstance(node, ast.Attribute):
            return  # the program's name stays as it is
        self._add(ArgumentRead(expr, offset + number, kept=kept, raw=raw))

    def _slice(self, expr: ast.Subscript, index: ast.Slice, offset: int, raw: bool, kept: bool) -> None:
        lower = 0 if index.lower is None else _integer(index.lower)
        upper = None if index.upper is None else _integer(index.upper)
        if lower is None or lower < 0 or index.step is not None or (index.upper is not None and upper is None):
            raise NotPlain("a part of the arguments is taken that cannot be told", expr)
        if upper is None:
            if kept:
                self._add(ListRead(expr, offset + lower, kept=kept, raw=raw))
            else:
                self.visit(expr, offset + lower, raw=raw)
            return
        parent = self.module.parent(expr)
        if upper > lower and isinstance(parent, ast.Assign) and isinstance(parent.targets[0], (ast.Tuple, ast.List)):
            self._unpacking(parent, parent.targets[0].elts, expr, offset + lower, upper - lower, raw)
            return
        raise NotPlain("a part of the arguments is taken that ends before the last", expr)

    def _unpacking(
        self, assign: ast.Assign, parts: list[ast.expr], node: ast.expr, offset: int, width: int | None, raw: bool
    ) -> None:
        if len(assign.targets) != 1 or any(isinstance(part, ast.Starred) for part in parts):
            raise NotPlain("the arguments are unpacked with a star", assign)
        if width is not None and width != len(parts):
            raise NotPlain("as many arguments are unpacked as there are no names for", assign)
        self._add(Unpacking(node, offset, assign, parts, width is None, raw=raw))

    # --- variables ---------------------------------------------------------------------------------------------

    def _alias(self, assign: ast.Assign, target: ast.Name, value: ast.expr, offset: int, raw: bool) -> None:
        """A variable that holds a vector: its reads are followed, or it stays and holds a list from argparse."""
        self._in_frame(assign)
        reads, changed = reads_of(self.module, target, assign)
        if self._consumed(target, reads, offset, assign):
            return
        explode = not changed and (offset < 0 or target.id.lower() in _GENERIC or not is_used_whole(self.module, reads))
        if explode:
            self.argv.aliases.append(assign)
            for read in reads:
                self.visit(read, offset, raw=raw)
        elif offset < 0:
            raise NotPlain("the copy of sys.argv is changed or handed on", assign)
        else:
            self._keep(value, target.id, offset, [] if changed else reads, raw)

    def _keep(self, value: ast.expr, name: str, offset: int, reads: list[ast.Name], raw: bool) -> None:
        self.argv.kept[value] = name
        self._rest(value, value, offset, raw, kept=False)
        for read in reads:
            parent = self.module.parent(read)
            counted = isinstance(parent, ast.Call) and is_len(self.module, parent)
            if counted or isinstance(parent, ast.Subscript) or is_truth(self.module, read):
                try:
                    self.visit(read, offset, raw=raw, kept=True)
                except NotPlain:
                    continue  # the variable stays, and so does what is done with it

    def _consumed(self, target: ast.Name, reads: list[ast.Name], offset: int, assign: ast.stmt) -> bool:
        """Whether a variable is there to be used up by a loop that looks for options."""
        loops = [self.module.parent(read) for read in reads]
        loop = next((item for item in loops if isinstance(item, (ast.While, ast.For))), None)
        if not isinstance(loop, ast.While) or not is_flag_loop(self.module, loop):
            return False
        inside = [read for read in reads if any(node is loop for node in self.module.ancestors(read))]
        if len(inside) != len(reads):
            raise NotPlain("what a loop leaves of the arguments is used after it", loop)
        if offset < 0:
            raise NotPlain("a loop takes the program's name for an argument", loop)
        self.argv.aliases.append(assign)
        self._loop(loop, offset)
        return True

    def _loop(self, statement: ast.For | ast.While, offset: int) -> None:
        if offset != 0:
            raise NotPlain("a loop looks for options, but not among all arguments", statement)
        loop = read_loop(self.module, statement)
        self._in_frame(statement)
        self.argv.loops.append(loop)
        self.done.update(node for node in ast.walk(statement) if isinstance(node, ast.expr))
        if loop.collects is None:
            return
        bindings = self.module.scope(loop.collects).lookup(loop.collects.id)
        target = bindings[1][0].node if bindings is not None else None
        start = self.module.parent(target) if target is not None else None
        if bindings is None or len(bindings[1]) != 1 or not isinstance(target, ast.Name):
            raise NotPlain("the list that a loop puts arguments in is made elsewhere", statement)
        if not isinstance(start, ast.Assign) or len(start.targets) != 1 or not _is_empty_list(start.value):
            raise NotPlain("the list that a loop puts arguments in does not start empty", statement)
        if start.lineno > statement.lineno or self.module.function(start) is not self.module.function(statement):
            raise NotPlain("the list that a loop puts arguments in is made elsewhere", statement)
        self._alias_of_collected(start, target, statement)

    def _alias_of_collected(self, start: ast.Assign, target: ast.Name, loop: ast.stmt) -> None:
        reads = [
            read
            for read in self.module.uses(self.module.scope(target).bindings[target.id][0])
            if not any(node is loop for node in self.module.ancestors(read))
        ]
        changed = any(
            isinstance(parent := self.module.parent(read), ast.Attribute)
            and parent.attr in CHANGES
            or isinstance(parent, ast.Subscript)
            and not isinstance(parent.ctx, ast.Load)
            or self.module.function(read) is not self.module.function(target)
            for read in reads
        )
        if changed or any(read.lineno < loop.lineno for read in reads):
            raise NotPlain("the list that a loop puts arguments in is changed or read by others, too", loop)
        self.argv.aliases.append(start)
        if target.id.lower() in _GENERIC or not is_used_whole(self.module, reads):
            for read in reads:
                self.visit(read, 0, raw=False)
            return
        self.argv.kept[start.value] = target.id
        self.argv.aliases.remove(start)
        self._rest(start.value, start.value, 0, raw=False, kept=False)
        for read in reads:
            parent = self.module.parent(read)
            if isinstance(parent, ast.Call) and is_len(self.module, parent) or is_truth(self.module, read):
                self.visit(read, 0, raw=False, kept=True)

    # --- options -----------------------------------------------------------------------------------------------

    def _member(self, compare: ast.Compare, text: str, offset: int) -> None:
        if not text.startswith("-"):
            raise NotPlain("a word is looked for among all arguments", compare)
        if offset > 0:
            raise NotPlain("an option is looked for, but not among all arguments", compare)
        found = read_membership(self.module, compare)
        if found is not None:
            if all(item.statement is not found.statement for item in self.argv.memberships):
                self.argv.memberships.append(found)
                self._in_frame(found.statement)
            return
        if tested_flag(compare) is None:
            raise NotPlain("an option is looked for in a way that cannot be told", compare)
        self._add(OptionTest(compare, offset, text, isinstance(compare.ops[0], ast.In), raw=True))

    def _removal(self, attribute: ast.Attribute) -> None:
        if read_membership(self.module, attribute) is None:
            raise NotPlain("something is removed from the arguments that cannot be told", attribute)

    # --- functions ---------------------------------------------------------------------------------------------

    def _passed_on(self, call: ast.Call, node: ast.expr, offset: int, raw: bool) -> bool:
        """Whether a vector is handed to a function of this file that alone is to do with it."""
        function = self.module.local_function(call.func)
        if not isinstance(function, ast.FunctionDef) or not _is_plain(function):
            return False
        parameters = function.args.args
        parameter = parameter_of(function, call, node)
        calls = self.module.every_call(function)
        if parameter is None or calls is None:
            return False
        if len(calls) != 1 or self.argv.parameter is not None or len(parameters) != 1 or call.keywords:
            return False
        bindings = self.module.index.scopes[function].bindings[parameter.arg]
        reads = self.module.uses(bindings[0])
        changed = len(bindings) > 1
        if changed or any(may_change(self.module, read) for read in reads):
            return False
        if (
            offset >= 0
            and is_used_whole(self.module, reads)
            and not any(is_command_line(self.module, read) for read in reads)
            and not (
                function.name in MAINS and parameter.arg.lower() in _GENERIC and self._can_follow(reads, offset, raw)
            )
        ):
            return False
        self.argv.parameter, self.argv.offset = parameter, offset
        for read in reads:
            self.visit(read, offset, raw=raw)
        self._in_frame(function.body[0])
        return True

    def _can_follow(self, reads: list[ast.Name], offset: int, raw: bool) -> bool:
        """Whether all uses of the list in a ``main`` can be converted: if not, it is still passed one."""
        trial = _ArgvReader(self.module)
        try:
            for read in reads:
                trial.visit(read, offset, raw=raw)
        except NotPlain:
            return False
        return len(trial.frames) == 1

    # --- what holds for all ------------------------------------------------------------------------------------

    def _check(self) -> None:
        frames = list(self.frames)
        if len(frames) > 1:
            raise NotPlain("the command line is read in several functions", list(self.frames.values())[-1])
        if not frames:
            return
        frame = frames[0]
        if frame is not None and not isinstance(frame, ast.FunctionDef):
            raise NotPlain("the command line is read in a function without a body of its own", self.frames[frame])
        self.argv.frame = frame
        self.argv.first = min(self.argv.nodes(), key=lambda node: (node.lineno, node.col_offset), default=None)
        if len(self.argv.loops) > 1 or self.argv.loops and self.argv.memberships:
            raise NotPlain("options are looked for in several ways", self.argv.loops[-1].statement)
        if self.numbers and (self.argv.loops or self.argv.memberships):
            raise NotPlain("the number of arguments is kept in a variable, options included", self.numbers[0])
        tested = [use.node for use in self.argv.uses.values() if isinstance(use, OptionTest)]
        if tested and (self.argv.loops or len(tested) < len(self.argv.uses)):
            raise NotPlain("options are looked for anywhere, and stay among the arguments that are counted", tested[0])


def _integer(node: ast.expr) -> int | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _integer(node.operand)
        return -inner if inner is not None else None
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _is_empty_list(value: ast.expr) -> bool:
    return isinstance(value, ast.List) and not value.elts


def _is_plain(function: ast.FunctionDef) -> bool:
    args = function.args
    return not (args.vararg or args.kwarg or args.kwonlyargs or args.posonlyargs or function.decorator_list)
