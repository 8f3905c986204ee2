"""The logger by which a script can say on stderr, and nowhere else, what went wrong."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import partial

from pymodernize.codemod import Definition, Edit
from pymodernize.semantics.layout import first_after, preamble
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import NameTaken, Reference, reference
from pymodernize_codemods._logging import configuration
from pymodernize_codemods._logging.configuration import STDERR, STDOUT
from pymodernize_codemods._logging.messages import is_message, read

_HARMLESS = frozenset(
    """getLogger Logger LogRecord NOTSET DEBUG INFO WARNING WARN ERROR CRITICAL FATAL basicConfig
    debug info warning warn error exception critical fatal log""".split()
)
_REDIRECTING = frozenset("setLevel addHandler addFilter removeHandler handlers propagate disabled".split())
_LEVELS = frozenset(f"logging.{name}" for name in "NOTSET DEBUG INFO WARNING WARN ERROR".split())
_PLAIN_SETTINGS = frozenset({"format", "datefmt", "style", "encoding", "errors"})


@dataclass(frozen=True)
class ErrorLog:
    """A logger whose errors are seen on stderr, and only there.

    Attributes:
        logger: the expression for it; errors are logged by its ``error`` and ``exception``.
        after: the statement that binds it; None if that comes with the definitions.
        references: what its definition needs.
        definitions: its definition, if it is new.
        edits: what changes in the present set-up for it.
    """

    logger: str
    after: ast.stmt | None = None
    references: tuple[Reference, ...] = ()
    definitions: tuple[Definition, ...] = ()
    edits: tuple[Edit, ...] = ()

    def is_bound(self, module: Module, at: ast.AST) -> bool:
        """Whether the logger is there when a place is reached, and not hidden by another name.

        Args:
            module: the module.
            at: the place.
        """
        last = self.after or preamble(module).last
        name = self.logger.partition(".")[0]
        found = module.scope(at).lookup(name)
        hidden = found is not None and found[0] is not module.index.scope
        return not hidden and (last is None or module.top_level(at).lineno > (last.end_lineno or 0))


def error_log(module: Module) -> ErrorLog | str:
    """The logger for a module's errors.

    Logging that nobody has set up writes the bare text of errors to stderr:
    its last resort. The set-up of the prints, if there is one, decides
    otherwise for the module's own loggers.

    Args:
        module: the module.

    Returns:
        The logger, or why there is none.
    """
    if _moves_stderr(module):
        return "the file puts something else in the place of sys.stderr"
    if module.facts.meddled_with:
        return "a module that is loaded with this one reconfigures logging"
    usual = configuration.usual_names("logger")
    present = configuration.existing(module, usual)
    if present.ours:
        return _of_set_up(module, usual, present.ours)
    if present.logger is not None or present.configures:
        return _own(module, present.logger)
    if any(_is_for_a_person(module, call) for call in module.calls("builtins.print")):
        return "the messages that the file prints come first: print-to-logging sets up its logging"
    return _fresh(module)


def _moves_stderr(module: Module) -> bool:
    """Whether a file binds ``sys.stderr`` anew, for good or for a while: the text of an exit waits until the end."""
    if b"stderr" not in module.source.data:
        return False
    if "sys.stderr" in module.names.assigned_attributes or module.calls("contextlib.redirect_stderr"):
        return True
    sets = module.calls("builtins.setattr", "builtins.delattr")
    return any(call.args and module.qualified_name(call.args[0]) == "sys" for call in sets)


def _is_for_a_person(module: Module, call: ast.Call) -> bool:
    """Whether a print is one that may become a record, and so bring a set-up of logging."""
    for keyword in call.keywords:
        value = keyword.value.value if isinstance(keyword.value, ast.Constant) else keyword
        if keyword.arg == "flush" and value or keyword.arg == "end" and value != "\n":
            return False  # progress, which stays a print
    if any(keyword.arg == "file" for keyword in call.keywords):
        return True
    return is_message([read(module, arg) for arg in call.args], " ")


def _fresh(module: Module) -> ErrorLog | str:
    """A new logger; apart from the module's own ones if prints might still be turned into records of those."""
    apart = bool(module.calls("builtins.print"))
    wanted, name = ("stderr_logger", '"stderr"') if apart else ("logger", "__name__")
    variable = module.fresh.name((wanted, f"_{wanted}"), wanted)
    if variable is None:
        return f"the names {wanted} and _{wanted} are taken in this file"
    try:
        logging = reference(module, "logging", first_after(module))
    except NameTaken as exc:
        return str(exc)
    source = f"{variable} = {logging.expression}.getLogger({name})"
    return ErrorLog(variable, references=(logging,), definitions=(Definition(source),))


# --- logging of the file's own -------------------------------------------------------------------------------------


