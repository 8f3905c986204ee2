"""Runs of a project's scripts in a throw-away copy, where they can do no harm.

``confinement`` has the programs that keep them there, ``running`` runs them and says what they did, ``command`` and
``recording`` are ``pymodernize try``. Nothing here is used unless the user asks for it.
"""
