"""How a message becomes a log record, and how a script logs: what the codemods that write records share."""
