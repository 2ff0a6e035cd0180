"""Versions of the kiosk's program: kept, offered first to a few kiosks and then to all, and how they fared."""
