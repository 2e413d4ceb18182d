import pytest

from jalon.core.refusals import Refusal, Refused, insist


class TestInsisting:
    def test_goes_on_when_there_is_no_reason(self):
        assert insist(None) is None

    def test_stops_with_the_reason_when_there_is_one(self):
        reason = Refusal("agreement-ended", {"ended_on": "2026-03-02"})
        with pytest.raises(Refused, match="agreement-ended") as stopped:
            insist(reason)
        assert stopped.value.refusal == reason


def test_a_refusal_needs_no_facts():
    assert dict(Refusal("own-submission").facts) == {}
