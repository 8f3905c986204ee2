"""What a run tells: one module a format."""

FORMATS = ("json", "sarif", "github", "gitlab", "junit", "patch")
"""Those for programs."""
