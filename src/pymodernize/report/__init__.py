"""Reports of a run: one module a format."""

FORMATS = ("json", "sarif", "github", "gitlab", "junit", "patch", "html")
"""Those that stand by themselves, beside the text; all but the last are for programs."""

PASSED_OVER = {
    "flagged": "what checks find",
    "kept": "what is left on purpose",
    "withheld": "what waits for an assumption",
}
"""Outcomes of which people are not told place by place unless they ask, each with what it is."""
