"""The edit of a call's LibCST node: one more argument, laid out as its neighbours are."""

from __future__ import annotations

from typing import TypeGuard

import libcst as cst

# Parameters that stand in front of the encoding where people write it.
_BEFORE = frozenset(
    """backup buffer buffering bufsize compresslevel data fd file filename files inplace max_size mode""".split()
)


def with_encoding(call: cst.Call, value: str) -> cst.Call:
    """A call with an encoding, behind the mode and in front of what says how it is decoded.

    Args:
        call: the call as it is.
        value: the source of the encoding.
    """
    args = list(call.args)
    place = max((number for number, arg in enumerate(args, start=1) if _is_before(arg)), default=0)
    new = cst.Arg(cst.parse_expression(value), keyword=cst.Name("encoding"), equal=_equal(args))
    if not args:
        return call.with_changes(args=[new])
    if place == 0:
        return call.with_changes(args=[new.with_changes(comma=_separator(call, args)), *args])
    before = args[place - 1]
    if isinstance(before.comma, cst.Comma):
        if place == len(args):  # a comma behind the last one
            between = _on_new_line(call, args, before.comma)
            new = new.with_changes(comma=before.comma, whitespace_after_arg=before.whitespace_after_arg)
            args[-1] = before.with_changes(comma=between, whitespace_after_arg=cst.SimpleWhitespace(""))
            return call.with_changes(args=[*args, new])
        new = new.with_changes(comma=_without_comment(before.comma))
        return call.with_changes(args=[*args[:place], new, *args[place:]])
    comma, space = _separator(call, args), before.whitespace_after_arg
    if _breaks(comma.whitespace_after) and isinstance(space, cst.ParenthesizedWhitespace):
        # A comment behind the last one stays with it.
        comma = comma.with_changes(whitespace_after=comma.whitespace_after.with_changes(first_line=space.first_line))
        space = space.with_changes(first_line=_uncommented(space.first_line))
    new = new.with_changes(whitespace_after_arg=space)
    args[-1] = before.with_changes(comma=comma, whitespace_after_arg=cst.SimpleWhitespace(""))
    return call.with_changes(args=[*args, new])


def _is_before(arg: cst.Arg) -> bool:
    return arg.keyword is None or arg.keyword.value in _BEFORE


def _equal(args: list[cst.Arg]) -> cst.AssignEqual:
    """An equals sign as other arguments of the call have it."""
    found = [arg.equal for arg in args if isinstance(arg.equal, cst.AssignEqual)]
    nothing = cst.SimpleWhitespace("")
    return found[-1] if found else cst.AssignEqual(whitespace_before=nothing, whitespace_after=nothing)


def _separator(call: cst.Call, args: list[cst.Arg]) -> cst.Comma:
    """A comma as those between the arguments of the call."""
    commas = [arg.comma for arg in args[:-1] if isinstance(arg.comma, cst.Comma)]
    if commas and all(_breaks(comma.whitespace_after) for comma in commas) and _breaks(call.whitespace_before_args):
        return _without_comment(commas[-1])
    plain = next((comma for comma in commas if not _breaks(comma.whitespace_after)), None)
    return _without_comment(plain or cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")))


def _on_new_line(call: cst.Call, args: list[cst.Arg], last: cst.Comma) -> cst.Comma:
    """The comma in front of a new last argument, where the old one has one, too."""
    if _breaks(last.whitespace_after) and _breaks(call.whitespace_before_args):
        return _without_comment(last.with_changes(whitespace_after=call.whitespace_before_args))
    return _separator(call, args)


def _breaks(space: cst.BaseParenthesizableWhitespace) -> TypeGuard[cst.ParenthesizedWhitespace]:
    return isinstance(space, cst.ParenthesizedWhitespace)


def _without_comment(comma: cst.Comma) -> cst.Comma:
    """A comma with the same space behind it, but for comments and empty lines, and none in front."""
    space = comma.whitespace_after
    return cst.Comma(whitespace_after=_plain(space) if _breaks(space) else space)


def _plain(space: cst.ParenthesizedWhitespace) -> cst.ParenthesizedWhitespace:
    """The end of a line, without its comment and without empty lines behind it."""
    return space.with_changes(first_line=_uncommented(space.first_line), empty_lines=())


def _uncommented(end: cst.TrailingWhitespace) -> cst.TrailingWhitespace:
    return end.with_changes(whitespace=cst.SimpleWhitespace(""), comment=None)
