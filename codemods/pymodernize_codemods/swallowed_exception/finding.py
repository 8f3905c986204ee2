"""``except …: pass`` → a record at debug level."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Codemod, Definition, Edit, Finding, Rewrite
from pymodernize.reasons import Reason
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import NameTaken, Reference, reference
from pymodernize.semantics.scopes import Binding

_REASON = "a record is a new effect: handlers of the root logger, a service that collects them, may show it"


def findings(codemod: Codemod, module: Module) -> Iterator[Finding]:
    """Every handler that does nothing."""
    for handler in module.nodes(ast.ExceptHandler):
        if len(handler.body) == 1 and _is_nothing(handler.body[0]):
            yield _traced(codemod, module, handler)


def _traced(codemod: Codemod, module: Module, handler: ast.ExceptHandler) -> Finding:
    caught = module.text(handler.type) if handler.type is not None else "everything"
    caught = " ".join(caught.split())
    message = f"{caught} is caught and forgotten"
    reason = _obstacle(module, handler)
    if reason:
        return codemod.finding(module, handler, message, reason=reason)
    logger, references, definitions = _logger(module, handler)
    if logger is None:
        return codemod.finding(module, handler, message, reason=Reason("no-name", "no name is left for a logger"))
    from pymodernize_codemods._exceptions.rewriting import with_code

    text = f'{logger}.debug("ignored {_named(handler)}", exc_info=True)'
    rewrite = Rewrite(
        edits=(Edit(handler.body[0], partial(with_code, code=text)),),
        references=references,
        definitions=definitions,
    )
    return codemod.finding(module, handler, message, rewrite, assumptions={CHANGES_BEHAVIOUR.name}, reason=_REASON)


def _named(handler: ast.ExceptHandler) -> str:
    """What is caught, in the words of a message."""
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = [ast.unparse(item) for item in types if isinstance(item, (ast.Name, ast.Attribute))]
    return " or ".join(names) if len(names) == len(types) and handler.type is not None else "an exception"


def _is_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return statement.value.value is Ellipsis
    return isinstance(statement, ast.Pass)


def _obstacle(module: Module, handler: ast.ExceptHandler) -> str:
    """Why no record is written; empty if one can be."""
    for around in module.ancestors(handler):
        if isinstance(around, ast.FunctionDef) and around.name == "__del__":
            return "while the interpreter shuts down, logging may be gone"
    statement = module.parent(handler)
    body = getattr(statement, "body", [])
    if body and all(isinstance(item, (ast.Import, ast.ImportFrom)) for item in body):
        return "it chooses between modules"
    return ""


_Found = tuple[str | None, tuple[Reference, ...], tuple[Definition, ...]]


def _logger(module: Module, handler: ast.ExceptHandler) -> _Found:
    """The variable that holds the module's logger, with what it takes if it has none."""
    scope = module.index.scope
    for name, bindings in scope.bindings.items():
        if len(bindings) == 1 and _is_logger(module, bindings[0]) and module.scope(handler).lookup(name) is not None:
            if _sees(module, handler, name) and _runs_before(module, bindings[0], handler):
                return name, (), ()
    name = module.fresh.name(("logger", "_logger"), "logger")
    if name is None:
        return None, (), ()
    try:
        found = reference(module, "logging", module.tree.body[-1])
    except NameTaken:
        return None, (), ()
    if not _may_follow_imports(module, handler):
        return None, (), ()
    return name, (found,), (Definition(f"{name} = {found.expression}.getLogger(__name__)"),)


def _is_logger(module: Module, binding: Binding) -> bool:
    assign = module.parent(binding.node)
    if not isinstance(assign, ast.Assign) or not isinstance(assign.value, ast.Call):
        return False
    return module.qualified_name(assign.value.func) == "logging.getLogger" and isinstance(
        module.parent(assign), ast.Module
    )


def _sees(module: Module, node: ast.AST, name: str) -> bool:
    """Whether a name means the module's variable where a node stands."""
    found = module.scope(node).lookup(name)
    return found is not None and found[0] is module.index.scope


def _runs_before(module: Module, binding: Binding, handler: ast.ExceptHandler) -> bool:
    """Whether the logger is there when the handler runs."""
    return module.statement(binding.node).lineno < module.top_level(handler).lineno


def _may_follow_imports(module: Module, handler: ast.ExceptHandler) -> bool:
    """Whether the place after the imports comes before the handler."""
    from pymodernize.semantics.layout import preamble

    last = preamble(module).last
    return last is None or module.top_level(handler).lineno > last.lineno
