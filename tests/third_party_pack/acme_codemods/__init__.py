"""The codemods of a team that has rules of its own."""
