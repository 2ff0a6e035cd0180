"""Django's administration as ours: one entrance with all other pages, and each change in the record."""
