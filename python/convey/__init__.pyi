from collections.abc import Callable, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

__version__: str

class Error(Exception):
    code: int
    where: str | None
    refusals: Sequence[dict[str, str]]
    report: dict[str, Any] | None
    folder: Path | None

class ProofFailed(Error): ...
class Usage(Error): ...
class Refused(Error): ...
class Damaged(Error): ...
class System(Error): ...

@dataclass(frozen=True)
class Port:
    folder: Path
    report: dict[str, Any]
    text: str

@dataclass(frozen=True)
class Show:
    report: dict[str, Any]
    text: str
    graph: str

@dataclass(frozen=True)
class Explanation:
    report: dict[str, Any]
    text: str
    @property
    def code(self) -> str: ...

class Array:
    def __init__(self, export: Callable[[bool], Any]) -> None: ...
    def __dlpack__(
        self, *, max_version: tuple[int, int] | None = None, **_: object
    ) -> Any: ...
    def __dlpack_device__(self) -> tuple[int, int]: ...

class Layer:
    weights: dict[str, Array]
    def __init__(self, made: Any) -> None: ...
    def __call__(self, *arrays: Any) -> Array: ...

def port(
    path: str | PathLike[str],
    to: str = "torch",
    out: str | PathLike[str] | None = None,
    *,
    progress: Callable[[str, int, int], object] | None = None,
    from_: str | None = None,
    name: str | None = None,
    weights_format: str | None = None,
    force: bool = False,
    no_proof: bool = False,
    seed: int = 0,
    entry: str | None = None,
    root: str | PathLike[str] | None = None,
    sets: Sequence[str] | None = None,
    weights: str | PathLike[str] | None = None,
    inputs: Sequence[str] | None = None,
) -> Port: ...
def show(
    path: str | PathLike[str],
    *,
    to: str | None = None,
    after: str | None = None,
    inputs: Sequence[str] | None = None,
    from_: str | None = None,
    entry: str | None = None,
    root: str | PathLike[str] | None = None,
    sets: Sequence[str] | None = None,
    weights: str | PathLike[str] | None = None,
) -> Show: ...
def explain(
    call: str,
    to: str | None = None,
    *,
    inputs: Sequence[str] | None = None,
    from_: str | None = None,
    seed: int = 0,
) -> Explanation: ...
def layer(call: str, inputs: Sequence[str], *, from_: str | None = None) -> Layer: ...
