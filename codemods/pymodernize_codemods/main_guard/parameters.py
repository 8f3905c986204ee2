"""Give functions more parameters, and their calls the values for them. Pure, on LibCST nodes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pymodernize_codemods.main_guard.identifiers import identifier

if TYPE_CHECKING:
    import libcst as cst


def with_parameters(module: cst.Module, passed: Mapping[str, tuple[str, ...]]) -> cst.Module:
    """The module whose functions take some names as parameters, and get them from where they are called.

    Args:
        module: the whole file.
        passed: for each function's name its new parameters; that name means
            nothing else in the file, and each use of it is a call.
    """
    if not passed:
        return module
    import libcst as cst

    by_keyword = {
        identifier(item.name)
        for item in module.body
        if isinstance(item, cst.FunctionDef) and identifier(item.name) in passed and _is_keyword_only(item.params)
    }

    class Passing(cst.CSTTransformer):
        def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:
            names = passed.get(identifier(original_node.name), ())
            return updated_node.with_changes(params=_with_names(updated_node.params, names)) if names else updated_node

        def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
            func = original_node.func
            names = passed.get(identifier(func), ()) if isinstance(func, cst.Name) else ()
            if not names or not isinstance(func, cst.Name):
                return updated_node
            named = identifier(func) in by_keyword or any(item.keyword is not None for item in updated_node.args)
            args = list(updated_node.args)
            for name in names:
                args = _with_value(args, name, named=named)
            return updated_node.with_changes(args=args)

    return module.visit(Passing())


def _is_keyword_only(params: cst.Parameters) -> bool:
    return bool(params.kwonly_params) or any(
        item.default is not None for item in (*params.posonly_params, *params.params)
    )


def _with_names(params: cst.Parameters, names: tuple[str, ...]) -> cst.Parameters:
    """Parameters with more of them at their end."""
    import libcst as cst

    field = "kwonly_params" if _is_keyword_only(params) else "params"
    group: list[cst.Param] = list(getattr(params, field))
    for name in names:
        new = cst.Param(cst.Name(name))
        if group:
            last = group[-1]
            new = new.with_changes(comma=last.comma, whitespace_after_param=last.whitespace_after_param)
            between = _between(group)
            group[-1] = last.with_changes(comma=between, whitespace_after_param=cst.SimpleWhitespace(""))
        group.append(new)
    return params.with_changes(**{field: group})


def _between(items: list[cst.Param] | list[cst.Arg]) -> cst.Comma:
    """What stands between the items of a list: as between the last two."""
    import libcst as cst

    found = items[-2].comma if len(items) > 1 else None
    return found if isinstance(found, cst.Comma) else cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


def _with_value(args: list[cst.Arg], name: str, *, named: bool) -> list[cst.Arg]:
    """The arguments of a call with one more at their end."""
    import libcst as cst

    plain = cst.SimpleWhitespace("")
    new = cst.Arg(cst.Name(name))
    if named:
        equal = cst.AssignEqual(whitespace_before=plain, whitespace_after=plain)
        new = new.with_changes(keyword=cst.Name(name), equal=equal)
    if not args:
        return [new]
    last = args[-1]
    new = new.with_changes(comma=last.comma, whitespace_after_arg=last.whitespace_after_arg)
    return [*args[:-1], last.with_changes(comma=_between(args), whitespace_after_arg=plain), new]
