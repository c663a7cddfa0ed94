"""Expressions in, expressions out."""

import pytest

from mlgen.cel.rewriting import depth, rewritten


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("self.x == 1", "self.x == 1"),
        ("self.indexOf('a') == self.lastIndexOf('b')", "self.index_of('a') == self.last_index_of('b')"),
        ("self.indexOf == 1", "self.indexOf == 1"),
        ("'a.indexOf(b)' == 'validate'", "'a.indexOf(b)' == 'validate'"),
        (
            "format.named('a').value().validate(f(x)).hasValue()",
            "format.named('a').first().value().validate(f(x)).first().hasValue()",
        ),
        ("format.uri().validate(')')", "format.uri().validate(')').first()"),
        ("self.validate(", "self.validate("),
    ],
)
def test_rewritten(before: str, after: str) -> None:
    assert rewritten(before) == after


@pytest.mark.parametrize(
    ("expression", "levels"),
    [
        ("self.x == 1", 0),
        ("self.all(a, a > 1)", 1),
        ("self.all(a, a > 1) && self.all(b, b > 1)", 1),
        ("self.all(a, self.exists(b, (a == b)))", 2),
        ("self.all(a, 'all(exists(' == a)", 1),
        ("))((", 0),
    ],
)
def test_depth(expression: str, levels: int) -> None:
    assert depth(expression) == levels
