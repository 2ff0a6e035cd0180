"""Where everything of an installed server lies, and by whom it runs."""

from pathlib import Path

USER = "hailong"
PROGRAM = Path("/usr/lib/hailong-server")
TIMERS = ("night", "watch", "restoretest")
SETTINGS = Path("/etc/hailong-server/server.env")
DATA = Path("/var/lib/hailong")
EMBEDDED = DATA / "hailong.sqlite3"
BACKUPS = Path("/var/backups/hailong")
CADDYFILE = Path("/etc/caddy/Caddyfile")
OUR_SITE = Path("/etc/caddy/conf.d/hailong.caddy")
OF_THE_PROXY = Path("/etc/caddy/hailong")
AUTHORITY = OF_THE_PROXY / "hailong-ca.pem"
CADDYS_AUTHORITY = Path("/var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt")
BEHIND = "127.0.0.1:8000"
