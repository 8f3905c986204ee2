"""Functions of the standard library that end the process, and context managers that suppress no exception."""

from __future__ import annotations

SYSTEM_EXIT = "builtins.SystemExit"
# They raise SystemExit with their one argument as the status; ``os._exit`` ends the process at once with it.
RAISES_EXIT = frozenset({"sys.exit", "builtins.exit", "builtins.quit"})
EXITS = RAISES_EXIT | {"os._exit"}
# They end the process by a signal, so that its status is not 0.
ABORTS = frozenset({"os.abort"})
# They replace the process by another program, which determines the status.
REPLACES = frozenset(f"os.exec{how}" for how in ("l", "le", "lp", "lpe", "v", "ve", "vp", "vpe"))
ENDS_PROCESS = EXITS | ABORTS | REPLACES
# Context managers whose exit does the same with and without an exception.
INDIFFERENT = frozenset(
    """builtins.open io.open codecs.open bz2.open bz2.BZ2File gzip.open gzip.GzipFile lzma.open lzma.LZMAFile
    zipfile.ZipFile os.fdopen os.scandir mmap.mmap socket.socket socket.create_connection urllib.request.urlopen
    tempfile.TemporaryDirectory tempfile.NamedTemporaryFile tempfile.TemporaryFile tempfile.SpooledTemporaryFile
    contextlib.closing contextlib.nullcontext contextlib.redirect_stdout contextlib.redirect_stderr
    warnings.catch_warnings threading.Lock threading.RLock decimal.localcontext fileinput.input
    fileinput.FileInput""".split()
)
# Context managers that suppress no exception.
LETS_OUT = INDIFFERENT | frozenset(
    """tarfile.open os.popen contextlib.chdir threading.Condition threading.Semaphore subprocess.Popen sqlite3.connect
    concurrent.futures.ThreadPoolExecutor concurrent.futures.ProcessPoolExecutor multiprocessing.Pool
    multiprocessing.pool.Pool multiprocessing.pool.ThreadPool""".split()
)
