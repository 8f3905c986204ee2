"""What a text means as a path, where it goes, and how it is written with pathlib: shared by the codemods of paths."""
