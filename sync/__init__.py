"""The language that kiosk and server speak, and the courier that carries it."""
