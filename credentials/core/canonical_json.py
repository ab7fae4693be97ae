"""JSON in its one canonical form (RFC 8785, JCS)."""

from __future__ import annotations

from typing import Any

import rfc8785

from credentials.core.errors import InexactNumber, NotJson, NotUtf8, TooDeep


def canonicalise(value: Any) -> bytes:
    """`value` (strictly parsed JSON) as RFC 8785 writes it, in UTF-8.

    Raises InexactNumber for NaN, infinities and integers beyond ±(2⁵³ - 1); NotUtf8 for lone surrogates; NotJson
    for what is not JSON; TooDeep.
    """
    try:
        return rfc8785.dumps(value)
    except (rfc8785.FloatDomainError, rfc8785.IntegerDomainError) as err:
        raise InexactNumber(str(err)) from None
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as err:
        raise _not_json(err) from None
    except RecursionError:
        raise TooDeep("nested beyond what can be written") from None
    except ValueError:
        # Python will not even spell the integer that is too large.
        raise InexactNumber("an integer of thousands of digits") from None


def _not_json(err: ValueError) -> NotJson | NotUtf8:
    if isinstance(err, UnicodeEncodeError) or isinstance(err.__cause__, UnicodeEncodeError):
        return NotUtf8("a text has half of a character")
    return NotJson(str(err))
