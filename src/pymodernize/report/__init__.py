"""What a run tells: one module a format."""
