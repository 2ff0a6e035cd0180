"""What somebody should act on now, on the page and by e-mail."""
