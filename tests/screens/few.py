"""A screen of each kind: pictures, keys, fields, a dark ground, and something that scrolls."""

from tests.stage import gallery

GALLERY = {
    name: gallery.GALLERY[name] for name in ("ask-photo", "why", "comment-link", "comment-known", "rest", "sign-in-pin", "technician-log")
}
