"""The citizen asks how the matter stands, with the reference number alone, and takes back what was written.

The number is the only key, and so it stands in no address, and wrong ones cannot be tried out. What was written is never shown again,
and no name at all.
"""
