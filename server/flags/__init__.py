"""Flags: days that look staged or neglected, for a person to judge. Nothing is deleted by them, and every vote goes on counting."""
