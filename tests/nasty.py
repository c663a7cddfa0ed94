"""Strings that some reader of YAML takes for something else, or not at all: made by rule, shared by tests."""

import random
from collections.abc import Iterator
from itertools import product

from hypothesis import strategies as st

# Characters that mean something to YAML, to its numbers, dates and words, or that readers trip over.
THREE = '018eEx.-+_:~# \n"y'
TWO = THREE + "7onNbtf9',[]{}&*!|>%@`?=<\\/\t$\u00e9"
WORDS = (
    "y n yes no on off true false null nil none ~ t f .inf -.inf +.inf .nan nan inf infinity = << - ? : | > ! & * % @ "
    "` --- ... %YAML #c a:b a:_b x:y: {} [] {a} [b] !!str !!int !!binary &a *a |- >- >+ 'q' \"q\" ,"
).split()
NUMBERS = (
    "0 -0 +1 1. .5 -.5 +.5 0. 1e3 1E5 7e1 1e-3 1E+2 .1e1 5e-1 .5e1 12e34 0e0 0e12345 12e03 1234e56 1e400 -1e-400 "
    "017 08 09 0580597 0o17 0O7 0x1F 0X1f 0b101 0B1 -0x1 +0o7 1_000 1__0 _1 1_ 0_7 0x_F 1_0.5 1,000 1:30 190:20:30 "
    "1:30.5 -1:30 24:00 00:00:00 0:0 2024-01-01 2024-13-45 2024-1-1 2024-01-01T00:00:00Z 2024-01-01 10:00:00 20240101 "
    "2024.10 1.0 1.10 3.10 10.0.0.1 1.2.3 1/2 50% 100m 1Gi 1e3Mi 9223372036854775807 9223372036854775808 "
    "18446744073709551616 123456789012345678901234567890 0.1e-5 1d 1f 1L 0xdeadbeef deadbeef e1 E10 1e 1e+ 1ex ١٢"
).split()
CHARACTERS = (
    *(*range(0x250), *range(0x2000, 0x2070), 0x61C, 0x3000, 0x3042, 0x4E00, 0xAC00, 0xD7FF, 0xE000, 0xFDD0, 0xFEFF),
    *(0xFFF9, 0xFFFD, 0xFFFE, 0xFFFF, 0x10000, 0x1D11E, 0x1F600, 0x1FFFE, 0xE0001, 0x10FFFD, 0x10FFFF),
)
LINES = ("", " ", "\t", "a", " a", "\ta", "a ", "a\t", "# c", "- a", "k: v", "---", "...", "b: |", "é", "\u2028", "\r")
# Kustomize 5.5 cannot print these characters, wherever they come from (a JSON file too): U+0085 becomes a blank, the
# others stop it. Our reader refuses them, so that none gets as far as the emitter. kubectl takes them all.
NOT_FOR_KUSTOMIZE = frozenset(map(chr, [*range(0x7F, 0xA0), 0xFFFE, 0xFFFF]))


def cases(word: str) -> set[str]:
    """A word as it is written, shouted, titled and otherwise."""
    return {word, word.lower(), word.upper(), word.capitalize(), word[:1].lower() + word[1:].upper()}


def kustomize_keeps(text: str) -> bool:
    """Whether Kustomize can print ``text`` as a value."""
    return NOT_FOR_KUSTOMIZE.isdisjoint(text)


def kustomize_keeps_key(text: str) -> bool:
    """As a key: it loses `<<`, and cannot read what it writes itself between stages if a key has more than 1024
    characters. Neither is a key that Kubernetes takes."""
    return kustomize_keeps(text) and text != "<<" and len(text) <= 1000


def kustomize_rewrites(text: str) -> bool:
    """In an annotation, and anywhere in an object that it patches: it writes these anew, several lines as a block
    scalar, and cannot read its own where a tab comes first."""
    return kustomize_keeps(text) and not ("\n" in text and text.lstrip("\n").startswith("\t"))


def _words() -> Iterator[str]:
    for word in (*WORDS, *NUMBERS):
        for form in sorted(cases(word)):
            yield from (form, f" {form}", f"{form} ", f"{form}\n", f"{form}:", f"{form}: a", f"{form} #c", f"a {form}")
            yield from (f"-{form}", f"- {form}", f"{form}-", f"{form},", f'"{form}"', f"'{form}'")


def _characters() -> Iterator[str]:
    for character in map(chr, CHARACTERS):
        yield from (character, f"a{character}", f"{character}a", f"a{character}b", f"a{character}\nb\n")


def _shapes() -> Iterator[str]:
    for count in (2, 3):
        for lines in product(LINES, repeat=count):
            yield "\n".join(lines)
    for tail in ("\n", "\n\n", "\n\n\n", "\n ", "\n \n"):
        yield from (f"#!/bin/sh\nset -e{tail}", f"{tail}a", f"a:\n  - b\n\n  - c{tail}", f"def f():\n  a{tail}")


def _ids() -> Iterator[str]:
    """Short commit ids; the ones like 1234e56 are numbers to a YAML reader."""
    chance = random.Random(7)
    yield from (f"{chance.randrange(16**7):07x}" for _ in range(500))
    yield from (f"{chance.randrange(10**4):04d}e{chance.randrange(100):02d}" for _ in range(200))


def strings() -> list[str]:
    """Every nasty string once, always in the same order."""
    short = (
        "".join(some)
        for alphabet, size in ((TWO, 0), (TWO, 1), (TWO, 2), (THREE, 3))
        for some in product(alphabet, repeat=size)
    )
    long = ("x" * 200_000, "k" * 1500, "0 " * 1000, "a b " * 500, "é" * 2000)
    return list(dict.fromkeys([*short, *_words(), *_characters(), *_shapes(), *_ids(), *long]))


STRINGS = strings()
TEXT = st.sampled_from(STRINGS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
