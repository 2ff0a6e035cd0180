"""Officers commended, by citizens or by their leaders."""
