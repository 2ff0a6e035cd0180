"""The public board: what a unit published of its results, for everybody, without login."""
