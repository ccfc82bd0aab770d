"""Random words that move or repeat elements, legal and illegal, of every
dialect."""

from calls import Case
from calls_conv import arguments, chance, pick
from calls_shape import axis, shape


def axes_of(r, rank):
    """One to three axes behind the batch; seldom another or one twice."""
    count = int(r.integers(1, min(rank, 4)))
    found = [int(k) + 1 for k in r.permutation(rank - 1)][:count]
    found = [k - rank if chance(r, 0.3) else k for k in found]
    if chance(r, 0.08):
        found[-1] = pick(r, 0, rank, found[0], -rank)
    return found


def torch_flip(r):
    """flip: the function and the method."""
    given = shape(r)
    axes = axes_of(r, len(given))
    if chance(r, 0.5):
        text = arguments(axes, {}) if chance(r, 0.5) else repr(tuple(axes))
        return Case(f"x.flip({text})", {"x": given}, "torch")
    text = repr(axes[0] if chance(r, 0.1) else pick(r, tuple, list)(axes))
    return Case(f"torch.flip(x, {text})", {"x": given}, "torch")


def function_flip(r):
    """keras.ops.flip and tf.reverse."""
    given = shape(r)
    axes = axes_of(r, len(given))
    one = axes[0] if len(axes) == 1 and chance(r, 0.6) else pick(r, tuple, list)(axes)
    if chance(r, 0.4):
        return Case(f"tf.reverse(x, {pick(r, axes, one)!r})", {"x": given}, "tf2")
    word = pick(r, f", {one!r}", f", axis={one!r}", "" if chance(r, 0.1) else ", 1")
    return Case(f"keras.ops.flip(x{word})", {"x": given}, "keras3")


def shifts_of(r, axes):
    """A shift for each; seldom one too many."""
    found = [int(r.integers(-9, 10)) for _ in axes]
    if chance(r, 0.05):
        found.append(1)
    if chance(r, 0.03):
        found[0] = pick(r, 1.5, 1.0)
    return found


def roll(r):
    """roll of every dialect."""
    given = shape(r)
    axes = axes_of(r, len(given))
    shifts = shifts_of(r, axes)
    if len(axes) == 1 and chance(r, 0.7):
        shifts = shifts[0]
        axes = axes[0] if chance(r, 0.9) else axes
    elif chance(r, 0.05):
        shifts = 2
    words = {
        "torch": (pick(r, "torch.roll(x, {})", "x.roll({})"), "shifts", "dims"),
        "keras3": ("keras.ops.roll(x, {})", "shift", "axis"),
        "tf2": ("tf.roll(x, {})", "shift", "axis"),
    }
    dialect = pick(r, *words)
    form, by, along = words[dialect]
    text = pick(r, f"{shifts!r}, {axes!r}", f"{by}={shifts!r}, {along}={axes!r}")
    if chance(r, 0.03):
        text = repr(shifts)
    return Case(form.format(text), {"x": given}, dialect)


def times_of(r, rank):
    """A number for each axis, mostly; 1 for the batch, mostly."""
    found = [1, *(pick(r, 1, 2, 3) for _ in range(rank - 1))]
    if chance(r, 0.2):
        found = found[int(r.integers(1, rank)) :]
    if chance(r, 0.05):
        found = [pick(r, 1, 2), *found]
    if chance(r, 0.05):
        found[int(r.integers(len(found)))] = pick(r, 0, -1, 2)
    return found


def whole(r):
    """repeat of a whole axis: repeat and tile."""
    given = shape(r, 2, 4)
    times = times_of(r, len(given))
    dialect = pick(r, "torch", "keras3", "tf2")
    if dialect == "keras3":
        given_as = times[0] if len(times) == 1 and chance(r, 0.5) else times
        return Case(f"keras.ops.tile(x, {given_as!r})", {"x": given}, dialect)
    if dialect == "tf2":
        return Case(f"tf.tile(x, {times!r})", {"x": given}, dialect)
    name = pick(r, "repeat", "tile")
    text = arguments(times, {}) if chance(r, 0.5) else repr(tuple(times))
    code = f"x.{name}({text})"
    if name == "tile" and chance(r, 0.5):
        code = f"torch.tile(x, {tuple(times)!r})"
    return Case(code, {"x": given}, dialect)


def each(r):
    """repeat of each element of an axis."""
    given = shape(r, 2, 4)
    at = axis(r, len(given))
    at = -1 if at == 0 and chance(r, 0.7) else at
    times = pick(r, 1, 2, 3) if chance(r, 0.95) else pick(r, 0, -1, 1.5)
    dialect = pick(r, "torch", "keras3", "tf2")
    words = {
        "torch": (
            pick(r, "torch.repeat_interleave(x, {})", "x.repeat_interleave({})"),
            "dim",
        ),
        "keras3": ("keras.ops.repeat(x, {})", "axis"),
        "tf2": ("tf.repeat(x, {})", "axis"),
    }
    form, along = words[dialect]
    text = pick(r, f"{times!r}, {at!r}", f"{times!r}, {along}={at!r}")
    if dialect == "tf2":
        text = f"{times!r}, axis={at!r}"
    if chance(r, 0.03):
        text = repr(times)
    return Case(form.format(text), {"x": given}, dialect)


KINDS = {
    "torch_flip": torch_flip,
    "function_flip": function_flip,
    "roll": roll,
    "whole": whole,
    "each": each,
}
