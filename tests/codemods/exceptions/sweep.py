"""Call what the knowledge has rows of with odd values of right classes, and say what is raised outside of the sets.

It runs as a process of its own, in an empty folder, with bounds on memory and
on the time of each call: ``python sweep.py SEED NUMBER [ROW...]``.
"""

# The rows call these functions themselves.
# pymodernize: skip-file
from __future__ import annotations

import ast
import builtins
import importlib
import io
import itertools
import json
import os
import random
import re
import resource
import signal
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

sys.path.insert(0, str(Path(__file__).parents[2]))

from running import make_plan

from pymodernize.engine import transform
from pymodernize.semantics.project import ProjectFacts
from pymodernize_codemods._exceptions.knowledge import Row, knowledge

# Modules whose functions work on values, and on relative paths in the folder.
MODULES = frozenset(
    """ast base64 binascii builtins bz2 calendar cmath codecs collections colorsys csv datetime decimal difflib
    email.utils fnmatch fractions getopt glob gzip hashlib heapq hmac html io ipaddress itertools json linecache locale
    lzma math os.path pathlib platform plistlib random re secrets shlex statistics string struct textwrap time
    unicodedata urllib urllib.parse uuid xml.etree.ElementTree xml.sax.saxutils zlib zoneinfo""".split()
)
# Of os what takes paths; in the folder of the sweep it does no harm.
OF_OS = frozenset("getenv fsencode fsdecode listdir mkdir makedirs remove rmdir rename stat utime".split())
# They ask, end, wait, load code, or take as long as a number says.
LEFT_OUT = frozenset(
    """builtins.breakpoint builtins.exit builtins.quit builtins.input builtins.exec builtins.eval builtins.compile
    builtins.__import__ builtins.print builtins.help time.sleep math.factorial builtins.open io.open math.comb
    math.perm locale.setlocale random.seed itertools.count itertools.cycle itertools.repeat codecs.open
    io.open_code secrets.randbits itertools.permutations itertools.combinations itertools.product
    secrets.token_bytes secrets.token_hex secrets.token_urlsafe random.getrandbits random.randbytes""".split()
)
# What makes an instance for the rows of methods: code, whose result has the class for the analysis, too.
OWNERS = {
    "str": ["a"],
    "bytes": ["b"],
    "int": ["n"],
    "float": ["f"],
    "io.StringIO": ["io.StringIO(a)"],
    "io.BytesIO": ["io.BytesIO(b)"],
    "pathlib.Path": ["pathlib.Path(a)"],
    "datetime.date": ["datetime.date(2024, 2, 29)", "datetime.date.max"],
    "datetime.datetime": ["datetime.datetime(2024, 2, 29)", "datetime.datetime.min"],
    "datetime.time": ["datetime.time(1)"],
    "datetime.timedelta": ["datetime.timedelta(days=1)"],
    "re.Pattern": ["re.compile('(a)|(?P<b>b)')"],
    "hashlib.HASH": ["hashlib.md5()", "hashlib.shake_128()"],
    "string.Template": ["string.Template(a)"],
    "uuid.UUID": ["uuid.UUID(int=5)"],
    "list": ["a.split()"],
    "dict": ["dict.fromkeys(a.split())"],
    "set": ["set(a.split())"],
    "tuple": ["a.partition('=')"],
    "collections.deque": ["collections.deque(a.split())"],
    "collections.Counter": ["collections.Counter(a.split())"],
}
CLASSES = {"a": "sys.argv[1]", "b": "sys.argv[1].encode()", "n": "int(sys.argv[1])", "f": "float(sys.argv[1])"}
PLAIN = {
    "a": ["a", "1", "utf-8", "2020-01-01", "NFC", "%d", "md5", "(a)", "a b", "{}", "127.0.0.1"],
    "b": [b"a", b"YQ==", b"<a/>", b"61"],
    "n": [1, 2, 10],
    "f": [1.0, 0.5],
}
ODD = {
    "a": ["", "||", "a..b", "x" * 300, "-1", "é€", "[", "%", "{", "{0.x}", "1e400", "nan", "\udc80", "a\nb", "'",
          "shake_128", "idna", "rot13", "hex", "0x1", "9" * 5000, "~", "https://[", "//a:b", "\\", "(?<a", "*" * 3, "$",
          "a/b", "99999-01-01", "٣", "²", "&#x110000;", "<a>", "C", "None", "[1", "-" * 9],
    "b": [b"", b"\xff\xfe", b"x" * 300, b"\x1f\x8b", b"<a>", b"6", b"=", b"BZh9", b"\xfd7zXZ", b"P", b"[", b"\\"],
    "n": [0, -1, 255, 256, 65536, 2**31, 2**63, -(2**63), 10**30, -(10**30)],
    "f": [0.0, -0.0, -1.0, 1e308, -1e308, float("inf"), float("-inf"), float("nan"), 5e-324],
}  # fmt: skip


