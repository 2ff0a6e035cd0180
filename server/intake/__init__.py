"""Receives batches: in one transaction archived, folded into votes and tallies, acknowledged."""
