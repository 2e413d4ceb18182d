import pytest

from jalon.accounts import actions
from jalon.core import codes
from tests.factories import MONDAY
from tests.issuing import make_keys, signed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["/v/{}/", "/attestations/{}/"])
class TestALivePage:
    def test_keeps_the_name_of_the_award_until_it_is_withdrawn_then_never_shows_it(self, client, page):
        make_keys()
        award = signed()
        former = award.facts["name"]
        actions.change_name(person=award.holder, name="Camille Modèle-Nouveau", at=MONDAY)
        address = page.format(codes.display(award.code))
        assert former in client.get(address).content.decode()
        actions.withdraw_names(person=award.holder, at=MONDAY)
        shown = client.get(address).content.decode()
        assert former not in shown
        assert "Camille Modèle-Nouveau" in shown
