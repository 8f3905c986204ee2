"""What functions, methods and attributes of the standard library return.

Types are written as annotations write them, with ``|`` between alternatives.
Only results whose exact class is certain have a row: a function that returns
its argument, or an instance of a subclass, has none. Source: the reference
documentation of each module.
"""

from __future__ import annotations

RETURNS = {
    "builtins.abs": "",
    "builtins.ascii": "str",
    "builtins.bin": "str",
    "builtins.bool": "bool",
    "builtins.bytes": "bytes",
    "builtins.chr": "str",
    "builtins.dict": "dict",
    "builtins.float": "float",
    "builtins.format": "str",
    "builtins.hash": "int",
    "builtins.hex": "str",
    "builtins.id": "int",
    "builtins.input": "str",
    "builtins.int": "int",
    "builtins.len": "int",
    "builtins.list": "list",
    "builtins.oct": "str",
    "builtins.ord": "int",
    "builtins.range": "range[int]",
    "builtins.repr": "str",
    "builtins.set": "set",
    "builtins.str": "str",
    "builtins.tuple": "tuple",
    "datetime.date": "datetime.date",
    "datetime.date.today": "datetime.date",
    "datetime.datetime": "datetime.datetime",
    "datetime.datetime.now": "datetime.datetime",
    "datetime.datetime.today": "datetime.datetime",
    "datetime.datetime.utcnow": "datetime.datetime",
    "datetime.timedelta": "datetime.timedelta",
    "getpass.getpass": "str",
    "getpass.getuser": "str",
    "json.dumps": "str",
    "os.access": "bool",
    "os.cpu_count": "int | NoneType",
    "os.getcwd": "str",
    "os.getlogin": "str",
    "os.getpid": "int",
    "os.getppid": "int",
    "os.lstat": "os.stat_result",
    "os.path.exists": "bool",
    "os.path.getatime": "float",
    "os.path.getctime": "float",
    "os.path.getmtime": "float",
    "os.path.getsize": "int",
    "os.path.isabs": "bool",
    "os.path.isdir": "bool",
    "os.path.isfile": "bool",
    "os.path.islink": "bool",
    "os.path.ismount": "bool",
    "os.path.lexists": "bool",
    "os.path.samefile": "bool",
    "os.stat": "os.stat_result",
    "os.strerror": "str",
    "os.system": "int",
    "pathlib.Path": "pathlib.Path",
    "pathlib.Path.cwd": "pathlib.Path",
    "pathlib.Path.home": "pathlib.Path",
    "platform.machine": "str",
    "platform.node": "str",
    "platform.platform": "str",
    "platform.python_version": "str",
    "platform.release": "str",
    "platform.system": "str",
    "platform.version": "str",
    "random.random": "float",
    "random.uniform": "float",
    "socket.gethostname": "str",
    "subprocess.call": "int",
    "subprocess.check_call": "int",
    "subprocess.run": "subprocess.CompletedProcess",
    "tempfile.gettempdir": "str",
    "textwrap.dedent": "str",
    "textwrap.fill": "str",
    "threading.Condition": "threading.Condition",
    "threading.Event": "threading.Event",
    "threading.Thread": "threading.Thread",
    "threading.Timer": "threading.Timer",
    "time.asctime": "str",
    "time.ctime": "str",
    "time.gmtime": "time.struct_time",
    "time.localtime": "time.struct_time",
    "time.monotonic": "float",
    "time.perf_counter": "float",
    "time.process_time": "float",
    "time.strftime": "str",
    "time.time": "float",
    "traceback.format_exc": "str",
    "uuid.uuid4": "uuid.UUID",
}

# Functions whose result has the type of their arguments: str for str, bytes for bytes.
SAME_TEXT_TYPE = frozenset(
    """
    os.path.abspath os.path.basename os.path.dirname os.path.expanduser os.path.expandvars os.path.join
    os.path.normcase os.path.normpath os.path.realpath os.path.relpath os.readlink
    """.split()
)
# Functions that return a list of such values (a generator for iglob), or a pair of them.
LIST_OF_SAME_TEXT_TYPE = frozenset({"os.listdir", "glob.glob", "glob.iglob"})
PAIR_OF_SAME_TEXT_TYPE = frozenset({"os.path.split", "os.path.splitext", "os.path.splitdrive"})
# Functions that return str unless an argument is bytes.
TEXT_BY_DEFAULT = {
    "shutil.which": "str | NoneType",
    "tempfile.mkdtemp": "str",
    "tempfile.mkstemp": "tuple[int, str]",
    "tempfile.mktemp": "str",
}
# Functions that return a match object of the type of their pattern, or None.
MATCHES = frozenset({"re.match", "re.search", "re.fullmatch"})

