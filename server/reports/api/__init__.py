"""Reports by call, for other systems."""
