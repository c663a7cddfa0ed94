"""A mistyped word and the words that were possible -> the one that was meant, or a sentence that offers the choice."""

from collections.abc import Iterable, Sequence

LONGEST = 80  # nobody mistypes a longer name; it also bounds the work a hostile key can cause
FEW = 12


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that ``word`` was most likely meant to be, or None if none is near."""
    if not word or len(word) > LONGEST:
        return None
    folded = _folded(word)
    ranked = [
        (distance, index, name)
        for index, name in enumerate(candidates)
        if (distance := _distance(folded, _folded(name))) is not None
    ]
    if not ranked:
        return None
    nearest = min(distance for distance, _, _ in ranked)
    tied = [name for distance, _, name in ranked if distance == nearest]
    return tied[0] if len(tied) == 1 else _most_alike(word, tied)


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """ "did you mean `workers`?"; or all candidates if none is near and they are few; or nothing."""
    names = list(dict.fromkeys(candidates))
    found = closest(word, names)
    if found is not None:
        return f"did you mean `{found}`?"
    if len(names) == 1:
        return f"the only choice is `{names[0]}`"
    return f"choose one of: {', '.join(names)}" if 0 < len(names) <= FEW else ""


def damerau(left: Sequence[str], right: Sequence[str]) -> int:
    """Insertions, deletions, replacements and swaps of neighbours that turn ``left`` into ``right``."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        previous, row = row, [i]
        for j, b in enumerate(right, 1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before = previous
    return row[-1]


def _folded(name: str) -> str:
    """Case and separators are the commonest slip: `image_pull-Secret` is `imagePullSecret`."""
    return "".join(character for character in name.casefold() if character not in "_- .")


def _distance(word: str, name: str) -> float | None:
    """How far ``name`` is from ``word``, or None if so far that naming it would puzzle the reader."""
    if not name or not word:
        return None
    longer = max(len(word), len(name))
    limit = 1 if longer <= 3 else 2 if longer <= 7 else 3
    if _singular(word) == _singular(name):
        return 0.0 if word == name else 0.5
    if abs(len(word) - len(name)) <= limit:
        distance = damerau(word, name)
        if distance <= limit and not (distance * 2 > min(len(word), len(name)) or _unlike(word, name, distance)):
            return float(distance)
    # what was left unfinished: `desc` for `description`
    return 1.5 if len(word) >= 3 and name.startswith(word) and longer <= LONGEST else None


def _unlike(word: str, name: str, distance: int) -> bool:
    """Two edits in a word of four letters leave too little, unless what is left begins or ends it."""
    return distance > 1 and max(len(word), len(name)) <= 5 and word[0] != name[0] and word[-1] != name[-1]


def _singular(name: str) -> str:
    if name.endswith("ies") and len(name) > 4:
        return name[:-3] + "y"
    return name[:-1] if name.endswith("s") and len(name) > 3 else name


def _most_alike(word: str, names: list[str]) -> str:
    from difflib import SequenceMatcher  # only ever needed for a tie: it costs start-up

    return max(names, key=lambda name: (SequenceMatcher(None, word, name).ratio(), name[:1] == word[:1]))
