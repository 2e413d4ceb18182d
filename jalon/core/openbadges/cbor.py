"""The few parts of CBOR (RFC 8949) that a derived proof uses, in their one shortest form."""

from typing import Any

_MAX_ITEMS = 5_000


class NotCbor(ValueError):
    """The bytes are not the one short form that is read here."""


def decode(data: bytes) -> Any:
    """Return the value: whole numbers, bytes, arrays and maps with whole-number keys.

    Raises:
        NotCbor: another type, an indefinite length, a number not in its shortest form, a repeated key,
            bytes left
            over, or more than 5 000 items.
    """
    reader = _Reader(data)
    value = reader.value(depth=0)
    if reader.at != len(data):
        raise NotCbor("bytes left over")
    return value


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.items = 0

    def value(self, *, depth: int) -> Any:
        self.items += 1
        if depth > 4 or self.items > _MAX_ITEMS:
            raise NotCbor("too much")
        major, argument = self._head()
        match major:
            case 0:
                return argument
            case 2:
                return self._take(argument)
            case 4:
                return [self.value(depth=depth + 1) for _ in range(min(argument, _MAX_ITEMS + 1))]
            case 5:
                return self._map(argument, depth)
        raise NotCbor("a type that is not expected")

    def _map(self, count: int, depth: int) -> dict[int, Any]:
        found: dict[int, Any] = {}
        for _ in range(min(count, _MAX_ITEMS + 1)):
            key = self.value(depth=depth + 1)
            if not isinstance(key, int) or key in found:
                raise NotCbor("a key is repeated or is not a number")
            found[key] = self.value(depth=depth + 1)
        return found

    def _head(self) -> tuple[int, int]:
        first = self._take(1)[0]
        major, short = first >> 5, first & 0x1F
        if short < 24:
            return major, short
        if short > 27:
            raise NotCbor("indefinite length")
        size = 1 << (short - 24)
        argument = int.from_bytes(self._take(size), "big")
        if argument < (24 if size == 1 else 1 << (4 * size)):
            raise NotCbor("not the shortest form")
        return major, argument

    def _take(self, count: int) -> bytes:
        taken = self.data[self.at : self.at + count]
        if len(taken) != count:
            raise NotCbor("cut short")
        self.at += count
        return taken
