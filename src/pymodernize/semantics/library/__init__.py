"""What is known of the standard library and of well-known packages: each fact once, for all who ask."""
