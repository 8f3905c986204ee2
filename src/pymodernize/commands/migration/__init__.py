"""``pymodernize migrate``: a project's rewrites in steps, one codemod after the other, as commits that a person reads.

Each step is made of the text that a file began with, by all codemods up to that of the step (``states``). So whatever
was done before, in whatever pieces, the last step ends in what a run of all codemods at once ends in; and a step that
was cut off is found again by its content. ``moves`` says which rewrites a commit has, ``committing`` makes it,
``record`` keeps what a run that is cut off needs to go on.
"""
