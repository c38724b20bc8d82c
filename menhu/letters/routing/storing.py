"""A model as one file without code in it: arrays, and what is said about them as JSON. Nothing is ever unpickled."""

import dataclasses
import json
import os
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from menhu.letters.routing.learning import FEATURES, Model, Report, require

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT: Final = "menhu-routing-1"
MOST_BYTES: Final = 2 << 30
_ARRAYS: Final = {"unit_ids": "int64", "weights": "float32", "edges": "float64", "shares": "float64"}


class ModelBroken(Exception):  # noqa: N818 - it names the outcome
    """A file that is no model of this version, whole and sound."""


def save(model: Model, path: Path) -> None:
    """Write the model as one file, whole or not at all; the folder is made if it is missing."""
    import numpy

    path.parent.mkdir(parents=True, exist_ok=True)
    about = json.dumps({"format": FORMAT, "report": dataclasses.asdict(model.report)}).encode()
    arrays = {name: getattr(model, name) for name in _ARRAYS}
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            numpy.savez_compressed(file, about=numpy.frombuffer(about, dtype=numpy.uint8), **arrays)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def load(path: Path) -> Model | None:
    """The model kept here, or None if none is. Raises ModelBroken, RoutingUnavailable."""
    require()
    if not path.exists():
        return None
    try:
        return _read(path)
    except (OSError, ValueError, KeyError, TypeError, EOFError, MemoryError, zipfile.BadZipFile) as error:
        raise ModelBroken(f"{path}: {error}") from error


def _read(path: Path) -> Model:
    import numpy

    _check_size(path)
    with numpy.load(path, allow_pickle=False) as kept:
        about = json.loads(bytes(kept["about"]))
        if about["format"] != FORMAT:
            raise ValueError("another format")
        arrays = {name: kept[name] for name in _ARRAYS}
    _check(arrays)
    return Model(**arrays, report=_report(about["report"]))


def _check_size(path: Path) -> None:
    """A small file that unpacks into more than a model can hold is refused before it is unpacked."""
    with zipfile.ZipFile(path) as packed:
        if sum(part.file_size for part in packed.infolist()) > MOST_BYTES:
            raise ValueError("too large")


def _check(arrays: "dict[str, NDArray[Any]]") -> None:
    import numpy

    units, steps = len(arrays["unit_ids"]), len(arrays["edges"])
    shapes = {"unit_ids": (units,), "weights": (FEATURES, units), "edges": (steps,), "shares": (steps,)}
    for name, dtype in _ARRAYS.items():
        array = arrays[name]
        if array.dtype != dtype or array.shape != shapes[name] or not numpy.isfinite(array).all():
            raise ValueError(f"{name} does not fit")
    if units < 2 or steps < 1 or (numpy.diff(arrays["edges"]) <= 0).any():
        raise ValueError("no units or no levels")
    if (arrays["shares"] < 0).any() or (arrays["shares"] > 1).any():
        raise ValueError("shares are not between 0 and 1")


def _report(figures: dict[str, Any]) -> Report:
    for name, kind in Report.__annotations__.items():
        if type(figures[name]) is not kind:
            raise ValueError(f"{name} is no {kind}")
    return Report(**figures)
