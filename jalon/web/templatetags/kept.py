"""`{% load kept %}{% kept a b %}…{% endkept %}`: the same facts are rendered once in a process.

Once for each language, and for each value of the arguments: name there all that the inside depends on. Facts of the
database are asked anew at each request and named too, so that a page never says what was true before. Never a form.
"""

from collections.abc import Hashable
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

MOST = 1_000  # renderings that a process keeps; past that it begins anew
RENDERED: dict[Hashable, SafeString] = {}


class Kept(template.Node):
    def __init__(self, nodelist: NodeList, values: list[FilterExpression]) -> None:
        self.nodelist = nodelist
        self.values = values

    def render(self, context: Context) -> SafeString:
        key: tuple[Any, ...] = (self, get_language(), *(value.resolve(context) for value in self.values))
        drawn = RENDERED.get(key)
        if drawn is None:
            drawn = self.nodelist.render(context)
            if len(RENDERED) >= MOST:
                RENDERED.clear()
            RENDERED[key] = drawn
        return drawn


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    values = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(nodelist, values)
