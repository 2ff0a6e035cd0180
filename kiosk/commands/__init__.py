"""The command line's commands, one module each; `kiosk.__main__` joins them."""
