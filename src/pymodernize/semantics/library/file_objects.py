"""Functions that open files, those that read or write an open file, and those that look at files by their paths.

Source: the reference documentation of each module, and CPython's source for what keeps a reference to its argument.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Opener:
    """A function that opens a file and gives an object whose ``with`` statement closes it.

    Attributes:
        path: the name of its first parameter.
        mode: the place of the mode among the parameters, which is called ``mode`` everywhere.
        methods: of the object, those that do not keep or give away the object.
        is_completed: whether an object that nobody closes writes all that it has to write when it goes away.
        closing: the qualified name of what makes a context manager of the object; empty if it closes itself as one.
    """

    path: str
    mode: int
    methods: frozenset[str]
    is_completed: bool = True
    closing: str = ""


_OF_FILES = frozenset(
    """close flush isatty peek read read1 readable readinto readinto1 readline readlines seek seekable tell truncate
    writable write writelines __next__""".split()
)
_OF_ZIP = frozenset(
    """close extract extractall getinfo infolist namelist printdir read setpassword testzip write writestr""".split()
)
_OF_TAR = frozenset("add addfile close extract extractall getmember getmembers getnames list next".split())
OPENERS: dict[str, Opener] = {
    "builtins.open": Opener("file", 1, _OF_FILES),
    "io.open": Opener("file", 1, _OF_FILES),
    "codecs.open": Opener("filename", 1, _OF_FILES),
    "gzip.open": Opener("filename", 1, _OF_FILES),
    "gzip.GzipFile": Opener("filename", 1, _OF_FILES),
    "bz2.open": Opener("filename", 1, _OF_FILES),
    "bz2.BZ2File": Opener("filename", 1, _OF_FILES),
    "lzma.open": Opener("filename", 1, _OF_FILES),
    "lzma.LZMAFile": Opener("filename", 1, _OF_FILES),
    "zipfile.ZipFile": Opener("file", 1, _OF_ZIP),
    "tarfile.open": Opener("name", 1, _OF_TAR, is_completed=False),
}
PATH_OPEN = Opener("", 0, _OF_FILES)
"""``Path.open``, a method."""
_BY_ITSELF = Opener("", 0, frozenset())
# The with statement of a database ends a transaction; a connection of http.client has none.
_BY_CLOSING = Opener("", 0, frozenset(), closing="contextlib.closing")
CONNECTIONS: dict[str, Opener] = {
    "http.client.HTTPConnection": _BY_CLOSING,
    "http.client.HTTPSConnection": _BY_CLOSING,
    "socket.create_connection": _BY_ITSELF,
    "socket.socket": _BY_ITSELF,
    "sqlite3.connect": _BY_CLOSING,
    "urllib.request.urlopen": _BY_ITSELF,
}
"""Functions that give a connection whose ``close()`` does what the end of a ``with`` statement does.

Those of smtplib and ftplib are none: their ``with`` statements say goodbye to the server, and ``close()`` does not.
"""
ATTRIBUTES = frozenset("closed encoding errors filename fieldnames line_num mode name newlines dialect".split())
"""Attributes of open files, and of what reads them, that are plain values."""
WRITING = frozenset("wax+")
"""The letters of a mode with which a file is written."""
CONSUMERS = frozenset(
    f"builtins.{name}"
    for name in """all any bool bytearray bytes dict frozenset hasattr id isinstance list max min next print repr
    set sorted str sum tuple type""".split()
) | frozenset(
    """Bio.SeqIO.read Bio.SeqIO.write ast.dump collections.Counter collections.OrderedDict collections.deque
    email.message_from_binary_file
    email.message_from_file hashlib.file_digest json.dump json.load marshal.dump marshal.load math.fsum
    numpy.genfromtxt numpy.loadtxt numpy.save numpy.savetxt os.fsync os.fstat pickle.dump pickle.load
    plistlib.dump plistlib.load pprint.pprint requests.patch requests.post requests.put shutil.copyfileobj
    statistics.mean subprocess.Popen subprocess.call subprocess.check_call subprocess.check_output subprocess.run
    toml.dump toml.load tomli.load tomllib.load traceback.print_exc xml.dom.minidom.parse
    xml.etree.ElementTree.parse xmltodict.parse yaml.dump yaml.full_load yaml.load yaml.safe_dump
    yaml.safe_load simplejson.dump simplejson.load""".split()
)
"""Functions that keep no open file that they are given when they return."""
KEEPERS = frozenset(
    """Bio.SeqIO.parse builtins.enumerate builtins.filter
    builtins.iter builtins.map builtins.zip csv.DictReader csv.DictWriter
    csv.reader csv.writer functools.partial itertools.chain itertools.dropwhile itertools.filterfalse
    itertools.islice itertools.takewhile itertools.zip_longest""".split()
)
"""Functions whose result reads or writes the open file later, and whose items and methods' results do not."""
OF_KEEPERS = frozenset("__next__ writeheader writerow writerows".split())
"""Methods of such results."""
CONSUMING_METHODS = frozenset("extend join readfp read_file storbinary storlines update writelines".split())
"""Methods of any object that keep no open file or iterator that they are given."""
CONSUMING_METHODS_OF: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("configparser.ConfigParser", "configparser.RawConfigParser", "configparser.SafeConfigParser"),
        frozenset({"write"}),
    ),
    **dict.fromkeys(
        ("PyPDF2.PdfFileWriter", "PyPDF2.PdfWriter", "pypdf.PdfWriter", "PyPDF2.PdfFileMerger", "PyPDF2.PdfMerger"),
        frozenset({"write"}),
    ),
    "xml.etree.ElementTree.ElementTree": frozenset({"write"}),
}
"""By class, methods of its objects that keep no open file that they are given."""
_LOOKING = {
    "builtins": "compile eval exec open __import__ breakpoint input",
    "io": "open",
    "codecs": "open",
    "gzip": "open GzipFile",
    "bz2": "open BZ2File",
    "lzma": "open LZMAFile",
    "zipfile": "ZipFile is_zipfile",
    "tarfile": "open is_tarfile",
    "os": """fork forkpty fstat listdir lstat open popen posix_spawn posix_spawnp scandir sendfile spawnl spawnle
        spawnlp spawnlpe spawnv spawnve spawnvp spawnvpe startfile stat system truncate utime walk execl execle execlp
        execlpe execv execve execvp execvpe _exit abort""",
    "os.path": "getatime getctime getmtime getsize",
    "shutil": "copy copy2 copyfile copytree make_archive move unpack_archive",
    "subprocess": "Popen call check_call check_output getoutput getstatusoutput run",
    "multiprocessing": "Pool Process",
    "filecmp": "cmp cmpfiles dircmp",
    "fileinput": "input FileInput",
    "linecache": "getline getlines",
    "runpy": "run_module run_path",
    "importlib": "import_module reload",
    "webbrowser": "open open_new open_new_tab",
    "glob": "glob iglob",
}
LOOKING = frozenset(f"{home}.{name}" for home, names in _LOOKING.items() for name in names.split())
"""Functions that may see what a file contains at this moment, or how long it is, or let another program see it."""
LOOKING_METHODS = frozenset("open read_bytes read_text stat lstat load read_csv from_file parse imread".split())
"""Methods that do so."""
