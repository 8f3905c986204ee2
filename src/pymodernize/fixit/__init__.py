"""Rules of Fixit as codemods: what a team has written for Fixit takes part in a run."""
