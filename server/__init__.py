"""The central server: receives the kiosks' batches, counts the votes, shows them to leaders."""
