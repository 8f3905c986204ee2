"""Receipts below a folder: each file's where the file is in its project, and the index of them all beside them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from msgspec import ValidationError, convert, to_builtins
from msgspec.structs import replace

from pymodernize.files.output_files import NoOutput, check, make_folder, write
from pymodernize.files.reading import FOR_EVIDENCE, Unreadable, read
from pymodernize.receipts.form import VERSION, Index, Receipt

INDEX = "index.json"
FILES = "files"


class NoReceipts(ValueError):
    """There are no receipts, or they are not as they were written; the message says where."""


def make_place(folder: Path) -> None:
    """Make the folder that receipts are to be written to, before anything is done that they tell of.

    Raises:
        NoOutput: it cannot be made or written to, or has the receipts of another run.
    """
    if os.path.lexists(folder / INDEX):
        raise NoOutput(f"{folder}: has the receipts of another run; name another folder, or remove them")
    make_folder(folder)
    make_folder(folder / FILES)
    check(folder / INDEX)


def store(folder: Path, index: Index, receipts: Iterable[Receipt]) -> None:
    """Write receipts and their index; those of an earlier run that this one has not are no part of it.

    Raises:
        NoOutput: they cannot be written.
    """
    digests = {}
    for receipt in receipts:
        text = text_of(receipt)
        path = _place_of(folder, receipt.file)
        os.makedirs(path.parent, exist_ok=True)
        write(path, text)
        digests[receipt.file] = hashlib.sha256(text).hexdigest()
    write(folder / INDEX, text_of(_sealed(replace(index, receipts=digests))))


def load_index(folder: Path) -> Index:
    """The index in a folder.

    Raises:
        NoReceipts: there is none, it is of another version, or not as it was written.
    """
    path = folder / INDEX
    try:
        text = read(path, FOR_EVIDENCE)
    except Unreadable as exc:
        raise NoReceipts(f"{path}: {exc}; --receipts DIR writes it") from None
    index = _parsed(path, text, Index)
    if text_of(index) != text or _sealed(index) != index:
        raise NoReceipts(f"{path}: is not what was written: its seal is that of another text")
    names = [*index.receipts, *index.files, *index.left, *index.paths, *index.frozen, *index.withheld]
    for name in [*names, *([index.options.config] if index.options.config else [])]:
        if name.startswith("/") or ".." in name.split("/") or "\\" in name and os.sep == "\\":
            raise NoReceipts(f"{path}: {name} leads out of the project")
    return index


def load_receipts(folder: Path, index: Index) -> Iterator[tuple[str, Receipt | str]]:
    """The receipts that an index lists, by the names of their files; for one that is not as it was written, why."""
    for name, digest in index.receipts.items():
        path = _place_of(folder, name)
        try:
            text = read(path, FOR_EVIDENCE)
            if hashlib.sha256(text).hexdigest() != digest:
                yield name, f"{path}: is not the receipt that was written"
            else:
                yield name, _parsed(path, text, Receipt)
        except Unreadable as exc:
            yield name, f"{path}: {exc}"
        except NoReceipts as exc:
            yield name, str(exc)


def strangers(folder: Path, index: Index) -> Iterator[Path]:
    """The files that lie among receipts and are none of them."""
    known = {os.path.join(folder, INDEX), *(str(_place_of(folder, name)) for name in index.receipts)}
    for place, _, names in os.walk(folder):
        yield from (Path(place, name) for name in sorted(names) if os.path.join(place, name) not in known)


def text_of(item: Receipt | Index) -> bytes:
    """The bytes of a receipt: the same for the same one, and ASCII whatever names are in it."""
    return json.dumps(to_builtins(item), indent=1, ensure_ascii=True).encode("ascii") + b"\n"


def _parsed(path: Path, text: bytes, kind: type[Any]) -> Any:  # noqa: ANN401 - one of that type
    try:
        document = json.loads(text)
        if isinstance(document, dict) and document.get("version") != VERSION:
            raise NoReceipts(f"{path}: is of version {document.get('version')!r}; this one reads {VERSION}")
        return convert(document, kind)
    except (ValidationError, RecursionError) as exc:
        raise NoReceipts(f"{path}: is no receipt: {exc}") from None
    except ValueError as exc:
        raise exc if isinstance(exc, NoReceipts) else NoReceipts(f"{path}: is no JSON: {exc}") from None


def _sealed(index: Index) -> Index:
    return replace(index, seal=hashlib.sha256(text_of(replace(index, seal=""))).hexdigest())


def _place_of(folder: Path, name: str) -> Path:
    return folder / FILES / f"{name}.json"


__all__ = ["FILES", "INDEX", "NoReceipts", "load_index", "load_receipts", "make_place", "store", "strangers", "text_of"]
