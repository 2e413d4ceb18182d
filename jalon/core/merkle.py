"""A Merkle tree over a log that only grows: one digest speaks for every line, and short proofs convince a stranger.

A leaf and a node are hashed with different first bytes, so that neither can pass for the other.

Source: RFC 6962, section 2.1 (hashes, audit paths, consistency proofs); RFC 9162, section 2.1.3.2 and 2.1.4.2
(how a client checks them).
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

Hash = bytes
Frontier = tuple[Hash, ...]
EMPTY: Hash = sha256(b"").digest()


def leaf(data: bytes) -> Hash:
    """Return the hash of one line of the log."""
    return sha256(b"\x00" + data).digest()


def node(left: Hash, right: Hash) -> Hash:
    """Return the hash of two subtrees."""
    return sha256(b"\x01" + left + right).digest()


def grown(frontier: Frontier, size: int, leaves: Iterable[Hash]) -> tuple[Frontier, int]:
    """Return what is left to remember after more leaves, and the new size: a few hashes, whatever the size.

    Args:
        frontier: the roots of the complete subtrees, the largest first: one for each bit set in `size`.
        size: how many leaves they hold.
    """
    peaks = list(frontier)
    for one in leaves:
        peaks.append(one)
        size += 1
        merged = size
        while merged % 2 == 0:
            right = peaks.pop()
            peaks[-1] = node(peaks[-1], right)
            merged //= 2
    return tuple(peaks), size


def root_of(frontier: Frontier) -> Hash:
    """Return the root of the whole tree from the roots of its complete subtrees."""
    if not frontier:
        return EMPTY
    *others, found = frontier
    for left in reversed(others):
        found = node(left, found)
    return found


def root(leaves: Sequence[Hash]) -> Hash:
    """Return the root of a list of leaves."""
    return root_of(grown((), 0, leaves)[0])


def inclusion_proof(leaves: Sequence[Hash], index: int) -> list[Hash]:
    """Return the audit path of a leaf: the hashes beside its way to the root, the lowest first.

    Raises:
        IndexError: there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*inclusion_proof(leaves[:split], index), root(leaves[split:])]
    return [*inclusion_proof(leaves[split:], index - split), root(leaves[:split])]


def consistency_proof(leaves: Sequence[Hash], earlier: int) -> list[Hash]:
    """Return what shows that the tree of the first `earlier` leaves is the beginning of this one.

    Raises:
        IndexError: there were never so many leaves.
    """
    if not 0 <= earlier <= len(leaves):
        raise IndexError(earlier)
    return _consistency(leaves, earlier, is_whole=True) if earlier else []


def _consistency(leaves: Sequence[Hash], earlier: int, *, is_whole: bool) -> list[Hash]:
    if earlier == len(leaves):
        return [] if is_whole else [root(leaves)]
    split = _split(len(leaves))
    if earlier <= split:
        return [*_consistency(leaves[:split], earlier, is_whole=is_whole), root(leaves[split:])]
    return [*_consistency(leaves[split:], earlier - split, is_whole=False), root(leaves[:split])]


def includes(*, root: Hash, size: int, index: int, leaf: Hash, proof: Sequence[Hash]) -> bool:
    """Tell whether the proof shows that the leaf is at this place of the tree with this root and size."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for beside in proof:
        if last == 0:
            return False
        if place % 2 or place == last:
            found = node(beside, found)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            found = node(found, beside)
        place, last = place // 2, last // 2
    return last == 0 and found == root


def continues(*, earlier: tuple[Hash, int], later: tuple[Hash, int], proof: Sequence[Hash]) -> bool:
    """Tell whether the proof shows that one tree is the beginning of another.

    Args:
        earlier, later: root and size.
    """
    (old_root, old), (new_root, new) = earlier, later
    if not 0 <= old <= new:
        return False
    if old in (0, new):
        return not proof and (old_root == EMPTY if old == 0 else old_root == new_root)
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    return bool(path) and _walk(path, old - 1, new - 1) == (old_root, new_root)


def _walk(path: Sequence[Hash], place: int, last: int) -> tuple[Hash, Hash] | None:
    """Return both roots that a consistency proof leads to, or nothing when it is too short or too long."""
    while place % 2:
        place, last = place // 2, last // 2
    old = new = path[0]
    for beside in path[1:]:
        if last == 0:
            return None
        if place % 2 or place == last:
            old, new = node(beside, old), node(beside, new)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            new = node(new, beside)
        place, last = place // 2, last // 2
    return (old, new) if last == 0 else None


def _split(size: int) -> int:
    """Return the largest power of two below the size."""
    return 1 << ((size - 1).bit_length() - 1)
