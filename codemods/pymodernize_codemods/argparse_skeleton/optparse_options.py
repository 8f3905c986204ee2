"""The options of an optparse parser, and the calls that add the same ones to an argparse parser."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field

from pymodernize.semantics.module import Module
from pymodernize_codemods._script.call_source import CallChange, Unforeseen, changed_call
from pymodernize_codemods.argparse_skeleton.optparse_text import Shown, converted, known_text
from pymodernize_codemods.argparse_skeleton.reasons import NotConvertible

_TYPES = {
    "string": "",
    "str": "",
    "int": "int",
    "long": "int",
    "float": "float",
    "complex": "complex",
    "choice": "",
}
_STORING = frozenset({"store", "append"})
_FLAGS = frozenset({"store_true", "store_false"})
_KNOWN_ACTIONS = _STORING | _FLAGS | {"store_const", "append_const", "count", "help", "version"}
_WITHOUT_DESTINATION = frozenset({"help", "version"})
_KEYWORDS = frozenset({"action", "type", "dest", "default", "nargs", "const", "choices", "help", "metavar"})
_FORBIDDEN = re.compile(r"-\d")


@dataclass
class OptparseOption:
    """One option, as optparse understands it.

    Attributes:
        call: the ``add_option`` or ``make_option``.
        flags: the literals that name it.
        action: what it does.
        given: its keywords.
        destination: the attribute that it sets; empty if it sets none.
        default: the explicit default, None if there is none.
        converts: the class that its text is given to, empty for none.
        change: what becomes of the call, filled in step by step.
    """

    call: ast.Call
    flags: list[str]
    action: str
    given: dict[str, ast.keyword]
    destination: str
    default: ast.expr | None
    converts: str
    replaced: dict[ast.AST, str] = field(default_factory=dict)
    dropped: set[ast.AST] = field(default_factory=set)
    added: list[str] = field(default_factory=list)

    @property
    def short(self) -> str:
        """Its first name of one letter; empty if it has none."""
        return next((flag for flag in self.flags if not flag.startswith("--")), "")

    @property
    def count(self) -> int:
        """How many values it takes."""
        nargs = self.given.get("nargs")
        value = nargs.value.value if nargs is not None and isinstance(nargs.value, ast.Constant) else 1
        return value if isinstance(value, int) else 1

    def set_default(self, source: str | None) -> None:
        """Give it a default, another one, or none."""
        keyword = self.given.get("default")
        if keyword is None and source is not None:
            self.added.append(f"default={source}")
        elif keyword is not None and source is None:
            self.dropped.add(keyword)
        elif keyword is not None:
            self.replaced[keyword] = f"default={source}"

    def source(self, module: Module, func: str) -> str:
        """The call that adds it to argparse.

        Args:
            module: the module.
            func: what is called: ``parser.add_argument``.

        Raises:
            NotConvertible: the layout of the call is in the way.
        """
        change = CallChange(func, self.replaced, frozenset(self.dropped), self.added)
        try:
            return changed_call(module, self.call, change)
        except Unforeseen as exc:
            raise NotConvertible(f"line {self.call.lineno}: {exc}") from exc


class OptionReader:
    """Read the calls that add options, and note what argparse does in another way.

    Args:
        module: the module.
        suppress: the source of ``argparse.SUPPRESS``.
    """

    def __init__(self, module: Module, suppress: str) -> None:
        self.module = module
        self.suppress = suppress
        self.doubts: list[str] = []
        self.texts: dict[ast.expr, str] = {}

    def read(self, call: ast.Call) -> OptparseOption:
        """Read one option.

        Raises:
            NotConvertible: it is one that argparse has no like of.
        """
        where = f"line {call.lineno}: "
        if any(keyword.arg is None for keyword in call.keywords):
            raise NotConvertible(f"{where}settings of an option are made elsewhere")
        given = {str(keyword.arg): keyword for keyword in call.keywords}
        action = self.action(given, where)
        if unknown := sorted(given.keys() - _KEYWORDS):
            raise NotConvertible(f"{where}{unknown[0]} is nothing that argparse knows")
        flags, dropped = self.flags(call, where)
        option = OptparseOption(call, flags, action, given, "", None, "", dropped=dropped)
        option.destination = self.destination(option, where)
        default = given.get("default")
        if default is not None:
            if self.module.qualified_name(default.value) == "optparse.NO_DEFAULT":
                option.dropped.add(default)
            else:
                option.default = default.value
        self.convert_type(option, where)
        self.convert_rest(option, where)
        return option

    def action(self, given: dict[str, ast.keyword], where: str) -> str:
        """The action, a known one."""
        keyword = given.get("action")
        if keyword is None:
            action = "store"
        elif isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, str):
            action = keyword.value.value
        else:
            raise NotConvertible(f"{where}the action of an option is made elsewhere")
        if action == "callback":
            raise NotConvertible(f"{where}an option calls a function while the arguments are read")
        if action not in _KNOWN_ACTIONS:
            raise NotConvertible(f"{where}{action!r} is an action that the script brings itself")
        return action

    def flags(self, call: ast.Call, where: str) -> tuple[list[str], set[ast.AST]]:
        """The strings that name an option, and arguments that name nothing."""
        flags: list[str] = []
        dropped: set[ast.AST] = set()
        for arg in call.args:
            if isinstance(arg, ast.Constant) and arg.value in (None, ""):
                dropped.add(arg)
            elif isinstance(arg, ast.Constant) and isinstance(arg.value, str) and arg.value.startswith("-"):
                if _FORBIDDEN.match(arg.value):
                    raise NotConvertible(f"{where}{arg.value} looks like a negative number to argparse")
                flags.append(arg.value)
            else:
                raise NotConvertible(f"{where}an option is made elsewhere")
        if not flags:
            raise NotConvertible(f"{where}an option has no name")
        return flags, dropped

    def destination(self, option: OptparseOption, where: str) -> str:
        """The attribute that an option sets."""
        if option.action in _WITHOUT_DESTINATION:
            return ""
        keyword = option.given.get("dest")
        if keyword is not None and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is None):
            text = known_text(self.module, keyword.value)
            if text is None:
                raise NotConvertible(f"{where}where an option puts its value is made elsewhere")
            return text
        long = [flag for flag in option.flags if flag.startswith("--")]
        return long[0][2:].replace("-", "_") if long else option.flags[0][1]

    # --- its settings ------------------------------------------------------------------------------------------

    def convert_type(self, option: OptparseOption, where: str) -> None:
        """Type, choices, number of values."""
        keyword = option.given.get("type")
        name = ""
        if keyword is not None and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is None):
            name = self.type_name(keyword.value)
            if name not in _TYPES:
                raise NotConvertible(
                    f"{where}{name or self.module.text(keyword.value)} is a type that the script brings itself"
                )
        if keyword is not None:
            if option.action not in _STORING and name:
                raise NotConvertible(f"{where}optparse refuses a type for {option.action}")
            if name == "choice" and "choices" not in option.given:
                raise NotConvertible(f"{where}a choice has no choices")
            option.converts = _TYPES.get(name, "")
            if option.converts:
                option.replaced[keyword] = f"type={self.builtin(option.converts, where)}"
            else:
                option.dropped.add(keyword)
        if "choices" in option.given and name not in {"", "choice"}:
            raise NotConvertible(f"{where}optparse refuses choices for {name}")
        if option.converts == "int":
            self.doubt("optparse reads 0x1f, 0b11 and 010 as numbers of another base, int does not")
        nargs = option.given.get("nargs")
        if nargs is not None:
            if not isinstance(nargs.value, ast.Constant) or not isinstance(nargs.value.value, int):
                raise NotConvertible(f"{where}how many values an option takes is made elsewhere")
            if nargs.value.value == 1:
                option.dropped.add(nargs)
            elif nargs.value.value < 1 or option.action not in _STORING:
                raise NotConvertible(f"{where}optparse refuses nargs here")

    def type_name(self, expr: ast.expr) -> str:
        """The type in optparse's words."""
        if isinstance(expr, ast.Constant) and isinstance(expr.value, str):
            return expr.value
        qualified = self.module.qualified_name(expr) or ""
        return qualified.removeprefix("builtins.") if qualified.startswith("builtins.") else ""

    def builtin(self, name: str, where: str) -> str:
        """The name of a class of the language, which must mean that here."""
        if self.module.index.scope.lookup(name) is not None:
            raise NotConvertible(f"{where}{name} means something else in this file")
        return name

    def convert_rest(self, option: OptparseOption, where: str) -> None:
        """Default, help, and what only some actions have."""
        keyword = option.given.get("help")
        if keyword is not None:
            self.convert_help(option, keyword)
        if option.action in {"store_const", "append_const"} and "const" not in option.given:
            raise NotConvertible(f"{where}a constant is missing")
        if option.action not in {"store_const", "append_const"} and "const" in option.given:
            raise NotConvertible(f"{where}optparse refuses a constant here")
        if option.action not in _STORING and "metavar" in option.given:
            option.dropped.add(option.given["metavar"])
        if option.action in {"append", "append_const"} and option.default is not None:
            if not isinstance(option.default, (ast.List, ast.Constant)):
                raise NotConvertible(f"{where}values are put into a list that the script has for other ends, too")
        self.convert_default(option, where)

    def convert_help(self, option: OptparseOption, keyword: ast.keyword) -> None:
        """The help of an option."""
        if self.module.qualified_name(keyword.value) == "optparse.SUPPRESS_HELP":
            option.replaced[keyword] = f"help={self.suppress}"
            return
        made = converted(self.module, keyword.value, Shown.HELP)
        if made.doubt:
            self.doubt(made.doubt)
        self.texts.update(made.elsewhere)
        if made.source is not None:
            option.replaced[keyword] = f"help={made.source}"

    def convert_default(self, option: OptparseOption, where: str) -> None:
        """A default that is a text is read as if it had been given."""
        default = option.default
        if not isinstance(default, ast.Constant) or not isinstance(default.value, str) or option.action not in _STORING:
            return
        if option.converts:
            number = _number(default.value, option.converts)
            if number is None:
                raise NotConvertible(f"{where}the default is no {option.converts}")
            option.replaced[option.given["default"]] = f"default={number}"
        choices = option.given.get("choices")
        if choices is not None and isinstance(choices.value, (ast.List, ast.Tuple)):
            if default.value not in [getattr(item, "value", None) for item in choices.value.elts]:
                raise NotConvertible(f"{where}the default is none of the choices, which optparse refuses")

    def doubt(self, reason: str) -> None:
        """Note why the rewrite may change what the script does."""
        if reason not in self.doubts:
            self.doubts.append(reason)


def _number(text: str, kind: str) -> str | None:
    """The source of a number that optparse reads in a text."""
    try:
        if kind != "int":
            return repr(float(text) if kind == "float" else complex(text))
        base = {"0x": 16, "0b": 2}.get(text[:2].lower()) or (8 if text.startswith("0") else 10)
        return repr(int(text, base))
    except ValueError:
        return None
