"""The server as a Debian package has it: the command `hailong-server`, and how an administrator sets it up.

Runs as root and with the standard library only; what concerns the database is asked of the server's own commands.
"""
