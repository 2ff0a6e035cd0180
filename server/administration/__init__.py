"""Django's administration as ours: one entrance with all other pages, our rights, and each change in the record."""
