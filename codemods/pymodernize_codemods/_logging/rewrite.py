"""Turn a call of print into a logging call, on LibCST nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import libcst as cst

from pymodernize.rewriting.fragments import CannotPlace
from pymodernize_codemods._logging.literals import Literal, Piece, joined, leading, quoted, quoting_of
from pymodernize_codemods._logging.messages import Part
from pymodernize_codemods._logging.place import Place


def record(call: cst.Call, function: str, parts: Sequence[Part], separator: str, place: Place) -> cst.Call:
    """The logging call that writes what a call of print writes.

    Args:
        call: the call of print.
        function: what to call: ``logger.info``.
        parts: for each positional argument, how it is taken apart.
        separator: the text between arguments.
        place: for the layout.

    Raises:
        CannotPlace: the arguments are written in a way that is not foreseen.
    """
    given = [arg for arg in call.args if arg.keyword is None]
    if not given:
        return _call(call, function, [cst.Arg(cst.SimpleString('""'))])
    if len(given) == 1 and _stays(parts[0]):
        made = _kept(call, given[0], function, place)
        alone = isinstance(made.args[0].value, (cst.SimpleString, cst.ConcatenatedString))
        spreads = _wants_lines(call, made, place) and (not alone or _fits_below(made, place))
        return _spread(made, place) if spreads else made
    if len(given) == 1 and (together := _in_place(given[0].value, parts[0])) is not None:
        template, values = together
    else:
        template, values = _merged(given, parts, separator)
    args = [cst.Arg(template), *values]
    made = _call(call, function, args)
    if not _wants_lines(call, made, place):
        return made
    inner = place.indent + place.unit
    if isinstance(template, cst.SimpleString) and len(inner) + len(template.value) + 1 > place.width:
        broken = _broken(*_taken_apart(given, parts, separator), place.width - len(inner) - 3, inner)
        args[0] = cst.Arg(broken or template)
    return _spread(made.with_changes(args=args), place)


def _stays(part: Part) -> bool:
    """Whether a single argument is passed on as it is: a literal, or an expression that shows its text."""
    return part.kind == "text" or part.kind == "value" and part.literal


def _call(call: cst.Call, function: str, args: Sequence[cst.Arg]) -> cst.Call:
    return cst.Call(func=cst.parse_expression(function), args=args, lpar=call.lpar, rpar=call.rpar)


def _passed(value: cst.BaseExpression, form: str) -> cst.Arg:
    """A value as an argument of its own, in the form that its part asks for."""
    if form == "inside":
        return cst.Arg(_argument(cst.ensure_type(value, cst.Call).args[0].value))
    bare = _argument(value)
    if form == "*":
        return cst.Arg(bare, star="*")
    return cst.Arg(cst.Call(cst.Name(form), [cst.Arg(bare)]) if form and form != "field" else bare)


# These stand in parentheses as arguments, or would mean something else without.
_IN_PARENTHESES = (cst.Tuple, cst.Yield, cst.NamedExpr, cst.GeneratorExp)


def _argument(value: cst.BaseExpression) -> cst.BaseExpression:
    """``f"{a, b}"`` has a tuple without parentheses; ``(a - b)`` and ``(name.title())`` need none."""
    if isinstance(value, _IN_PARENTHESES):
        if value.lpar:
            return value
        return value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    if not value.lpar:
        return value
    bare = value.with_changes(lpar=[], rpar=[])
    return bare if "\n" not in cst.Module([]).code_for_node(value) else value


# --- one argument that stays -----------------------------------------------------------------------------------


def _kept(call: cst.Call, arg: cst.Arg, function: str, place: Place) -> cst.Call:
    last = call.args[-1]
    kept = arg.with_changes(
        value=_argument(arg.value), comma=last.comma, whitespace_after_arg=last.whitespace_after_arg
    )
    opened = len(
        cst.Module([]).code_for_node(call.with_changes(args=[], whitespace_before_args=cst.SimpleWhitespace("")))
    )
    moved = _Moved(place.column + opened - 1, place.column + len(function) + 1)
    changed = call.with_changes(
        func=cst.parse_expression(function), args=[kept], whitespace_after_func=cst.SimpleWhitespace("")
    )
    return cst.ensure_type(changed.visit(moved), cst.Call)


class _Moved(cst.CSTTransformer):
    """Keeps continuation lines aligned with the opening bracket."""

    def __init__(self, old: int, new: int) -> None:
        self.old = " " * old
        self.new = " " * new

    def leave_ParenthesizedWhitespace(  # noqa: N802 - LibCST calls it by this name
        self, original_node: cst.ParenthesizedWhitespace, updated_node: cst.ParenthesizedWhitespace
    ) -> cst.ParenthesizedWhitespace:
        if updated_node.last_line.value == self.old:
            return updated_node.with_changes(last_line=cst.SimpleWhitespace(self.new))
        return updated_node


# --- one argument that becomes a template where it stands ------------------------------------------------------


def _in_place(node: cst.BaseExpression, part: Part) -> tuple[cst.BaseExpression, list[cst.Arg]] | None:
    """Keep the layout of adjacent literals: turn each into its part of the template."""
    literal = _literal_node(node, part)
    if not isinstance(literal, cst.ConcatenatedString):
        return None
    _, values = _pieces(part, node)
    specs = iter(part.specs)
    return _template(literal, part, specs, has_values=bool(values)), values


def _literal_node(node: cst.BaseExpression, part: Part) -> cst.BaseExpression | None:
    if part.kind == "fields":
        return node
    if part.kind in {"percent", "mapping"} and isinstance(node, cst.BinaryOperation):
        return node.left
    if part.kind == "format" and isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        return node.func.value
    return None


def _template(node: cst.BaseExpression, part: Part, specs: Iterator[str], *, has_values: bool) -> cst.BaseExpression:
    if isinstance(node, cst.ConcatenatedString):
        left = _template(node.left, part, specs, has_values=has_values)
        right = _template(node.right, part, specs, has_values=has_values)
        return node.with_changes(left=left, right=right, lpar=[], rpar=[])
    pieces = _leaf_pieces(node, part, specs)
    return joined(pieces, has_values=has_values, like=quoting_of(node))


# --- several arguments, or operands, that become one template --------------------------------------------------


def _merged(
    given: Sequence[cst.Arg], parts: Sequence[Part], separator: str
) -> tuple[cst.BaseExpression, list[cst.Arg]]:
    pieces, values = _taken_apart(given, parts, separator)
    return joined(pieces, has_values=bool(values), like=leading(pieces)), values


def _taken_apart(given: Sequence[cst.Arg], parts: Sequence[Part], separator: str) -> tuple[list[Piece], list[cst.Arg]]:
    """The pieces of the template and the values, over all arguments."""
    pieces: list[Piece] = []
    values: list[cst.Arg] = []
    between = quoted(separator, '"')
    for number, (arg, part) in enumerate(zip(given, parts, strict=True)):
        if number and separator:
            pieces.append(Literal(between, '"', raw=False))
        more, taken = _pieces(part, arg.value)
        pieces += more
        values += taken
    return pieces, values


def _broken(pieces: list[Piece], values: list[cst.Arg], width: int, indent: str) -> cst.BaseExpression | None:
    """The template as adjacent literals of limited width, None if one literal does."""
    like = leading(pieces)
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        lines[-1].append(piece)
        while sum(map(_size, lines[-1])) > width and (end := _seam(lines[-1])):
            lines[-1:] = [lines[-1][:end], lines[-1][end:]]
    if len(lines) < 2:
        return None
    strings = [joined(line, has_values=bool(values), like=leading(line) or like) for line in lines]
    space = cst.ParenthesizedWhitespace(indent=False, last_line=cst.SimpleWhitespace(indent))
    whole = strings.pop()
    while strings:
        left = cst.ensure_type(strings.pop(), cst.SimpleString)
        right = cst.ensure_type(whole, cst.SimpleString) if isinstance(whole, cst.SimpleString) else whole
        whole = cst.ConcatenatedString(left=left, right=right, whitespace_between=space)  # type: ignore[arg-type]
    return whole


def _size(piece: Piece) -> int:
    return len(piece) if isinstance(piece, str) else len(piece.written)


def _seam(line: Sequence[Piece]) -> int:
    """Where to break a line that is too long: between two literals of the old text, else in front of words; or 0."""
    first = next((number for number, piece in enumerate(line, 1) if _has_words(piece)), len(line))
    pairs = {number: (line[number - 1], line[number]) for number in range(len(line) - 1, first - 1, -1)}
    seams = [number for number, (left, right) in pairs.items() if _has_words(left) and _has_words(right)]
    gaps = [number for number, (left, right) in pairs.items() if _ends_in_blank(left) or _has_words(right)]
    return next(iter([*seams, *gaps]), 0)


def _has_words(piece: Piece) -> bool:
    return isinstance(piece, Literal) and any(map(str.isalpha, piece.written))


def _ends_in_blank(piece: Piece) -> bool:
    return isinstance(piece, Literal) and piece.written.endswith(" ")


def _pieces(part: Part, node: cst.BaseExpression) -> tuple[list[Piece], list[cst.Arg]]:
    """The template's pieces and the values of one part."""
    if part.kind == "constant":
        return [Literal(part.text, '"', raw=False)], []
    if part.kind == "value":
        return ["%s"], [cst.Arg(_argument(node))]
    if part.kind == "call":
        return [part.specs[0]], [_passed(cst.ensure_type(node, cst.Call).args[0].value, part.forms[0])]
    if part.kind == "sum":
        return _sum_pieces(part, node)
    literal = node if part.kind == "text" else _literal_node(node, part)
    if literal is None:
        raise CannotPlace(f"the {part.kind} was not found again")
    specs = iter(part.specs)
    pieces = [piece for leaf in _leaves(literal) for piece in _leaf_pieces(leaf, part, specs)]
    return pieces, _values(part, node)


