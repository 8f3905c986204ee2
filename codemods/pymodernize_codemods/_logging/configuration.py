"""How a module logs already, and the set-up that it is given if it does not."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from pymodernize.semantics.module import Module
from pymodernize.semantics.references import NameTaken, Reference, reference

STDOUT, STDERR = "stdout", "stderr"
HANDLER, CONFIGURE = "PrintHandler", "configure_logging"

# What a file may use of logging without deciding where records go.
_HARMLESS = frozenset("getLogger Logger LogRecord DEBUG INFO WARNING WARN ERROR CRITICAL FATAL NOTSET".split())


@dataclass(frozen=True)
class Names:
    """The module-level names that the set-up uses."""

    logger: str
    stderr_logger: str
    handler: str
    configure: str


@dataclass(frozen=True)
class Logging:
    """What a module does with :mod:`logging` before we come.

    Attributes:
        logger: the name of a module-level logger, None if there is none.
        configures: whether it configures handlers or levels, or emits records.
        ours: the streams for which the set-up of an earlier run stands there.
    """

    logger: str | None
    configures: bool
    ours: frozenset[str] = frozenset()


def existing(module: Module, wanted: Names) -> Logging:
    """Look at a module's use of logging."""
    if b"logging" not in module.source.data:
        return Logging(None, configures=False)
    logger = _module_logger(module, wanted.logger)
    uses = [
        qualified
        for node in module.nodes(ast.Attribute, ast.Name)
        if isinstance(node.ctx, ast.Load) and (qualified := module.qualified_name(node) or "").startswith("logging.")
    ]
    only_asks = all(name.removeprefix("logging.") in _HARMLESS for name in uses)
    emits = logger is not None and any(
        name.id == logger for name in module.nodes(ast.Name) if isinstance(name.ctx, ast.Load)
    )
    return Logging(logger, configures=not only_asks or emits, ours=_ours(module, wanted))


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


def _ours(module: Module, wanted: Names) -> frozenset[str]:
    """The streams that a set-up written by us, and not changed since, takes care of for this module."""
    if wanted.handler.encode() not in module.source.data:
        return frozenset()
    defined = {item.name: item for item in module.tree.body if isinstance(item, (ast.ClassDef, ast.FunctionDef))}
    template = ast.parse(plain_setup(wanted, _loggers(wanted, (STDOUT,)), "logging", "sys")).body
    handler = next(item for item in template if isinstance(item, ast.ClassDef))
    present, configure = defined.get(wanted.handler), defined.get(wanted.configure)
    if present is None or configure is None or ast.dump(present) != ast.dump(handler):
        return frozenset()
    if not any(isinstance(node.func, ast.Name) and node.func.id == wanted.configure for node in module.nodes(ast.Call)):
        return frozenset()
    return frozenset(_streams_of(configure))


def _streams_of(configure: ast.AST) -> set[str]:
    """The streams that a set-up gives the module's own loggers, from its pairs or from its only handler."""
    pairs = [node.elts for node in ast.walk(configure) if isinstance(node, ast.Tuple) and len(node.elts) == 2]
    own = [stream for name, stream in pairs if isinstance(name, (ast.Name, ast.JoinedStr))]
    if not pairs:
        own = [arg for node in ast.walk(configure) if isinstance(node, ast.Call) for arg in node.args]
    return {item.value for item in own if isinstance(item, ast.Constant) and item.value in (STDOUT, STDERR)}


