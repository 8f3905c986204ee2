"""Write users' files: all changes of a run or none. Nothing else does.

1. **Stage** (``core``, ``staging``): the new bytes of each file go to a file beside it, the old ones into the
   project's ``.pymodernize/``, and the journal says so first.
2. **Verify**: every file still holds what was read.
3. **Commit**: the journal, flushed to the disk, says that it begins. Each staged file takes its target's place by a
   rename, which POSIX and Windows make atomic. Whatever goes wrong here, what was replaced is put back.
4. **End**: the journal says that it is done.

A process that is killed leaves its journal without an end. The next one that may write takes the transaction back, or
notes that nothing was missing (``recovery``). A finished one can be undone (``history``), by a transaction of its own.

The price of the rename is that a hard link is cut: other names of the file keep the old content. ``hard-links =
"refuse"`` leaves such files alone.
"""
