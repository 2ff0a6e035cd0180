"""What runs by the clock beside the server, and how each of it went."""
