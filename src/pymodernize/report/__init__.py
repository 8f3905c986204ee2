"""Reports of a run: one module a format."""

FORMATS = ("json", "sarif", "github", "gitlab", "junit", "patch", "html")
"""Those that stand by themselves, beside the text; all but the last are for programs."""
