"""Random norms, legal and illegal, in the words of torch."""

from calls import Case
from calls_conv import arguments, chance, lengths, pick

EPSILONS = (1e-3, 1e-5, 1e-6, 1e-7, 0.1, 1)


def maybe(r, keywords, p, name, *values):
    """Sometimes one of the values as a keyword."""
    if chance(r, p):
        keywords[name] = pick(r, *values)


def call(name, words, keywords):
    """The call of a function on x, its operands by their names."""
    given = ["x", *words, *(f"{key}={value}" for key, value in keywords.items())]
    return f"{name}({', '.join(given)})"


def sizes(r, rank, last=5):
    """An input of this many axes."""
    return (*(int(k) for k in r.integers(1, 5, rank - 1)), int(r.integers(2, last)))


def off(r, number, p=0.04):
    """The number, sometimes one more."""
    return number + chance(r, p)


def operands(r, names, shape, p=1):
    """Some of the names, with their shapes: now and then not the right one."""
    found = {}
    for name in names:
        if chance(r, p):
            wrong = chance(r, 0.03)
            found[name] = (*shape[:-1], shape[-1] + 1) if wrong else tuple(shape)
    return found


def torch_batch(r):
    """nn.BatchNormNd, LazyBatchNormNd."""
    n = int(r.integers(1, 4))
    channels = pick(r, 1, 2, 3, 5)
    keywords = {}
    maybe(r, keywords, 0.5, "eps", *EPSILONS, 0)
    maybe(r, keywords, 0.4, "momentum", 0.1, 0.01, 0.3, 0.0, 1.0)
    maybe(r, keywords, 0.04, "momentum", None)
    maybe(r, keywords, 0.3, "affine", True, False)
    maybe(r, keywords, 0.05, "track_running_stats", True, True, False)
    maybe(r, keywords, 0.2, "bias", True, False)
    lazy = chance(r, 0.15)
    given = [] if lazy else [off(r, channels)]
    if given and chance(r, 0.1):
        given += [keywords.pop("eps", 1e-4)]
    shape = (2, channels, *lengths(r, n))
    if chance(r, 0.08):
        shape = shape[:-1] if chance(r, 0.5) else (*shape, 2)
    name = f"nn.{'Lazy' if lazy else ''}BatchNorm{n}d"
    if given and chance(r, 0.1):
        name = "nn.SyncBatchNorm"
    return Case(f"{name}({arguments(given, keywords)})", {"x": shape}, "torch")


def torch_layer(r):
    """nn.LayerNorm, nn.RMSNorm."""
    kind = pick(r, "LayerNorm", "LayerNorm", "RMSNorm")
    shape = sizes(r, int(r.integers(2, 6)))
    n = int(r.integers(1, len(shape)))
    over = tuple(shape[len(shape) - n :])
    if chance(r, 0.05):
        over = (*over[:-1], over[-1] + 1)
    if chance(r, 0.03):
        over = pick(r, (2, *shape), ())
    given = [over[0] if len(over) == 1 and chance(r, 0.7) else over]
    keywords = {}
    maybe(r, keywords, 0.6, "eps", *EPSILONS)
    if kind == "RMSNorm":
        maybe(r, keywords, 0.2, "eps", None)
    else:
        maybe(r, keywords, 0.2, "bias", True, False)
    maybe(r, keywords, 0.3, "elementwise_affine", True, False)
    if chance(r, 0.1):
        keywords["normalized_shape"] = list(over)
        given = []
    return Case(f"nn.{kind}({arguments(given, keywords)})", {"x": shape}, "torch")


def torch_group(r):
    """nn.GroupNorm."""
    groups = pick(r, 1, 2, 3, 4)
    channels = groups * pick(r, 1, 1, 2, 3)
    shape = (pick(r, 1, 2, 3), channels, *sizes(r, 5)[: int(r.integers(0, 4))])
    keywords = {}
    maybe(r, keywords, 0.5, "eps", *EPSILONS)
    maybe(r, keywords, 0.3, "affine", True, False)
    maybe(r, keywords, 0.2, "bias", True, False)
    given = [off(r, groups), off(r, channels)]
    if chance(r, 0.02):
        shape = shape[1:]
    return Case(f"nn.GroupNorm({arguments(given, keywords)})", {"x": shape}, "torch")