def _sum_pieces(part: Part, node: cst.BaseExpression) -> tuple[list[Piece], list[cst.Arg]]:
    operands = _operands(node)
    if len(operands) != len(part.parts):
        raise CannotPlace("the operands of the concatenation were not found again")
    pieces: list[Piece] = []
    values: list[cst.Arg] = []
    for operand, inner in zip(operands, part.parts, strict=True):
        more, taken = _pieces(inner, operand)
        pieces += more
        values += taken
    return pieces, values


def _operands(node: cst.BaseExpression) -> list[cst.BaseExpression]:
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
        return [*_operands(node.left), *_operands(node.right)]
    return [node]


def _values(part: Part, node: cst.BaseExpression) -> list[cst.Arg]:
    return [_passed(value, form) for value, form in zip(_bare_values(part, node), part.forms, strict=True)]


def _bare_values(part: Part, node: cst.BaseExpression) -> list[cst.BaseExpression]:
    if part.kind == "fields":
        fields = [(leaf, item) for leaf in _leaves(node) for item in _fields(leaf)]
        pairs = zip(fields, part.forms, strict=True)
        return [_own(leaf, item) if form == "field" else item.expression for (leaf, item), form in pairs]
    if part.kind == "percent":
        right = cst.ensure_type(node, cst.BinaryOperation).right
        if isinstance(right, cst.Tuple) and part.forms != ("*",) and len(right.elements) == len(part.specs):
            return [element.value for element in right.elements]
        return [right]
    if part.kind == "mapping":
        return [cst.ensure_type(node, cst.BinaryOperation).right]
    if part.kind == "format":
        given = cst.ensure_type(node, cst.Call).args
        return [given[number].value for number in part.order]
    return []


