"""The language server, spoken to by a client as an editor has one."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import coverage
import pytest
import pytest_lsp
from commands import CLEAN, PROJECT, invoke, script
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from pymodernize.integrations.lsp.asking import encoded
from pymodernize.integrations.lsp.places import Places
from pymodernize.integrations.lsp.telling import is_wanted

pytest_plugins = ["pytest_lsp"]
pytestmark = pytest.mark.asyncio

PUBLISHED = types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS
CODEMODS = "oserror-alias,bare-except"
# What measures this process measures the server, too.
MEASURED = coverage.Coverage.current() is not None
CONFIG = ClientServerConfig(
    server_command=[
        *(sys.executable, "-c"),
        "import coverage; coverage.process_startup(); from pymodernize.cli import main; main()",
        *("lsp", f"--select={CODEMODS}"),
    ],
    server_env={**os.environ, **({"COVERAGE_PROCESS_START": str(PROJECT / "pyproject.toml")} if MEASURED else {})},
)
TEXT = """\
import time


def f():
    try:
        open("\U0001f600"); time.time()
    except IOError: x = "\U0001f600", EnvironmentError
    try:
        undecided()
    except:
        pass
"""


@pytest_lsp.fixture(config=CONFIG)
async def client(lsp_client: LanguageClient, tmp_path: Path) -> Any:
    """An editor that works on a folder."""
    folders = [types.WorkspaceFolder(tmp_path.as_uri(), "it")]
    params = types.InitializeParams(client_capabilities("visual-studio-code"), workspace_folders=folders)
    await lsp_client.initialize_session(params)
    yield
    await lsp_client.shutdown_session()


def _open(client: LanguageClient, path: Path, text: str | None = None) -> str:
    """Open a file, with a text that need not be the one on the disk."""
    said = path.read_text() if text is None else text
    item = types.TextDocumentItem(path.as_uri(), types.LanguageKind.Python, 1, said)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    return path.as_uri()


async def _told(client: LanguageClient, method: str) -> None:
    """Wait for what the server says."""
    await asyncio.wait_for(client.wait_for_notification(method), 15)


def _change(client: LanguageClient, uri: str, text: str, version: int = 2) -> None:
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(version, uri), [types.TextDocumentContentChangeWholeDocument(text)]
        )
    )


async def _actions(client: LanguageClient, uri: str, line: int, *only: str) -> list[types.CodeAction | types.Command]:
    place = types.Position(line, 0)
    shown = [item for item in client.diagnostics.get(uri, []) if item.range.start.line <= line <= item.range.end.line]
    context = types.CodeActionContext(shown, only or None)
    params = types.CodeActionParams(types.TextDocumentIdentifier(uri), types.Range(place, place), context)
    return list(await client.text_document_code_action_async(params) or ())


def _applied(text: str, edits: Any) -> str:
    """A text with edits of a client that counts in UTF-16."""
    lines = text.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines) + 1)]

    def offset(place: types.Position) -> int:
        line = lines[place.line] if place.line < len(lines) else ""
        return starts[place.line] + len(line.encode("utf-16-le")[: place.character * 2].decode("utf-16-le"))

    for edit in sorted(edits, key=lambda item: (item.range.start.line, item.range.start.character), reverse=True):
        text = text[: offset(edit.range.start)] + edit.new_text + text[offset(edit.range.end) :]
    return text


def _of_one_file(edit: types.WorkspaceEdit | None, uri: str) -> Any:
    assert edit is not None
    assert edit.document_changes is not None
    (change,) = edit.document_changes
    assert isinstance(change, types.TextDocumentEdit)
    assert change.text_document.uri == uri
    return change.edits


async def test_what_is_found_is_shown_in_the_text_as_it_stands_in_the_editor(
    client: LanguageClient, tmp_path: Path
) -> None:
    path = script(tmp_path, text=CLEAN)
    uri = _open(client, path, TEXT)
    await _told(client, PUBLISHED)
    shown = [(item.code, item.range.start.line, item.range.start.character) for item in client.diagnostics[uri]]
    assert shown == [("oserror-alias", 6, 11), ("oserror-alias", 6, 30), ("bare-except", 9, 4)]
    alias, _, left = client.diagnostics[uri]
    assert (alias.source, alias.severity) == ("pymodernize", types.DiagnosticSeverity.Information)
    assert (left.severity, left.message.count("undecided")) == (types.DiagnosticSeverity.Information, 1)
    assert path.read_text() == CLEAN
    _change(client, uri, CLEAN)
    await _told(client, PUBLISHED)
    assert not client.diagnostics[uri]
    _change(client, uri, 'try:\n    print "x"\nexcept IOError:\n    pass\n', 3)
    await _told(client, PUBLISHED)
    (error,) = client.diagnostics[uri]
    assert error.message.startswith("looks like Python 2, line 2")
    client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))
    await _told(client, PUBLISHED)
    assert not client.diagnostics[uri]


async def test_a_finding_and_a_file_are_dealt_with(client: LanguageClient, tmp_path: Path) -> None:
    path = script(tmp_path, text=CLEAN)
    uri = _open(client, path, TEXT)
    await _told(client, PUBLISHED)
    first, second, whole, everywhere = await _actions(client, uri, 6)
    assert isinstance(everywhere, types.Command), "what the client's library takes for one: it has one"
    assert isinstance(first, types.CodeAction)
    assert isinstance(whole, types.CodeAction)
    assert (first.kind, second.kind, whole.kind) == ("quickfix", "quickfix", "source.fixAll.pymodernize")
    assert first.title == "oserror-alias: IOError is OSError"
    assert first.diagnostics is not None
    assert list(first.diagnostics) == [client.diagnostics[uri][0]]
    expected = TEXT.replace("IOError", "OSError")
    asked = ("--apply", "-q", "--select", CODEMODS, "-")
    assert _applied(TEXT, _of_one_file(whole.edit, uri)) == invoke(*asked, cwd=tmp_path, stdin=TEXT.encode()).out
    assert await _actions(client, uri, 0, "source.fixAll") == [whole]
    assert first.edit is None, "its edits come when it is chosen"
    chosen = await client.code_action_resolve_async(first)
    assert _applied(TEXT, _of_one_file(chosen.edit, uri)) == expected
    _change(client, uri, f"\n{TEXT}")
    late = await client.code_action_resolve_async(first)
    assert late.edit is None, "the text is another one"
    assert path.read_text() == CLEAN


async def test_settings_are_those_of_the_file(client: LanguageClient, tmp_path: Path) -> None:
    settings = tmp_path / "a" / "pyproject.toml"
    path = script(tmp_path, "a/job.py", TEXT)
    settings.write_text("[tool.pymodernize]\nmax-file-size = 20\n")
    uri = _open(client, path)
    await _told(client, PUBLISHED)
    (error,) = client.diagnostics[uri]
    assert error.message == "is larger than the limit of 20 bytes (max-file-size)"
    settings.write_text("[tool.pymodernize]\nignre = []\n")
    client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri)))
    await _told(client, types.WINDOW_SHOW_MESSAGE)
    assert "unknown key 'ignre'; did you mean 'ignore'?" in client.messages[-1].message
    assert await _actions(client, uri, 6) == []
    settings.unlink()
    client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri)))
    await _told(client, PUBLISHED)
    assert len(client.diagnostics[uri]) == 3


async def test_hovering_explains(client: LanguageClient, tmp_path: Path) -> None:
    uri = _open(client, script(tmp_path, text=CLEAN), TEXT)

    async def said(line: int) -> str:
        found = await client.text_document_hover_async(
            types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(line, 1))
        )
        return found.contents.value if found and isinstance(found.contents, types.MarkupContent) else ""

    known = invoke("--explain-line", "-:10", "--select", CODEMODS, cwd=tmp_path, stdin=TEXT.encode()).out
    text = await said(9)
    assert text.startswith("**bare-except** (applied)")
    assert known.splitlines()[-1] in text.replace("\\", "")
    assert "undecided\\(\\)" in text
    assert await said(0) == ""


async def test_all_files_are_dealt_with(client: LanguageClient, tmp_path: Path) -> None:
    opened = _open(client, script(tmp_path, "opened.py", CLEAN), TEXT)
    kept = script(tmp_path, "sub/caf\u00e9 kept.py", TEXT)
    script(tmp_path, "clean.py", CLEAN)
    asked: list[types.ApplyWorkspaceEditParams] = []

    @client.feature(types.WORKSPACE_APPLY_EDIT)
    def apply(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        asked.append(params)
        return types.ApplyWorkspaceEditResult(applied=True)

    await client.workspace_execute_command_async(types.ExecuteCommandParams("pymodernize.fixEverywhere"))
    (params,) = asked
    changes = {item.text_document.uri: item for item in params.edit.document_changes or () if hasattr(item, "edits")}
    by_path = {unquote(urlparse(uri).path): item for uri, item in changes.items()}
    assert {path: item.text_document.version for path, item in by_path.items()} == {
        str(tmp_path / "opened.py"): 1,
        str(kept): None,
    }
    for item in by_path.values():
        assert "IOError" not in _applied(TEXT, item.edits)
    assert (kept.read_text(), opened) == (TEXT, (tmp_path / "opened.py").as_uri())
    assert client.messages[-1].message == "pymodernize: rewrites in 2 files; none is saved"


@pytest_lsp.fixture(config=CONFIG)
async def plain(lsp_client: LanguageClient, tmp_path: Path) -> Any:
    """An editor that knows little: no edits on demand, no versions."""
    await lsp_client.initialize_session(
        types.InitializeParams(types.ClientCapabilities(), root_uri=tmp_path.as_uri(), workspace_folders=None)
    )
    yield
    await lsp_client.shutdown_session()


async def test_an_editor_that_knows_little(plain: LanguageClient, tmp_path: Path) -> None:
    uri = _open(plain, script(tmp_path, text=CLEAN), TEXT)
    action, _ = await _actions(plain, uri, 6, "quickfix")
    assert isinstance(action, types.CodeAction)
    assert action.edit is not None
    assert action.edit.changes is not None
    assert _applied(TEXT, action.edit.changes[uri]) == TEXT.replace("IOError", "OSError")


# --- without a server -----------------------------------------------------------------------------------------------


async def test_places_are_counted_as_the_editor_does() -> None:
    text = "a = '\U0001f600\u00e9'; b\f\nc"
    for encoding, units in (("utf-8", 12), ("utf-16", 9), ("utf-32", 8), ("other", 9)):
        assert Places(text, encoding).position(1, 9) == types.Position(0, units)
    assert Places(text, "utf-16").position(3, 1) == types.Position(2, 0)


async def test_a_text_is_encoded_as_its_file_will_be() -> None:
    assert encoded("# \u00e9") == b"# \xc3\xa9"
    assert encoded("# coding: latin-1\n# \u00e9") == b"# coding: latin-1\n# \xe9"
    for text in ("# coding: latin-1\n# \u4f60", "# coding: none-such\n", "\ud800"):
        assert encoded(text) == text.encode("utf-8", "surrogatepass")


async def test_kinds_stand_for_all_below_them() -> None:
    assert is_wanted("source.fixAll.pymodernize", None)
    assert is_wanted("source.fixAll.pymodernize", ["source.fixAll"])
    assert not is_wanted("source.pymodernize.everywhere", ["source.fixAll", "quickfix"])
