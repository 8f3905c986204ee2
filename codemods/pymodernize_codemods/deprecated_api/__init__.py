"""Deprecated and removed names of Python's library → what replaces them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pymodernize.codemod import Codemod, Finding
from pymodernize.integrations.libcst_command import libcst_command
from pymodernize_codemods._assumptions import RUN_ONLY

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

# What a file with an old name has in it at least: it is not parsed otherwise.
_IMPORTED = """
imp cgi chunk crypt formatter nis parser pipes symbol uu Cookie md5 sets sha thread aifc types string platform locale
errno asyncio
""".split()
_WORDS = """
asynchat asyncore audioop binhex cgitb distutils dummy_threading imghdr lib2to3 macpath mailcap msilib nntplib
ossaudiodev smtpd sndhdr spwd sunau telnetlib xdrlib tix typing.io typing.re cElementTree HTTPServer ConfigParser
HTMLParser Queue ScrolledText XMLRPCServer SocketServer StringIO Tkinter __builtin__ anydbm cPickle commands
cookielib copy_reg dummy_thread htmlentitydefs httplib robotparser tkFileDialog tkMessageBox tkSimpleDialog ttk
urllib2 urlparse xmlrpclib Encoders MIME Utils reload find_executable clock getargspec formatargspec getmoduleinfo
warn currentThread activeCount makeSuite findTestCases getTestCaseNames TextTestResult collections utcnow
utcfromtimestamp locale.format getdefaultlocale resetlocale get_event_loop coroutine all_tasks current_task Num Str
Bytes NameConstant Ellipsis encodestring decodestring gcd linux_distribution platform.dist platform.popen gettext
bind_textdomain_codeset find_loader get_loader ImpImporter ImpLoader wrap_socket match_hostname RAND_pseudo_bytes
OptimizedUnicode enable_shared_cache LegacyInterpolation os.errno getcwdu popen2 popen3 popen4 tmpnam tempnam
OpenWrapper jumpahead exc_type exc_value exc_traceback exc_clear maxint checkinterval setdefaultencoding string.
izip imap ifilter urllib types. raw_input xrange unicode unichr basestring long reduce intern StandardError file(
file) cmp coerce buffer apply execfile getName isDaemon setName setDaemon isAlive notifyAll isSet tostring
fromstring getchildren getiterator unescape readfp has_key iteritems iterkeys itervalues viewitems viewkeys
viewvalues assertEquals assertNotEquals assert_ assertAlmostEquals assertNotAlmostEquals RegexpMatches
assertRaisesRegexp failUnless failIf assertDictContainsSubset assertItemsEqual
"""
_TRIGGERS = tuple(
    text.encode()
    for text in (*_WORDS.split(), *(f"{how} {name}" for name in _IMPORTED for how in ("import", "from", ",")))
)


class DeprecatedApi(Codemod):
    """Use what replaces the deprecated and removed names of Python's library.

    Why:
        A script that calls ``imp.reload`` or ``assertEquals`` runs today and
        fails with the next Python. What does the same under another name is
        put in its place. What has no equal is found, and the finding says
        what comes nearest and what differs.

        ``docs/reference/deprecated-names.md`` has the names, each with the
        version that deprecates it, the first one without it, what takes its
        place and where Python's documentation says so.

    Assumptions:
        Where the target version has the old name, the two do the same for
        every input but for the DeprecationWarning; a class of another file
        that overrides a method by its old or its new name alone is not in sight. Where
        the table names a difference, the rewrite takes ``changes-behaviour``.

        Where the target version does not have the old name, code that gets
        there fails, or goes another way in a handler; with the new name it
        goes on. That takes ``changes-behaviour``, too, and so do the names of
        Python 2 in a file that parses as Python 3: no run has ever got past
        them.

        A method has the names of its class where the value is certain to be
        made by it or a function that returns its instances. In files that may
        be imported from elsewhere, attributes of ``self`` and the assertions of
        a test case, which are not looked up in a derived class under their old
        name, take ``run-only``.

    Limits:
        Code for several versions is no finding: what is imported in a ``try``
        with a handler for ImportError, what stands below a test of the
        version or of ``hasattr``, modules such as ``compat.py``. A name that
        the file defines, replaces or may get from ``import *`` is left alone.

        Tests in other files that put something else in the place of the old name, such as
        ``mock.patch("job.datetime")`` with a ``utcnow`` of its own, have to follow.

        ``datetime.utcnow()`` stays where the target version does not deprecate it: what replaces it
        is longer. Invalid escapes in strings, such as ``"\\d"``, are ruff's ``W605``,
        which keeps their values.

    References:
        https://docs.python.org/3/whatsnew/
    """

    of_expressions = True
    uses_project = True
    assumptions = (RUN_ONLY,)
    reasons = {
        "differs": "What takes its place does not do the same; the sentence says what differs.",
        "python-2-name": "It is a name of Python 2: no run on Python 3 gets past it.",
        "removed": "The target version does not have it: a run that fails there would go on.",
        "not-deprecated": "The target version does not deprecate it, and what replaces it is longer.",
        "form": "The call is written in a form that the replacement does not have.",
    }
    on_purpose = frozenset({"not-deprecated"})
    noqa = ("UP005", "UP023", "UP035", "G010", "DTZ003", "DTZ004")
    rows = ("F9",)
    triggers = _TRIGGERS

    def find(self, module: Module) -> Iterator[Finding]:
        """Every import, name and method of the table."""
        from pymodernize_codemods.deprecated_api.finding import found

        for place in found(module):
            yield self.finding(
                module,
                place.node,
                place.message,
                place.rewrite,
                assumptions=place.assumptions,
                code=place.code,
                reason=place.reason,
            )


__getattr__ = libcst_command(DeprecatedApi)
