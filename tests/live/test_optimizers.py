"""make_loss and make_optimizer of a port train as the source's compile does.

Both sides take the same steps from the same weights; what the port may differ
by is what test_training.py derives. Where a remark says that epsilon stands
elsewhere, it is too small here to matter: all else has to be the same.
"""

import kit
import numpy as np
import pytest
import test_training as training
import torch
from kit import keras

K = keras.layers
TINY = 1e-30
STEPS = 8
# Keras rounds these numbers to float32, whatever its weights are: all of them are
# powers of 2, or short sums of such.
OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(2**-4),
    "momentum": lambda: keras.optimizers.SGD(2**-4, momentum=0.75),
    "nesterov": lambda: keras.optimizers.SGD(2**-4, momentum=0.75, nesterov=True),
    "adam": lambda: keras.optimizers.Adam(2**-6, 0.75, 0.9375, epsilon=TINY),
    "amsgrad": lambda: keras.optimizers.Adam(
        2**-6, 0.75, 0.9375, epsilon=TINY, amsgrad=True
    ),
    "adamw": lambda: keras.optimizers.AdamW(
        2**-6, weight_decay=0.125, beta_1=0.75, beta_2=0.9375, epsilon=TINY
    ),
    "decayed": lambda: keras.optimizers.Adam(
        2**-6, 0.75, 0.9375, epsilon=TINY, weight_decay=0.125
    ),
    "rmsprop": lambda: keras.optimizers.RMSprop(2**-6, 0.75, epsilon=TINY),
    "centered": lambda: keras.optimizers.RMSprop(
        2**-6, 0.75, 0.5, epsilon=TINY, centered=True
    ),
    "adagrad": lambda: keras.optimizers.Adagrad(2**-4, 0.125, epsilon=TINY),
    "adadelta": lambda: keras.optimizers.Adadelta(0.5, rho=0.75, epsilon=2**-20),
    "adamax": lambda: keras.optimizers.Adamax(2**-6, 0.75, 0.9375, epsilon=TINY),
    "nadam": lambda: keras.optimizers.Nadam(2**-6, 0.75, 0.9375, epsilon=TINY),
}
ROUNDED = ("nadam",)  # 0.96 stands in its code: float32 alone is compared
# A loss, the activation before it, what its targets are.
LOSSES = {
    "sparse": ("sparse_categorical_crossentropy", "softmax", "indices"),
    "sparse_logits": (
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        None,
        "indices",
    ),
    "classes": ("categorical_crossentropy", "softmax", "classes"),
    "smooth": (
        keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1),
        None,
        "classes",
    ),
    "binary": ("binary_crossentropy", "sigmoid", "classes"),
    "binary_logits": (
        keras.losses.BinaryCrossentropy(from_logits=True),
        None,
        "classes",
    ),
    "mse": ("mse", None, "numbers"),
    "mae": (keras.losses.MeanAbsoluteError(), None, "numbers"),
    "huber": (keras.losses.Huber(), None, "numbers"),
    "poisson": ("poisson", "softplus", "numbers"),
}


def network(activation=None):
    """Small and without kinks."""
    rng = kit.random(11)
    x = inputs = keras.Input((7, 2))
    x = K.Conv1D(4, 3, activation="tanh", name="conv")(x)
    x = K.Flatten(name="flat")(x)
    x = K.Dense(5, activation=activation, name="out")(x)
    model = keras.Model(inputs, x, name="compiled")
    for layer in model.layers:
        training.networks.layers.fill(layer, rng)
    return model


def targets(rng, kind):
    """Of one batch."""
    classes = rng.integers(0, 5, training.BATCH)
    if kind == "numbers":
        return np.abs(rng.standard_normal((training.BATCH, 5), np.float32))
    return classes if kind == "indices" else np.eye(5, dtype=np.float32)[classes]


def batches(kind):
    """Series, and what they shall give."""
    rng = kit.random(12)
    shape = (training.BATCH, 7, 2)
    return [
        (rng.standard_normal(shape, np.float32), targets(rng, kind))
        for _ in range(STEPS)
    ]


def ported(model, folder):
    """The module that was written, and its report."""
    done = training.ported(model, folder)
    return kit.module(done), done.report


def as_tensors(batch, report, real):
    """One batch, as the port has it."""
    (x,) = kit.to_torch([batch[0]], report["inputs"])
    y = torch.from_numpy(batch[1])
    return x.to(real), y if y.dtype == torch.int64 else y.to(real)


# ---- optimisers ----


def steps_of_keras(model, optimizer, data):
    """All weights after the last step."""
    compiled = optimizer()
    loss = keras.losses.MeanSquaredError(dtype=model.variables[0].dtype)
    compiled.build(model.trainable_variables)
    for x, y in data:
        x, y = (training.tf.cast(a, model.variables[0].dtype) for a in (x, y))
        with training.tf.GradientTape() as tape:
            value = loss(y, model(x, training=True))
        weights = model.trainable_weights
        compiled.apply(tape.gradient(value, [w.value for w in weights]))
    return {weight.path: np.array(weight) for weight in model.weights}


