"""Which commands go through a shell, and what is done about each."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Codemod, Edit, Finding, Rewrite
from pymodernize.reasons import Reason, code_of
from pymodernize.semantics.platforms import is_not_for_windows, may_be_meant_for_windows
from pymodernize.semantics.references import NameTaken, module_reference
from pymodernize_codemods._assumptions import RUN_ONLY
from pymodernize_codemods._checks.values import given, keyword, value_of
from pymodernize_codemods._script.call_source import CallChange, Unforeseen
from pymodernize_codemods._script.placing import expression_edit
from pymodernize_codemods.shell_command import failures, programs
from pymodernize_codemods.shell_command.call_texts import called, without_shell
from pymodernize_codemods.shell_command.commands import built_by, pieces_of
from pymodernize_codemods.shell_command.lists import list_of
from pymodernize_codemods.shell_command.uses import refuse_process, refuse_status
from pymodernize_codemods.shell_command.words import NeedsShell, Word, words

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

_SYSTEM = "os.system"
_POPEN = "os.popen"
_WITHOUT_LIST = ("subprocess.getoutput", "subprocess.getstatusoutput")
_ALWAYS = (_SYSTEM, _POPEN, *_WITHOUT_LIST)
_IF_ASKED = tuple(f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen"))
_PROCESSES = frozenset({"subprocess.run", "subprocess.Popen"})
_HANDS_DOWN = (b"set_inheritable", b"dup2", b"inheritable=")


def findings(codemod: Codemod, module: Module) -> Iterator[Finding]:
    """Every command that goes through a shell.

    Args:
        codemod: whose findings they are.
        module: the module.
    """
    for call in module.calls(*_ALWAYS, *_IF_ASKED):
        name = module.qualified_name(call.func)
        if name is not None and not module.names.is_replaced(name) and (name in _ALWAYS or _asks_for_shell(call)):
            yield _judged(codemod, module, call, name)


def _asks_for_shell(call: ast.Call) -> bool:
    shell = keyword(call, "shell")
    return shell is not None and not (isinstance(shell, ast.Constant) and not shell.value)


def _judged(codemod: Codemod, module: Module, call: ast.Call, name: str) -> Finding:
    message = f"{name}() hands a text to a shell"
    screen = _is_about_the_screen(module, call)
    if screen:
        return codemod.finding(module, call, message, reason=Reason("screen", screen), kept=True)
    try:
        plan = _Command(module, call, name).plan()
    except (NeedsShell, NameTaken) as exc:
        reason = exc.args[0]
        return codemod.finding(module, call, message, reason=reason, kept=code_of(reason) == "windows")
    except Unforeseen as exc:
        return codemod.finding(module, call, message, reason=Reason("comment", str(exc)))
    return codemod.finding(module, call, message, plan.rewrite, assumptions=plan.assumptions, reason=plan.reason)


def _is_about_the_screen(module: Module, call: ast.Call) -> str:
    """Which commands a call may run, if all of them only change what a terminal shows; empty if not."""
    expr = given(call, 0, "args") or given(call, 0, "command")
    if expr is None:
        return ""
    value = value_of(module, expr)
    alternatives = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
    texts = [item.value for item in alternatives if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    names = [text.split()[0] for text in texts if text.strip()]
    is_screen = len(names) == len(alternatives) and all(map(programs.is_about_the_screen, names))
    return f"{names[0]} only changes what a terminal shows" if is_screen else ""


@dataclass(frozen=True)
class _Plan:
    rewrite: Rewrite
    assumptions: frozenset[str]
    reason: str


@dataclass(frozen=True)
class _Command:
    """One call that hands a text to a shell.

    Attributes:
        module: the module.
        call: the call.
        name: the qualified name of what is called.
    """

    module: Module
    call: ast.Call
    name: str

    def plan(self) -> _Plan:
        """What is done about it, and what that assumes.

        Raises:
            NeedsShell, NameTaken, Unforeseen: nothing is.
        """
        argument = self._argument()
        builder = built_by(self.module, argument)
        found = words(pieces_of(self.module, builder))
        program = found[0].program
        self._refuse_program(program, [word.text for word in found[1:]])
        self._refuse_use()
        assumptions = {CHANGES_BEHAVIOUR.name}
        if failures.may_raise(self.call, self.name) and not self.module.is_closed:
            assumptions.add(RUN_ONLY.name)
        source = list_of(self.module, found, builder)
        reason = self._difference(found, program)
        if builder is argument:
            return _Plan(self._rewrite({argument: source}, ()), frozenset(assumptions), reason)
        edit = expression_edit(self.module, builder, source)
        return _Plan(self._rewrite({}, (edit,)), frozenset(assumptions), reason)

    def _argument(self) -> ast.expr:
        """The argument that is the text.

        Raises:
            NeedsShell: there is none, or another one needs the shell, too.
        """
        call = self.call
        if self.name in _WITHOUT_LIST:
            raise NeedsShell("handle", f"{self.name}() has no form without a shell")
        if any(isinstance(item, ast.Starred) for item in call.args) or any(item.arg is None for item in call.keywords):
            raise NeedsShell("arguments", "which arguments it gets is not in sight")
        if self.name in _IF_ASKED:
            return self._argument_of_subprocess()
        is_reading = len(call.args) == 2 and isinstance(call.args[1], ast.Constant) and call.args[1].value == "r"  # noqa: PLR2004 - the mode is the second
        if call.keywords or len(call.args) != 1 and not (self.name == _POPEN and is_reading):
            raise NeedsShell("arguments", "it has other arguments than the text")
        return call.args[0]

    def _argument_of_subprocess(self) -> ast.expr:
        shell, argument = keyword(self.call, "shell"), given(self.call, 0, "args")
        if not isinstance(shell, ast.Constant):
            raise NeedsShell("arguments", "whether it goes through a shell is not certain")
        if keyword(self.call, "executable") is not None or len(self.call.args) > 2:  # noqa: PLR2004 - behind bufsize
            raise NeedsShell("arguments", "the shell is a certain one")
        if argument is None:
            raise NeedsShell("arguments", "it gets no command")
        if isinstance(argument, (ast.List, ast.Tuple)):
            raise NeedsShell("arguments", "of a list a shell takes the first item for the command")
        return argument

    def _refuse_program(self, program: str, options: list[str | None]) -> None:
        """Raise NeedsShell for a program that is not started by a list in the same way."""
        module = self.module
        if programs.is_of_cmd(program):
            raise NeedsShell("windows", f"{program} is a part of cmd.exe")
        if not is_not_for_windows(module, self.call):
            if programs.is_different_on_windows(program, options):
                raise NeedsShell("windows", f"on Windows {program} takes cmd.exe")
            if may_be_meant_for_windows(module):
                raise NeedsShell("windows", "the file may run on Windows, where the text goes to cmd.exe")
        if programs.may_need_a_shell(program):
            raise NeedsShell(
                "may-need-shell", f"{program} may be no program but a file that a shell knows how to start"
            )
        if programs.is_optional(program):
            raise NeedsShell("optional", f"without {program} the script goes on")
        if self.name == _SYSTEM:
            if programs.is_interactive(program, options):
                raise NeedsShell("interactive", f"Ctrl-C is for {program}, and the script goes on")
            if module.calls("signal.signal"):
                raise NeedsShell("interactive", "the file handles signals, which os.system keeps off while it waits")
            if module.has_text(*_HANDS_DOWN):
                raise NeedsShell("handle", "the file hands descriptors down, which subprocess closes")

    def _difference(self, found: list[Word], program: str) -> str:
        """What a working run may show or do otherwise: the one that is told first."""
        if any('"' in word.in_quotes for word in found):
            return "a shell expands what is put between double quotes"
        if failures.may_raise(self.call, self.name) and failures.shows_command(self.module):
            return "the exception of a failed program names its command"
        if any(item.arg in {"cwd", "env"} for item in self.call.keywords) or self.module.has_text(b"chdir"):
            return f"only a shell tells {program} the folder by PWD"
        return f"where {program} is missing, an exception is raised"

    def _refuse_use(self) -> None:
        """Raise NeedsShell where the script looks at more than the output and whether the program has succeeded."""
        if self.name == _POPEN:
            self._read()
        elif self.name in {_SYSTEM, "subprocess.call"}:
            refuse_status(self.module, self.call)
        elif self.name in _PROCESSES:
            refuse_process(self.module, self.call)

    def _read(self) -> ast.Call:
        """The call of ``read`` around one of ``os.popen``.

        Raises:
            NeedsShell: there is none.
        """
        attribute = self.module.parent(self.call)
        read = self.module.parent(attribute) if isinstance(attribute, ast.Attribute) else None
        if isinstance(attribute, ast.Attribute) and attribute.attr == "read" and isinstance(read, ast.Call):
            if read.func is attribute and not read.args and not read.keywords:
                return read
        raise NeedsShell("handle", "its output is not read as a whole where it stands")

    def _rewrite(self, replaced: dict[ast.AST, str], edits: tuple[Edit, ...]) -> Rewrite:
        """The new call.

        Raises:
            NameTaken, Unforeseen: it cannot be written.
        """
        module, call = self.module, self.call
        drops = ("shlex", "pipes", "shlex.quote", "pipes.quote")
        if self.name in _IF_ASKED:
            text = without_shell(module, call, replaced)
            return Rewrite((*edits, expression_edit(module, call, text)), drops=drops)
        found = module_reference(module, "subprocess", call)
        added = ["check=False"]
        if self.name == _POPEN:
            added = [f"stdout={found.expression}.PIPE", "text=True", *added]
        text = called(module, call, CallChange(f"{found.expression}.run", replaced, frozenset(call.args[1:]), added))
        node: ast.expr = call
        if self.name == _POPEN:
            node, text = self._read(), f"{text}.stdout"
        elif not isinstance(module.parent(call), ast.Expr):
            text = f"{text}.returncode"
        edits = (*edits, expression_edit(module, node, text))
        return Rewrite(edits, references=(found,), drops=(self.name, "os", *drops))