# What says that a value has a wrong class, which need not be looked at where the function ends before.
WRONG = re.compile(
    r"(?:not|got|but) (?:an? )?'?(?:str|bytes|int|float|NoneType)\b|cannot be interpreted as an integer"
    r"|bytes-like object|not supported between|has no attribute|expected str, bytes|unsupported operand"
    r"|must be (?:a|an|real)? ?(?:str|bytes|integer|number)|argument of type '|is not a container|a string or"
    r"|object is not (?:iterable|callable|subscriptable)|should be (?:str|bytes|int)|first argument must be"
    r"|expected (?:a )?(?:string|bytes|int)|concat|can't convert non-string|sequence item|argument should be a str"
)


# How many forms of a row are looked at, on the average.
FORMS = 3
MOST_MEMORY, MOST_WRITTEN = 2_000_000_000, 1_000_000
ARMED: list[bool] = []


class TooLong(BaseException):
    """A call took its time."""


def forms(row: Row) -> Iterator[tuple[str, str]]:
    """Code that calls a row's function, with the letters of the values that it takes."""
    home, _, name = row.name.rpartition(".")
    owners = OWNERS.get(home, [])
    if not owners and (home not in MODULES and not (home == "os" and name in OF_OS) or row.name in LEFT_OUT):
        return
    if row.partial or row.calls or name.startswith("__"):
        return
    prefix = [f"({owner})." for owner in owners] or ["" if home == "builtins" else f"{home}."]
    for before, number in itertools.product(prefix, range(4)):
        own = "".join(
            letter
            for letter in "abnf"
            if letter in {node.id for node in ast.walk(ast.parse(before + "x")) if isinstance(node, ast.Name)}
        )
        if row.is_property:
            if not number:
                yield f"{before}{name}", own
            continue
        for letters in itertools.product("abnf", repeat=number):
            if number and letters[0] in "nf" and home in {"os", "os.path"}:
                continue  # a path that is a number is one of an open file
            yield f"{before}{name}({', '.join(letters)})", own + "".join(letters)


def raised(code: CodeType, values: dict[str, object], names: dict[str, object]) -> BaseException | None:
    """What an evaluation raises."""
    ARMED.append(True)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    try:
        eval(code, {**names, **values})  # noqa: S307 - our own text
    except (TooLong, MemoryError, RecursionError):
        return None
    except BaseException as exc:
        return exc
    finally:
        ARMED.clear()
        signal.setitimer(signal.ITIMER_REAL, 0)
    return None


def is_right(code: CodeType, letters: str, names: dict[str, object], chosen: random.Random) -> bool:
    """Whether a function takes values of these classes: some plain ones do not fail as those of wrong classes do."""
    for _ in range(12):
        values = {letter: chosen.choice(PLAIN[letter]) for letter in letters}
        if not isinstance(raised(code, values, names), (TypeError, AttributeError)):
            return True
    return False


