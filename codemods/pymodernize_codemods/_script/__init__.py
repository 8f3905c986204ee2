"""What the codemods that make a command of a script share: how it starts, what it takes, how it ends."""
