"""A log that only grows: one digest speaks for every line, and short proofs convince whoever has only the digest."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core import merkle

HASHES = st.lists(st.binary(min_size=32, max_size=32), max_size=70)
SOME = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70)


def by_definition(leaves: list[bytes]) -> bytes:
    """The tree hash as RFC 6962 section 2.1 defines it."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + by_definition(leaves[:split]) + by_definition(leaves[split:])).digest()


class TestTheRoot:
    def test_of_nothing_is_the_digest_of_nothing(self):
        assert merkle.root([]) == sha256(b"").digest()

    def test_of_one_line_is_its_leaf_which_is_no_plain_digest(self):
        assert merkle.root([merkle.leaf(b"a")]) == sha256(b"\x00a").digest()

    @given(HASHES)
    def test_is_that_of_the_definition(self, leaves):
        assert merkle.root(leaves) == by_definition(leaves)

    @given(HASHES, HASHES)
    def test_is_the_same_however_the_log_grew(self, first, then):
        frontier, size = merkle.grown(*merkle.grown((), 0, first), then)
        assert (merkle.root_of(frontier), size) == (by_definition(first + then), len(first) + len(then))

    @given(HASHES)
    def test_needs_one_hash_for_each_bit_of_the_size(self, leaves):
        assert len(merkle.grown((), 0, leaves)[0]) == len(leaves).bit_count()


class TestAProofOfInclusion:
    @given(SOME, st.data())
    def test_convinces_for_each_line(self, leaves, data):
        index = data.draw(st.integers(0, len(leaves) - 1))
        proof = merkle.inclusion_proof(leaves, index)
        assert merkle.includes(root=merkle.root(leaves), size=len(leaves), index=index, leaf=leaves[index], proof=proof)

    @given(SOME, st.data())
    def test_convinces_for_no_other_line_place_size_or_path(self, leaves, data):
        index = data.draw(st.integers(0, len(leaves) - 1))
        right = {
            "root": merkle.root(leaves),
            "size": len(leaves),
            "index": index,
            "leaf": leaves[index],
            "proof": merkle.inclusion_proof(leaves, index),
        }
        wrong = [
            {"leaf": bytes(byte ^ 1 for byte in leaves[index])},
            {"index": len(leaves)},
            {"index": -1},
            {"proof": [*right["proof"], leaves[0]]},
            {"root": bytes(byte ^ 1 for byte in right["root"])},
        ]
        if right["proof"]:
            wrong.append({"proof": right["proof"][:-1]})
        assert not any(merkle.includes(**right | change) for change in wrong)

    @pytest.mark.parametrize("index", [-1, 2])
    def test_of_a_line_that_is_not_there_is_refused(self, index):
        with pytest.raises(IndexError):
            merkle.inclusion_proof([bytes(32), bytes(32)], index)


class TestAProofOfConsistency:
    @given(HASHES, st.data())
    def test_convinces_that_nothing_was_rewritten(self, leaves, data):
        earlier = data.draw(st.integers(0, len(leaves)))
        proof = merkle.consistency_proof(leaves, earlier)
        old, new = (merkle.root(leaves[:earlier]), earlier), (merkle.root(leaves), len(leaves))
        assert merkle.continues(earlier=old, later=new, proof=proof)

    @given(SOME, st.data())
    def test_does_not_convince_when_an_earlier_line_was_changed(self, leaves, data):
        earlier = data.draw(st.integers(1, len(leaves)))
        changed = data.draw(st.integers(0, earlier - 1))
        was = [*leaves]
        was[changed] = bytes(byte ^ 1 for byte in leaves[changed])
        old, new = (merkle.root(was[:earlier]), earlier), (merkle.root(leaves), len(leaves))
        for proof in (merkle.consistency_proof(leaves, earlier), merkle.consistency_proof(was, earlier)):
            assert not merkle.continues(earlier=old, later=new, proof=proof)

    @given(SOME, st.data())
    def test_of_another_length_does_not_convince(self, leaves, data):
        earlier = data.draw(st.integers(1, len(leaves)))
        proof = merkle.consistency_proof(leaves, earlier)
        old, new = (merkle.root(leaves[:earlier]), earlier), (merkle.root(leaves), len(leaves))
        assert not merkle.continues(earlier=old, later=new, proof=[*proof, bytes(32)])
        if proof:
            assert not merkle.continues(earlier=old, later=new, proof=proof[:-1])
        assert not merkle.continues(earlier=new, later=(old[0], earlier - 1), proof=proof)

    def test_with_more_than_there_is_is_refused(self):
        with pytest.raises(IndexError):
            merkle.consistency_proof([bytes(32)], 2)
