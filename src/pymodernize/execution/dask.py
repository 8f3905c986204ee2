"""The workers of a Dask cluster instead of processes of this machine (the extra ``dask``).

They get bytes and give bytes back: none needs to see the files. What a worker that dies was at work on, Dask hands to
another one.

What travels, both ways, is pickled, and loading it may run any code: the scheduler and all that can connect to it must
be trusted as this process is.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pymodernize.execution.pool import Pool
from pymodernize.plan import Plan

if TYPE_CHECKING:
    from concurrent.futures import Executor

PATIENCE = "10s"


class NoCluster(Exception):
    """There is no cluster to work with; the message says why."""


@contextlib.contextmanager
def cluster(plan: Plan, address: str, jobs: int | None) -> Iterator[Pool]:
    """The workers of a cluster.

    Args:
        plan: what to do.
        address: the scheduler's, such as ``tcp://10.0.0.1:8786``.
        jobs: how many tasks may be under way at once, about; as many as the
            workers have threads if None.

    Raises:
        NoCluster: Dask is not installed, or nobody answers at the address.
    """
    try:
        from distributed import Client
    except ImportError as exc:
        raise NoCluster("--executor dask needs Dask: pip install distributed") from exc
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as exc:
        raise NoCluster(f"no Dask scheduler answers at {address}: {exc}") from exc
    with client:

        def open_executor(_number: int) -> Executor:
            # Not pure: equal texts of two files are two tasks, and nobody pays for a digest of each.
            return client.get_executor(pure=False)

        nthreads: Any = client.nthreads()  # of a client that is not asynchronous: a dictionary
        threads = sum(nthreads.values())
        if not threads:
            raise NoCluster(f"the Dask scheduler at {address} has no workers")
        with Pool(plan, jobs or threads, open_executor) as pool:
            yield pool
