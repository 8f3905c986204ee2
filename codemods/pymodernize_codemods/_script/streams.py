"""The standard streams of a script: what is put in their place, what else writes there, which one a print goes to."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module
from pymodernize.semantics.scanning import starts_processes

STANDARD = ("sys.stdout", "sys.stderr")
_REDIRECTS = ("contextlib.redirect_stdout", "contextlib.redirect_stderr")
# Packages that put something of their own in the place of sys.stdout while the script runs.
_REPLACING = frozenset("IPython alive_progress blessings colorama rich tqdm_loggable twisted wurlitzer yaspin".split())
# These end the process without what is left in buffers, or start another one that writes to the same stdout.
_SHARING = (
    *("os.system", "os.fork", "os.forkpty", "os.abort", "os._exit", "os.popen", "os.posix_spawn", "os.posix_spawnp"),
    *(f"os.{kind}{end}" for kind in ("exec", "spawn") for end in ("l", "le", "lp", "lpe", "v", "ve", "vp", "vpe")),
    *("pty.spawn", "pty.fork", "subprocess.Popen", "subprocess.call", "subprocess.check_call", "subprocess.run"),
    *("ctypes.CDLL", "ctypes.cdll", "faulthandler.enable", "curses.initscr", "curses.wrapper"),
)
_TAKES_STDOUT = frozenset({"subprocess.Popen", "subprocess.call", "subprocess.check_call", "subprocess.run"})
_RAW = ("sys.stdout.buffer", "sys.stdout.fileno", "sys.__stdout__", "sys.stdout.detach", "sys.stdout.reconfigure")


def stream_of(module: Module, file: ast.expr | None) -> str | None:
    """``stdout`` or ``stderr``, None for any other file.

    Args:
        module: the module.
        file: what print is given as its ``file``; None for nothing.
    """
    if file is None or isinstance(file, ast.Constant) and file.value is None:
        return "stdout"
    qualified = module.qualified_name(file)
    return qualified.removeprefix("sys.") if qualified in STANDARD else None


def are_changed(module: Module) -> bool:
    """Whether a file binds one of the standard streams anew, or redirects it.

    Args:
        module: the module.
    """
    return module.once(_are_changed)


def _are_changed(module: Module) -> bool:
    data = module.source.data
    if b"redirect_std" in data and module.calls(*_REDIRECTS):
        return True
    if b"stdout" not in data and b"stderr" not in data:
        return False
    stored = (node for node in module.nodes(ast.Attribute) if isinstance(node.ctx, (ast.Store, ast.Del)))
    if any(module.qualified_name(node) in STANDARD for node in stored):
        return True
    sets = (call for call in module.calls("builtins.setattr") if call.args)
    return any(module.qualified_name(call.args[0]) == "sys" for call in sets)


def replacing(module: Module) -> str:
    """The package that may put something in the place of ``sys.stdout``; empty if none is imported.

    Args:
        module: the module.
    """
    names = {alias.name for node in module.nodes(ast.Import) for alias in node.names}
    names |= {node.module or "" for node in module.nodes(ast.ImportFrom) if not node.level}
    return min({name.partition(".")[0] for name in names} & _REPLACING, default="")


def sharing(module: Module) -> str:
    """What may write to the same stdout not by way of ``sys.stdout``, for a message; empty if there is nothing like it.

    Args:
        module: the module.
    """
    lines = [call.lineno for call in module.calls(*_SHARING) if _writes_to_ours(module, call)]
    lines += [node.lineno for node in module.names.naming(*_RAW)]
    lines += [call.lineno for call in module.calls("os.write") if _is_ours(call.args[:1])]
    if starts_processes(module.source.data):
        lines += [
            node.lineno
            for node in module.nodes(ast.Import, ast.ImportFrom)
            if {"multiprocessing", "concurrent", "joblib"} & {name.partition(".")[0] for name in _modules(node)}
        ]
    if lines:
        return f"what line {min(lines)} starts or writes"
    return "what a module that is loaded with this one starts or writes" if module.facts.shares_stdout else ""


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]


def _writes_to_ours(module: Module, call: ast.Call) -> bool:
    """Whether what a call starts is not given another stdout."""
    qualified = module.qualified_name(call.func)
    if qualified == "os.popen":
        return any(isinstance(arg, ast.Constant) and "w" in str(arg.value) for arg in call.args[1:2])
    if qualified not in _TAKES_STDOUT:
        return True
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if None in given:
        return True
    captured = given.get("capture_output")
    if isinstance(captured, ast.Constant) and captured.value is True:
        return False
    stdout = given.get("stdout")
    inherited = stdout is None or isinstance(stdout, ast.Constant) and stdout.value is None
    return stdout is None or inherited or (module.qualified_name(stdout) or "").startswith("sys.")


def _is_ours(args: list[ast.expr]) -> bool:
    return not args or not isinstance(args[0], ast.Constant) or args[0].value == 1
