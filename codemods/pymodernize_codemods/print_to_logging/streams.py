"""Who else has to do with a script's stdout: what is put in its place, and what writes to the same file or pipe."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module
from pymodernize.semantics.scanning import starts_processes

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
