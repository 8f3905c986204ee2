"""One file from its bytes to a result: pure, without input or output."""
