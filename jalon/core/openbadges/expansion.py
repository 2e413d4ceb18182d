"""Expansion of JSON-LD by PyLD, which remembers what its contexts mean: five times faster, and the same.

PyLD works out the meaning of a context again for each typed object of each document, and that is most of its work. The
contexts here are pinned and never change, so each meaning is worked out once for each place in which it is met.
"""

from collections.abc import Callable
from typing import Any

from pyld import jsonld as pyld
from pyld.context_resolver import ContextResolver

from jalon.core.openbadges.contexts import Contexts
from jalon.core.openbadges.problems import Altered, NotValid

BASE = "jalon-relative://address/"
MOST_REMEMBERED = 512


def expand(document: dict[str, Any], contexts: Contexts) -> list[Any]:
    """Return the expanded document; its `@context` is a list of addresses, and no other context stands in it.

    Raises:
        Altered: a term is not defined, or it is not JSON-LD.
        Unverifiable: a context is not among those pinned.
    """
    options = {
        "base": BASE,
        "documentLoader": contexts.load,
        "contextResolver": ContextResolver(contexts.resolved, contexts.load),
        "extractAllScripts": False,
    }
    with contexts.lock:
        try:
            expanded: list[Any] = _Processor(contexts.processed, _dropped).expand(document, options)
        except (NotValid, MemoryError, OSError):
            raise
        except Exception as error:
            # PyLD raises its own error for bad JSON-LD, and others (TypeError, AttributeError) for some bad input.
            raise _reason(error) from error
    return expanded


class _Processor(pyld.JsonLdProcessor):  # type: ignore[misc]  # PyLD has no types
    """A processor that looks up what a context means where it was met before.

    Args:
        processed: what was met → what it means, then the objects that the key names, which must live as long as it.
    """

    def __init__(self, processed: dict[tuple[object, ...], tuple[Any, ...]], dropped: Callable[[Any], None]) -> None:
        super().__init__(on_property_dropped=dropped)
        self._processed = processed

    def _process_context(self, active_ctx: Any, local_ctx: Any, options: Any, *rest: Any, **how: Any) -> Any:
        if rest or not how.keys() <= {"override_protected", "propagate"}:
            return super()._process_context(active_ctx, local_ctx, options, *rest, **how)
        named = tuple(local_ctx) if isinstance(local_ctx, list) else id(local_ctx)
        key = (id(active_ctx), named, how.get("override_protected", False), how.get("propagate", True))
        if key not in self._processed:
            meaning = super()._process_context(active_ctx, local_ctx, options, **how)
            if len(self._processed) >= MOST_REMEMBERED:
                self._processed.clear()
            self._processed[key] = (meaning, active_ctx, local_ctx)
        return self._processed[key][0]

    def _expand_iri(self, active_ctx: Any, value: Any, base: Any = None, vocab: bool = False, **how: Any) -> Any:
        if vocab and not how and isinstance(value, str) and not value.startswith("@"):
            defined = active_ctx["mappings"].get(value)
            if defined is not None:
                return defined["@id"]
        return super()._expand_iri(active_ctx, value, base=base, vocab=vocab, **how)


def _dropped(_term: str | None) -> None:
    raise Altered("undefined-term")


def _reason(error: BaseException) -> NotValid:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, NotValid):
            return cause
        cause = cause.__cause__ or cause.__context__
    return Altered("not-json-ld")
