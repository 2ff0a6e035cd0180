"""Who reads a page of the form: their language, and pages in it."""

from collections.abc import Mapping
from functools import cached_property
from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from server.comments import words
from server.comments.words import Message, Translate


class Reader:
    """The citizen at the other end of a request. folder: of the templates; sentences: of the pages, by name."""

    folder: ClassVar[str] = "comments"
    sentences: ClassVar[Mapping[str, str]] = words.PAGE

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.language = words.language_of(request)

    @cached_property
    def translate(self) -> Translate:
        """Into the citizen's language."""
        return words.translator(self.language)

    def page(self, template: str, status: int = 200, **context: object) -> HttpResponse:
        """A page. Each template finds the sentences under `page`, and the other languages with their own names."""
        others = [(code, words.translator(code)(words.OWN_NAME)) for code in words.LANGUAGES if code != self.language]
        page = {name: self.translate(sentence) for name, sentence in self.sentences.items()}
        known = {"language": self.language, "others": others, "page": page, **context}
        return render(self.request, f"{self.folder}/{template}.html", known, status=status)

    def message(self, message: Message, template: str = "message", **fields: object) -> HttpResponse:
        """A page of one headline and one sentence; the fields are the sentence's, and the template's."""
        said = {"headline": self.translate(message.headline), "sentence": self.translate(message.sentence).format(**fields)}
        answer = self.page(template, message.status, **said, **fields)
        if "seconds" in fields:
            answer["Retry-After"] = str(fields["seconds"])
        return answer
