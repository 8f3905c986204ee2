"""Receipts: what a run has made of each file and on what evidence, so that others can make it again.

``form`` says what a receipt is, ``making`` makes one of a file's report, ``storing`` writes them below a folder and
reads them, ``collecting`` does both for a run. Whoever checks them makes the run again: ``migration.verifying``.
"""
