"""What a block of code can raise: the analysis that the codemods about exceptions share.

The answer for a block is a list of operations, each with the exception types
that it raises in operation (a missing file, bad input, a closed connection).
Where these may not be all, it has the reason: the set is open then. Types of
library calls come from the tables of :mod:`pymodernize.semantics.library`.

Left out are ``MemoryError`` and ``RecursionError``, which any operation may
raise, and the ``TypeError`` of a value that is known to be of a wrong class: a
program with such a value fails in every run. Where the class is not known, or
may be one of several, the set has the types that ``None`` or another wrong
value would raise, as the program may fail in some runs only.
"""
