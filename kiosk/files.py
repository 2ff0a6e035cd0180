"""Files that are whole or not there, as both ends write them."""

from sync.files import sync_directory, write_whole

__all__ = ["sync_directory", "write_whole"]
