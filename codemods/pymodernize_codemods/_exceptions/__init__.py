"""What a block of code can raise: the analysis that the codemods about exceptions share.

The answer for a block is a list of operations, each with the exception types
that it raises in operation (a missing file, bad input, a closed connection)
and, where these are not all, the reason: then the set is open. What a row of
the knowledge in ``data/`` does not say is not known.

Left out are ``MemoryError`` and ``RecursionError``, which any operation may
raise, and the ``TypeError`` of a value that is known to be of a wrong class: a
program that has one is broken. Where the class is not known, or may be one of
several, the types that ``None`` or another wrong value would give are in the
set: the program may be one that works in other runs.
"""
