"""A written network beside the model that it was ported from."""

import contextlib
import re

import bounds
import keras
import kit
import networks
import numpy as np
import tensorflow as tf

# ---- final outputs ----


def noise(model, arrays):
    """How far the source's own float32 is from its float64, per output."""
    twin = networks.double(model)
    call = (
        tf.function(twin, jit_compile=True) if networks.channels_first(twin) else twin
    )
    exact = kit.leaves(call(kit.given(model, [np.float64(x) for x in arrays])))
    near = kit.leaves(kit.run_keras(model, arrays))
    return [
        float(np.max(np.abs(np.float64(a) - np.asarray(b)), initial=0))
        for a, b in zip(near, exact, strict=True)
    ]


def noise_of_port(network, arrays, report):
    """The same of the written network, which is in float64 from then on.

    Keras computes convolutions in groups through XLA, which takes hours for
    those of a ConvNeXt in float64.
    """
    near = kit.leaves(kit.run_torch(network, arrays, report))
    exact = kit.run_torch(network.double(), [np.float64(x) for x in arrays], report)
    return [
        float(np.max(np.abs(a.double().numpy() - b.numpy()), initial=0))
        for a, b in zip(near, kit.leaves(exact), strict=True)
    ]


def outputs(model, network, report, arrays, by_port=False):
    """The worst difference of final outputs as a share of what is allowed: 8
    times the source's own noise, or the port's, and 16 u of the largest
    number."""
    want_tree = kit.run_keras(model, arrays)
    got_tree = kit.run_torch(network, arrays, report)
    assert same_structure(want_tree, got_tree)
    noises = noise_of_port(network, arrays, report) if by_port else noise(model, arrays)
    rows = zip(
        kit.leaves(want_tree),
        kit.leaves(got_tree),
        noises,
        report["outputs"],
        strict=True,
    )
    worst = 0.0
    for want, got, itself, row in rows:
        want = kit.moved(want, row["permutation"])
        allowed = 8 * itself + 16 * bounds.U * np.max(np.abs(want))
        worst = max(worst, kit.share(got.numpy(), want, allowed))
    return worst