def torch_instance(r):
    """nn.InstanceNormNd, LazyInstanceNormNd."""
    n = int(r.integers(1, 4))
    channels = pick(r, 1, 2, 3)
    places = sizes(r, n + 1)[:n] if chance(r, 0.3) else lengths(r, n)
    shape = (pick(r, 1, 2), channels, *places)
    if chance(r, 0.05):
        shape = pick(r, shape[:-1], (*shape, 2))
    keywords = {}
    maybe(r, keywords, 0.5, "eps", *EPSILONS)
    maybe(r, keywords, 0.3, "momentum", 0.1, 0.25, None)
    maybe(r, keywords, 0.5, "affine", True, False)
    maybe(r, keywords, 0.4, "track_running_stats", True, False)
    maybe(r, keywords, 0.2, "bias", True, False)
    lazy = chance(r, 0.15)
    given = [] if lazy else [off(r, channels)]
    name = f"nn.{'Lazy' if lazy else ''}InstanceNorm{n}d"
    return Case(f"{name}({arguments(given, keywords)})", {"x": shape}, "torch")


def torch_function(r):
    """F.layer_norm and its like, with parameters as tensors."""
    kind = pick(r, "layer", "rms", "group", "instance", "batch")
    channels = pick(r, 1, 2, 4, 6)
    shape = (2, channels, *sizes(r, 4)[: int(r.integers(0, 4))])
    words, over = [], (channels,)
    names = ["weight"] if kind == "rms" else ["weight", "bias"]
    if kind in ("layer", "rms"):
        over = tuple(shape[int(r.integers(1, len(shape))) :])
        words = [str((*over[:-1], off(r, over[-1])))]
        if chance(r, 0.05):
            words = [str(over[-1])]
    if kind == "group":
        words = [str(pick(r, 1, 2, 2, channels))]
    tensors = operands(r, names, over, 0.6)
    if kind == "batch":
        tensors |= operands(r, ["running_mean", "running_var"], over)
    keywords = {name: name for name in tensors}
    maybe(r, keywords, 0.5, "eps", *EPSILONS)
    if kind == "batch":
        maybe(r, keywords, 0.2, "momentum", 0.1, 0.3)
        maybe(r, keywords, 0.1, "training", False, True)
        maybe(r, keywords, 0.05, "running_var", None)
    if kind in ("batch", "instance") or chance(r, 0.7):
        name = f"F.{kind}_norm"
    else:
        name = f"torch.{kind}_norm"
    return Case(call(name, words, keywords), {"x": shape} | tensors, "torch")


def torch_whole(r):
    """torch.batch_norm, torch.instance_norm, which need every argument."""
    kind = pick(r, "batch", "instance")
    channels = pick(r, 1, 2, 4)
    shape = (2, channels, *sizes(r, 4)[: int(r.integers(0, 4))])
    names = ["weight", "bias", "running_mean", "running_var"]
    tensors = operands(r, names[:2], (channels,), 0.7)
    own = chance(r, 0.1 if kind == "batch" else 0.5)
    if not own or chance(r, 0.2):
        tensors |= operands(r, names[2:], (channels,), 0.95)
    words = [name if name in tensors else "None" for name in names]
    epsilon = pick(r, *EPSILONS)
    if chance(r, 0.5):
        code = call(
            f"torch.{kind}_norm", [*words, str(own), "0.1", str(epsilon), "True"], {}
        )
    else:
        keywords = {name: name for name in tensors if name in names[2:]}
        more = {"weight": words[0], "bias": words[1], "eps": epsilon}
        more["training" if kind == "batch" else "use_input_stats"] = own
        code = call(f"F.{kind}_norm", [], keywords | more)
    return Case(code, {"x": shape} | tensors, "torch")


def torch_unit(r):
    """F.normalize."""
    shape = sizes(r, int(r.integers(2, 5)))
    rank = len(shape)
    keywords = {}
    maybe(r, keywords, 0.6, "dim", *range(-rank - 1, rank + 1), None)
    if chance(r, 0.2):
        keywords["dim"] = tuple(int(k) for k in r.integers(-rank, rank, 2))
    maybe(r, keywords, 0.3, "eps", 1e-12, 1e-3, 2.0)
    maybe(r, keywords, 0.2, "p", 2, 2.0, 2, 1)
    return Case(call("F.normalize", [], keywords), {"x": shape}, "torch")


KINDS = {
    "torch_batch": torch_batch,
    "torch_layer": torch_layer,
    "torch_group": torch_group,
    "torch_instance": torch_instance,
    "torch_function": torch_function,
    "torch_whole": torch_whole,
    "torch_unit": torch_unit,
}
