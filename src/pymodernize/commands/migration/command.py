"""``pymodernize migrate`` from its options to its exit code."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from pymodernize.assumptions import Assumption
from pymodernize.codemod import Codemod, Status
from pymodernize.commands.invocation import undo_line
from pymodernize.commands.migration import record as records
from pymodernize.commands.migration.asked import Asked, asked_of, command_of, tell_next
from pymodernize.commands.migration.bodies import Bodies
from pymodernize.commands.migration.checks import NoCheck
from pymodernize.commands.migration.committing import Committer, CutOff, Writer
from pymodernize.commands.migration.evidence import fill, write_receipts
from pymodernize.commands.migration.fitting import fitting, size_of
from pymodernize.commands.migration.judging import DIFFERS, FAILS
from pymodernize.commands.migration.messages import message_of, shown
from pymodernize.commands.migration.moves import Done, Draft, Limits, Moves
from pymodernize.commands.migration.plan_table import plan_lines
from pymodernize.commands.migration.record import NoRecord, Record
from pymodernize.commands.migration.states import States
from pymodernize.commands.migration.trial import judged
from pymodernize.commands.migration.work import Work, look
from pymodernize.commands.run import DONE, REJECTED, UNREADABLE, CannotGoOn, say
from pymodernize.files.git_repository import GitFailed, Repository
from pymodernize.files.output_files import NoOutput, make_folder, write
from pymodernize.files.signing import NoKey
from pymodernize.report.closing import counted
from pymodernize.report.table import Rows
from pymodernize.report.terminal import show, tell
from pymodernize.settings.planning import Request, common_folder, known_assumptions
from pymodernize.transaction.lock import Lock, Locked
from pymodernize.transaction.signals import tidy_end

_IGNORED = ".git-blame-ignore-revs"


def migrate(request: Request, options: Mapping[str, Any], rows: Rows | None = None) -> int:
    """Migrate what a request names.

    Args:
        request: the options that decide what is rewritten.
        options: all options.
        rows: makes those of a table.

    Returns:
        The exit code.

    Raises:
        click.UsageError: options, settings or what is found do not allow it.
        CannotGoOn: it had to stop; run again, it goes on.
    """
    asked = asked_of(request, options, rows)
    try:
        if asked.bodies is not None:
            make_folder(asked.bodies)
        with tidy_end():
            return _committed(request, asked) if asked.commit else _written(request, asked)
    except (GitFailed, NoCheck) as exc:
        raise click.UsageError(str(exc)) from exc
    except (CutOff, NoRecord, NoKey, NoOutput, Locked) as exc:
        raise CannotGoOn(str(exc)) from exc


def _written(request: Request, asked: Asked) -> int:
    """Show the plan, and write all of it if that is asked for."""
    work = look(request)
    states = States(work, {})
    drafts = _plan(states, asked.limits, Done())
    _show_plan(request, drafts, states)
    record = Record("", "", "", {})
    if asked.apply and drafts:
        if asked.judges:
            _write_checked(request, asked, states, record)
        else:
            old = {path: text for draft in reversed(drafts) for path, text in draft.old.items()}
            new = {path: text for draft in drafts for path, text in draft.new.items()}
            _writer(request, work).write(old, new)
            if request.verbosity >= 0:
                tell(f"Take it back:  {undo_line(request.paths)}")
        if asked.receipts is not None:
            write_receipts(asked.receipts, states, record, asked.verify)
    elif drafts and not asked.each:
        tell_next(request, asked.limits)
    if asked.rows is not None:
        fill(asked.rows, states, record)
    return _exit_code(request, states)


def _write_checked(request: Request, asked: Asked, states: States, record: Record) -> None:
    """Write draft after draft, each checked; then all as one run, which undo takes back as a whole."""
    states.kept = {os.path.realpath(path): text for path, text in states.originals.items()}
    done = Done()
    folder = common_folder(request.paths)
    writer = _writer(request, states.work, record)
    moves = Moves(states, asked.limits, done)
    old: dict[Path, bytes] = {}
    new: dict[Path, bytes] = {}
    with judged(asked, states, writer, record, lambda: None, folder) as tests:
        while (draft := moves.next()) is not None:
            if tests is None or tests.accepts(draft):
                old = {**draft.old, **old}
                new.update(draft.new)
                for part in draft.parts:
                    done.add(part)
    writer.write(new, old)
    writer.write(old, new)
    if new and request.verbosity >= 0:
        tell(f"Take it back:  {undo_line(request.paths)}")


def _committed(request: Request, asked: Asked) -> int:
    """Make the commits, or those that are left to make."""
    work = look(request)
    repository = Repository(common_folder(request.paths))
    os.makedirs(repository.own, mode=0o700, exist_ok=True)
    with _alone(repository):
        record = _begun(repository, request, asked, work)
        is_new = record is None
        if record is None:
            record = _new_record(repository, request, asked, work)
        paths = {os.path.realpath(path): path for path in work.found.files}
        states = States(work, record.originals, [paths[name] for name in record.left if name in paths])
        for name, codemod, line, column, _ in record.withheld:
            states.withhold(paths[name], [(codemod, line, column)])
        for name, step in record.frozen.items():
            states.frozen[paths[name]] = step
        if is_new:
            record.originals = {os.path.realpath(path): text for path, text in states.originals.items()}
            states.kept = record.originals
            records.begin(repository.own, record)
            if asked.branch is not None and repository.branch() != asked.branch:
                repository.make_branch(asked.branch)
        done = Done()
        writer = _writer(request, work, record, lambda: records.save(repository.own, record))
        committer = Committer(repository, record, writer, _messages(work, states, asked, repository), say)
        committer.settle(done, paths)
        if not is_new:
            if asked.receipts is not None:
                asked.receipts.forget_types()
            _put_back(repository, record, writer, paths)
        drafts = _plan(states, asked.limits, Done(set(done.whole), set(done.spots)))
        _show_plan(request, drafts, states)
        bodies = _bodies(work, states, asked, record, repository)
        moves = Moves(states, asked.limits, done)
        with judged(asked, states, writer, record, committer.save, repository.top) as tests:
            while (draft := fitting(moves, writer, repository)) is not None:
                if tests is not None and not tests.accepts(draft):
                    continue
                title = committer.message(draft).partition("\n")[0]
                if bodies is not None:
                    bodies.write(draft, title)
                name = committer.commit(draft, done)
                if request.verbosity >= 0:
                    tell(f"{name[:10]}  {title}  ({size_of(draft, repository.lines_of(name), asked.limits)})")
        if asked.ignore_revs and record.commits and not record.ignores:
            _ignore(repository, record)
        if asked.receipts is not None:
            write_receipts(asked.receipts, states, record, asked.verify)
        if asked.rows is not None:
            fill(asked.rows, states, record)
        record.ended = True
        committer.save()
        _close(request, record)
    return _exit_code(request, states)


@contextlib.contextmanager
def _alone(repository: Repository) -> Iterator[None]:
    """Keep other migrations of the repository waiting, also for what git still does of one that was killed."""
    lock = Lock(repository.own / "lock")
    lock.acquire(say)
    try:
        if lock.descriptor is not None and os.name == "posix":
            repository.inherited = (lock.descriptor,)
        yield
    finally:
        repository.inherited = ()
        lock.release()


def _begun(repository: Repository, request: Request, asked: Asked, work: Work) -> Record | None:
    """The record of a migration that was cut off, if it is the one that is asked for.

    Raises:
        click.UsageError: another one was cut off.
    """
    if asked.restart:
        return None
    record = records.load(repository.own)
    if record is None or record.ended:
        return None
    if record.options != _fingerprint(asked, work):
        raise click.UsageError(
            f"another migration was cut off here; go on with it: {record.command}; "
            "or forget it with --restart: what it has committed stays"
        )
    say(f"goes on with the migration that was cut off after {counted(len(record.commits), 'commit')}")
    return record


def _put_back(repository: Repository, record: Record, writer: Writer, paths: Mapping[str, Path]) -> None:
    """Give files the texts that are committed, where a run that was cut off has written others."""
    ours = {paths[name] for name in repository.touched() & record.originals.keys() if name in paths}
    texts = {path: text for path in ours if (text := repository.text_at("HEAD", path)) is not None}
    writer.write(texts, texts)


def _new_record(repository: Repository, request: Request, asked: Asked, work: Work) -> Record:
    """The record of a migration that begins.

    Raises:
        click.UsageError: the work tree, or the branch, is not as it must be.
    """
    under_way = repository.under_way()
    if under_way is not None:
        raise click.UsageError(f"a {under_way} is under way in {repository.top}; end it first")
    touched = repository.touched()
    if touched and not asked.allow_dirty:
        first = shown(Path(min(touched)), repository.top)
        more = f" and {len(touched) - 1} more" if len(touched) > 1 else ""
        raise click.UsageError(
            f"{first}{more} {'have' if more else 'has'} changes that are not committed; "
            "commit or stash them, or pass over such files with --allow-dirty"
        )
    if asked.branch is not None and repository.branch() != asked.branch and repository.has_branch(asked.branch):
        raise click.UsageError(f"there is a branch {asked.branch} already; check it out, or name another one")
    real = {os.path.realpath(path) for path in work.found.files}
    tracked = repository.tracked(work.found.files)
    for name in sorted(real - tracked):
        say(f"{shown(Path(name), repository.top)}: is not under version control here, and is passed over")
    for name in sorted(real & touched):
        say(f"{shown(Path(name), repository.top)}: has changes that are not committed, and is passed over")
    left = sorted((real - tracked) | (real & touched))
    options = _fingerprint(asked, work)
    return Record(options, command_of(request, asked.limits, "--commit"), repository.head(), {}, left=left)


def _fingerprint(asked: Asked, work: Work) -> str:
    """A digest of all that decides which commits are made."""
    parts = [share.plan.fingerprint for share in work.shares]
    parts += sorted(map(os.path.realpath, work.request.paths))
    return hashlib.sha256("\n".join([*parts, repr(asked.limits)]).encode("utf-8", "surrogateescape")).hexdigest()


def _plan(states: States, limits: Limits, done: Done) -> list[Draft]:
    """All drafts that are left to commit, as long as nothing is withheld."""
    moves = Moves(states, limits, done)
    drafts = []
    while (draft := moves.next()) is not None:
        drafts.append(draft)
        for part in draft.parts:
            done.add(part)
    return drafts


def _writer(
    request: Request, work: Work, record: Record | None = None, note: Callable[[], None] = lambda: None
) -> Writer:
    return Writer(
        [Path(path) for path in request.paths],
        say,
        break_links=work.settings.hard_links == "break",
        history_size=work.settings.history_size,
        known=None if record is None else record.texts,
        note=note,
    )


def _bodies(work: Work, states: States, asked: Asked, record: Record, repository: Repository) -> Bodies | None:
    if asked.bodies is None:
        return None
    loaded, known = _known(work, states)
    receipts = work.request.receipts
    return Bodies(asked.bodies, states, record, asked.limits, loaded, known, asked.verify, receipts, repository.top)


def _messages(work: Work, states: States, asked: Asked, repository: Repository) -> Callable[[Draft], str]:
    loaded, known = _known(work, states)
    return lambda draft: message_of(draft, states.steps, loaded, known, asked.limits, repository.top)


def _known(work: Work, states: States) -> tuple[dict[str, type[Codemod]], dict[str, Assumption]]:
    """The codemods of the steps and their assumptions, by name."""
    loaded = {name: work.installed[name].load() for name in states.steps}
    return loaded, known_assumptions(loaded.values())


def _show_plan(request: Request, drafts: Sequence[Draft], states: States) -> None:
    if request.verbosity >= 0:
        for line in plan_lines(drafts, states.steps):
            show(line)


def _ignore(repository: Repository, record: Record) -> None:
    """List the commits of a migration for ``git blame``."""
    path = repository.top / _IGNORED
    old = path.read_bytes() if path.is_file() else b""
    listed = "".join(f"{name}\n" for name in record.commits if name.encode() not in old)
    if listed:
        old += b"" if not old or old.endswith(b"\n") else b"\n"
        write(path, old + b"# pymodernize migrate\n" + listed.encode())
    message = f"Leave the migration by pymodernize out of git blame\n\ngit config blame.ignoreRevsFile {_IGNORED}\n"
    if listed or str(path) in repository.touched():
        repository.commit([path], message, new=True)
    record.ignores = True


def _close(request: Request, record: Record) -> None:
    if request.verbosity < 0:
        return
    number = len(record.commits)
    tell(f"{counted(number, 'commit')} since {record.base[:10]}")
    if record.withheld:
        them = "it" if len(record.withheld) == 1 else "them"
        why = " or ".join(item for item in (FAILS, DIFFERS) if any(row[4].startswith(item) for row in record.withheld))
        tell(f"{counted(len(record.withheld), 'rewrite')} withheld: {why.replace(' it', f' {them}')}")
    if number:
        tell(f"Look at them:   git log --stat {record.base[:10]}..")
        tell("Take one back:  pymodernize undo COMMIT")


def _exit_code(request: Request, states: States) -> int:
    """Say what could not be worked on."""
    code = DONE
    tolerated = (request.unparsable or states.work.settings.unparsable) != "error"
    for report in states.reports:
        if report.result.error is not None:
            tell(f"{report.path}: {report.result.error}")
            code = code if tolerated and report.result.unparsable else max(code, UNREADABLE)
        for finding in report.result.findings:
            if finding.status is Status.REJECTED:
                tell(f"{report.path}:{finding.line}: {finding.codemod}: {finding.sentence}")
                code = REJECTED
    return code
