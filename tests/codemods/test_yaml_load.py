"""What yaml.safe_load makes of documents, beside what yaml.load made of them."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from randomised import examples

yaml = pytest.importorskip("yaml")

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=examples(60))
@given(PLAIN)
def test_plain_values_are_the_same_by_either(value):
    text = yaml.safe_dump(value)
    assert yaml.safe_load(text) == yaml.load(text, Loader=yaml.UnsafeLoader) == value


def test_objects_of_other_classes_are_refused():
    text = "!!python/tuple [1, 2]"
    assert yaml.load(text, Loader=yaml.FullLoader) == (1, 2)
    with pytest.raises(yaml.constructor.ConstructorError):
        yaml.safe_load(text)


@pytest.mark.parametrize("name", ["load", "load_all"])
def test_the_stream_has_the_same_name_in_both(name):
    old, new = (inspect.signature(getattr(yaml, item)).parameters for item in (name, f"safe_{name}"))
    assert list(old)[0] == "stream"
    assert list(new) == ["stream"]
