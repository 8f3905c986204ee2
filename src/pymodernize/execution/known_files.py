"""What a run knows of files without asking again: their text and digest, and answers that the cache has.

Without a cache it reads and asks, and remembers nothing.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from pymodernize.codemod import Status
from pymodernize.execution.task import Notes
from pymodernize.files.reading import read
from pymodernize.plan import Plan, stable
from pymodernize.semantics.project import ANYTHING, ProjectFacts, ProjectFile
from pymodernize.semantics.scanning import (
    TooManyImports,
    loads_by_value,
    loads_in_packages,
    meddles,
    scan_imports,
    shares_stdout,
    starts_processes,
)
from pymodernize.transformation.result import Result, untriggered

if TYPE_CHECKING:
    from types import ModuleType

    from pymodernize.execution.cache import Cache
    from pymodernize.execution.serialisation import Form


class Memory:
    """Reads files, and looks their results up in the cache.

    Args:
        plan: what the run does.
        max_size: larger files, in bytes, are not read.
        cache: keeps answers between runs; None for none.
        code: a digest of the plan and of the code, for the cache's keys.
        refused: why a cache is not to be trusted; empty if none was refused.

    Attributes:
        kept: texts that files count as having, by real paths, whatever is in them.
    """

    def __init__(
        self, plan: Plan, max_size: int, cache: Cache | None = None, code: bytes = b"", refused: str = ""
    ) -> None:
        self.plan = plan
        self.max_size = max_size
        self.cache = cache
        self.code = code
        self.refused = refused
        self.kept: Mapping[str, bytes] = {}
        # What was read last, with its digest: who asks for the digest asks for the text next.
        self._last: tuple[Path, bytes, bytes] | None = None

    @cached_property
    def _forms(self) -> ModuleType:
        from pymodernize.execution import result_forms  # takes long to load, and only the cache needs it

        return result_forms

    @cached_property
    def _notes(self) -> Form[Notes]:
        return self._forms.form_of_notes(self.plan.codemods)

    def read(self, path: Path) -> bytes:
        """A file's bytes.

        Raises:
            Unreadable: it is gone, forbidden, too large or no file.
        """
        return self._read(path)[1]

    def _read(self, path: Path) -> tuple[Path, bytes, bytes]:
        if self.kept and (kept := self.kept.get(os.path.realpath(path))) is not None:
            import hashlib  # loads OpenSSL

            data, digest = kept, hashlib.sha256(kept).digest()
        elif self.cache is None:
            data, digest = read(path, self.max_size), b""
        else:
            data, digest = self.cache.read(path, self.max_size)
        self._last = path, data, digest
        return self._last

    def text_of(self, path: Path, digest: bytes) -> bytes | None:
        """The bytes of a file if they have a digest, None if they have changed.

        Raises:
            Unreadable: it is gone, forbidden, too large or no file.
        """
        last = self._last if self._last is not None and self._last[0] == path else self._read(path)
        self._last = None
        return last[1] if last[2] == digest else None

    def digest(self, path: Path) -> bytes:
        """The digest of a file as it is now; the same for all without a cache, where nobody needs it.

        Raises:
            Unreadable: it is gone, forbidden, too large or no file.
        """
        known = None
        if self.cache is not None and not (self.kept and os.path.realpath(path) in self.kept):
            known = self.cache.digest(os.path.abspath(path), self.max_size)
        return known if known is not None else self._read(path)[2]

    # --- what does not depend on other files ------------------------------------------------------------------------

    def without_trigger(self, path: Path, digest: bytes) -> Result | None:
        """The result for a file that contains no trigger; None for any other.

        Raises:
            Unreadable: it is gone, forbidden, too large or no file.
        """
        key = self._key("alone", digest)
        triggered = self.cache.get(key, self._forms.TRUTH) if self.cache is not None else None
        if triggered is not None:
            return None if triggered else Result()
        source = self.text_of(path, digest)
        if source is None:
            return None  # it has just changed; whoever works on it reads it again
        self._last = path, source, digest
        if self.plan.is_triggered(source):
            if self.cache is not None:
                self.cache.put(key, self._forms.TRUTH, True)
            return None
        result = untriggered(source)
        if self.cache is not None and result == Result():
            self.cache.put(key, self._forms.TRUTH, False)
        return result

    def scan(self, path: str) -> ProjectFile:
        """A file's imports, found without parsing it.

        Raises:
            Unreadable: it is gone, forbidden, too large or no file.
        """
        if self.cache is None:
            return _scan(self.read(Path(path)), self.plan)
        digest = self.digest(Path(path))
        key = self._key("scan", digest)
        known = self.cache.get(key, self._forms.FILE)
        if known is not None:
            return known
        text = self.text_of(Path(path), digest)
        if text is None:
            return _scan(self.read(Path(path)), self.plan)
        found = _scan(text, self.plan)
        self.cache.put(key, self._forms.FILE, found)
        return found

    def exports(self, key: bytes | None) -> tuple[frozenset[str] | None] | None:
        """The names that ``import *`` may take from a file, or that they cannot be told; None if that is not known."""
        return self.cache.get(key, self._forms.EXPORTS) if self.cache is not None and key is not None else None

    def keep_exports(self, key: bytes | None, names: frozenset[str] | None) -> None:
        """Remember what ``import *`` may take from a file."""
        if self.cache is not None and key is not None:
            self.cache.put(key, self._forms.EXPORTS, (names,))

    def exports_key(self, digest: bytes) -> bytes | None:
        """The cache key of the names that a file exports, None without a cache."""
        return self._key("names", digest) if self.cache is not None else None

    # --- what depends on them ---------------------------------------------------------------------------------------

    def key(self, digest: bytes, facts: ProjectFacts | None, root: str, *, for_others: bool = False) -> bytes | None:
        """The cache key of a task's answer, None without a cache.

        Args:
            digest: that of the file's text.
            facts: what is known of the project.
            root: the project's folder, which another copy of it has elsewhere.
            for_others: whether it is the notes that are asked for.
        """
        if self.cache is None:
            return None
        about = b"" if facts is None else self._facts(facts, root)
        return self._key("notes" if for_others else "result", digest, about)

    def result(self, key: bytes | None) -> Result | None:
        """The result for a file, if the cache has it."""
        return self.cache.get(key, self._forms.RESULT) if self.cache is not None and key is not None else None

    def notes(self, key: bytes | None) -> Notes | None:
        """The notes that other files need of a file, if the cache has them."""
        return self.cache.get(key, self._notes) if self.cache is not None and key is not None else None

    def keep(self, key: bytes | None, answer: Result | Notes, root: str) -> None:
        """Put an answer into the cache.

        What failed may go well another time, and is asked again. What names
        the project's folder would be wrong in another copy of it.
        """
        if self.cache is None or key is None:
            return
        if not isinstance(answer, Result):
            self.cache.put(key, self._notes, answer)
        elif _may_be_kept(answer, root):
            self.cache.put(key, self._forms.RESULT, answer)

    def _key(self, kind: str, *parts: bytes) -> bytes:
        if self.cache is None:
            return b""
        from pymodernize.execution.cache import key_of

        return key_of(kind, (self.code, *parts))

    def _facts(self, facts: ProjectFacts, root: str) -> bytes:
        """All facts as bytes, the same in every process and copy; paths of other files begin at the project's root."""
        parts = [f"{item.name}={self._part(getattr(facts, item.name), root)}" for item in fields(facts)]
        return "\n".join(parts).encode("utf-8", "surrogatepass")

    def _part(self, value: object, root: str) -> str:
        if not isinstance(value, tuple) or not value or not all(is_dataclass(item) for item in value):
            return stable(value)
        text = "\n".join(
            f"{item.name}={self._below(item.name, getattr(one, item.name), root)}"
            for one in value
            for item in fields(cast("ProjectFacts", one))
        )
        from pymodernize.execution.cache import key_of

        return key_of("neighbours", [text.encode("utf-8", "surrogatepass")]).hex()

    def _below(self, name: str, value: object, root: str) -> str:
        if name == "path" and isinstance(value, str) and value.startswith(os.path.join(root, "")):
            return "<root>" + value[len(root) :]
        return self._part(value, root)


