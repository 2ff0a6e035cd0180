"""Official papers as Word files: their layout, their templates, their numbers."""
