"""What is said if a rule cannot be had."""


class NoRule(ValueError):
    """A rule cannot be had; the message says which, and why."""
