"""Officers commended: by citizens, in what they wrote, or by the office itself; as easy as a complaint."""
