"""yaml.load without a loader → yaml.safe_load."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Codemod, Edit, Finding, Rewrite
from pymodernize.integrations.libcst_command import libcst_command
from pymodernize.reasons import Reason

if TYPE_CHECKING:
    import libcst as cst

    from pymodernize.semantics.module import Module

_UNSAFE = frozenset({"yaml.Loader", "yaml.UnsafeLoader", "yaml.CLoader"})
_MAKING_ALL = frozenset({"yaml.unsafe_load", "yaml.unsafe_load_all"})
_LOADING = {
    "yaml.load": "yaml.safe_load",
    "yaml.load_all": "yaml.safe_load_all",
    "yaml.unsafe_load": "yaml.safe_load",
    "yaml.unsafe_load_all": "yaml.safe_load_all",
}
_SAFE = (
    "it makes texts, numbers, lists and dictionaries alone, and refuses other objects; PyYAML 6 refuses the old call"
)


class YamlLoad(Codemod):
    """Load YAML with the loader that makes nothing but data.

    Why:
        A tag of YAML may name any class or function, and ``yaml.load`` was made to call it:
        whoever can write the file runs what they like. PyYAML 6 takes no call of it
        without a loader.

    Assumptions:
        Needs ``changes-behaviour``: a document with tags for Python's own objects, such as
        ``!!python/tuple``, is refused by ``yaml.safe_load``; and with PyYAML 6 the call fails now.

    Limits:
        Found only where the call names a loader that makes objects of any class, since
        somebody has chosen it, where arguments are passed by ``*`` or ``**``, and where the file tells versions
        of PyYAML apart. ``FullLoader`` is taken for a choice, too, and passed over.

    References:
        https://pyyaml.org/wiki/PyYAMLDocumentation
    """

    triggers = (b"yaml",)
    noqa = ("S506",)
    rows = ("Q32", "F29")
    of_expressions = True
    reasons = {
        "any-object": "The loader that is named makes objects of any class.",
        "hidden-arguments": "Arguments are passed by * or **: they may name a loader.",
        "told-apart": "The code is there for several versions of PyYAML.",
    }

    def find(self, module: Module) -> Iterator[Finding]:
        """Every call that loads YAML and does not say by what, or by what makes anything."""
        from pymodernize.semantics.references import NameTaken, reference
        from pymodernize.semantics.several_versions import is_for_some_versions

        for call in module.calls(*_LOADING):
            name = module.library_name(call.func)
            if name is None:
                continue
            better = _LOADING[name]
            message = f"{name}() may make any object; {better}() makes data"
            hidden = any(isinstance(arg, ast.Starred) for arg in call.args) or any(k.arg is None for k in call.keywords)
            loader = _loader(call)
            if name in _MAKING_ALL or module.library_name(loader or call) in _UNSAFE:
                reason = Reason("any-object", "the loader makes objects of any class, and somebody has chosen it")
            elif hidden:
                reason = Reason("hidden-arguments", "what is passed by * or ** may name a loader")
            elif loader is not None:
                continue
            elif is_for_some_versions(module, call, {"load", "safe_load", "FullLoader", "SafeLoader"}):
                reason = Reason("told-apart", "the file tells versions apart around it")
            else:
                try:
                    new = reference(module, better, call)
                except NameTaken as exc:
                    reason = exc.args[0]
                else:
                    edit = Edit(call.func, partial(_named, expression=new.expression))
                    rewrite = Rewrite((edit,), references=(new,), drops=(name,))
                    assumed = {CHANGES_BEHAVIOUR.name}
                    yield self.finding(module, call, message, rewrite, assumptions=assumed, reason=_SAFE)
                    continue
            yield self.finding(module, call, message, reason=reason)


def _loader(call: ast.Call) -> ast.expr | None:
    """What a call names as its loader."""
    if len(call.args) > 1:
        return call.args[1]
    return next((item.value for item in call.keywords if item.arg == "Loader"), None)


def _named(_: cst.BaseExpression, expression: str) -> cst.BaseExpression:
    import libcst as cst

    return cst.parse_expression(expression)


__getattr__ = libcst_command(YamlLoad)
