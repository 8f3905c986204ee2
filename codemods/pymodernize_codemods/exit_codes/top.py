"""The function between the guard and ``main`` that turns what ends a script early into exit codes."""

from __future__ import annotations

import ast
import sys

from pymodernize.semantics.flow import falls_through
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import Reference, reference
from pymodernize.semantics.types import names_of
from pymodernize_codemods._logging.configuration import HANDLER
from pymodernize_codemods._script.argv import UNIONS
from pymodernize_codemods._script.entry import Entry
from pymodernize_codemods.exit_codes.constants import returns

NAMES = ("run", "run_script", "run_main")
# A file that speaks of one of these deals with its own end.
_OWN_WAYS = (b"KeyboardInterrupt", b"BrokenPipe", b"EPIPE", b"SIGPIPE", b"excepthook", b"last_traceback", b"pdb.pm")
# Packages that put a hook of their own in the place of the traceback.
_HOOKS = frozenset(
    """IPython absl airbrake better_exceptions bugsnag cgitb ipdb logfire loguru raven rich rollbar sentry_sdk
    stackprinter tbvaccine ultratb""".split()
)
# With one of these a BrokenPipeError may come from another end than stdout's.
_OTHER_PIPES = frozenset(
    """asyncio concurrent ftplib http imaplib mmap multiprocessing nntplib os_pipe pexpect poplib pty select
    selectors smtplib socket socketserver ssl subprocess telnetlib urllib xmlrpc""".split()
)


def handles_its_end(module: Module, entry: Entry) -> bool:
    """Whether a script has its own way to deal with failures at the top.

    Args:
        module: the module.
        entry: how it starts.
    """
    if entry.runner is not None or any(word in module.source.data for word in _OWN_WAYS):
        return True
    scope = module.index.scope
    if "Exception" in scope.bindings or not module.names.stars_are_known(scope):
        return True  # the name may mean something else
    if any(root in _HOOKS for root in _roots(module)):
        return True
    return any(_catches_all(module, item) for item in entry.main.body if isinstance(item, ast.Try))


def _roots(module: Module) -> set[str]:
    names = {alias.name for node in module.nodes(ast.Import) for alias in node.names}
    names |= {node.module or "." for node in module.nodes(ast.ImportFrom)}
    return {name.partition(".")[0] for name in names}


def _catches_all(module: Module, statement: ast.Try) -> bool:
    wide = ("builtins.Exception", "builtins.BaseException", None)
    for handler in statement.handlers:
        types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        if any(item is None or module.qualified_name(item) in wide[:2] for item in types):
            return True
    return False


def writes_to_a_pipe(module: Module) -> bool:
    """Whether a script's stdout may be a pipe that its reader closes, and is the only pipe that it has.

    Args:
        module: the module.
    """
    if any(module.names.naming("os.pipe", "os.popen", "os.mkfifo")):
        return False
    for root in _roots(module):
        if root in _OTHER_PIPES or root not in sys.stdlib_module_names or root in module.facts.beside:
            return False
    stdout = [node for node in module.nodes(ast.Attribute) if module.qualified_name(node) == "sys.stdout"]
    for node in stdout:
        user = module.parent(node)
        if getattr(module.top_level(node), "name", "") == HANDLER:
            continue  # it writes what was printed
        if not (isinstance(user, ast.Attribute) and user.attr in {"write", "writelines", "flush", "isatty"}):
            return False  # it may be closed, or handed on
    return bool(stdout) or bool(module.calls("builtins.print"))


def result_annotation(module: Module, entry: Entry) -> str | None:
    """The annotation for the exit code that ``main`` returns; None if that may be something else than a number.

    Args:
        module: the module.
        entry: how the script starts.
    """
    annotation = entry.main.returns
    text = module.text(annotation) if annotation is not None else ""
    if text == "int":
        return "int"
    if text not in {"", "None", "int | None", "Optional[int]", "typing.Optional[int]"}:
        return None
    found = returns(module, entry)
    for node in found:
        types = module.type_of(node.value) if node.value is not None else None
        if types is not None and not names_of(types) <= {"int", "bool", "NoneType"}:
            return None
    ends = _may_end(module, entry.main.body) or any(not _is_number(module, node) for node in found)
    return "int | None" if ends or text else "int"


def _may_end(module: Module, body: list[ast.stmt]) -> bool:
    """Whether a function may come to the end of its body, and return None."""
    last = body[-1]
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
        return module.qualified_name(last.value.func) != "sys.exit"
    return falls_through(body)


def _is_number(module: Module, node: ast.Return) -> bool:
    types = module.type_of(node.value) if node.value is not None else None
    return types is not None and names_of(types) <= {"int", "bool"}


def runner_source(
    module: Module, entry: Entry, name: str, result: str, codes: dict[int, str], logger: str, *, pipe: bool
) -> tuple[str, tuple[Reference, ...]]:
    """The function's source, indented by four spaces, and what it needs of other modules.

    Args:
        module: the module.
        entry: how the script starts.
        name: what to call the function.
        result: from :func:`result_annotation`.
        codes: how to write the exit codes 1 and 130.
        logger: the expression for the logger.
        pipe: from :func:`writes_to_a_pipe`.

    Raises:
        NameTaken: the file leaves no name for an import.
    """
    needed: list[Reference] = []
    if result != "int" and module.target < UNIONS:
        optional = reference(module, "typing.Optional", entry.guard)
        needed.append(optional)
        result = f"{optional.expression}[int]"
    lines = [
        f"def {name}() -> {result}:",
        '    """Run the script; what ends it early is logged, and becomes an exit code."""',
        "    try:",
        f"        code = {module.text(entry.call)}",
    ]
    if pipe:
        sys, os = reference(module, "sys", entry.guard), reference(module, "os", entry.guard)
        needed += [sys, os]
        stdout, null = (
            f"{sys.expression}.stdout",
            f"{os.expression}.open({os.expression}.devnull, {os.expression}.O_WRONLY)",
        )
        lines += [
            f"        if {stdout}:",
            f"            {stdout}.flush()",
            "    except BrokenPipeError:",
            f"        {os.expression}.dup2({null}, {stdout}.fileno())",
            f"        return {codes[1]}",
        ]
    lines += [
        "    except KeyboardInterrupt:",
        f"        return {codes[130]}",
        "    except Exception:",
        f'        {logger}.exception("the script failed")',
        f"        return {codes[1]}",
        "    return code",
    ]
    return "\n".join(lines), tuple(needed)
