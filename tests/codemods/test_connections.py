"""What the end of a with statement does to connections: what the table of them takes for granted."""

from __future__ import annotations

import contextlib
import http.client
import socket
import sqlite3
from pathlib import Path
from urllib.request import urlopen

import pytest

from pymodernize.semantics.library.file_objects import CONNECTIONS


def test_a_database_stays_open_at_the_end_of_its_own_with_statement():
    with sqlite3.connect(":memory:") as connection:
        pass
    assert connection.execute("select 1").fetchall() == [(1,)]
    with contextlib.closing(connection) as same:
        assert same is connection
    with pytest.raises(sqlite3.ProgrammingError):
        connection.execute("select 1")


def test_what_is_not_committed_is_lost_in_either_form(tmp_path: Path):
    path = tmp_path / "data"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("create table t (a)")
        connection.execute("insert into t values (1)")
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("select * from t").fetchall() == []


def test_connections_of_http_client_are_no_context_managers():
    assert not hasattr(http.client.HTTPConnection, "__exit__")
    assert CONNECTIONS["http.client.HTTPSConnection"].closing


def test_sockets_and_responses_are_closed_by_their_own(tmp_path: Path):
    with socket.socket() as made:
        assert made.fileno() >= 0
    assert made.fileno() < 0
    (tmp_path / "words").write_text("a")
    with urlopen((tmp_path / "words").as_uri()) as response:  # noqa: S310 - its own file
        assert response.read() == b"a"
    assert response.closed