def same_structure(a, b):
    """Lists for lists, dicts with the same keys in the same order."""
    if isinstance(a, dict):
        same = isinstance(b, dict) and list(a) == list(b)
        return same and all(same_structure(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple):
        same = isinstance(b, list | tuple) and len(a) == len(b)
        return same and all(map(same_structure, a, b))
    return not isinstance(b, dict | list | tuple)


# ---- layer by layer ----


@contextlib.contextmanager
def without_activation(layer):
    """The layer as the written module computes it: activations that were
    arguments are calls of their own there."""
    kept = getattr(layer, "activation", None)
    fused = kept is not None and not isinstance(layer, keras.layers.Activation)
    if fused:
        layer.activation = keras.activations.linear
    try:
        yield
    finally:
        if fused:
            layer.activation = kept


def calls(model, arrays):
    """By path: each layer with what it is given in Keras, call by call."""
    found = {}

    def watch(path, layer):
        call, given = layer.call, []
        found[path] = layer, given

        def watched(x, *more, **named):
            given.append([np.asarray(v) for v in kit.leaves(x)])
            return call(x, *more, **named)

        layer.call = watched
        return layer, call

    kept = [watch(path, layer) for path, layer in networks.every_layer(model)]
    try:
        kit.run_keras(model, arrays)
    finally:
        for layer, call in kept:
            layer.call = call
    return found


def feature_orders(found):
    """Where each feature of a flattened value stands in the port, which
    flattens channels first."""
    orders = []
    for layer, given in found.values():
        if type(layer).__name__ != "Flatten" or layer.data_format == "channels_first":
            continue
        for (x,) in given:
            index = np.arange(x[0].size).reshape(x.shape[1:])
            orders.append(np.moveaxis(index, -1, 0).ravel())
    return orders


def arrangements(layer, source, orders):
    """Ways in which the port may hold what the layer is given, and how to
    bring an output of the layer into the same order."""
    if source.ndim == 2:
        yield source, lambda y: y
        dense = isinstance(layer, keras.layers.Dense)
        for order in (o for o in orders if len(o) == source.shape[1]):
            yield (
                source[:, order],
                lambda y, order=order: y if dense else y[:, order],
            )
        return
    first = [0, source.ndim - 1, *range(1, source.ndim - 1)]
    for order in (None, first):
        here = kit.moved(source, order)
        yield here, lambda y, order=order: kit.moved(y, order)
        if getattr(layer, "padding", None) in ("same", "causal"):
            pairs = bounds.border(layer, here.shape[2:])
            padded = np.pad(here, [(0, 0), (0, 0), *pairs])
            yield padded, lambda y, order=order: kit.moved(y, order)


class Watch:
    """Feeds a module the source's numbers and keeps what it makes of them."""

    def __init__(self, path, layer, module, sources, orders):
        self.path, self.layer, self.orders = path, layer, orders
        self.waiting = list(sources)
        self.done = []
        self.hooks = [
            module.register_forward_pre_hook(self.before),
            module.register_forward_hook(self.after),
        ]

    def arrange(self, seen):
        """The call of the source that this is, and the arrangement that the
        port gives it: the nearest of all that fit. Calls of a shared layer
        may come in another order."""
        fitting = [
            (np.max(np.abs(value - seen), initial=0), i, value, finish)
            for i, sources in enumerate(self.waiting)
            for value, finish in arrangements(self.layer, sources[0], self.orders)
            if value.shape == seen.shape
        ]
        assert fitting, f"{self.path}: the module is given {seen.shape}"
        return min(fitting, key=lambda found: found[:2])[1:]

    def before(self, _, given):
        """Replaces the input."""
        i, value, finish = self.arrange(given[0].numpy())
        self.done.append([self.waiting.pop(i), finish])
        return (kit.torch.from_numpy(np.array(value, order="C")),)

    def after(self, _, given, got):
        """Keeps the output."""
        self.done[-1].append(got.numpy().copy())

    def share(self):
        """The worst difference as a share of twice the bound of one
        evaluation."""
        for hook in self.hooks:
            hook.remove()
        assert self.done, f"{self.path}: the port never calls it"
        worst = 0.0
        for sources, finish, got in self.done:
            with without_activation(self.layer):
                want = np.asarray(self.layer(sources[0]))
                error = bounds.bound(self.layer, sources[0])
            allowed = 2 * finish(error)
            worst = max(worst, kit.share(got, finish(want), allowed))
        return worst


def flattens_again(model, arrays):
    """Is there a Flatten that is called several times?"""
    return any(
        isinstance(layer, keras.layers.Flatten) and len(given) > 1
        for layer, given in calls(model, arrays).values()
    )


def modules(model, network, report, arrays):
    """Shares of their bounds of all modules that compute, by path."""
    named = dict(network.named_modules())
    names = report["names"]
    found = calls(model, arrays)
    orders = feature_orders(found)
    watches = {
        path: Watch(path, layer, named[names[path]], given, orders)
        for path, (layer, given) in found.items()
        if not bounds.is_exact(layer) and names.get(path) in named
    }
    kit.run_torch(network, arrays, report)
    return {path: watch.share() for path, watch in watches.items()}


# ---- names ----


def check_names(model, network, report, flat=True):
    """Keys of the state are the source's layer names, made identifiers; where
    blocks repeat, only the report knows whose they are."""
    names = report["names"]
    assert len(set(names.values())) == len(names), "two layers, one name"
    rows = {row["target"]: row for row in report["weights"]}
    keys = {k for k in network.state_dict() if not k.endswith("num_batches_tracked")}
    assert keys == set(rows)
    made = {}
    for key, row in rows.items():
        source, variable = row["source"].rsplit("/", 1)
        source = source if source in names else source.removeprefix(f"{model.name}/")
        target = key.rsplit(".", 1)[0]
        assert names[source] == target
        made[f"{source}/{variable}"] = row["source_shape"]
        if flat:
            check_name(network, source, target)
    for path, layer in networks.every_layer(model):
        for weight in layer.weights:
            variable = weight.path.rsplit("/", 1)[-1]
            if variable == "count":  # of adapt(), which the port has not
                continue
            assert made.pop(f"{path}/{variable}") == list(weight.shape)
    assert not made, made


def check_name(network, source, target):
    """A path of the source and one of the port, model by model. Models of one
    structure share a class, and in it the names of one of them."""
    classes = [type(module) for module in network.modules()]
    module, parts = network, target.split(".")
    for layer, name in zip(source.split("/"), parts, strict=True):
        if classes.count(type(module)) == 1:
            clean = re.sub(r"\W", "_", layer, flags=re.ASCII)
            assert re.fullmatch(rf"(layer_)?{clean}(_\d+)?", name), (source, target)
        module = getattr(module, name)
