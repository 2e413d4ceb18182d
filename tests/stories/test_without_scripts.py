"""A window without scripts is looked at by axe like any other, and nothing of the site runs in it meanwhile."""

import pytest

from tests.stories.conftest import Visit

SIGN_IN = "/account/sign-in/"
TICK = "() => { window.ticks = 0; setTimeout(() => window.ticks = 1); }"
TICKED = "() => window.ticks === 1"
LOADED = "typeof htmx === 'object'"


@pytest.fixture
def window(visit) -> Visit:
    seen = visit(script=False)
    seen.open(SIGN_IN)
    return seen


class TestAWindowWithoutScripts:
    def test_is_looked_at_by_axe(self, window):
        window.check()
        window.page.evaluate("document.querySelector('main label').remove()")
        assert any(one.startswith("axe label") for one in window.findings())

    def test_runs_no_script_of_the_site_while_timers_tick(self, window, visit):
        with window.timers():
            window.page.evaluate(TICK)
            window.page.wait_for_function(TICKED)
            assert not window.page.evaluate(LOADED)
        assert visit().open(SIGN_IN).evaluate(LOADED), "with scripts on, this page has a script of the site"

    def test_has_none_on_the_next_page_either(self, window):
        window.check()
        window.open(SIGN_IN)
        assert not window.page.evaluate(LOADED)

    def test_has_none_after_a_look_that_failed(self, window):
        with pytest.raises(ZeroDivisionError), window.timers():
            raise ZeroDivisionError
        window.open(SIGN_IN)
        assert not window.page.evaluate(LOADED)
