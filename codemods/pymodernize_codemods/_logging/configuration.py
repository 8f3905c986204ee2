"""How a module logs already, and the set-up that it is given if it does not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pymodernize.semantics.module import Module

STDOUT, STDERR = "stdout", "stderr"
ONE, OTHER, BOTH = frozenset({STDOUT}), frozenset({STDERR}), frozenset({STDOUT, STDERR})
HANDLER = "PrintHandler"
HANDLER_NAMES = "out", "err"

# What a file may use of logging without deciding where records go.
_HARMLESS = frozenset("getLogger Logger LogRecord DEBUG INFO WARNING WARN ERROR CRITICAL FATAL NOTSET".split())


@dataclass(frozen=True)
class Logging:
    """What a module does with :mod:`logging`.

    Attributes:
        logger: the name of a module-level logger, None if there is none.
        configures: whether it configures handlers or levels, or emits records.
        shown: the streams on which its set-up shows records as their bare
            text, from INFO on; empty for any other set-up.
        at: the last statement of that set-up.
    """

    logger: str | None
    configures: bool
    shown: frozenset[str] = frozenset()
    at: ast.stmt | None = None


def existing(module: Module, preferred: str) -> Logging:
    """What a module does with logging already.

    Args:
        module: the module.
        preferred: the logger that is meant if there are several.
    """
    if b"logging" not in module.source.data:
        return Logging(None, configures=False)
    logger = _module_logger(module, preferred)
    uses = [
        qualified
        for node in module.nodes(ast.Attribute, ast.Name)
        if isinstance(node.ctx, ast.Load) and (qualified := module.qualified_name(node) or "").startswith("logging.")
    ]
    only_asks = all(name.removeprefix("logging.") in _HARMLESS for name in uses)
    emits = logger is not None and any(
        name.id == logger for name in module.nodes(ast.Name) if isinstance(name.ctx, ast.Load)
    )
    shown, at = _shown(module, logger) if logger is not None and not only_asks else (frozenset[str](), None)
    return Logging(logger, configures=not only_asks or emits, shown=shown, at=at)


def _module_logger(module: Module, preferred: str) -> str | None:
    """A name that is bound once, at module level, to ``logging.getLogger(...)``."""
    found: list[str] = []
    for statement in module.tree.body:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Call):
            continue
        if module.qualified_name(statement.value.func) != "logging.getLogger":
            continue
        for target in statement.targets:
            if isinstance(target, ast.Name) and len(module.index.scope.bindings[target.id]) == 1:
                found.append(target.id)
    if preferred in found:
        return preferred
    return found[0] if len(found) == 1 else None


def _shown(module: Module, logger: str) -> tuple[frozenset[str], ast.stmt | None]:
    """The streams that a set-up as :func:`plain_setup` writes it shows records on, and its last statement."""
    for call in module.nodes(ast.Call):
        statement = module.parent(call)
        if not isinstance(call.func, ast.Attribute) or not isinstance(statement, ast.Expr):
            continue
        if call.func.attr not in {"basicConfig", "addHandler"}:
            continue
        block = module.block(statement)
        place = block.index(statement) + 1
        written = [ast.unparse(item) for item in block[max(0, place - _MOST_LINES) : place]]
        for streams in (ONE, OTHER, BOTH):
            for root in (True, False):
                lines = plain_setup(logger, streams, "logging", "sys", _handlers(written), root=root)
                if written[-len(lines) :] == [ast.unparse(ast.parse(line)) for line in lines]:
                    return streams, statement
    return frozenset(), None


_MOST_LINES = 7
_MADE = re.compile(r"(\w+) = logging\.StreamHandler\(sys\.std(?:out|err)\)")


def _handlers(lines: Sequence[str]) -> tuple[str, str]:
    """The variables for two handlers, in statements that set them up."""
    match [found[1] for line in lines if (found := _MADE.fullmatch(line))]:
        case [*_, out, err]:
            return out, err
    return HANDLER_NAMES


def added_names(logger: str) -> tuple[str, ...]:
    """The names that a set-up may add to a module's own.

    Args:
        logger: the variable for the logger.
    """
    return logger, HANDLER, *HANDLER_NAMES, "logging", "sys"


def free_name(module: Module, name: str) -> str:
    """A name that the module does not use for anything else, as close to the one that is asked for as can be.

    Args:
        module: the module.
        name: the best one.
    """
    candidates = (name, f"_{name}", f"script_{name}", f"_pymodernize_{name}")
    return module.fresh.name(candidates, name) or candidates[-1]


def logger_line(logger: str, logging: str) -> str:
    """The assignment of a module's logger.

    Args:
        logger: the variable.
        logging: the expression for the module ``logging``.
    """
    return f"{logger} = {logging}.getLogger(__name__)"


def plain_setup(
    logger: str, streams: frozenset[str], logging: str, sys: str, names: tuple[str, str] = HANDLER_NAMES, *, root: bool
) -> list[str]:
    """The statements that show each record as print showed it; one a line.

    Args:
        logger: the variable that holds the module's logger.
        streams: where records are shown; on both, those of WARNING and above
            are on stderr, and the others on stdout.
        logging: the expression for the module ``logging``.
        sys: the expression for the module ``sys``.
        names: the variables for the handlers, if there are two.
        root: whether every record of the run is shown, not only the module's
            own: for scripts that load nothing else that logs.
    """
    if streams != BOTH:
        (stream,) = streams
        if root:
            where = f", stream={sys}.stdout" if stream == STDOUT else ""
            return [f'{logging}.basicConfig(level={logging}.INFO, format="%(message)s"{where})']
        given = f"{sys}.stdout" if stream == STDOUT else ""
        return _attached(logger, logging, f"{logging}.StreamHandler({given})")
    out, err = names
    lines = [
        f"{out} = {logging}.StreamHandler({sys}.stdout)",
        f"{out}.addFilter(lambda record: record.levelno < {logging}.WARNING)",
        f"{err} = {logging}.StreamHandler({sys}.stderr)",
        f"{err}.setLevel({logging}.WARNING)",
    ]
    if root:
        return [*lines, f'{logging}.basicConfig(level={logging}.INFO, format="%(message)s", handlers=[{out}, {err}])']
    return [*lines, *_attached(logger, logging, out, err)]


def _attached(logger: str, logging: str, *handlers: str) -> list[str]:
    return [f"{logger}.setLevel({logging}.INFO)", *(f"{logger}.addHandler({handler})" for handler in handlers)]


def exact_handler(name: str, streams: frozenset[str], logging: str, sys: str) -> str:
    """The class of a handler that does what print does, also when the stream fails.

    Args:
        name: of the class.
        streams: where records are shown, as in :func:`plain_setup`.
        logging: the expression for the module ``logging``.
        sys: the expression for the module ``sys``.
    """
    where = {ONE: "", OTHER: f", file={sys}.stderr", BOTH: ", file=stream"}[streams]
    chosen = f"        stream = {sys}.stderr if record.levelno >= {logging}.WARNING else {sys}.stdout"
    return "\n".join(
        [
            f"class {name}({logging}.Handler):",
            '    """Write records as print does, whose errors reach the caller."""',
            "",
            f"    def emit(self, record: {logging}.LogRecord) -> None:",
            '        """Write one record."""',
            *([chosen] if streams == BOTH else []),
            f"        print(self.format(record){where})",
        ]
    )


def is_exact_handler(module: Module, definition: ast.AST | None) -> bool:
    """Whether a definition is a handler as :func:`exact_handler` writes it.

    Args:
        module: the module.
        definition: any class or function.
    """
    if not isinstance(definition, ast.ClassDef) or len(definition.bases) != 1:
        return False
    base = definition.bases[0]
    logging = module.text(base).rpartition(".")[0] or "logging"
    sources = (exact_handler(definition.name, streams, logging, "sys") for streams in (ONE, OTHER, BOTH))
    return any(ast.unparse(definition) == ast.unparse(ast.parse(source)) for source in sources)


def exact_setup(logger: str, name: str, logging: str, *, root: bool) -> list[str]:
    """The statements that show each record by the handler of :func:`exact_handler`.

    Args:
        logger: the variable that holds the module's logger.
        name: the handler's class.
        logging: the expression for the module ``logging``.
        root: as in :func:`plain_setup`.
    """
    if root:
        return [f'{logging}.basicConfig(level={logging}.INFO, format="%(message)s", handlers=[{name}()])']
    return _attached(logger, logging, f"{name}()")


STANDARD_MODULES = ("logging", "sys", "time", "datetime.datetime", "datetime.timezone")
STANDARD_NAMES = ("configure_logging", "EXECUTION_ID")


def standard_setup(modules: dict[str, str]) -> Iterator[str]:
    """The definitions of the set-up with UTC time stamps, an id for the run and a log file.

    Args:
        modules: the expressions for each of :data:`STANDARD_MODULES`.
    """
    logging = modules["logging"]
    configure, identity = STANDARD_NAMES
    now = f"{modules['datetime.datetime']}.now(tz={modules['datetime.timezone']}.utc)"
    yield f'{identity} = f"exec_{{{now}:%Y%m%d_%H%M%S_%f}}"[:-3]'
    yield "\n".join(
        [
            f"def {configure}() -> None:",
            '    """Log to stdout and to a file, in UTC, each line with the id of this run."""',
            f"    {logging}.Formatter.converter = {modules['time']}.gmtime",
            f"    {logging}.basicConfig(",
            f"        level={logging}.INFO,",
            f'        format=f"%(asctime)s.%(msecs)03d UTC - {{{identity}}}"',
            '        " - %(name)s - %(levelname)s - %(message)s",',
            '        datefmt="%Y-%m-%d %H:%M:%S",',
            "        handlers=[",
            f"            {logging}.FileHandler(",
            f'                f"script_{{{identity}}}.log", delay=True, encoding="utf-8"',
            "            ),",
            f"            {logging}.StreamHandler({modules['sys']}.stdout),",
            "        ],",
            "    )",
        ]
    )
