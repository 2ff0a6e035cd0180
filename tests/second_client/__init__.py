"""A second client, so that docs/wire.md is held to its word.

second_kiosk.py and second_check.py were written from docs/wire.md alone, by somebody who had not seen the code; they import nothing
of ours. They stay as they came: where they and the server differ, the page is mended, or the server. Never "improve" them from the
code, for then they would prove nothing.
"""
