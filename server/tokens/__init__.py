"""Other systems: the tokens that let them in, and what all their calls have in common."""
