"""The suggestion box: from what a citizen wrote, or touched, to the published outcome."""
