"""Learning from routed letters: pairs and triples of characters, complement naive Bayes, shares of held-back letters.

Complement naive Bayes named the right unit among three as often as a logistic model by SGD (bench/README.md), learns in
one pass over portions, so that memory stays bounded, and in a second instead of seventeen.
"""

import random
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from menhu.core.personal import find, propose
from menhu.core.personal.folding import HAN, fold

if TYPE_CHECKING:
    from numpy import float32, float64, int64
    from numpy.typing import NDArray

MOST_SAMPLES: Final = 200_000
LONGEST_TEXT: Final = 800
"""Characters of a letter that are looked at."""
FEWEST_SAMPLES: Final = 200
FEWEST_PER_UNIT: Final = 5
FEATURES: Final = 1 << 16
_PORTION: Final = 2_000
_FOLDS: Final = 5
_ENOUGH_FOR_ONE_FOLD: Final = 5_000
_SMOOTHING: Final = 0.3
_STEPS: Final = 12
"""So many levels of confidence at most are told apart."""
_MOST_GUESSES: Final = 3
_WORDS: Final = re.compile(f"[{HAN}A-Za-z]+")

Sample = tuple[str, int]


class RoutingUnavailable(Exception):  # noqa: N818 - it names the outcome
    """The extra `routing` (scikit-learn) is not installed."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A unit, and how often (0 to 1) a guess of this confidence was right on letters held back."""

    unit_id: int
    share: float


@dataclass(frozen=True, slots=True)
class Report:
    """How well it went: shares (0 to 1) of `held_back` letters; `majority` is what always naming one unit would get."""

    samples: int
    units: int
    top1: float
    top3: float
    majority: float
    held_back: int


@dataclass(frozen=True, slots=True)
class Model:
    """Weights (features × units), the units in order, and the shares that confidences earned from each edge up."""

    unit_ids: "NDArray[int64]"
    weights: "NDArray[float32]"
    edges: "NDArray[float64]"
    shares: "NDArray[float64]"
    report: Report
    _vectorizer: list[Any] = field(default_factory=list, compare=False, repr=False)

    def guess(self, text: str, most: int = 3) -> list[Guess]:
        """The units that the letter may belong to, likeliest first; of an empty text none."""
        import numpy

        if not self._vectorizer:
            self._vectorizer.append(_vectorizer())
        row = self._vectorizer[0].transform([readable(text)])
        if not row.nnz:
            return []
        order, confidences = _ranked(row, self.weights, most)
        steps = numpy.searchsorted(self.edges, confidences[0], side="right") - 1
        shares = self.shares[numpy.clip(steps, 0, None)]
        return [Guess(int(self.unit_ids[unit]), float(share)) for unit, share in zip(order[0], shares, strict=True)]


def is_available() -> bool:
    """Whether scikit-learn is installed."""
    return find_spec("sklearn") is not None


def require() -> None:
    """Raises RoutingUnavailable."""
    if not is_available():
        raise RoutingUnavailable("scikit-learn is not installed: install menhu[routing]")


def train(samples: Iterable[Sample], *, seed: int = 0) -> Model | None:
    """Learn from (text, unit id), oldest first; only the newest 200,000 count.

    None below 200 letters or two units with five letters each. The same samples and seed give the same model.
    Raises RoutingUnavailable.
    """
    require()
    newest = deque(((text[:LONGEST_TEXT], unit) for text, unit in samples), maxlen=MOST_SAMPLES)
    counts = Counter(unit for _, unit in newest)
    units = sorted(unit for unit, count in counts.items() if count >= FEWEST_PER_UNIT)
    if len(newest) < FEWEST_SAMPLES or len(units) < 2:
        return None
    readables = [(readable(text), unit) for text, unit in newest]
    return _model(readables, units, seed)


def readable(text: str) -> str:
    """What may be learned from: runs of letters, without numbers and without what leads to a person."""
    text = text[:LONGEST_TEXT]
    blanks = (replace(finding, proposal=" ") for finding in find(text))
    return " ".join(_WORDS.findall(fold(propose(text, blanks)).lower()))


def _model(samples: Sequence[Sample], units: Sequence[int], seed: int) -> Model:
    import numpy

    outcomes = _Outcomes(units)
    for kept, held_back in _folds(samples, seed):
        outcomes.measure(_weights(kept, units), kept, held_back)
    edges, shares = outcomes.calibrated()
    return Model(
        numpy.array(units, dtype=numpy.int64), _weights(samples, units), edges, shares, outcomes.report(len(samples))
    )


