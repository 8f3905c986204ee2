"""Files and folders of users and of our own, other programs, and git: what the system holds."""
