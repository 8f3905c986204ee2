from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pymodernize.transformation.rounds import Span, _Spans

PLACES = st.tuples(st.integers(0, 20), st.sampled_from([0, 0, 1, 3, 6])).map(lambda item: (item[0], sum(item)))


def meet(one: Span, other: Span) -> bool:
    """The definition, of two stretches."""
    return one[0] < other[1] and other[0] < one[1]


@given(st.lists(PLACES))
def test_spans_meet_as_each_of_them_does(places: list[Span]):
    spans, kept = _Spans(), []
    for place in places:
        expected = any(meet(place, other) for other in kept)
        assert spans.meet(place) is expected
        assert spans.add(place) is not expected
        kept += [] if expected else [place]
