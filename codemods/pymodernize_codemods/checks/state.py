"""Checks of state and of code that comes from text."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pymodernize.check import Check, calls, nodes

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


def _assigned(module: Module, statement: ast.Global) -> str:
    """The names of a ``global`` statement that its function assigns."""
    function = module.function(statement)
    if function is None:
        return ""
    stored = {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load) and module.function(node) is function
    }
    names = [name for name in statement.names if name in stored]
    return f"global {', '.join(names)}" if names else ""


class GlobalStatement(Check):
    """Functions that assign variables of the module.

    Why:
        What such a function does depends on who was called before, and a test
        of it has to put the module back. Parameters, results or an object that
        holds the state say the same in the signature.

    Limits:
        A ``global`` whose names the function only reads is none. Lists and
        dictionaries that functions change in place are not looked for.

    References:
        https://docs.python.org/3/reference/simple_stmts.html#the-global-statement
    """

    sentence = "A function that assigns variables of the module changes what all others see."
    triggers = (b"global",)
    noqa = ("PLW0603",)
    rows = ("F4", "F17")
    pattern = nodes(ast.Global, where=_assigned)


def _is_computed(module: Module, call: ast.Call) -> bool:
    """Whether code is not written out where it is run."""
    from pymodernize_codemods._checks.values import value_of

    return bool(call.args) and not isinstance(value_of(module, call.args[0]), ast.Constant)


class EvalUse(Check):
    """Calls of eval and exec with text that is not written out there.

    Why:
        Whoever has a say in the text decides what the script does. A literal
        is read by ``ast.literal_eval``, a name is looked up in a dictionary, and
        an attribute by ``getattr``.

    Limits:
        Text that is a constant is passed over.

    References:
        https://docs.python.org/3/library/ast.html#ast.literal_eval
    """

    sentence = "Whoever decides about the text decides what is run."
    triggers = (b"eval", b"exec")
    noqa = ("S307", "S102")
    rows = ("F15",)
    pattern = calls("builtins.eval", "builtins.exec", where=_is_computed)


def _is_copied(module: Module, call: ast.Call) -> bool:
    """Whether what is unpickled has been pickled in the same expression."""
    inner = call.args[0] if call.args else None
    name = module.qualified_name(inner.func) if isinstance(inner, ast.Call) else None
    return name is not None and name.endswith(".dumps")


def _runs_code(module: Module, call: ast.Call) -> bool:
    """Whether a call that loads data lets it run code."""
    from pymodernize_codemods._checks.values import keyword

    name = module.qualified_name(call.func)
    allowed = keyword(call, "allow_pickle") if name == "numpy.load" else keyword(call, "weights_only")
    if name == "numpy.load":
        return isinstance(allowed, ast.Constant) and allowed.value is True
    if name == "torch.load":
        return not (isinstance(allowed, ast.Constant) and allowed.value is True)
    return not _is_copied(module, call)


class PickleLoad(Check):
    """Data that is unpickled.

    Why:
        A pickle names what is called as it is loaded: whoever can write the
        file, or the bytes that come over the network, runs what they like.
        JSON, CSV or a database hold data alone.

    Limits:
        Where the data comes from is not asked. What is pickled and unpickled in
        one expression is passed over: that is a copy.

    References:
        https://docs.python.org/3/library/pickle.html
    """

    sentence = "Data of this form runs whatever code it names as it is loaded; JSON holds data alone."
    triggers = (b"pickle", b"shelve", b"marshal", b"dill", b"joblib", b"torch", b"allow_pickle")
    noqa = ("S301", "S302")
    rows = ("Q32", "F30")
    pattern = calls(
        *(
            f"{name}.{part}"
            for name in ("pickle", "cPickle", "_pickle", "dill")
            for part in ("load", "loads", "Unpickler")
        ),
        *("marshal.load", "marshal.loads", "cloudpickle.load", "cloudpickle.loads", "joblib.load", "shelve.open"),
        *("pandas.read_pickle", "torch.load", "numpy.load"),
        where=_runs_code,
    )


def _is_for_security(module: Module, call: ast.Call) -> bool:
    """Whether a digest may be relied on for more than telling texts apart, as far as the call says."""
    from pymodernize_codemods._checks.values import keyword, text_of

    said = keyword(call, "usedforsecurity")
    if isinstance(said, ast.Constant) and said.value is False:
        return False
    if module.qualified_name(call.func) == "hashlib.new":
        return (text_of(module, call.args[0] if call.args else None) or "").lower() in {"md5", "sha1", "md4"}
    return True


class WeakHash(Check):
    """MD5 and SHA-1.

    Why:
        Two texts with the same digest can be made for either. A digest that
        only tells files or keys apart says so by ``usedforsecurity=False``; any
        other takes SHA-256, and a password ``hashlib.scrypt``.

    Limits:
        What the digest is used for is not asked.

    References:
        https://docs.python.org/3/library/hashlib.html
    """

    sentence = "Texts with the same digest can be made; take sha256, or say usedforsecurity=False."
    triggers = (b"md5", b"sha1", b"md4")
    noqa = ("S324",)
    rows = ("F29",)
    pattern = calls("hashlib.md5", "hashlib.sha1", "hashlib.new", where=_is_for_security)
