"""What the patterns of the checks are made of."""
