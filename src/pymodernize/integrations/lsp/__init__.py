"""A language server: what the command finds, in an editor. It asks the command, a process for each question."""
