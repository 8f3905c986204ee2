"""Whether a file may have a side effect besides its output: a file written, a process started, data sent, a delay.

Unknown code may have one. So the tables list what has none: modules that only
compute or read, and the names without side effects of other modules. Source:
the reference documentation of each module.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

# Modules and packages that only compute, read or print, or write to files that other code has opened.
_WITHOUT = frozenset(
    """PIL __future__ abc argparse array ast astropy base64 binascii bisect bs4 calendar cmath collections colorsys
    configparser contextlib copy csv cv2 dataclasses dateutil datetime decimal difflib dis email enum errno filecmp
    fnmatch fractions functools gc getopt getpass glob graphlib hashlib heapq hmac html inspect ipaddress itertools
    json keyword linecache locale lxml math matplotlib mimetypes numbers numpy operator optparse pandas pathlib
    pickle platform pprint prettytable pytz queue random re reprlib scipy seaborn secrets sklearn stat statistics
    statsmodels string struct sympy tabulate textwrap threading timeit tokenize traceback tracemalloc types typing
    typing_extensions unicodedata urllib.error urllib.parse urllib.request uuid weakref xml zlib zoneinfo""".split()
)
# The names without side effects of other modules.
_NAMES = {
    "bz2": "compress decompress open",
    "codecs": "BOM_UTF8 decode encode getreader lookup open",
    "gzip": "compress decompress open",
    "io": "BytesIO StringIO open",
    "lzma": "compress decompress open",
    "requests": """ConnectionError HTTPError RequestException Timeout codes exceptions get head""",
    "os": """F_OK R_OK W_OK X_OK access chdir cpu_count curdir environ extsep fsdecode fsencode fspath get_terminal_size
        getcwd getegid getenv geteuid getgid getlogin getpid getppid getuid linesep listdir lstat name pardir path
        pathsep readlink scandir sep stat statvfs strerror times uname urandom walk""",
    "shutil": "disk_usage get_terminal_size which",
    "signal": "SIGHUP SIGINT SIGTERM SIG_DFL SIG_IGN Signals default_int_handler getsignal signal strsignal",
    "socket": """AF_INET AF_INET6 SOCK_STREAM error gaierror getaddrinfo getfqdn gethostbyaddr gethostbyname
        gethostbyname_ex gethostname getnameinfo getservbyname getservbyport has_ipv6 herror inet_aton inet_ntoa
        inet_ntop inet_pton timeout""",
    "sys": """argv byteorder exc_info executable exit flags float_info getdefaultencoding getfilesystemencoding
        getrecursionlimit getrefcount getsizeof hexversion implementation int_info maxsize maxunicode modules path
        platform prefix setrecursionlimit stderr stdin stdout version version_info""",
    "tarfile": "TarError is_tarfile open",
    "time": """altzone asctime ctime daylight get_clock_info gmtime localtime mktime monotonic monotonic_ns
        perf_counter perf_counter_ns process_time process_time_ns strftime strptime thread_time time time_ns
        timezone tzname""",
    "zipfile": "BadZipFile ZIP_DEFLATED ZIP_STORED ZipFile is_zipfile",
}
_ALLOWED = {name: frozenset(names.split()) for name, names in _NAMES.items()}
# Functions that open a file, with the position of the mode.
_OPENING = {
    **dict.fromkeys(("builtins.open", *(f"{module}.open" for module in ("bz2", "codecs", "gzip", "io", "lzma"))), 1),
    "tarfile.open": 1,
    "zipfile.ZipFile": 1,
}
# Builtins that run code which is not in the module.
_HIDDEN = frozenset({"__import__", "breakpoint", "compile", "eval", "exec", "execfile"})
# Methods, and functions of the packages above, that write, display or change something.
_WRITING = frozenset(
    """VideoWriter chmod dump_svmlight_file extractall hardlink_to imsave imwrite mkdir rmdir save savefig savemat
    savetxt savez savez_compressed symlink_to tofile touch unlink urlretrieve write_bytes write_text""".split()
)
# Methods that do so with one positional argument; those of str with the same name take two.
_MOVING = frozenset({"rename", "replace"})
# Functions that read from a server, and send data if there is a second argument.
_SENDING = frozenset({"Request", "urlopen"})
# Methods that write only if a target is passed to them.
_WRITING_IF_TOLD = frozenset(
    """extract to_clipboard to_csv to_excel to_feather to_gbq to_hdf to_html to_json to_latex to_markdown to_parquet
    to_pickle to_sql to_stata to_xml""".split()
)


def side_effect(module: Module) -> str:
    """The first side effect that a file may have besides writing to its standard streams.

    Args:
        module: the module.

    Returns:
        The name that causes it, with its line; empty if there is none in the
        body and in all functions.
    """
    return module.once(_first)


def _first(module: Module) -> str:
    return next((f"{name} (line {line})" for name, line in _all(module)), "")


def _all(module: Module) -> Iterator[tuple[str, int]]:
    """The names that may cause a side effect, with their lines."""
    bound: dict[str, str] = {}
    for node in module.nodes(ast.Import):
        for alias in node.names:
            yield from _imported(module, alias.name, node)
            if alias.name.partition(".")[0] in _ALLOWED:
                root = alias.name.partition(".")[0]
                bound[alias.asname or root] = alias.name if alias.asname else root
    for node in module.nodes(ast.ImportFrom):
        for alias in node.names:
            yield from _imported_name(module, alias.name, node)
    for name in module.nodes(ast.Name):
        if isinstance(name.ctx, ast.Load) and name.id in bound:
            parent = module.parent(name)
            attr = parent.attr if isinstance(parent, ast.Attribute) else ""
            if not _is_allowed(bound[name.id], attr):
                yield f"{name.id}.{attr}".rstrip("."), name.lineno
        elif name.id in _HIDDEN or name.id == "open" and not _is_called(module, name):
            yield name.id, name.lineno
    # The side effects of a function of this file are found in its body.
    own = {item.name for item in module.nodes(ast.FunctionDef, ast.AsyncFunctionDef)}
    for call in module.nodes(ast.Call):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        if name not in own and (_opens_to_write(module, call) or _writes(call)):
            yield name, call.lineno


def _imported(module: Module, name: str, node: ast.stmt) -> Iterator[tuple[str, int]]:
    """The import of a module, if it may have side effects when it is loaded or used."""
    steps = name.split(".")
    above = {".".join(steps[:length]) for length in range(1, len(steps) + 1)}
    known = steps[0] in _ALLOWED or not above.isdisjoint(_WITHOUT)
    if not known or steps[0] in module.facts.beside:
        yield name, node.lineno


def _imported_name(module: Module, name: str, node: ast.ImportFrom) -> Iterator[tuple[str, int]]:
    """A name that is imported from a module, if it may have side effects."""
    home = node.module or ""
    if node.level:
        yield "." * node.level + home, node.lineno
    elif home in _ALLOWED and home not in module.facts.beside:
        if not _is_allowed(home, name):
            yield f"{home}.{name}", node.lineno
    else:
        yield from _imported(module, f"{home}.{name}", node)
        if name in _WRITING:
            yield f"{home}.{name}", node.lineno


def _is_allowed(module: str, attr: str) -> bool:
    """Whether a name of a module with side effects has none itself."""
    return module == "os.path" or attr in _ALLOWED[module.partition(".")[0]]


def _is_called(module: Module, name: ast.Name) -> bool:
    parent = module.parent(name)
    return isinstance(parent, ast.Call) and parent.func is name


def _opens_to_write(module: Module, call: ast.Call) -> bool:
    """Whether a call may open a file for writing."""
    qualified = module.qualified_name(call.func) or ""
    if isinstance(call.func, ast.Name) and call.func.id == "open" and not qualified:
        return True  # perhaps not the builtin
    place = _OPENING.get(qualified)
    if place is None:
        if qualified or not isinstance(call.func, ast.Attribute) or call.func.attr != "open":
            return False
        place = 0  # the method of a Path
    mode = next((item.value for item in call.keywords if item.arg in {"mode", None}), None)
    if mode is None and len(call.args) > place:
        mode = call.args[place]
    if mode is None:
        return False
    return not (isinstance(mode, ast.Constant) and not set(str(mode.value)) & set("wax+"))


def _writes(call: ast.Call) -> bool:
    """Whether the callee of a call is a method, or a function of a package, that writes or displays something."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    given = {keyword.arg for keyword in call.keywords}
    if name in _SENDING:
        return len(call.args) > 1 or "data" in given
    if not isinstance(call.func, ast.Attribute):
        return False  # imports have been checked
    if name in _MOVING:
        return len(call.args) == 1 and not given
    if name == "write":
        return bool(given)  # the method of a stream takes no keywords
    return name in _WRITING or name in _WRITING_IF_TOLD and bool(call.args or given)
