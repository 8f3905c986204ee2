"""Which rows of the knowledge are called with odd values, on what instances, and why some are not."""

# The rows call these functions themselves.
# pymodernize: skip-file
from __future__ import annotations

import ast
import functools
import itertools
import sys
from collections.abc import Iterator

from pymodernize.semantics.library.exceptions import Row

# Why a row is not called; of a name with a star what begins so.
REASONS = {
    "it asks at a terminal": "builtins.breakpoint builtins.help builtins.input getpass.getpass sys.stdin.*",
    "it ends the process or takes its place": """argparse.ArgumentParser.error argparse.ArgumentParser.exit
        builtins.exit builtins.quit optparse.OptionParser.error optparse.OptionParser.exit os._exit os.abort
        os.execv os.execvp os.fork sys.exit""",
    "it reaches other processes": "os.kill os.killpg os.setgid os.setpgid os.setsid os.setuid os.nice resource.*",
    "it runs programs": """os.popen os.spawnl os.startfile os.system subprocess.* webbrowser.*""",
    "it runs what it is given": "builtins.__import__ builtins.compile builtins.eval builtins.exec",
    "it is the clock of the sweep": "signal.alarm signal.setitimer signal.signal signal.siginterrupt",
    "it waits": """os.wait os.waitpid queue.Queue.get queue.Queue.join queue.Queue.put select.select
        threading.Event.wait time.sleep""",
    "it needs somebody at the other end": """ftplib.* http.client.HTTPResponse.* imaplib.* poplib.* smtplib.*
        socket.create_connection socket.create_server socket.fromfd socket.getaddrinfo socket.gethostbyaddr
        socket.gethostbyname socket.gethostbyname_ex socket.getfqdn socket.getnameinfo socket.gethostname
        socket.socket.accept socket.socket.connect socket.socket.connect_ex ssl.get_server_certificate
        ssl.SSLContext.wrap_socket urllib.request.OpenerDirector.* urllib.request.urlopen
        urllib.request.urlretrieve""",
    "it is an attribute that could be called": "sqlite3.Cursor.connection",
    "it takes lists of objects": "optparse.OptionParser",
    "it is of a package": "click.* openpyxl.* psycopg2.* pymysql.* requests.* urllib3.*",
    "a call does nothing before its result is used or entered": """atexit.* contextlib.* fileinput.* functools.*
        gettext.* inspect.* operator.* logging.config.* logging.handlers.*""",
    "this Python has it no more": "os.getcwdu sys.exc_clear sys.getwindowsversion sys.setdefaultencoding",
    "its instances are made by others": """builtins.dict.* collections.defaultdict.* dict_*
        exception.* generator.* os.DirEntry.* os.environ.* sys.stderr.* sys.stdout.* threading.Thread.*
        xml.etree.ElementTree.ElementTree.* re.Match.* argparse.Namespace.*""",
}
# What makes an instance for the rows of methods: code, whose result has the class for the analysis, too.
OWNERS = {
    "str": ["a"],
    "bytes": ["b"],
    "int": ["n"],
    "float": ["f"],
    "io.StringIO": ["io.StringIO(a)"],
    "io.BytesIO": ["io.BytesIO(b)"],
    "io.TextIOWrapper": ["open('text.txt')", "open('new.txt', 'w')"],
    "io.BufferedIOBase": ["open('text.txt', 'rb')", "open('new.bin', 'wb')"],
    "pathlib.Path": ["pathlib.Path(a)"],
    "datetime.date": ["datetime.date(2024, 2, 29)", "datetime.date.max"],
    "datetime.datetime": ["datetime.datetime(2024, 2, 29)", "datetime.datetime.min"],
    "datetime.time": ["datetime.time(1)"],
    "datetime.timedelta": ["datetime.timedelta(days=1)"],
    "time.struct_time": ["time.gmtime(0)"],
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
    "configparser.ConfigParser": ["configparser.ConfigParser({'a': 'b', '1': '%(a)s'})", "configparser.ConfigParser()"],
    "csv.reader": ["csv.reader([a])"],
    "csv.writer": ["csv.writer(io.StringIO())"],
    "xml.etree.ElementTree.Element": ["xml.etree.ElementTree.fromstring('<a b=\"c\"><b/></a>')"],
    "sqlite3.Connection": ["sqlite3.connect(':memory:')"],
    "sqlite3.Cursor": ["sqlite3.connect(':memory:').execute('select 1')"],
    "zipfile.ZipFile": ["zipfile.ZipFile('made.zip')", "zipfile.ZipFile('new.zip', 'w')"],
    "tarfile.TarFile": ["tarfile.open('made.tar')", "tarfile.open('new.tar', 'w')"],
    "gzip.GzipFile": ["gzip.open('made.gz')", "gzip.open('new.gz', 'wb')"],
    "argparse.ArgumentParser": ["argparse.ArgumentParser()"],
    "optparse.OptionParser": ["optparse.OptionParser()"],
    "logging.Logger": ["logging.getLogger('x')"],
    "queue.Queue": ["queue.Queue()"],
    "threading.Lock": ["threading.Lock()"],
    "threading.Event": ["threading.Event()"],
    "socket.socket": ["socket.socket()"],
    "ssl.SSLContext": ["ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)"],
    "http.client.HTTPConnection": ["http.client.HTTPConnection('127.0.0.1', 9)"],
    "urllib.request.Request": ["urllib.request.Request('http://a/')"],
}
# Modules whose functions are called; of builtins they need no prefix.
MODULES = frozenset(
    """argparse ast base64 binascii builtins bz2 calendar cmath codecs collections colorsys configparser copy csv
    datetime decimal difflib email.utils fcntl filecmp fnmatch fractions gc getopt getpass glob grp gzip hashlib
    heapq hmac html http.client importlib.metadata io ipaddress itertools json linecache locale logging lzma math
    optparse os os.path pathlib pickle platform plistlib pwd queue random re secrets shlex shutil signal socket
    sqlite3 ssl stat statistics string struct sys tarfile tempfile termios textwrap threading time tokenize
    traceback unicodedata urllib urllib.parse urllib.request uuid warnings xml.dom.minidom
    xml.etree.ElementTree xml.sax.saxutils zipfile zlib zoneinfo""".split()
)
# They take as long as a number says, in C, where no signal reaches them: theirs are small, or too large at once.
BY_NUMBER = frozenset(
    """builtins.bytearray builtins.bytes builtins.pow math.comb math.factorial math.perm random.getrandbits
    random.randbytes secrets.randbits secrets.token_bytes secrets.token_hex secrets.token_urlsafe os.urandom
    int.__pow__ hashlib.pbkdf2_hmac""".split()
)
CLASSES = {"a": "sys.argv[1]", "b": "sys.argv[1].encode()", "n": "int(sys.argv[1])", "f": "float(sys.argv[1])"}
SPECIAL = {"__getitem__": "{}[{}]", "__next__": "next({})"}
_MOST_ARGUMENTS = 3


