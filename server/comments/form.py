"""What a citizen filled in: read from the form, held against the limits, made into what is sealed."""

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from server.comments.words import CONSENT, Translate
from sync.sealing import Written
from sync.writing import MAX_COMMENT, MAX_WRITER_ADDRESS, MAX_WRITER_NAME, MAX_WRITER_PHONE

LONGEST = {"text": MAX_COMMENT, "name": MAX_WRITER_NAME, "phone": MAX_WRITER_PHONE, "address": MAX_WRITER_ADDRESS}

_PARTING = re.compile(r"[ .()-]")


class Filled(NamedTuple):
    """The fields, tidied up. consent: whether name, phone and address may be kept; silence is none (Law 91/2025/QH15)."""

    text: str = ""
    consent: bool = False
    name: str = ""
    phone: str = ""
    address: str = ""

    def faults(self, translate: Translate) -> dict[str, str]:
        """What is to be mended, by field, as sentences."""
        found = {}
        if not self.text:
            found["text"] = translate("Xin viết góp ý trước khi gửi.")
        for field in ("text", *(("name", "phone", "address") if self.consent else ())):
            if len(getattr(self, field)) > LONGEST[field]:
                found[field] = translate("Dài quá {most} ký tự. Xin rút ngắn.").format(most=LONGEST[field])
        if self.consent and not re.fullmatch(r"\+?[0-9]*", self.phone):
            found["phone"] = translate("Số điện thoại chỉ gồm chữ số.")
        return found

    def written(self, language: str, translate: Translate) -> Written:
        """What is sealed. Without consent, or with nothing that it would be for, there is only the text."""
        if not self.consent or not (self.name or self.phone or self.address):
            return Written(text=self.text, language=language)
        return Written(
            text=self.text, language=language, name=self.name, phone=self.phone, address=self.address, consent=translate(CONSENT)
        )


def read(sent: Mapping[str, str]) -> Filled:
    """The fields as a browser sent them."""

    def one_line(field: str) -> str:
        return " ".join(_tidy(sent.get(field, "")).split())

    phone = _PARTING.sub("", one_line("phone"))
    return Filled(_tidy(sent.get("text", "")), sent.get("consent") == "yes", one_line("name"), phone, one_line("address"))


def _tidy(text: str) -> str:
    """In NFC, as the kiosk writes; lines end with one character; no other control characters."""
    plain = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\t", " ")
    return "".join(letter for letter in plain if letter == "\n" or unicodedata.category(letter) != "Cc").strip()
