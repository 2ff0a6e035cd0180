"""How much a citizen may write, in characters of Unicode's NFC: on the kiosk, and in the server's form."""

MAX_COMMENT = 1000
MAX_WRITER_NAME = 80
MAX_WRITER_PHONE = 15
MAX_WRITER_ADDRESS = 200
