"""How people log in, stay so for a working day, and change their password; who guesses passwords is made to wait."""
