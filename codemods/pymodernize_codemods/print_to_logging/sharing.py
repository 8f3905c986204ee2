"""Scripts that set up logging for the modules of their project, and modules whose records they show."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from pymodernize.semantics.project import Neighbour
from pymodernize_codemods._logging.configuration import STDOUT
from pymodernize_codemods.print_to_logging import PrintToLogging
from pymodernize_codemods.print_to_logging.script_note import Script

MODULE = "module"
_NOT_ALL = "other files import this one, and not all of them set up logging for it in this run"
_OWN_ONLY = "a script that imports this file shows its own records only, since it loads libraries that may log"
_STREAM = "a script that imports this file shows no records on stdout"
_STAR = "a script that imports all names of this file would get its logger for its own"
REASONS = frozenset({_NOT_ALL, _OWN_ONLY, _STREAM, _STAR})


def note_of(importer: Neighbour) -> Hashable | None:
    """What a file said of its logging.

    Args:
        importer: the file.
    """
    return importer.note(PrintToLogging.name())


def reason_against(importers: Sequence[Neighbour]) -> str:
    """Why records of a module may not be shown by the files that import it; empty if they are.

    Args:
        importers: all of them, also those that do so through others.
    """
    notes = [note_of(importer) for importer in importers]
    scripts = [note for note in notes if isinstance(note, Script)]
    if not scripts or not all(importer.in_run and note for importer, note in zip(importers, notes, strict=True)):
        return _NOT_ALL
    if not all(script.root for script in scripts):
        return _OWN_ONLY
    if not all(STDOUT in script.streams for script in scripts):
        return _STREAM
    named = zip(importers, notes, strict=True)
    clash = any(importer.star and isinstance(note, Script) and note.clashing for importer, note in named)
    return _STAR if clash else ""
