"""The server as a Debian package has it: the command `hailong-server`, and how an administrator sets it up.

Runs as root and without Django; what concerns the database is asked of the server's own commands.
"""