@contextlib.contextmanager
def remembering(plan: Plan, max_size: int, use_cache: bool) -> Iterator[Memory]:
    """The memory of a run, with the user's cache if that is wanted and can be had.

    Args:
        plan: what the run does.
        max_size: larger files, in bytes, are not read.
        use_cache: whether it is wanted.
    """
    cache = code = None
    refused = ""
    if use_cache:
        from pymodernize.execution.cache import Cache, default_folder
        from pymodernize.execution.code_versions import Unknown, code_key
        from pymodernize.files.open_folders import Untrusted
        from pymodernize.files.signing import NoKey

        try:
            cache = Cache(default_folder())
            code = code_key(plan, cache)
        except Untrusted as exc:
            refused = str(exc)
        except (OSError, Unknown, NoKey):
            pass
    try:
        yield Memory(plan, max_size, cache if code else None, code or b"", refused)
    finally:
        if cache is not None:
            cache.close()


def _scan(source: bytes, plan: Plan) -> ProjectFile:
    # Files matter to each other for the sake of what they tell: a codemod that tells nothing connects none.
    try:
        imports = scan_imports(source)
    except TooManyImports:
        return ANYTHING
    return ProjectFile(
        imports,
        triggered=plan.tells(source),
        meddles=meddles(source),
        shares=shares_stdout(source),
        loads=loads_by_value(source),
        loads_in_packages=loads_in_packages(source),
        starts=starts_processes(source),
    )


def _may_be_kept(result: Result, root: str) -> bool:
    if result.error is not None or any(finding.status is Status.REJECTED for finding in result.findings):
        return False
    texts = (text for finding in result.findings for text in (finding.message, finding.reason, finding.detail))
    named = bool(root) and any(root in text for text in texts)
    return not named and (not root or result.output is None or os.fsencode(root) not in result.output)
