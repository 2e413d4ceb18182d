"""What an entry of a status list means when it is set goes by its purpose."""

import json

import pytest

from tests.core.openbadges import cast
from tests.core.openbadges.cast import LIST, known
from tests.core.openbadges.test_verdicts import signed, verdict


class TestAnEntry:
    @pytest.mark.parametrize(
        ("purpose", "expected"),
        [
            ("revocation", ("revoked", "revocation")),
            ("suspension", ("revoked", "suspension")),
            ("refresh", ("valid", "")),
            ("message", ("valid", "")),
            ("withdrawal", ("unverifiable", "status-not-supported")),
            ("Revocation", ("unverifiable", "status-not-supported")),
            ("", ("unverifiable", "status-not-supported")),
        ],
    )
    def test_that_is_set_for_a_purpose_that_is_not_known_is_never_valid(self, purpose, expected):
        entry = cast.document()["credentialStatus"] | {"statusPurpose": purpose}
        payload = signed(cast.document() | {"credentialStatus": entry})
        for revoked, said in (((), ("valid", "")), ((cast.INDEX,), expected)):
            knowing = known(status_lists={LIST: cast.status_list(revoked=revoked, purpose=purpose)})
            assert verdict(payload, knowing=knowing) == said

    def test_that_is_set_for_a_purpose_that_is_not_known_hides_no_revocation(self):
        second = f"{LIST}/other"
        entry = cast.document()["credentialStatus"]
        other = entry | {"id": f"{second}#1", "statusPurpose": "withdrawal", "statusListCredential": second}
        listed = json.loads(cast.status_list(revoked=(cast.INDEX,), purpose="withdrawal"))
        del listed["proof"]
        knowing = known(
            status_lists={
                LIST: cast.status_list(revoked=(cast.INDEX,)),
                second: signed(listed | {"id": second}),
            }
        )
        for entries in ([entry, other], [other, entry]):
            payload = signed(cast.document() | {"credentialStatus": entries})
            assert verdict(payload, knowing=knowing) == ("revoked", "revocation")
