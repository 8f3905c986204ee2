"""The checks of whole projects: a module for each row of the standard, shared facts in modules with an underscore."""
