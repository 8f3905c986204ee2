"""How the new text of a file is put together."""