ATTRIBUTES = {
    "os.curdir": "str",
    "os.environ": "os.environ",
    "os.linesep": "str",
    "os.name": "str",
    "os.pardir": "str",
    "os.path.sep": "str",
    "os.pathsep": "str",
    "os.sep": "str",
    "string.ascii_letters": "str",
    "string.ascii_lowercase": "str",
    "string.ascii_uppercase": "str",
    "string.digits": "str",
    "string.punctuation": "str",
    "sys.argv": "list[str]",
    "sys.executable": "str | NoneType",
    "sys.maxsize": "int",
    "sys.path": "list[str]",
    "sys.platform": "str",
    "sys.version": "str",
}

METHODS = {
    "str": {
        **dict.fromkeys(
            """capitalize casefold center expandtabs format format_map join ljust lower lstrip replace removeprefix
            removesuffix rjust rstrip strip swapcase title translate upper zfill""".split(),
            "str",
        ),
        **dict.fromkeys("count find index rfind rindex".split(), "int"),
        **dict.fromkeys(
            """endswith isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace
            istitle isupper startswith""".split(),
            "bool",
        ),
        **dict.fromkeys("split rsplit splitlines".split(), "list[str]"),
        **dict.fromkeys("partition rpartition".split(), "tuple[str, str, str]"),
        "encode": "bytes",
    },
    "bytes": {"decode": "str", "hex": "str", **dict.fromkeys("strip lstrip rstrip replace join".split(), "bytes")},
    "float": {"is_integer": "bool", "hex": "str"},
    "int": {"bit_length": "int"},
    "io.TextIOWrapper": {"read": "str", "readline": "str", "readlines": "list[str]", "tell": "int"},
    "io.BufferedIOBase": {"read": "bytes", "readline": "bytes", "readlines": "list[bytes]", "tell": "int"},
    "re.Match": {"start": "int", "end": "int"},
    "datetime.date": {"strftime": "str", "isoformat": "str", "ctime": "str", "weekday": "int"},
    "datetime.datetime": {
        "strftime": "str",
        "isoformat": "str",
        "ctime": "str",
        "timestamp": "float",
        "date": "datetime.date",
    },
    "datetime.timedelta": {"total_seconds": "float"},
    "pathlib.Path": {
        **dict.fromkeys(
            """absolute expanduser joinpath readlink relative_to rename replace resolve with_name with_stem
            with_suffix""".split(),
            "pathlib.Path",
        ),
        **dict.fromkeys(
            """exists is_absolute is_block_device is_char_device is_dir is_fifo is_file is_mount is_socket is_symlink
            match samefile""".split(),
            "bool",
        ),
        # A map in 3.13.
        **dict.fromkeys("glob iterdir rglob".split(), "generator[pathlib.Path] | map[pathlib.Path]"),
        **dict.fromkeys("as_posix as_uri group owner read_text".split(), "str"),
        "read_bytes": "bytes",
        **dict.fromkeys("lstat stat".split(), "os.stat_result"),
        **dict.fromkeys("write_bytes write_text".split(), "int"),
        **dict.fromkeys("chmod hardlink_to mkdir rmdir symlink_to touch unlink".split(), "NoneType"),
    },
}

# Attributes of instances, without methods.
PROPERTIES = {
    "datetime.date": dict.fromkeys("year month day".split(), "int"),
    "datetime.datetime": dict.fromkeys("year month day hour minute second microsecond".split(), "int"),
    "datetime.timedelta": dict.fromkeys("days seconds microseconds".split(), "int"),
    "os.stat_result": {
        **dict.fromkeys("st_mode st_ino st_dev st_nlink st_uid st_gid st_size st_mtime_ns".split(), "int"),
        **dict.fromkeys("st_atime st_mtime st_ctime".split(), "float"),
    },
    "pathlib.Path": {
        **dict.fromkeys("anchor drive name root stem suffix".split(), "str"),
        "parent": "pathlib.Path",
        "suffixes": "list[str]",
    },
    "time.struct_time": dict.fromkeys(
        "tm_year tm_mon tm_mday tm_hour tm_min tm_sec tm_wday tm_yday tm_isdst".split(), "int"
    ),
    "subprocess.CompletedProcess": {"returncode": "int"},
}

# The types of the elements that iterating over or subscripting a value of a type gives.
ELEMENTS = {
    "str": "str",
    "bytes": "int",
    "io.TextIOWrapper": "str",
    "io.BufferedIOBase": "bytes",
    "os.environ": "str",
    "os.scandir": "os.DirEntry",
    "json.object": "str",
    "json.array": "json.object | json.array | str | int | float | bool | NoneType",
}


def result_of(name: str) -> str:
    """The exact class of the result of a function, method or property, as an annotation; empty if unknown.

    Args:
        name: the qualified name; for a method or property that of its class and its own.
    """
    if name in RETURNS:
        return RETURNS[name]
    owner, _, attribute = name.rpartition(".")
    return METHODS.get(owner, {}).get(attribute) or PROPERTIES.get(owner, {}).get(attribute, "")
