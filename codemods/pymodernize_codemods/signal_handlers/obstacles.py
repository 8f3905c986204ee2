"""Which scripts deal with signals in another way, and where an orderly end may be no end."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from pymodernize.semantics.flow import own_nodes
from pymodernize.semantics.module import Module
from pymodernize_codemods._script.leaving import loses_exit

# Modules whose loops, children or runners deal with signals and with Ctrl-C themselves.
_IN_CHARGE = frozenset(
    """signal asyncio trio anyio curio uvloop gevent eventlet twisted tornado aiohttp asyncore multiprocessing curses
    tkinter Tkinter turtle turtledemo idlelib PyQt4 PyQt5 PyQt6 PySide PySide2 PySide6 qtpy gi gtk gobject wx pygame
    kivy pyglet arcade matplotlib urwid prompt_toolkit textual blessed cmd code pdb bdb IPython ipykernel pytest
    unittest nose behave flask django fastapi starlette uvicorn gunicorn waitress cherrypy cheroot bottle werkzeug web
    streamlit celery kombu luigi scrapy locust ray dask distributed daemon supervisor sanic pexpect pty ptyprocess
    mod_wsgi faulthandler serial.tools.miniterm xmlrpc.server http.server pydoc telnetlib""".split()
)
_IN_CHARGE_NAMES = frozenset(
    """os.fork os.forkpty concurrent.futures.ProcessPoolExecutor concurrent.futures.process.ProcessPoolExecutor
    _thread.interrupt_main""".split()
)
# Packages of others that neither handle Ctrl-C as an end of their own nor start threads that are waited for.
_QUIET = frozenset(
    """attr attrs bs4 certifi chardet colorama dateutil docopt docutils html5lib idna jinja2 jsonschema lxml markdown
    markupsafe mutagen MySQLdb numpy openpyxl packaging pandas PIL pkg_resources psutil psycopg2 pygments pymysql
    pyparsing pytz requests setuptools simplejson six sqlalchemy tabulate termcolor toml tomli tqdm typing_extensions
    unidecode urllib3 xlrd xlsxwriter xlwt xmltodict yaml""".split()
)
_CHILDREN = tuple(
    f"subprocess.{name}" for name in "Popen call check_call check_output run getoutput getstatusoutput".split()
)
_HIDDEN_CODE = (
    "builtins.exec",
    "builtins.__import__",
    "importlib.import_module",
    "runpy.run_path",
    "runpy.run_module",
)
_THREADS = ("threading.Thread", "threading.Timer", "_thread.start_new_thread", "_thread.start_new")
_POOLS = ("concurrent.futures.ThreadPoolExecutor", "concurrent.futures.thread.ThreadPoolExecutor")
_FOREIGN = ("ctypes", "cffi", "_ctypes")
_WAITING = ("builtins.input", "time.sleep", "urllib.request.urlopen", *_THREADS, *_CHILDREN)
# Methods and functions that wait for something, by their last name.
_WAITS = frozenset(
    """acquire accept check_call check_output communicate connect get input join put read readline recv run select
    shutdown sleep urlopen wait call system""".split()
)


def deals_with_signals(module: Module) -> bool:
    """Whether a script, or what it runs in, has its own way with signals.

    Args:
        module: the module.
    """
    if any(_is_in_charge(name) for name in imported(module)):
        return True
    if any(module.names.naming(*_IN_CHARGE_NAMES)):
        return True
    return "application" in module.index.scope.bindings


def imported(module: Module) -> Iterator[str]:
    """The modules that a file imports anywhere, by their full names."""
    for node in module.nodes(ast.Import):
        yield from (alias.name for alias in node.names)
    for node in module.nodes(ast.ImportFrom):
        if node.level:
            yield "." * node.level + (node.module or "")
            continue
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _is_in_charge(name: str) -> bool:
    steps = name.split(".")
    return any(".".join(steps[:length]) in _IN_CHARGE for length in range(1, len(steps) + 1))


def doubt(module: Module) -> str:
    """Why an orderly end may be no end, or not the one that was; empty if it is as sure as the sudden one.

    Args:
        module: the module.
    """
    return loses_exit(module) or _other_code(module) or _waited_for(module) or _waiting_clean_up(module)


def _other_code(module: Module) -> str:
    """What is not in sight and may handle Ctrl-C, or keep it from being seen."""
    for name in sorted(imported(module)):
        root = name.partition(".")[0]
        if root in _FOREIGN:
            return f"{root} runs code that Python's signal handlers have to wait for"
        if root in _QUIET and root not in module.facts.beside:
            continue
        if root not in sys.stdlib_module_names or root in module.facts.beside:
            return f"{root or name} is not in sight: it may handle Ctrl-C, or start threads"
    for call in module.calls(*_HIDDEN_CODE):
        return f"line {call.lineno} runs code that is not in sight: it may handle Ctrl-C"
    for function in module.nodes(ast.FunctionDef):
        if function.name == "__del__":
            return f"a signal that arrives in the __del__ of line {function.lineno} would be lost"
    return ""


def _waited_for(module: Module) -> str:
    """What Python waits for before a script ends in an orderly way."""
    for call in module.calls(*_POOLS):
        return f"the threads of line {call.lineno} would be waited for"
    for call in module.calls(*_THREADS):
        daemon = next((item.value for item in call.keywords if item.arg == "daemon"), None)
        if not (isinstance(daemon, ast.Constant) and daemon.value):
            return f"the thread of line {call.lineno} would be waited for"
    for definition in module.nodes(ast.ClassDef):
        if any((module.qualified_name(base) or "").startswith("threading.") for base in definition.bases):
            return f"threads of the class of line {definition.lineno} would be waited for"
        if any((module.qualified_name(base) or "").endswith("MixIn") for base in definition.bases):
            return f"threads of the server of line {definition.lineno} would be waited for"
    for call in module.calls("os.system", "os.wait", "os.waitpid", "os.popen", "os.spawnl", "os.spawnv", "os.spawnvp"):
        return f"a child process would be waited for first (line {call.lineno})"
    for call in module.calls(*_CHILDREN):
        return f"a child process would be waited for, or killed without a chance to clean up (line {call.lineno})"
    return ""


def _waiting_clean_up(module: Module) -> str:
    """A clean-up that may take for ever."""
    for statement in module.nodes(ast.Try):
        for node in (inner for item in statement.finalbody for inner in own_nodes(item)):
            if isinstance(node, ast.While):
                return f"the finally of line {statement.lineno} has a loop that may not end"
            name = _last_name(node.func) if isinstance(node, ast.Call) else ""
            if name in _WAITS and not _is_text_join(node):
                return f"the finally of line {statement.lineno} may wait: it calls {name}()"
    for call in module.calls("atexit.register"):
        function = module.local_function(call.args[0]) if call.args else None
        for node in ast.walk(function) if function is not None else ():
            if isinstance(node, ast.Call) and _last_name(node.func) in _WAITS and not _is_text_join(node):
                return f"a function that runs at exit may wait (line {node.lineno})"
    return ""


def _is_text_join(node: ast.AST) -> bool:
    """Whether a call is ``os.path.join`` or the ``join`` of a literal."""
    func = node.func if isinstance(node, ast.Call) else None
    if not isinstance(func, ast.Attribute) or func.attr != "join":
        return False
    value = func.value
    return isinstance(value, ast.Constant) or isinstance(value, ast.Attribute) and value.attr == "path"


def _last_name(func: ast.expr) -> str:
    return getattr(func, "attr", getattr(func, "id", ""))
