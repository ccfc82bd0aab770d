"""Random words for one number along axes, legal and illegal, of every dialect."""

from calls import Case
from calls_conv import chance, pick
from calls_order import axes_of
from calls_shape import shape

TORCH = ("sum", "mean", "amax", "amin", "prod", "var", "std", "logsumexp")
KERAS = ("sum", "mean", "max", "min", "prod", "var", "std", "logsumexp")
TF = (
    "reduce_sum",
    "reduce_mean",
    "reduce_max",
    "reduce_min",
    "reduce_prod",
    "reduce_logsumexp",
    "math.reduce_variance",
    "math.reduce_std",
)


def along(r, rank):
    """One axis or some."""
    axes = axes_of(r, rank)
    return axes[0] if chance(r, 0.5) else pick(r, tuple, list)(axes)


def torch_reduction(r):
    """Functions and methods."""
    given = shape(r, 2, 4)
    name = pick(r, *TORCH)
    axes = along(r, len(given))
    if name == "prod" and not isinstance(axes, int) and chance(r, 0.9):
        axes = axes[0]
    words = [pick(r, "{!r}", "dim={!r}").format(axes)]
    if chance(r, 0.03) and name != "logsumexp":
        words = []
    if name in ("var", "std") and chance(r, 0.9):
        words.append(pick(r, "correction=0", "correction=0", "unbiased=False"))
    if chance(r, 0.6):
        words.append(f"keepdim={chance(r, 0.8)}")
    if chance(r, 0.5):
        return Case(f"x.{name}({', '.join(words)})", {"x": given}, "torch")
    return Case(f"torch.{name}({', '.join(['x', *words])})", {"x": given}, "torch")


def function_reduction(r):
    """keras.ops and tf."""
    given = shape(r, 2, 4)
    words = ["x", pick(r, "{!r}", "axis={!r}").format(along(r, len(given)))]
    if chance(r, 0.03):
        words = ["x"]
    if chance(r, 0.6):
        words.append(f"keepdims={chance(r, 0.8)}")
    if chance(r, 0.5):
        name = f"keras.ops.{pick(r, *KERAS)}"
        return Case(f"{name}({', '.join(words)})", {"x": given}, "keras3")
    return Case(f"tf.{pick(r, *TF)}({', '.join(words)})", {"x": given}, "tf2")


KINDS = {
    "torch_reduction": torch_reduction,
    "function_reduction": function_reduction,
}
