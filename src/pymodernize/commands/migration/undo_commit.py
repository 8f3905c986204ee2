"""Take a commit of a migration back: its files get the texts that they had before it."""

from __future__ import annotations

from pathlib import Path

from pymodernize.commands.apply import NoSuchRun
from pymodernize.commands.migration.committing import CutOff, Writer
from pymodernize.commands.migration.messages import MARK, shown
from pymodernize.commands.run import DONE, UNREADABLE, CannotGoOn, say
from pymodernize.files.git_repository import GitFailed, Repository
from pymodernize.report.terminal import tell
from pymodernize.settings import find_settings_file, load_history_size


def undo_commit(name: str, folder: Path, *, force: bool) -> int | None:
    """Give the files of a commit their old texts back; they are not committed.

    Args:
        name: of the commit.
        folder: in the repository.
        force: whether to do the rest if some files were edited since.

    Returns:
        The exit code; None if there is no such commit.

    Raises:
        NoSuchRun: it is none of a migration.
    """
    try:
        repository = Repository(folder)
        commit = repository.resolved(name)
    except GitFailed:
        return None
    if commit is None:
        return None
    if MARK not in repository.message_of(commit):
        raise NoSuchRun(f"{name} is no commit of pymodernize migrate; git revert takes it back")
    old: dict[Path, bytes] = {}
    new: dict[Path, bytes] = {}
    edited = []
    for path in repository.files_of(commit):
        before, after = repository.text_at(f"{commit}^", path), repository.text_at(commit, path)
        now = path.read_bytes() if path.is_file() else None
        if before is not None and now is not None and now == after:
            old[path], new[path] = now, before
        elif now != before:
            edited.append(path)
    for path in edited:
        tell(f"{shown(path, repository.top)}: was edited since")
    if edited and not force:
        tell(f"{commit[:10]} is not undone; undo what came later first, or --force restores the other files.")
        return UNREADABLE
    size = load_history_size(find_settings_file(repository.top))
    try:
        Writer([repository.top], say, break_links=True, history_size=size).write(old, new)
    except CutOff as exc:
        raise CannotGoOn(str(exc)) from exc
    files = "1 file" if len(new) == 1 else f"{len(new)} files"
    tell(f"{files} restored to what was there before {commit[:10]}; nothing is committed.")
    return UNREADABLE if edited else DONE
