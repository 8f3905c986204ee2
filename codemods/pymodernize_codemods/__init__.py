"""The rules of the written standard, one module a codemod."""