def written(forms_: list[tuple[str, str]], names: dict[str, object]) -> dict[str, tuple[str, ...] | None]:
    """For each form the exceptions that the handler around it names; None where it stays bare."""
    lines = [
        "import sys",
        *(f"import {name}" for name in sorted(MODULES | {"os"} - {"builtins"}) if name != "builtins"),
    ]
    for number, (form, letters) in enumerate(forms_):
        lines.append(f"def f{number}():")
        lines += [f"    {letter} = {CLASSES[letter]}" for letter in sorted(set(letters))]
        lines += ["    try:", f"        return {form}", "    except:", "        return 'bad'"]
    lines += [f"print(f{number}())" for number in range(len(forms_))]
    source = "\n".join(lines) + "\n"
    output = transform(source.encode(), make_plan(["bare-except"]), ProjectFacts(path="script.py")).output
    for node in ast.parse(output or source).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            exec(ast.unparse(node), names)  # noqa: S102 - what the exceptions are named by
    found: dict[str, tuple[str, ...] | None] = {}
    functions = [node for node in ast.parse(output or source).body if isinstance(node, ast.FunctionDef)]
    for (form, _), function in zip(forms_, functions, strict=True):
        (handler,) = [node for node in ast.walk(function) if isinstance(node, ast.ExceptHandler)]
        kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type] if handler.type else None
        found[form] = tuple(ast.unparse(kind) for kind in kinds) if kinds is not None else None
    return found


def main() -> None:
    """Print a line of JSON for each form with a value that raises something outside of its set."""
    seed, number, wanted = int(sys.argv[1]), int(sys.argv[2]), set(sys.argv[3:])
    chosen = random.Random(seed)  # noqa: S311 - the same each time
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_WRITTEN, MOST_WRITTEN))

    def ring(*_: object) -> None:
        if ARMED:
            raise TooLong

    signal.signal(signal.SIGALRM, ring)
    warnings.simplefilter("ignore")
    names: dict[str, object] = {}
    for name in (*MODULES, "os"):
        importlib.import_module(name)
        names[name.partition(".")[0]] = importlib.import_module(name.partition(".")[0])
    rows = [row for row in knowledge().rows.values() if not row.docs and (not wanted or row.name in wanted)]
    rows = [row for row in rows if any(forms(row))]
    rows = chosen.sample(rows, min(number, len(rows)))
    right: list[tuple[str, str]] = []
    # Of its own, since the numbers of open files are among the values.
    stdout, sys.stdout = os.fdopen(os.dup(1), "w"), io.StringIO()
    sys.stderr = os.fdopen(os.dup(2), "w")
    for row in rows:
        for form, letters in forms(row):
            code = compile(form, "form", "eval")
            if is_right(code, letters, names, chosen):
                right.append((form, letters))
    right = chosen.sample(right, min(len(right), FORMS * number))
    bad = checked = 0
    for start in range(0, len(right), 50):
        part = right[start : start + 50]
        sets = written(part, names)
        for form, letters in part:
            kinds = sets[form]
            if kinds is None:
                continue
            checked += 1
            classes = tuple(eval(kind, {**vars(builtins), **names}) for kind in kinds)  # noqa: S307 - our own text
            code = compile(form, "form", "eval")
            for values in tried(letters, chosen):
                exc = raised(code, values, names)
                if isinstance(exc, (TypeError, AttributeError)) and WRONG.search(str(exc)):
                    continue
                if exc is not None and not isinstance(exc, classes):
                    bad += 1
                    told = {key: repr(value)[:60] for key, value in values.items()}
                    stdout.write(json.dumps([form, told, type(exc).__name__, str(exc)[:80], list(kinds)]) + "\n")
                    stdout.flush()
                    break
    stdout.write(json.dumps({"right": len(right), "checked": checked, "bad": bad}) + "\n")
    stdout.flush()
    os._exit(0)  # a file of a number may be closed by now


def tried(letters: str, chosen: random.Random) -> Iterator[dict[str, object]]:
    """Values for the letters: each odd one beside plain ones, and some odd ones together."""
    own = sorted(set(letters))
    for letter in own:
        for odd in ODD[letter]:
            for _ in range(3):
                yield {other: odd if other == letter else chosen.choice(PLAIN[other]) for other in own}
    for _ in range(40):
        yield {letter: chosen.choice(ODD[letter] + PLAIN[letter]) for letter in own}
    if not own:
        yield {}


if __name__ == "__main__":
    main()
