"""Everything that knows Kivy."""
