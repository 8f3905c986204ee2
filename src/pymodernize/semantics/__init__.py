"""What is known of a module: names, values, comments, layout, and the project around it."""
