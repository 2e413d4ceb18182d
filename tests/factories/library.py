"""Programs and their releases."""

import factory
from factory.django import DjangoModelFactory

from jalon.library import models as library_models
from jalon.library.models import Program, Release, Withdrawal
from tests.factories.moments import MONDAY
from tests.small_pack import small_pack


class ProgramFactory(DjangoModelFactory):
    class Meta:
        model = Program

    slug = factory.Sequence(lambda number: f"essai-{number}")
    title_fr = "Programme d’essai"
    title_en = "Trial program"
    search_fr = "programme d’essai"
    search_en = "trial program"


class ReleaseFactory(DjangoModelFactory):
    """The small pack, published and current. A test that needs another pack gives it: `typed=small_pack(…)`."""

    class Meta:
        model = Release
        skip_postgeneration_save = True

    class Params:
        typed = factory.LazyAttribute(lambda release: small_pack(release.program.slug))

    program = factory.SubFactory(ProgramFactory)
    version = "1.0.0"
    content = b"{}"
    sha256 = factory.Sequence(lambda number: f"{number:064x}")
    published_at = MONDAY

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        pack = kwargs.pop("pack_of")
        release = super()._create(model_class, *args, **kwargs)
        library_models._packs[release.sha256] = pack
        Program.objects.filter(pk=release.program_id).update(current=release)
        release.program.current = release
        return release

    pack_of = factory.SelfAttribute("typed")


class WithdrawalFactory(DjangoModelFactory):
    """A release that nobody begins any more; `actions.withdraw` also chooses which one is current then."""

    class Meta:
        model = Withdrawal

    release = factory.SubFactory(ReleaseFactory)
    reason = "Une source a changé"
    at = MONDAY