def _own(leaf: cst.BaseExpression, item: cst.FormattedStringExpression) -> cst.FormattedString:
    """An f-string of one field."""
    single = cst.ensure_type(leaf, cst.FormattedString).quote[0] == "'"
    made = cst.FormattedString([item], start="f'" if single else 'f"', end="'" if single else '"')
    if "\n" in cst.Module([]).code_for_node(made):
        raise CannotPlace("a replacement field goes over several lines")
    return made


def _leaves(node: cst.BaseExpression) -> list[cst.BaseExpression]:
    if isinstance(node, cst.ConcatenatedString):
        return [*_leaves(node.left), *_leaves(node.right)]
    return [node]


def _fields(leaf: cst.BaseExpression) -> list[cst.FormattedStringExpression]:
    if not isinstance(leaf, cst.FormattedString):
        return []
    return [item for item in leaf.parts if isinstance(item, cst.FormattedStringExpression)]


def _named(item: cst.FormattedStringExpression, equal: cst.AssignEqual) -> str:
    """What ``{x = }`` shows in front of the value."""
    code = cst.Module([]).code_for_node
    return code(item.whitespace_before_expression) + code(item.expression) + code(equal)


_FORMAT_FIELD = re.compile(r"\{\{|\}\}|\{[^{}]*\}")


