"""The tabs of a unit's results: what each shows of a period, as sections with tables."""
