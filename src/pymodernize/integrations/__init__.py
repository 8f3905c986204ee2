"""The same codemods through the runners of other tools."""
