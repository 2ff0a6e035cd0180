"""Results for other systems: the numbers of the pages, by calls that only read."""
