"""Checks of a whole project: its layout, its settings, what its repository has.

``project`` is what a check may know of a project, read with care and never written. ``check`` is what the author of a
check imports, ``packs`` finds the checks that are installed, ``running`` asks them and makes the texts that they offer.
This package names no check: they come by the entry-point group ``pymodernize.audit``.
"""
