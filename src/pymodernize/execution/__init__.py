"""A plan run over files: in this process, in others, on other machines, or from the cache."""
