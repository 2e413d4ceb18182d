"""Files of people between the look and the confirmation: kept as one ZIP, gone once imported or a day later.

What is being imported is kept until it is done.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q

from jalon.accounts.models import PeopleImport, Person, Upload
from jalon.core.refusals import Refusal, insist

KEPT = timedelta(hours=24)
MEGABYTES = 5
MOST_FILES = 3


@transaction.atomic
def keep(*, files: Sequence[UploadedFile[bytes]], by: Person, at: datetime) -> Upload:
    """The files wait to be confirmed; this person's former ones, and everybody's of yesterday, are gone."""
    size = sum(file.size or 0 for file in files)
    insist(None if 0 < len(files) <= MOST_FILES else Refusal("people-files-mixed"))
    insist(Refusal("people-file-large", {"megabytes": MEGABYTES}) if size > MEGABYTES * 1024 * 1024 else None)
    forget(at=at, of=by)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, file in enumerate(files):
            archive.writestr(f"{number}-{Path(file.name or 'file').name}", file.read())
    return Upload.objects.create(by=by, content=packed.getvalue(), at=at)


def forget(*, at: datetime, of: Person | None = None) -> None:
    """What waits for more than a day is gone, and all that this person had; never what is being imported."""
    needed = PeopleImport.objects.begun().values("pk")
    Upload.objects.filter(Q(by=of) | Q(at__lt=at - KEPT)).exclude(pk__in=needed).delete()


@contextmanager
def opened(upload: Upload) -> Iterator[list[Path]]:
    """Give the files in a folder of their own, which is gone afterwards."""
    with TemporaryDirectory() as folder, zipfile.ZipFile(io.BytesIO(upload.content)) as archive:
        yield list(_written(archive, Path(folder)))


def _written(archive: zipfile.ZipFile, folder: Path) -> Iterable[Path]:
    for number, name in enumerate(archive.namelist()):
        path = folder / str(number) / name.partition("-")[2]
        path.parent.mkdir()
        path.write_bytes(archive.read(name))
        yield path