def _own(module: Module, logger: str | None) -> ErrorLog | str:
    """The logger that a file has, if what it logs is seen on stderr and nowhere else."""
    reason = _elsewhere(module)
    if reason:
        return reason
    if logger is not None:
        binding = module.index.scope.bindings[logger][0]
        return ErrorLog(logger, after=module.statement(binding.node))
    try:
        logging = reference(module, "logging", module.tree.body[-1])
    except NameTaken as exc:
        return str(exc)
    return ErrorLog(logging.expression, references=(logging,))


def _elsewhere(module: Module) -> str:
    """Why a file's own logging may not show errors on stderr alone; empty if it does."""
    for node in module.nodes(ast.Attribute, ast.Name):
        qualified = (module.qualified_name(node) or "") if isinstance(node.ctx, ast.Load) else ""
        if qualified.startswith("logging.") and qualified.removeprefix("logging.") not in _HARMLESS:
            return f"the file sets up its logging by itself ({qualified}, line {node.lineno})"
    for node in module.nodes(ast.Attribute):
        if node.attr in _REDIRECTING:
            return f"the file sets up its logging by itself ({node.attr}, line {node.lineno})"
    for call in module.calls("logging.basicConfig"):
        if call.args or not all(_is_harmless(module, keyword) for keyword in call.keywords):
            return f"what basicConfig does with errors is not certain (line {call.lineno})"
    return ""


def _is_harmless(module: Module, setting: ast.keyword) -> bool:
    """Whether a setting of ``basicConfig`` leaves errors on stderr."""
    value = setting.value
    if setting.arg == "level":
        number = value.value if isinstance(value, ast.Constant) else None
        small = isinstance(number, int) and number <= 40 or number in {"DEBUG", "INFO", "WARNING", "ERROR"}
        return small or module.qualified_name(value) in _LEVELS
    if setting.arg == "stream":
        return module.qualified_name(value) == "sys.stderr"
    return setting.arg in _PLAIN_SETTINGS


# --- the set-up of the prints --------------------------------------------------------------------------------------


def _of_set_up(module: Module, names: configuration.Names, streams: frozenset[str]) -> ErrorLog | str:
    """The logger for stderr that the set-up of the prints has, or can have."""
    if STDERR in streams:
        variable = configuration.loggers_for(names, set(streams))[STDERR][0]
        # Where the file had the name for something else, the set-up took another one.
        taken = [item for item in configuration.candidates(variable) if _logger_bound_to(module, item) is not None]
        if len(taken) != 1:
            return "the set-up of the prints is not found again"
        return ErrorLog(taken[0], after=_logger_bound_to(module, taken[0]))
    if names.stderr_logger in module.identifiers:
        return f"the name {names.stderr_logger} is taken in this file"
    logger = _logger_bound_to(module, names.logger)
    configure = next(
        (item for item in module.tree.body if isinstance(item, ast.FunctionDef) and item.name == names.configure), None
    )
    if logger is None or configure is None:
        return "the set-up of the prints is not found again"
    logging, sys = reference(module, "logging", configure), reference(module, "sys", configure)
    others = _others(configure)
    parts = logging.expression, sys.expression, others
    if ast.dump(configure) != ast.dump(_configure(names, {STDOUT}, *parts)[1]):
        return "the set-up of the prints was changed"
    from pymodernize_codemods._logging.rewrite import followed_by, rewritten

    source, _ = _configure(names, {STDOUT, STDERR}, *parts)
    line = f'{names.stderr_logger} = {logging.expression}.getLogger(f"{{__name__}}.stderr")'
    edits = (
        Edit(logger, partial(followed_by, source=line)),
        Edit(configure, partial(rewritten, source=source)),
    )
    return ErrorLog(names.stderr_logger, after=logger, edits=edits)


def _logger_bound_to(module: Module, name: str) -> ast.stmt | None:
    """The statement that binds a global name to a logger, if nothing else binds it."""
    bindings = module.index.scope.bindings.get(name, [])
    statement = module.statement(bindings[0].node) if len(bindings) == 1 else None
    value = statement.value if isinstance(statement, ast.Assign) else None
    is_logger = isinstance(value, ast.Call) and module.qualified_name(value.func) == "logging.getLogger"
    return statement if is_logger else None


def _others(configure: ast.FunctionDef) -> tuple[tuple[str, str], ...]:
    """The loggers of other modules that a set-up takes care of, with their streams."""
    pairs = (node.elts for node in ast.walk(configure) if isinstance(node, ast.Tuple) and len(node.elts) == 2)
    return tuple(
        (str(name.value), str(stream.value))
        for name, stream in pairs
        if isinstance(name, ast.Constant) and isinstance(stream, ast.Constant)
    )


def _configure(
    names: configuration.Names, streams: set[str], logging: str, sys: str, others: tuple[tuple[str, str], ...]
) -> tuple[str, ast.FunctionDef]:
    """The source and the tree of the function that sets up logging for some streams."""
    loggers = configuration.loggers_for(names, streams)
    whole = configuration.plain_setup(names, loggers, logging, sys, others)
    source = whole[whole.index(f"def {names.configure}(") :]
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)  # noqa: S101 - the source starts with it
    return source, function
