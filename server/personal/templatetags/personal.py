"""The consent beside a citizen's name, as every page that shows one shows it."""

from typing import Any

from django import template

from server.personal.wordings import wording_of

register = template.Library()


@register.inclusion_tag("personal/consent.html")
def consent(sentence: str) -> dict[str, Any]:
    """What the citizen agreed to, as it was shown, and which version that was. sentence: `Written.consent`."""
    return {"sentence": sentence, "wording": wording_of(sentence) if sentence else None}