@functools.cache
def reason(row: Row) -> str:
    """Why a row is not called with odd values; empty if it is."""
    for sentence, names in REASONS.items():
        if any(row.name == name or name[-1] == "*" and row.name.startswith(name[:-1]) for name in names.split()):
            return sentence
    home, _, name = row.name.rpartition(".")
    if row.partial or row.calls:
        return "it may raise whatever what it is given raises"
    if name.startswith("__") and name not in SPECIAL:
        return "an operator calls it, or a with"
    if home.startswith("builtins.") and home.removeprefix("builtins.") not in {"str", "bytes", "int", "float"}:
        return "its instances are made by others"
    return ""


def forms(row: Row) -> Iterator[tuple[str, str]]:
    """Code that calls a row's function, with the letters of the values that it takes."""
    home, _, name = row.name.rpartition(".")
    if home.startswith("builtins."):
        prefix = [home.removeprefix("builtins.") + "."]
    else:
        prefix = [f"({owner})." for owner in OWNERS.get(home, ())] or ["" if home == "builtins" else f"{home}."]
    for before, number in itertools.product(prefix, range(_MOST_ARGUMENTS + 1)):
        own = _letters(before)
        if row.is_property:
            if not number:
                yield f"{before}{name}", own
            continue
        for letters in itertools.product("abnf", repeat=number):
            form = f"{before}{name}({', '.join(letters)})"
            if name in SPECIAL:
                if number != SPECIAL[name].count("{}") - 1:
                    continue
                form = SPECIAL[name].format(before.removesuffix("."), *letters)
            yield form, own + "".join(letters)


def _letters(code: str) -> str:
    """The letters that stand for values in the code before a name."""
    named = {node.id for node in ast.walk(ast.parse(code + "x")) if isinstance(node, ast.Name)}
    return "".join(letter for letter in "abnf" if letter in named)


def imported() -> list[str]:
    """The modules that the forms need, as far as this Python has them."""
    return sorted(name for name in MODULES - {"builtins"} if name.partition(".")[0] in sys.stdlib_module_names)
