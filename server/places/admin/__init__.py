"""Units, counters, officers, and who may what, in the administration. What results refer to cannot be deleted there."""

from server.places.admin import counters, officers, people, units

__all__ = ["counters", "officers", "people", "units"]
