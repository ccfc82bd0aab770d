"""Random powers of a tensor and a number, in the words of every dialect."""

from calls import Case
from calls_conv import chance, pick
from calls_shape import shape


def number(r, base):
    """An exponent, or a base: mostly what gives no NaN."""
    if base:
        return pick(r, 0.3, 2.0, 2.5, 10.0, 1.0, 0.0, -2.0, 3, 2)
    return pick(r, 2.0, 3.0, 0.0, 1.0, -1.0, 0.5, 2.5, 2, 3, 4)


def power(r):
    """pow, power: a tensor to a number, or a number to a tensor."""
    given = shape(r, 2, 4)
    base = chance(r, 0.5)
    pair = [repr(number(r, base)), "x"] if base else ["x", repr(number(r, base))]
    dialect = pick(r, "torch", "keras3", "tf2")
    name = {"torch": "torch.pow", "keras3": "keras.ops.power"}.get(dialect)
    name = name or pick(r, "tf.pow", "tf.math.pow")
    code = f"{name}({', '.join(pair)})"
    if dialect == "torch" and not base and chance(r, 0.4):
        code = f"x.pow({pair[1]})"
    return Case(code, {"x": given}, dialect)


KINDS = {"power": power}