def _loggers(names: Names, streams: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    table = {STDOUT: (names.logger, "__name__"), STDERR: (names.stderr_logger, 'f"{__name__}.stderr"')}
    if streams == (STDERR,):
        return {STDERR: (names.logger, "__name__")}
    return {stream: table[stream] for stream in streams}


def loggers_for(names: Names, streams: set[str]) -> dict[str, tuple[str, str]]:
    """For each stream the variable of its logger and the expression of the logger's name."""
    return _loggers(names, tuple(stream for stream in (STDOUT, STDERR) if stream in streams))


def usual_names(logger: str) -> Names:
    """The names that a module gets which leaves them all free."""
    return Names(logger, f"{'STDERR' if logger.isupper() else 'stderr'}_{logger}", HANDLER, CONFIGURE)


def candidates(name: str) -> tuple[str, ...]:
    """The names that are tried for something, the best first."""
    return name, f"_{name}", f"script_{name}", f"_pymodernize_{name}"


def choose_names(module: Module, logger: str) -> Names:
    """Names that the module does not use for anything else."""

    def free(name: str) -> str:
        return module.fresh.name(candidates(name), name) or candidates(name)[-1]

    usual = usual_names(logger)
    return Names(free(usual.logger), free(usual.stderr_logger), free(usual.handler), free(usual.configure))


def logger_lines(loggers: dict[str, tuple[str, str]], logging: str) -> list[str]:
    """The assignments of the module's loggers."""
    return [f"{variable} = {logging}.getLogger({name})" for variable, name in loggers.values()]


def plain_setup(
    names: Names,
    loggers: dict[str, tuple[str, str]],
    logging: str,
    sys: str,
    others: tuple[tuple[str, str], ...] = (),
) -> str:
    """The set-up that shows each record as print showed it.

    The handler writes to the stream of the moment, stdout where stderr is
    closed, the text and the end of the line one by one; it does not flush,
    and an error of the stream reaches the caller: as with print, and unlike
    ``logging.StreamHandler``. Loggers of other libraries are left alone.

    Args:
        names: what to call things.
        loggers: from :func:`loggers_for`.
        logging: the expression for the module ``logging``.
        sys: the expression for the module ``sys``.
        others: logger names and streams of this project's other modules.
    """
    targets = [(name, stream) for stream, (_, name) in loggers.items()]
    targets += [(f'"{name}"', stream) for name, stream in others]
    return "\n".join(
        [
            *logger_lines(loggers, logging),
            "",
            "",
            f"class {names.handler}({logging}.Handler):",
            '    """Write the text of each record to a standard stream, just as print does."""',
            "",
            f"    def __init__(self, owner: {logging}.Logger, stream: str) -> None:",
            "        super().__init__()",
            "        self.owner = owner",
            "        self.stream = stream",
            "",
            f"    def emit(self, record: {logging}.LogRecord) -> None:",
            '        """Write one record; what goes wrong reaches the caller."""',
            f"        stream = getattr({sys}, self.stream) or {sys}.stdout",
            "        if stream is not None:",
            "            stream.write(self.format(record))",
            '            stream.write("\\n")',
            "",
            "    def close(self) -> None:",
            '        """Let go of this script as Python ends, for its objects to be finalized as ever."""',
            "        self.owner.removeHandler(self)",
            "        super().close()",
            "",
            "",
            f"def {names.configure}() -> None:",
            '    """Show every record of this script, whatever its level."""',
            *_configured(names, loggers, targets, logging),
        ]
    )


def _configured(
    names: Names, loggers: dict[str, tuple[str, str]], targets: list[tuple[str, str]], logging: str
) -> list[str]:
    if len(targets) == 1:
        ((variable, _),) = loggers.values()
        return [
            f"    {variable}.setLevel({logging}.DEBUG)",
            f"    {variable}.propagate = False",
            f'    {variable}.handlers[:] = [{names.handler}({variable}, "{targets[0][1]}")]',
        ]
    pairs = ", ".join(f'({name}, "{stream}")' for name, stream in targets)
    header = [f"    for name, stream in ({pairs}):"]
    if len(header[0]) > 88:
        rows = [f'        ({name}, "{stream}"),' for name, stream in targets]
        header = ["    for name, stream in (", *rows, "    ):"]
    return [
        *header,
        f"        target = {logging}.getLogger(name)",
        f"        target.setLevel({logging}.DEBUG)",
        "        target.propagate = False",
        f"        target.handlers[:] = [{names.handler}(target, stream)]",
    ]


def standard_setup(
    names: Names, loggers: dict[str, tuple[str, str]], modules: dict[str, str], others: tuple[tuple[str, str], ...] = ()
) -> str:
    """The set-up with UTC time stamps, an id for the run and a log file.

    Args:
        names: what to call things.
        loggers: from :func:`loggers_for`.
        modules: the expressions for ``logging``, ``sys``, ``time`` and ``datetime.datetime``, ``datetime.timezone``.
        others: logger names and streams of this project's other modules.
    """
    logging, sys = modules["logging"], modules["sys"]
    targets = [(name, stream) for stream, (_, name) in loggers.items()]
    targets += [(f'"{name}"', stream) for name, stream in others]
    rows = [f"        ({name}, {sys}.{stream})," for name, stream in targets]
    now = f"{modules['datetime.datetime']}.now(tz={modules['datetime.timezone']}.utc)"
    return "\n".join(
        [
            *logger_lines(loggers, logging),
            f'EXECUTION_ID = f"exec_{{{now}:%Y%m%d_%H%M%S_%f}}"[:-3]',
            "",
            "",
            f"def {names.configure}() -> None:",
            '    """Log to the standard streams and to a file, in UTC, each line with the id of this run."""',
            f"    formatter = {logging}.Formatter(",
            '        f"%(asctime)s.%(msecs)03d UTC - {EXECUTION_ID} - %(name)s - %(levelname)s - %(message)s",',
            '        datefmt="%Y-%m-%d %H:%M:%S",',
            "    )",
            f"    formatter.converter = {modules['time']}.gmtime",
            f'    log_file = {logging}.FileHandler(f"script_{{EXECUTION_ID}}.log", delay=True, encoding="utf-8")',
            "    log_file.setFormatter(formatter)",
            "    for name, stream in (",
            *rows,
            "    ):",
            f"        console = {logging}.StreamHandler(stream)",
            "        console.setFormatter(formatter)",
            f"        target = {logging}.getLogger(name)",
            f"        target.setLevel({logging}.DEBUG)",
            "        target.propagate = False",
            "        target.handlers[:] = [console, log_file]",
        ]
    )


# The builtins that a set-up uses.
_BUILTINS = ("getattr", "super")
STANDARD_MODULES = ("logging", "sys", "time", "datetime.datetime", "datetime.timezone")


def references_for(module: Module, style: str, at: ast.AST) -> list[Reference]:
    """The names of other modules that a set-up needs.

    Raises:
        NameTaken: one of them cannot be had in this file.
    """
    for name in _BUILTINS:
        if name in module.index.scope.bindings:
            raise NameTaken(f"the file binds {name} anew, which the set-up needs")
    wanted = STANDARD_MODULES if style == "standard" else ("logging", "sys")
    return [reference(module, name, at) for name in wanted]
