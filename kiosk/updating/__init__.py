"""How an installed kiosk gets its next version, and its former one again where the next does not work.

A program of its own, run by root with Debian's python3 and nothing beside the standard library: it must work when the kiosk does not.
It is installed with `kiosk.hours` and `sync.files` in one folder; `packaging/kiosk/update/` says where.
"""
