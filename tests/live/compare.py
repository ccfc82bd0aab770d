"""A written network beside the model that it was ported from."""

import contextlib
import re

import bounds
import keras
import kit
import networks
import numpy as np
import tensorflow as tf

# Layers that keep the order of the features of a flattened value.
KEEPING = ("Activation", "BatchNormalization", "Dropout", "ELU", "Identity")
KEEPING += ("LeakyReLU", "PReLU", "ReLU")


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


def outputs(model, network, report, arrays):
    """The worst difference of final outputs as a share of what is allowed:
    8 times the source's own noise and 16 u of the largest number."""
    want_tree = kit.run_keras(model, arrays)
    got_tree = kit.run_torch(network, arrays, report)
    assert same_structure(want_tree, got_tree)
    rows = zip(
        kit.leaves(want_tree),
        kit.leaves(got_tree),
        noise(model, arrays),
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
        return isinstance(b, dict) and list(a) == list(b)
    return isinstance(a, list | tuple) == isinstance(b, list | tuple)


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


def intermediates(model, arrays, chosen):
    """What each chosen layer is given in Keras."""
    probe = keras.Model(model.inputs, [layer.input for layer in chosen])
    values = kit.run_keras(probe, arrays)
    values = values if len(chosen) > 1 else [values]
    return {
        layer.name: [np.asarray(v) for v in kit.leaves(value)]
        for layer, value in zip(chosen, values, strict=True)
    }


def feature_order(tensor):
    """Where each feature of a flattened value stands in the port, which
    flattens channels first; None if nothing moved."""
    made_by = tensor._keras_history.operation
    kind = type(made_by).__name__
    if kind in KEEPING:
        return feature_order(made_by.input)
    if kind == "Flatten":
        shape = made_by.input.shape[1:]
        if len(shape) < 2 or made_by.data_format == "channels_first":
            return None
        index = np.arange(tensor.shape[-1]).reshape(shape)
        return np.moveaxis(index, -1, 0).ravel()
    return None


def arrangements(layer, source):
    """Ways in which the port may hold what the layer is given, and how to
    bring an output of the layer into the same order."""
    if source.ndim == 2:
        order = feature_order(layer.input)
        yield source, lambda y: y
        if order is not None:
            dense = isinstance(layer, keras.layers.Dense)
            yield source[:, order], lambda y: y if dense else y[:, order]
        return
    first = [0, source.ndim - 1, *range(1, source.ndim - 1)]
    for order in (None, first):
        here = kit.moved(source, order)
        yield here, lambda y, order=order: kit.moved(y, order)
        if getattr(layer, "padding", None) in ("same", "causal"):
            pairs = bounds.border(layer, here.shape[2:])
            padded = np.pad(here, [(0, 0), (0, 0), *pairs])
            yield padded, lambda y, order=order: kit.moved(y, order)


def arrange(layer, source, seen):
    """The arrangement that the port itself gives the module, with the
    source's own numbers in it."""
    fitting = [a for a in arrangements(layer, source) if a[0].shape == seen.shape]
    assert fitting, f"{layer.name}: the module is given {seen.shape}"
    return min(fitting, key=lambda a: np.max(np.abs(a[0] - seen), initial=0))


class Watch:
    """Feeds a module the source's numbers and keeps what it makes of them."""

    def __init__(self, layer, module, sources):
        self.layer, self.sources = layer, sources
        self.finish = self.got = None
        self.hooks = [
            module.register_forward_pre_hook(self.before),
            module.register_forward_hook(self.after),
        ]

    def before(self, _, given):
        """Replaces the input."""
        seen = given[0].numpy()
        value, self.finish = arrange(self.layer, self.sources[0], seen)
        return (kit.torch.from_numpy(np.array(value, order="C")),)

    def after(self, _, given, got):
        """Keeps the output."""
        self.got = got.numpy().copy()

    def share(self):
        """The difference as a share of twice the bound of one evaluation."""
        for hook in self.hooks:
            hook.remove()
        with without_activation(self.layer):
            want = np.asarray(self.layer(self.sources[0]))
            error = bounds.bound(self.layer, self.sources[0])
        want = self.finish(want)
        return kit.share(self.got, want, 2 * self.finish(error))


def modules(model, network, report, arrays):
    """Shares of their bounds of all modules that compute, by layer."""
    named = dict(network.named_modules())
    names = report["names"]
    chosen = [
        layer
        for layer in model.layers
        if not bounds.is_exact(layer) and names.get(layer.name) in named
    ]
    sources = intermediates(model, arrays, chosen)
    watches = {
        layer.name: Watch(layer, named[names[layer.name]], sources[layer.name])
        for layer in chosen
    }
    kit.run_torch(network, arrays, report)
    return {name: watch.share() for name, watch in watches.items()}


# ---- names ----


def check_names(model, network, report):
    """Keys of the state are the source's layer names, made identifiers."""
    names = report["names"]
    assert len(set(names.values())) == len(names), "two layers, one name"
    rows = {row["target"]: row for row in report["weights"]}
    keys = {k for k in network.state_dict() if not k.endswith("num_batches_tracked")}
    assert keys == set(rows)
    for key, row in rows.items():
        layer = row["source"].split("/")[-2]
        target = key.rsplit(".", 1)[0]
        assert names[layer] == target
        clean = re.sub(r"\W", "_", layer, flags=re.ASCII)
        assert re.fullmatch(rf"(layer_)?{clean}(_\d+)?", target), (layer, target)
    shapes = {row["source"]: row["source_shape"] for row in report["weights"]}
    for weight in model.weights:
        assert shapes[weight.path] == list(weight.shape)