def _leaf_pieces(leaf: cst.BaseExpression, part: Part, specs: Iterator[str]) -> list[Piece]:
    """The pieces of one string literal."""
    if isinstance(leaf, cst.FormattedString):
        quote, raw = leaf.start.lstrip("fFrR"), "r" in leaf.start.lower().rstrip("'\"")
        pieces: list[Piece] = []
        for item in leaf.parts:
            if isinstance(item, cst.FormattedStringText):
                pieces.append(Literal(item.value.replace("{{", "{").replace("}}", "}"), quote, raw))
                continue
            if isinstance(item, cst.FormattedStringExpression) and item.equal is not None:
                pieces.append(Literal(quoted(_named(item, item.equal), quote), quote, raw=False))
            pieces.append(next(specs))
        return pieces
    if not isinstance(leaf, cst.SimpleString):
        raise CannotPlace(f"a {type(leaf).__name__} stands where a literal was expected")
    text, raw = leaf.raw_value, "r" in leaf.prefix.lower()
    if part.kind == "format":
        return _format_pieces(text, leaf.quote, raw, specs)
    return [Literal(text, leaf.quote, raw, is_template=part.kind in {"percent", "mapping"})]


def _format_pieces(text: str, quote: str, raw: bool, specs: Iterator[str]) -> list[Piece]:
    if "\\N{" in text and not raw or re.search(r"\\(?:x7[bBdD]|173|175|u007[bBdD])", text):
        raise CannotPlace("braces are written as escapes")
    pieces: list[Piece] = []
    position = 0
    for found in _FORMAT_FIELD.finditer(text):
        pieces.append(Literal(text[position : found.start()], quote, raw))
        field = found.group()
        pieces.append(Literal(field[0], quote, raw) if field in {"{{", "}}"} else next(specs))
        position = found.end()
    return [*pieces, Literal(text[position:], quote, raw)]


# --- layout ----------------------------------------------------------------------------------------------------


def _wants_lines(old: cst.Call, new: cst.Call, place: Place) -> bool:
    """Whether a call is longer than a line may be, or was on several lines and does not fit on one."""
    module = cst.Module([])
    before, after = module.code_for_node(old), module.code_for_node(new)
    if "\n" in after:
        return len(new.args) > 1
    fits = place.column + len(after) <= place.width
    return not fits and ("\n" in before or place.alone and len(after) > len(before))


def _fits_below(call: cst.Call, place: Place) -> bool:
    """Whether the only argument of a call, which stands on one line, is short enough for a line of its own."""
    text = cst.Module([]).code_for_node(call.args[0].value)
    return "\n" not in text and len(place.indent) + len(place.unit) + len(text) <= place.width


def _spread(call: cst.Call, place: Place) -> cst.Call:
    """The arguments on a line of their own, or one a line, indented by one level."""

    def line(indent: str) -> cst.ParenthesizedWhitespace:
        return cst.ParenthesizedWhitespace(indent=False, last_line=cst.SimpleWhitespace(indent))

    inner = place.indent + place.unit
    together = call.with_changes(args=[*call.args[:-1], call.args[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)])
    inside = cst.Module([]).code_for_node(together).partition("(")[2]
    if "\n" not in inside and len(inner) + len(inside) - 1 <= place.width:
        last = together.args[-1].with_changes(whitespace_after_arg=line(place.indent))
        return together.with_changes(args=[*together.args[:-1], last], whitespace_before_args=line(inner))
    args = [arg.with_changes(comma=cst.Comma(whitespace_after=line(inner))) for arg in call.args[:-1]]
    args.append(call.args[-1].with_changes(comma=cst.Comma(whitespace_after=line(place.indent))))
    shift = _Moved(place.column + len("print("), len(inner))
    spread = call.with_changes(args=args, whitespace_before_args=line(inner))
    return cst.ensure_type(spread.visit(shift), cst.Call)