def _folds(samples: Sequence[Sample], seed: int) -> Iterator[tuple[list[Sample], list[Sample]]]:
    """Each fifth held back in turn; of many letters one fifth says enough."""
    shuffled = list(samples)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - not for secrets
    for fold_number in range(1 if len(shuffled) >= _ENOUGH_FOR_ONE_FOLD else _FOLDS):
        held_back = shuffled[fold_number::_FOLDS]
        yield [sample for place, sample in enumerate(shuffled) if place % _FOLDS != fold_number], held_back


def _vectorizer() -> Any:
    import numpy
    from sklearn.feature_extraction.text import HashingVectorizer

    # Of the weights' own type: numbers twice as wide would copy all weights for every guess.
    return HashingVectorizer(
        analyzer="char",
        ngram_range=(2, 3),
        n_features=FEATURES,
        binary=True,
        norm=None,
        alternate_sign=False,
        dtype=numpy.float32,
    )


def _portions(samples: Sequence[Sample]) -> Iterator[Sequence[Sample]]:
    return (samples[start : start + _PORTION] for start in range(0, len(samples), _PORTION))


def _weights(samples: Sequence[Sample], units: Sequence[int]) -> "NDArray[float32]":
    """What each feature says for each unit, features × units; letters of units too rare are passed over."""
    import numpy
    from sklearn.naive_bayes import ComplementNB

    vectorizer, learner = _vectorizer(), ComplementNB(alpha=_SMOOTHING)
    places = {unit: place for place, unit in enumerate(units)}
    for portion in _portions([sample for sample in samples if sample[1] in places]):
        rows = vectorizer.transform([text for text, _ in portion])
        learner.partial_fit(rows, [places[unit] for _, unit in portion], classes=range(len(units)))
    return numpy.ascontiguousarray(learner.feature_log_prob_.T, dtype=numpy.float32)


def _ranked(rows: Any, weights: "NDArray[float32]", most: int) -> "tuple[NDArray[int64], NDArray[float64]]":
    """For each row the likeliest units' places and how far each stands above the middle of all, in spreads."""
    import numpy

    scores = numpy.asarray(rows @ weights, dtype=numpy.float64)
    order = numpy.argsort(-scores, axis=1, kind="stable")[:, :most]
    spread = scores.std(axis=1, keepdims=True) + 1e-12
    best = numpy.take_along_axis(scores, order, axis=1)
    return order, (best - scores.mean(axis=1, keepdims=True)) / spread


class _Outcomes:
    """How guesses on held-back letters went."""

    def __init__(self, units: Sequence[int]) -> None:
        self.units = list(units)
        self.confidences: list[float] = []
        self.hits: list[bool] = []
        self.first = self.among_three = self.by_majority = self.held_back = 0

    def measure(self, weights: "NDArray[float32]", kept: Sequence[Sample], held_back: Sequence[Sample]) -> None:
        majority = Counter(unit for _, unit in kept).most_common(1)[0][0]
        vectorizer = _vectorizer()
        for portion in _portions(held_back):
            order, confidences = _ranked(vectorizer.transform([text for text, _ in portion]), weights, _MOST_GUESSES)
            for (_, unit), places, levels in zip(portion, order, confidences, strict=True):
                self._note(unit, [self.units[place] for place in places], [float(level) for level in levels])
                self.by_majority += unit == majority

    def _note(self, unit: int, guessed: Sequence[int], confidences: Sequence[float]) -> None:
        self.held_back += 1
        self.first += guessed[0] == unit
        self.among_three += unit in guessed
        self.confidences += confidences
        self.hits += [guess == unit for guess in guessed]

    def calibrated(self) -> "tuple[NDArray[float64], NDArray[float64]]":
        """Edges of confidence, rising, and the share of right guesses from each up to the next, never falling."""
        import numpy
        from sklearn.isotonic import IsotonicRegression

        confidences, hits = numpy.array(self.confidences), numpy.array(self.hits, dtype=float)
        edges = numpy.unique(numpy.quantile(confidences, numpy.linspace(0, 1, _STEPS + 1)[:-1]))
        steps = numpy.clip(numpy.searchsorted(edges, confidences, side="right") - 1, 0, None)
        counts = numpy.bincount(steps, minlength=len(edges))
        shares = (numpy.bincount(steps, weights=hits, minlength=len(edges)) + 1) / (counts + 2)
        rising = IsotonicRegression(y_min=0, y_max=1).fit_transform(range(len(edges)), shares, sample_weight=counts + 2)
        return edges, numpy.asarray(rising, dtype=numpy.float64)

    def report(self, samples: int) -> Report:
        count = self.held_back
        return Report(
            samples, len(self.units), self.first / count, self.among_three / count, self.by_majority / count, count
        )
