"""Source files as text that can be written back byte for byte."""

from __future__ import annotations

import ast
import codecs
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pymodernize.source import SourceFile, UnreadableSource

BOM = codecs.BOM_UTF8


@pytest.mark.parametrize(
    ("raw", "encoding", "bom", "text"),
    [
        (b"", "utf-8", False, ""),
        (b"x = 1\n", "utf-8", False, "x = 1\n"),
        (b"x = 1", "utf-8", False, "x = 1"),
        (b"x = 1\r\ny = 2\r\n", "utf-8", False, "x = 1\r\ny = 2\r\n"),
        (b"x = 1\r\ny = 2\nz", "utf-8", False, "x = 1\r\ny = 2\nz"),
        (b"\x0cx = 1\n\x0c\ny\n", "utf-8", False, "\x0cx = 1\n\x0c\ny\n"),
        ("x = 'é €'\n".encode(), "utf-8", False, "x = 'é €'\n"),
        (BOM + b"x = 1\n", "utf-8", True, "x = 1\n"),
        (BOM, "utf-8", True, ""),
        (BOM + b"# coding: utf-8\n", "utf-8", True, "# coding: utf-8\n"),
        (BOM + b"# coding: UTF_8\n", "utf-8", True, "# coding: UTF_8\n"),
        (b"# -*- coding: latin-1 -*-\nx = '\xe9'\n", "iso8859-1", False, "# -*- coding: latin-1 -*-\nx = 'é'\n"),
        (b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n'\x80'", "cp1252", False, None),
        (b"\n# coding: iso-8859-15\n'\xa4'\n", "iso8859-15", False, "\n# coding: iso-8859-15\n'€'\n"),
        (b" \t\x0c# coding=utf8\n", "utf-8", False, " \t\x0c# coding=utf8\n"),
        (b"# coding:utf-8\r\n'\xc3\xa9'\r\n", "utf-8", False, "# coding:utf-8\r\n'é'\r\n"),
        (b"\r\n# coding: latin-1\r\n'\xe9'\r\n", "iso8859-1", False, "\r\n# coding: latin-1\r\n'é'\r\n"),
        # What editors write; Python reads these, too.
        (b"# -*- coding: utf-8-unix -*-\n'\xc3\xa9'", "utf-8", False, "# -*- coding: utf-8-unix -*-\n'é'"),
        (b"# -*- coding: latin-1-dos -*-\n'\xe9'", "iso8859-1", False, "# -*- coding: latin-1-dos -*-\n'é'"),
        (b"# coding: utf-8-sig\nx\n", "utf-8", False, "# coding: utf-8-sig\nx\n"),
        (b"# coding: ascii\nx\n", "ascii", False, "# coding: ascii\nx\n"),
        (b"# coding: shift_jis\n'\x83\x5c'\n", "shift_jis", False, "# coding: shift_jis\n'ソ'\n"),
        # No declarations: the third line, a line after code, a comment behind code.
        ("\n\n# coding: latin-1\n'é'".encode(), "utf-8", False, "\n\n# coding: latin-1\n'é'"),
        ("x = 1\n# coding: latin-1\n'é'".encode(), "utf-8", False, "x = 1\n# coding: latin-1\n'é'"),
        ("x = 1 # coding: latin-1\n'é'".encode(), "utf-8", False, "x = 1 # coding: latin-1\n'é'"),
        (b"'''\n# coding: latin-1'''\n", "utf-8", False, "'''\n# coding: latin-1'''\n"),
        (b"# encoding latin-1\n", "utf-8", False, "# encoding latin-1\n"),
    ],
)
def test_round_trip(raw: bytes, encoding: str, bom: bool, text: str | None) -> None:
    file = SourceFile.decode(raw)
    assert (file.encoding, file.bom) == (encoding, bom)
    if text is not None:
        assert file.text == text
    assert file.encode() == raw
    assert pickle.loads(pickle.dumps(file)) == file  # noqa: S301
    # Where Python itself reads the file, it reads the same.
    assert ast.dump(ast.parse(raw)) == ast.dump(ast.parse(file.text))


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"x = 1\ny = '\0'\n", "NUL byte in line 2"),
        (b"# coding: klingon\n", "unknown encoding 'klingon'"),
        (b"# coding: " + b"x" * 5000 + b"\n", "unknown encoding"),
        (b"# coding: aliases\n", "unknown encoding"),
        (b"x = 1\ny = '\xe9'\n", "not UTF-8 in line 2 and declares no other encoding"),
        (b"# coding: utf-8\nx = '\xe9'\n", "not UTF-8 in line 2"),
        (BOM + b"x = '\xe9'\n", "not UTF-8 in line 1"),
        (b"x = 1\ny = 2\rz = 3\n", "carriage return without a line feed in line 2"),
        (b"x = 1\r", "carriage return"),
        (b"x = 1\r\r\n", "carriage return"),
        ("x = 1\n".encode("utf-16"), "UTF-16"),
        (codecs.BOM_UTF16_BE + "x = 1\n".encode("utf-16-be"), "UTF-16"),
        ("x = 1\n".encode("utf-16-le"), "NUL byte"),
        ("x = 1\n".encode("utf-32"), "UTF-16"),
        (BOM + b"# coding: latin-1\n", "byte-order mark but declares 'latin-1'"),
        (BOM + b"# coding: ascii\n", "byte-order mark but declares 'ascii'"),
        (b"# coding: rot13\n", "'rot13', which is no text encoding"),
        (b"# coding: hex\n", "'hex', which is no text encoding"),
        (b"# coding: zlib\n", "no text encoding"),
        (b"# coding: ascii\n'\xc3\xa9'\n", "not ascii, which it declares"),
        (b"# coding: cp1252\n'\x81'\n", "not cp1252, which it declares"),
        (b"# coding: undefined\n", "undefined, which it declares"),
        # Encodings in which the declaration is not what it was found to be.
        (b"# coding: utf-16-le\n'ab'", "no Python source can be written in"),
        (b"# coding: cp037\nx\n", "no Python source can be written in"),
        (b"# coding: utf-16\nx'\n", "utf-16"),
        (b"# coding: utf-7\n'+4AA-'\n+AAo-x", "utf-7"),
        # Text that has no form in UTF-8, or not the same one on the way back.
        (b"# coding: unicode_escape\n'\\ud800'", "does not survive"),
        (b"# coding: raw_unicode_escape\n'\\ud800'", "does not survive"),
        (b"# coding: raw_unicode_escape\n'\\u000d'", "does not survive"),
        (b"# coding: unicode_escape\n'\\n'", "does not survive"),
        (b"# coding: idna\nx" + b"a" * 80, "idna"),
    ],
)
def test_refusals(raw: bytes, message: str) -> None:
    with pytest.raises(UnreadableSource, match="(?s).*") as caught:
        SourceFile.decode(raw)
    assert message in str(caught.value)


