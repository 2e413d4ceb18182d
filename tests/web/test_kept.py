"""What is kept is rendered once for each language, and for each value that it names."""

from django.template import Context, Template
from django.utils.translation import override

from jalon.web.templatetags.kept import MOST, RENDERED

PAGE = Template("{% load kept %}{% kept theme %}{{ count }}{{ theme }}{% endkept %}{{ count }}")


class Counter:
    """Says how often it was shown."""

    def __init__(self):
        self.shown = 0

    def __str__(self):
        self.shown += 1
        return str(self.shown)


def drawn(page, *, language="fr-ca", **context):
    with override(language):
        return page.render(Context(context))


class TestWhatIsKept:
    def test_is_rendered_once_for_each_language_and_each_value(self):
        count = Counter()
        kinds = [("fr-ca", "dark"), ("en-ca", "dark"), ("en-ca", "light"), ("fr-ca", "dark")]
        said = [drawn(PAGE, language=language, theme=theme, count=count) for language, theme in kinds]
        assert said == ["1dark2", "3dark4", "5light6", "1dark7"]

    def test_is_escaped_as_ever_and_stays_so(self):
        page = Template("{% load kept %}{% kept name %}{{ name }}{% endkept %}")
        assert {drawn(page, name="<b>") for _ in range(2)} == {"&lt;b&gt;"}

    def test_makes_room_and_stays_right_when_its_values_are_many(self):
        page = Template("{% load kept %}{% kept name %}{{ name }}{% endkept %}")
        names = [str(number) for number in range(2 * MOST + 1)]
        assert [drawn(page, name=name) for name in names] == names
        assert len(RENDERED) == 1
