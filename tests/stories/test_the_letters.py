"""Who asks for a code on a demonstration finds it: the banner leads to the letters, on a phone and on a desk."""

import pytest
from playwright.sync_api import expect

from tests.stories.conftest import DESK, PHONE


@pytest.mark.parametrize("width", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(("prefix", "name"), [("", "Courriels retenus"), ("/en", "Captured mail")])
def test_a_code_is_read_by_following_the_banner(visit, settings, prefix, name, width):
    settings.JALON_DEMO = True
    settings.EMAIL_BACKEND = "jalon.notices.mail.OutboxBackend"  # as on a real site: pytest-django replaces it
    window = visit(width=width)
    page = window.open(f"{prefix}/account/sign-up/")
    page.fill("input[type=email]", "nouvelle@ecole.example")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()
    link = page.get_by_role("link", name=name)
    expect(link).to_be_in_viewport(ratio=1)
    window.check()
    link.click()
    expect(page.locator("article.letter").first).to_contain_text("nouvelle@ecole.example")
    window.check()
