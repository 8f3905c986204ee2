"""``def f(x=[])`` → ``def f(x=None)`` with a fresh list in each call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pymodernize.codemod import Codemod, Finding
from pymodernize.integrations.libcst_command import libcst_command

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


class MutableDefault(Codemod):
    """Make a mutable default anew in each call.

    Why:
        A default is made once, when ``def`` is executed, and all calls without
        that argument share it. What one call puts into the list, the next one
        finds there.

    Assumptions:
        For every input: where every call is in sight and passes the argument, never None, or where a
        single call uses the default and is executed once, no call can see what another one has left in
        it. Needs ``changes-behaviour`` where several calls may share the object: they no longer do. So
        does a method, a function that is handed on and one that other files can import: who calls them
        is not in sight, and None as an argument means the default afterwards.

        Kept on purpose: a default that is never changed and gets into no other hands, since all calls
        find it as it was written; one that remembers on purpose, such as a dictionary of results that is
        looked up by key, or a counter; and one that is compared by ``is``, to tell whether an argument is
        given.

    Limits:
        Found only where the default is made of more than constants, since it would be made at another
        time; in a ``lambda``, which has no place for a statement; below a decorator that may read the
        signature; in a function that tells None apart; with annotations in a comment; and in a file that
        looks at ``__defaults__`` or signatures.

    References:
        https://docs.python.org/3/faq/programming.html#why-are-default-values-shared-between-objects
    """

    triggers = tuple(
        before + made
        for before in (b"=", b"= ")
        for made in (b"[", b"{", b"list(", b"dict(", b"set(", b"bytearray(", b"collections.")
    ) + tuple(
        before + made for before in (b"=", b"= ") for made in (b"deque(", b"defaultdict(", b"OrderedDict(", b"Counter(")
    )
    noqa = ("B006",)
    rows = ("F24",)
    reasons = {
        "only-read": "The default is never changed and gets into no other hands: to share it does no harm.",
        "remembers": "The default keeps something from one call to the next, on purpose as it seems.",
        "identity": "The default stands for an argument that is not given: it is compared by identity.",
        "made-of-more": "The default is made of more than constants, which may mean something else in each call.",
        "signature": "Something may read the function's signature or its defaults.",
        "none-told-apart": "The function tells None apart, which would stand for the default.",
        "no-place": "There is no place for a statement at the beginning of the function.",
    }
    on_purpose = frozenset({"only-read", "remembers", "identity"})

    def find(self, module: Module) -> Iterator[Finding]:
        """Every default that is a mutable object."""
        from pymodernize_codemods.mutable_default.finding import findings

        return findings(self, module)


__getattr__ = libcst_command(MutableDefault)