def test_with_data_keeps_what_is_around() -> None:
    file = SourceFile.decode(BOM + b"x\r\n").with_data("é\r\n".encode())
    assert file.encode() == BOM + "é\r\n".encode()


def test_a_character_that_the_encoding_lacks_cannot_be_written() -> None:
    file = SourceFile.decode(b"# coding: latin-1\n")
    with pytest.raises(UnicodeEncodeError):
        file.with_data("# coding: latin-1\n'€'\n".encode()).encode()


@pytest.mark.parametrize(
    ("raw", "newline"),
    [(b"", "\n"), (b"x", "\n"), (b"\n", "\n"), (b"\r\n", "\r\n"), (b"x\r\ny\n", "\r\n"), (b"x\ny\r\n", "\n")],
)
def test_newline_is_that_of_the_first_line(raw: bytes, newline: str) -> None:
    assert SourceFile.decode(raw).newline == newline


def test_lines() -> None:
    file = SourceFile.decode(b"a\r\n\x0cb\n\nc")
    assert [file.line(number) for number in range(1, 5)] == [b"a\r\n", b"\x0cb\n", b"\n", b"c"]
    assert file.line_span(4) == (7, 8)
    assert SourceFile.decode(b"a\n").line(2) == b""


# Everything that some str method takes for a line break and Python does not.
TEXT = st.text(st.sampled_from("ab#'\"()\\ \t\x0b\x0c\x1c\x1d\x85\u2028\u2029éß€\U0001f600\n\n")).map(
    lambda text: text.replace("\n", "\r\n") if len(text) % 2 else text
)


@given(TEXT, st.booleans())
def test_decode_and_encode_is_the_identity(text: str, bom: bool) -> None:
    raw = BOM * bom + text.encode()
    file = SourceFile.decode(raw)
    assert file.text == text
    assert file.encode() == raw


@given(st.text(st.characters(codec="cp1252", exclude_characters="\0\r"), max_size=60))
def test_decode_and_encode_is_the_identity_in_another_encoding(text: str) -> None:
    raw = f"# coding: cp1252\n{text}".encode("cp1252")
    file = SourceFile.decode(raw)
    assert file.text.endswith(text)
    assert file.encode() == raw


@given(st.binary(max_size=80) | st.binary(max_size=40).map(lambda tail: b"# coding: latin-1\n" + tail))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        file = SourceFile.decode(raw)
    except UnreadableSource as exc:
        assert str(exc)
    else:
        assert file.encode() == raw


@given(TEXT)
def test_offset_and_position_are_inverse(text: str) -> None:
    file = SourceFile.decode(text.encode())
    for offset in range(len(file.data) + 1):
        line, column = file.position(offset)
        assert file.offset(line, column) == offset
        start, end = file.line_span(line)
        assert start <= offset <= end
    assert b"".join(file.line(number + 1) for number in range(len(file.line_starts))) == file.data


NAMES = st.text(st.sampled_from("aé\u2028\x85\x0c\U0001f600"), max_size=5)


@given(st.lists(st.tuples(st.sampled_from(["ä", "name", "ñandú"]), NAMES), max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_positions_are_those_of_ast(lines: list[tuple[str, str]], newline: str) -> None:
    text = "".join(f'x = "{inside}" + {name}{newline}\x0c{newline}' for name, inside in lines)
    file = SourceFile.decode(text.encode())
    names = [node for node in ast.walk(ast.parse(file.text)) if isinstance(node, ast.Name) and node.id != "x"]
    assert len(names) == len(lines)
    for node in names:
        assert node.end_lineno is not None and node.end_col_offset is not None
        start, end = file.offset(node.lineno, node.col_offset), file.offset(node.end_lineno, node.end_col_offset)
        assert file.data[start:end].decode() == node.id
