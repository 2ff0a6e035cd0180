"""Letters to a citizen of a case, and the lists of a Monday and of the commended."""
