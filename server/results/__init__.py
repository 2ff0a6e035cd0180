"""What leaders see: tallies and statistics as pages."""
