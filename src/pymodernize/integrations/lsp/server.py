"""The server: open files are looked at when they change, and dealt with when somebody asks."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path
from pygls.workspace import TextDocument

from pymodernize import __version__
from pymodernize.files.reading import Unreadable, read
from pymodernize.integrations.lsp import telling
from pymodernize.integrations.lsp.asking import Command, NoAnswer
from pymodernize.integrations.lsp.places import Places
from pymodernize.registry import entries
from pymodernize.source import SourceFile, UnreadableSource

_Answer = TypeVar("_Answer")
DELAY = 0.3
"""Seconds without a change after which a text is looked at."""
_MOST_BYTES = 50_000_000


@dataclass
class _Open:
    """What is known of an open file.

    Attributes:
        text: that it is known of.
        plain: what is found in it.
        fixed: the same with the edits of each finding, which takes longer.
    """

    text: str
    plain: asyncio.Task[dict[str, Any]] | None = None
    fixed: asyncio.Task[dict[str, Any]] | None = None

    def give_up(self) -> None:
        """End what is not known yet."""
        for task in (self.plain, self.fixed):
            if task is not None:
                task.cancel()


class Server(LanguageServer):
    """The language server.

    Args:
        command: what is asked.
    """

    def __init__(self, command: Command) -> None:
        # The whole text with each change: what counts as a line differs between editors and Python.
        super().__init__("pymodernize", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.ask = command
        self.known: dict[str, _Open] = {}
        self.waiting: dict[str, asyncio.Task[None]] = {}
        self.told: str | None = None

    @cached_property
    def deliberate(self) -> frozenset[tuple[str, str]]:
        """Codemods and codes of their reasons for which a place is best left."""
        return frozenset((name, code) for name, entry in entries().items() for code in entry.load().on_purpose)

    # --- what is known of a text ------------------------------------------------------------------------------------

    def places(self, text: str) -> Places:
        """Converts places of a text for the editor at the other end."""
        return Places(text, str(self.workspace.position_codec.encoding))

    def _open(self, document: TextDocument) -> _Open:
        """What is known of a file as it is now."""
        known = self.known.get(document.uri)
        if known is None or known.text != document.source:
            if known is not None:
                known.give_up()
            known = self.known[document.uri] = _Open(document.source)
        return known

    async def found(self, document: TextDocument, *, with_edits: bool = False) -> dict[str, Any]:
        """The entry of the report for a file as it is now.

        Raises:
            NoAnswer: there is none, and the user has been told.
        """
        known = self._open(document)
        name = "fixed" if with_edits else "plain"
        task = getattr(known, name)
        if task is None:
            options = ("--edits",) if with_edits else ()
            task = asyncio.ensure_future(self.ask.report(document.path, known.text, *options))
            setattr(known, name, task)
        return await self._told(task)

    async def _told(self, task: asyncio.Task[_Answer]) -> _Answer:
        """An answer; the user is told why there is none, once.

        Raises:
            NoAnswer: there is none.
        """
        try:
            answer = await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():  # the text has changed
                raise NoAnswer from None
            raise
        except NoAnswer as exc:
            if str(exc) != self.told:
                self.told = str(exc)
                kind = types.MessageType.Error
                self.window_show_message(types.ShowMessageParams(kind, f"pymodernize: {exc}"))
            raise
        self.told = None
        return answer

    # --- diagnostics ------------------------------------------------------------------------------------------------

    def look(self, uri: str, delay: float) -> None:
        """Look at a file after a while, unless it changes again."""
        if (waiting := self.waiting.pop(uri, None)) is not None:
            waiting.cancel()
        self.waiting[uri] = asyncio.ensure_future(self._publish(uri, delay))

    def look_again(self, uri: str) -> None:
        """Look at a file whatever is known of it."""
        if (known := self.known.pop(uri, None)) is not None:
            known.give_up()
        self.look(uri, 0)

    async def _publish(self, uri: str, delay: float) -> None:
        await asyncio.sleep(delay)
        document = self.workspace.get_text_document(uri)
        text = document.source
        try:
            entry = await self.found(document)
        except NoAnswer:
            return
        if text == document.source:
            shown = telling.diagnostics(entry, self.places(text), self.deliberate)
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, shown, document.version))

    def forget(self, uri: str) -> None:
        """Let go of a file that has been closed."""
        if (waiting := self.waiting.pop(uri, None)) is not None:
            waiting.cancel()
        if (known := self.known.pop(uri, None)) is not None:
            known.give_up()
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    # --- hover ------------------------------------------------------------------------------------------------------

    async def hover(self, uri: str, line: int) -> types.Hover | None:
        """Why the codemods decide as they do at a line, from 0."""
        document = self.workspace.get_text_document(uri)
        wanted = types.Range(types.Position(line, 0), types.Position(line, 0))
        try:
            entry = await self.found(document)
            if not any(telling.touches(finding, wanted) for finding in entry["findings"]):
                return None
            asked = asyncio.ensure_future(self.ask.line(document.path, document.source, line + 1))
            said = await self._told(asked)
        except NoAnswer:
            return None
        text = telling.hover(said, self.deliberate)
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text)) if text else None

    # --- actions ----------------------------------------------------------------------------------------------------

    async def actions(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        """What can be done about the findings in a range, about the file, and about all files."""
        document = self.workspace.get_text_document(params.text_document.uri)
        only = params.context.only
        try:
            entry = await self.found(document)
        except NoAnswer:
            return []
        found = []
        if telling.is_wanted(types.CodeActionKind.QuickFix, only):
            found += await self._of_findings(document, entry, params)
        if entry["text"] is not None and telling.is_wanted(telling.FIX_ALL, only):
            edit = self._edit(document.uri, document.version, self.places(document.source).edits_to(entry["text"]))
            found.append(types.CodeAction("pymodernize: all that can be in this file", telling.FIX_ALL, edit=edit))
        if telling.is_wanted(telling.EVERYWHERE, only):
            title = "pymodernize: all that can be in all files"
            found.append(types.CodeAction(title, telling.EVERYWHERE, command=types.Command(title, telling.COMMAND)))
        return found

    async def _of_findings(
        self, document: TextDocument, entry: Mapping[str, Any], params: types.CodeActionParams
    ) -> list[types.CodeAction]:
        """The actions that deal with one finding each; their edits may come later."""
        numbers = [
            number
            for number, finding in enumerate(entry["findings"])
            if finding["status"] in ("applied", "withheld") and telling.touches(finding, params.range)
        ]
        given = {item.data: item for item in params.context.diagnostics if item.source == telling.SOURCE}
        found = []
        for number in numbers:
            action = types.CodeAction(telling.title(entry["findings"][number]), types.CodeActionKind.QuickFix)
            action.diagnostics = [given[number]] if number in given else None
            action.data = {"uri": document.uri, "version": document.version, "finding": number}
            found.append(action if self._resolves else await self.resolved(action))
        return [action for action in found if self._resolves or action.edit is not None]

    @property
    def _resolves(self) -> bool:
        """Whether the editor asks for the edits of an action when it is chosen."""
        own = self.client_capabilities.text_document
        support = own.code_action.resolve_support if own is not None and own.code_action is not None else None
        return support is not None and "edit" in support.properties

    async def resolved(self, action: types.CodeAction) -> types.CodeAction:
        """An action for a finding with its edits; without them if the file has changed since."""
        data = action.data
        if not isinstance(data, dict):
            return action
        document = self.workspace.get_text_document(data["uri"])
        text = document.source
        try:
            entry = await self.found(document, with_edits=True)
        except NoAnswer:
            return action
        if document.version == data["version"] and (edits := entry["findings"][data["finding"]]["edits"]):
            action.edit = self._edit(document.uri, document.version, self.places(text).edits(edits))
        return action

    def _edit(self, uri: str, version: int | None, edits: list[types.TextEdit]) -> types.WorkspaceEdit:
        """Edits of one file, for the editor."""
        return self._edits({uri: (version, edits)})

    def _edits(self, files: Mapping[str, tuple[int | None, list[types.TextEdit]]]) -> types.WorkspaceEdit:
        own = self.client_capabilities.workspace
        edit = own.workspace_edit if own is not None else None
        if edit is None or not edit.document_changes:
            return types.WorkspaceEdit(changes={uri: edits for uri, (_, edits) in files.items()})
        return types.WorkspaceEdit(
            document_changes=[
                types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(uri, version), edits)
                for uri, (version, edits) in files.items()
            ]
        )

    async def everywhere(self) -> None:
        """Have the editor make all rewrites in all files: in open ones as they are now, in others as they are kept."""
        folders = [to_fs_path(uri) for uri in self.workspace.folders] or [self.workspace.root_path]
        paths = [path for path in folders if path is not None]
        files: dict[str, tuple[int | None, list[types.TextEdit]]] = {}
        opened = {os.path.realpath(document.path): document for document in self.workspace.text_documents.values()}
        try:
            for entry in await self._told(asyncio.ensure_future(self.ask.folders(paths))) if paths else ():
                real = os.path.realpath(entry["path"])
                if real not in opened and entry["text"] is not None:
                    uri = from_fs_path(entry["path"])
                    text = _kept(Path(entry["path"]))
                    if uri is not None and text is not None:
                        files[uri] = None, self.places(text).edits_to(entry["text"])
            for document in opened.values():
                text, entry = document.source, await self.found(document)
                if entry["text"] is not None:
                    files[document.uri] = document.version, self.places(text).edits_to(entry["text"])
        except NoAnswer:
            return
        if files:
            params = types.ApplyWorkspaceEditParams(self._edits(files), "pymodernize: all that can be")
            await self.workspace_apply_edit_async(params)
        number = f"{len(files)} file{'' if len(files) == 1 else 's'}"
        said = f"pymodernize: rewrites in {number}; none is saved" if files else "pymodernize: nothing to rewrite"
        self.window_show_message(types.ShowMessageParams(types.MessageType.Info, said))


def _kept(path: Path) -> str | None:
    """The text of a file on the disk; None if it cannot be read any more."""
    try:
        return SourceFile.decode(read(path, _MOST_BYTES)).text
    except (Unreadable, UnreadableSource):
        return None


def make_server(command: Command) -> Server:
    """A server with all that it can do.

    Args:
        command: what is asked.
    """
    server = Server(command)
    kinds = [types.CodeActionKind.QuickFix, telling.FIX_ALL, telling.EVERYWHERE]

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: types.DidOpenTextDocumentParams) -> None:
        server.look(params.text_document.uri, 0)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: types.DidChangeTextDocumentParams) -> None:
        server.look(params.text_document.uri, DELAY)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def saved(params: types.DidSaveTextDocumentParams) -> None:
        # Settings, and files that it knows, may have changed since.
        server.look_again(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.forget(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hovered(params: types.HoverParams) -> types.Hover | None:
        return await server.hover(params.text_document.uri, params.position.line)

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=kinds, resolve_provider=True)
    )
    async def asked(params: types.CodeActionParams) -> list[types.CodeAction]:
        return await server.actions(params)

    @server.feature(types.CODE_ACTION_RESOLVE)
    async def chosen(action: types.CodeAction) -> types.CodeAction:
        return await server.resolved(action)

    @server.command(telling.COMMAND)
    async def everywhere() -> None:
        await server.everywhere()

    return server
