"""What authors of codemods run: ``pymodernize new`` begins a codemod, ``pymodernize test`` checks one by its cases."""
