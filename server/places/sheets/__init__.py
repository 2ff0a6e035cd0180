"""Units, counters and officers as tables in a workbook or a CSV file: writing them, reading them, trying what they would do, doing it.

Photos, PINs, roles and the past are not in them.
"""
