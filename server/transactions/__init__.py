"""How many transactions a unit handled on a day: typed, from a workbook, or told by the one-stop system."""