def steps_of_torch(written, report, data, real):
    """The same, by what was written alone, under the source's names."""
    model = written.load_model().to(real).train()
    loss, optimizer = written.make_loss(), written.make_optimizer(model)
    for batch in data:
        x, y = as_tensors(batch, report, real)
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()
    state = model.state_dict()
    return {row["source"]: state[row["target"]].numpy() for row in report["weights"]}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_step_alike(name, tmp_path):
    """Every weight, in both precisions."""
    model, data = network(), batches("numbers")
    model.compile(OPTIMIZERS[name](), "mse")
    written, report = ported(model, tmp_path)
    rows = {row["source"]: row for row in report["weights"]}
    start = {weight.path: np.array(weight) for weight in model.weights}
    wide = training.networks.double(model)
    exact = steps_of_keras(wide, OPTIMIZERS[name], data)
    near = steps_of_keras(model, OPTIMIZERS[name], data)
    runs = [(torch.float32, near, 1), (torch.float64, exact, 2.0**-29)]
    for real, want, ratio in runs[: 1 if name in ROUNDED else 2]:
        got = steps_of_torch(written, report, data, real)
        assert set(got) == set(want)
        for key, value in want.items():
            noise = float(np.max(np.abs(np.float64(near[key]) - exact[key])))
            size = float(np.max(np.abs(value)))
            allowed = 8 * noise + 16 * training.bounds.U * size
            assert np.max(np.abs(value - start[key])) > 100 * allowed, "at rest"
            mine = training.in_port(key, value, rows)
            share = kit.share(got[key], mine, allowed * ratio)
            kit.note("optimizers", share)
            assert share <= 1, f"{key}, {real}: {share}"


# ---- losses ----


@pytest.mark.parametrize("name", LOSSES)
def test_losses_are_the_same(name, tmp_path):
    """The number that the source's compile gives, of each batch."""
    loss, activation, kind = LOSSES[name]
    model, data = network(activation), batches(kind)
    model.compile("sgd", loss)
    written, report = ported(model, tmp_path)
    network_ = written.load_model()
    for batch in data:
        want = model.evaluate(*batch, verbose=0)
        x, y = as_tensors(batch, report, torch.float32)
        with torch.no_grad():
            got = float(written.make_loss()(network_(x), y))
            wide = network_.double()(x.double())
            y = y if kind == "indices" else y.double()
            exact = float(written.make_loss()(wide, y))
            network_.float()
        noise = abs(got - exact)
        assert abs(got - want) <= 8 * noise + 16 * training.bounds.U * abs(want)


# ---- what is not carried over ----


@pytest.mark.parametrize(
    ("optimizer", "loss", "words"),
    [
        (keras.optimizers.Ftrl(0.1), "mse", "Ftrl has no counterpart"),
        (keras.optimizers.SGD(0.1, weight_decay=0.1), "mse", "there is no make_opt"),
        (keras.optimizers.SGD(0.1, clipnorm=1.0), "mse", "clipnorm of SGD"),
        ("sgd", keras.losses.LogCosh(), "there is no make_loss"),
        ("sgd", keras.losses.MeanSquaredError(reduction="sum"), "no mean over"),
        (
            "sgd",
            keras.losses.BinaryCrossentropy(label_smoothing=0.1),
            "label_smoothing",
        ),
        (
            keras.optimizers.SGD(keras.optimizers.schedules.CosineDecay(0.5, 10)),
            "mse",
            "first learning rate",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_remarks_name_the_rest(optimizer, loss, words, tmp_path):
    """And the network is ported all the same."""
    model = network()
    model.compile(optimizer, loss)
    report = ported(model, tmp_path)[1]
    assert any(words in remark["text"] for remark in report["remarks"])


def test_old_files_have_it_too(tmp_path):
    """training_config of an .h5 file."""
    model = network()
    model.compile(keras.optimizers.Adam(0.25), "mse")
    path = tmp_path / "old.h5"
    model.save(path)
    done = kit.port(path, tmp_path / "out")
    assert done.code == 0, done.messages
    made = kit.module(done).make_optimizer(kit.module(done).load_model())
    assert made.defaults["lr"] == 0.25
    assert isinstance(kit.module(done).make_loss(), torch.nn.MSELoss)


# ---- scripts ----

SCRIPT = """import keras
from keras import losses, optimizers
model = keras.Sequential([
    keras.Input((7, 2)),
    keras.layers.Conv1D(4, 3, activation='relu', name='conv'),
    keras.layers.Flatten(name='flat'),
    keras.layers.Dense(5, {activation}name='out'),
])
model.compile({given})
"""


@pytest.mark.parametrize(
    ("activation", "given"),
    [
        ("activation='softmax', ", "'adam', 'sparse_categorical_crossentropy'"),
        ("", "optimizer=optimizers.SGD(0.1, 0.9, nesterov=True), loss='mse'"),
        (
            "",
            "loss=losses.SparseCategoricalCrossentropy(from_logits=True), "
            "optimizer=keras.optimizers.RMSprop(learning_rate=0.01, rho=0.8)",
        ),
        (
            "activation='softmax', ",
            "loss=keras.losses.categorical_crossentropy, metrics=['accuracy'], "
            "optimizer=optimizers.AdamW(0.01, weight_decay=0.1, clipnorm=1.0)",
        ),
        (
            "",
            "optimizers.Adam(optimizers.schedules.ExponentialDecay(0.1, 9, 0.5)), "
            "losses.CategoricalCrossentropy(True, 0.1)",
        ),
    ],
)
def test_a_script_trains_as_its_file(activation, given, tmp_path):
    """The same functions and remarks, from the source and from what it saves."""
    path = tmp_path / "trained.py"
    path.write_text(SCRIPT.format(activation=activation, given=given))
    known = {}
    exec(path.read_text(), known)
    saved = kit.save(known["model"], tmp_path / "trained.keras")
    parts = []
    for source in (path, saved):
        done = kit.port(source, tmp_path / f"out{source.suffix}")
        assert done.code == 0, done.messages
        assert not kit.ruff([done.source])
        code = done.source.read_text()
        remarks = [row["text"] for row in done.report["remarks"]]
        said = [text for text in remarks if text.startswith("training: ")]
        parts.append((code[code.index("eval()\n") :], said))
    assert "def make_optimizer" in parts[0][0] and "def make_loss" in parts[0][0]
    assert parts[0] == parts[1]
