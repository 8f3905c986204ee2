"""``python -m pymodernize``."""

from pymodernize.cli import main

main()
