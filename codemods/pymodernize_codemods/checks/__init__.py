"""The checks of this pack: each a declaration, several in a module. What they look for is told of, and stays."""
