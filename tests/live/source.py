"""Scripts of TensorFlow: which they are, and what of each is the network.

The scripts stand in tests/live/scripts. They are written for the tests, in
the styles in which such code is found, with their training around them.
"""

import ast
from dataclasses import dataclass, field, replace
from pathlib import Path

HERE = Path(__file__).parent / "scripts"
ARTICLES = Path(__file__).parents[3] / "shared" / "seeds"


@dataclass(frozen=True)
class Script:
    """A script, live and in the command."""

    name: str
    # Of the script's globals, after it ran: what the network computes. T(NAME)
    # is a tensor of the graph; given[INPUT] is an input of an eager script.
    outputs: str
    # Placeholders, as expressions, with the shapes that they are fed; of eager
    # scripts the names of inputs.
    inputs: dict
    limits: dict = field(default_factory=dict)  # of inputs that are indices
    feeds: dict = field(default_factory=dict)  # what inference feeds besides
    options: tuple = ()  # of the command
    drive: str = ""  # Python that is run first, live only
    layers: str = "[]"  # of eager scripts: the layers that have weights
    kind: str = "graph"
    file: str = ""  # scripts/NAME.py
    live: str = ""  # another script to run live, which is the same network
    # What a refusal says, where that is as right as a port; a wrong port is not.
    refused: str = ""
    text: str = field(default="", repr=False)  # where it stands in no file

    def __repr__(self):
        return self.name


def path(script, live=True):
    """Where it stands, or would stand."""
    return HERE / ((live and script.live) or script.file or f"{script.name}.py")


def text(script, live=True):
    """What it says."""
    return script.text or path(script, live).read_text(encoding="utf-8")


def entry(name, *more):
    """Options that say which network is meant."""
    return ("--entry", name, *more)


OFF = {"keep_prob": 1.0}

SCRIPTS = [
    Script(
        "deep_mnist",
        "T('readout/add')",
        {"T('Placeholder')": (2, 784)},
        feeds={"T('dropout/Placeholder')": 1.0},
    ),
    Script(
        "text_cnn",
        "cnn.scores",
        {"cnn.input_x": (3, 24)},
        limits={"cnn.input_x": 500},
        feeds={"cnn.dropout_keep_prob": 1.0},
        options=entry("cnn.scores"),
    ),
    Script("har_cnn", "logits", {"inputs_": (2, 128, 9)}, feeds={"keep_prob_": 1.0}),
    Script("har_depthwise", "guess", {"X": (2, 1, 90, 3)}),
    Script("wavenet", "raw", {"waveform": (2, 120, 48)}, options=entry("raw")),
    Script(
        "unet_nn",
        "net.prediction",
        {"net.x": (1, 92, 92, 1)},
        feeds={"net.keep": 1.0},
        options=entry("net.prediction"),
    ),
    Script(
        "unet_layers",
        "T('mask/Sigmoid')",
        {"T('X')": (1, 32, 48, 3)},
        feeds={"T('mode')": False},
    ),
    Script(
        "dqn", "player.q", {"player.screen": (2, 80, 80, 4)}, options=entry("player.q")
    ),
    Script("dcgan", "samples", {"gan.z": (6, 20)}, options=entry("samples")),
    Script(
        "dcgan_judge",
        "verdict",
        {"gan.real": (6, 32, 32, 3)},
        options=entry("verdict"),
        file="dcgan.py",
    ),
    Script(
        "resnet_small",
        "logits",
        {"images": (2, 32, 32, 3)},
        options=entry("logits"),
    ),
    Script("inception_cell", "prob", {"image": (2, 39, 43, 3)}),
    Script(
        "mobilenet", "logits", {"image_batch": (2, 48, 48, 3)}, options=entry("logits")
    ),
    Script("vgg_cfg", "prob", {"rgb": (2, 56, 56, 3)}),
    Script("lenet_dicts", "pred", {"x": (3, 784)}, feeds=OFF),
    Script(
        "alexnet_lrn",
        "score",
        {"x": (2, 115, 115, 3)},
        feeds=OFF,
        options=entry("score"),
    ),
    Script("squeezenet", "logits", {"images": (2, 65, 65, 3)}, options=entry("logits")),
    Script("densenet_ecg", "beats", {"ecg": (2, 200, 2)}),
    Script("fcn_resize", "full", {"image": (1, 48, 64, 3)}, options=entry("full")),
    Script(
        "autoencoder", "picture", {"noisy": (2, 28, 28, 1)}, options=entry("picture")
    ),
    Script(
        "siamese",
        "distance",
        {"siamese.x1": (3, 160, 1), "siamese.x2": (3, 160, 1)},
        options=entry("distance"),
    ),
    Script("raw_audio", "logits", {"wave": (2, 4000)}),
    Script("seismic_line", "logits", {"traces": (2, 96, 3)}),
    Script("self_attention", "score", {"images": (2, 24, 24, 3)}),
    Script("tensor_maths", "scores", {"patch": (2, 20, 20, 3)}),
    Script("tcn", "forecast", {"x": (2, 60, 4)}),
    Script("layers_objects", "logits", {"signal": (2, 64, 3)}),
    Script(
        "detector",
        "model.scores",
        {"model.signal": (2, 64, 3)},
        options=("--root", str(HERE / "detector")),
        file="detector/train.py",
    ),
    Script("lazy_model", "odds", {"series": (2, 64, 3)}),
    Script("hparams", "logits", {"mels": (2, 50, 20)}),
    Script(
        "hparams_contrib",
        "logits",
        {"model.x": (2, 24, 12)},
        options=entry("logits"),
    ),
    Script(
        "model_function",
        "logits",
        {"x": (2, 48, 6)},
        drive="x = tf.placeholder(tf.float32, [None, 48, 6], 'x')\n"
        "logits = model(x, False)",
        options=entry("model", "--input", "x=?x48x6", "--set", "is_training=False"),
    ),
    Script(
        "homemade_norm",
        "logits",
        {"image": (2, 24, 24, 1)},
        feeds={"training": False},
    ),
    Script("style_transfer", "painted", {"content": (1, 32, 40, 3)}),
    Script("slim_vgg", "logits", {"images": (2, 32, 32, 3)}, options=entry("logits")),
    Script("contrib_layers", "y", {"x": (2, 36, 36, 2)}),
    Script(
        "slim_resnet",
        "predictions",
        {"T('images')": (1, 56, 56, 3)},
        options=entry("predictions"),
    ),
    Script("slim_inception", "logits", {"X": (2, 47, 47, 3)}, options=entry("logits")),
    Script(
        "slim_mobilenet",
        "logits",
        {"model.image": (2, 64, 64, 3)},
        options=entry("logits"),
    ),
    Script(
        "contrib_autoencoder",
        "painted",
        {"frames": (2, 32, 40, 3)},
        options=entry("painted"),
    ),
    Script("contrib_gan", "score", {"wgan.z": (3, 24)}, options=entry("score")),
    Script("keras_in_tf1", "model.output", {"model.input": (2, 96, 3)}),
    Script(
        "keras_sequential",
        "model(given['x'], training=False)",
        {"x": (2, 150, 4)},
        layers="model",
        kind="eager",
    ),
    Script(
        "keras_functional",
        "model(given['image'], training=False)",
        {"image": (2, 40, 40, 3)},
        layers="model",
        kind="eager",
    ),
    Script(
        "keras_one",
        "model(given['signal'], training=False)",
        {"signal": (2, 80, 2)},
        options=("--from", "keras1-1.2"),
        layers="model",
        kind="eager",
        live="keras_one_today.py",
    ),
    Script(
        "keras_subclass",
        "model(given['series'], training=False)",
        {"series": (2, 32, 3)},
        layers="model",
        kind="eager",
    ),
    Script("compat_v1", "distribution", {"signal": (2, 100, 1)}),
    Script("speech_py2", "logits", {"banks": (3, 600)}, options=entry("logits")),
    Script("video_conv3d", "logit", {"clips": (2, 8, 32, 32, 3)}),
    Script(
        "char_cnn",
        "scores",
        {"net.text": (2, 90)},
        limits={"net.text": 32},
        feeds={"net.keep": 1.0},
        options=entry("scores"),
    ),
    Script("glu_norm", "summary", {"words": (2, 20)}, limits={"words": 300}),
    Script("super_resolution", "T('add_3')", {"T('images')": (2, 24, 24, 1)}),
    Script("ecg_resnet", "logits", {"record": (2, 256, 1)}, options=entry("logits")),
    Script("engines", "logits", {"X": (2, 64, 3)}, file="engines.ipynb"),
    Script(
        "actor_critic",
        "[policy, value]",
        {"states": (2, 42, 42, 4)},
        drive="states = tf.placeholder(tf.float32, [None, 42, 42, 4], 'states')\n"
        "policy, value = network(states)",
        options=entry("network", "--input", "states=?x42x42x4"),
    ),
    Script(
        "speech_long",
        "T('words/scores')",
        {"T('fingerprint')": (2, 3920)},
        feeds={"T('keep_prob')": 1.0, "T('is_training')": False},
    ),
    Script(
        "keras_segment",
        "model(given['image'], training=False)",
        {"image": (2, 36, 44, 3)},
        layers="model",
        kind="eager",
    ),
    Script(
        "keras_text",
        "model(given['words'], training=False)",
        {"words": (2, 30)},
        limits={"words": 400},
        layers="model",
        kind="eager",
    ),
    Script(
        "keras_vgg",
        "model(given['image'], training=False)",
        {"image": (2, 32, 32, 3)},
        layers="model",
        kind="eager",
    ),
    Script(
        "keras_siamese",
        "siamese([given['left'], given['right']], training=False)",
        {"left": (2, 64, 2), "right": (2, 64, 2)},
        layers="siamese",
        kind="eager",
    ),
    Script(
        "keras_custom",
        "model(given['inputs'], training=False)",
        {"inputs": (2, 72, 3)},
        layers="model",
        kind="eager",
    ),
    Script(
        "keras_inputs",
        "model([given['numbers'], given['inputs'], given['signal']], training=False)",
        {"numbers": (2, 6), "inputs": (2, 16, 24, 3), "signal": (2, 40, 2)},
        layers="model",
        kind="eager",
    ),
    Script(
        "keras_inception",
        "model(given['img_input'], training=False)",
        {"img_input": (2, 47, 43, 3)},
        layers="model",
        kind="eager",
    ),
    Script("wave_gan", "G_z", {"z": (2, 16)}),
    Script("decayed", "logits", {"x": (2, 50, 8)}),
    Script("eeg_depthwise", "logits", {"net['x']": (2, 8, 128, 1)}),
    Script("music_tags", "T('tags')", {"T('spectrum')": (4, 32, 96)}),
    Script(
        "forecast_trainer",
        "forecast",
        {"trainer.history": (2, 72, 5)},
        feeds={"trainer.training": False},
        options=entry("forecast"),
    ),
    Script(
        "ema_resnet",
        "logits",
        {"pictures": (2, 24, 24, 3)},
        options=entry("logits"),
    ),
    Script("cycle_gan", "fake", {"real": (1, 32, 24, 3)}, options=entry("fake")),
    Script(
        "segment_pop",
        "mask",
        {"image": (2, 32, 48, 3)},
        options=entry("mask"),
    ),
    Script(
        "raw_norms",
        "net",
        {"image": (2, 20, 16, 3)},
        feeds={"tested": True},
        options=entry("net"),
    ),
    Script(
        "alexnet_signal",
        "classes",
        {"signal": (2, 512, 4)},
        feeds=OFF,
        options=entry("classes"),
    ),
    Script("attention_pool", "logits", {"x": (3, 48, 6)}),
    Script(
        "dueling",
        "player.output",
        {"player.inputs": (2, 24, 24, 3)},
        options=entry("player.output"),
    ),
    Script("two_experts", "T('out/energy')", {"T('signal')": (3, 40, 1)}),
    Script("wavenet_class", "net.raw", {"wave": (2, 40, 256)}),
    Script("speech_gan", "net.G", {"net.noisy": (2, 256)}, options=entry("net.G")),
    Script("hard_batches", "y", {"x": (2, 40, 6)}, refused=r"hard_batches\.py.*\d"),
    Script(
        "hard_map",
        "score",
        {"pictures": (2, 4, 20, 20, 3)},
        refused=r"hard_map\.py.*map_fn",
    ),
    Script(
        "hard_lstm",
        "logits",
        {"x": (2, 40, 6)},
        refused=r"hard_lstm\.py.*[67].*(dynamic_rnn|rnn_cell|LSTM)",
    ),
]

# The pairs of two articles, written anew: three graphs, two eager layers whose
# only input is a literal random tensor.
PAIRS = [
    Script("pair_basic", "y", {"x": (2, 12, 1)}),
    Script("pair_stride", "every_second", {"series": (2, 21, 3)}),
    Script("pair_relu", "active", {"data": (2, 16, 2)}),
    Script(
        "pair_valid",
        "layer(given['picture'])",
        {"picture": (1, 32, 32, 3)},
        layers="layer",
        kind="eager",
    ),
    Script(
        "pair_same",
        "layer(given['picture'])",
        {"picture": (1, 32, 32, 3)},
        layers="layer",
        kind="eager",
    ),
]
SCRIPTS += PAIRS


def shape_in(node):
    """The first list of sizes in an expression; what is unknown is 2."""
    lists = (n for n in ast.walk(node) if isinstance(n, ast.List | ast.Tuple))
    return tuple(k or 2 for k in ast.literal_eval(next(lists)))


def of_article(name, code):
    """The script of one piece of an article: the last tensor that it names is
    the network's, the first shape that of its input."""
    assigned = [n for n in ast.parse(code).body if isinstance(n, ast.Assign)]
    values = {ast.unparse(n.targets[0]): n.value for n in assigned}
    last = list(values)[-1]
    if "placeholder" in code:
        (x,) = (k for k, v in values.items() if "placeholder" in ast.unparse(v))
        return Script(name, last, {x: shape_in(values[x])}, text=code)
    call = values[last]
    layer, x = ast.unparse(call.func), ast.unparse(call.args[0])
    return Script(
        name,
        f"{layer}(given[{x!r}])",
        {x: shape_in(values[x])},
        layers=layer,
        kind="eager",
        text=code,
    )


def of_articles():
    """TensorFlow's sides of the pairs that the articles show."""
    files = sorted(ARTICLES.glob("*.txt")) if ARTICLES.is_dir() else []
    pieces = [
        piece.split("```")[0]
        for file in files
        for piece in file.read_text(encoding="utf-8").split("```python\n")[1:]
    ]
    pieces = [piece for piece in pieces if "import tensorflow" in piece]
    return [of_article(f"article_{i}", piece) for i, piece in enumerate(pieces)]


SCRIPTS += of_articles()

# What is not read yet is refused by the name of what stands in the way.
LATER = {
    # A kernel that is computed from two variables.
    "glu_norm": r"glu_norm\.py.*tf\.nn\.l2_normalize",
}
SCRIPTS = [replace(s, refused=LATER[s.name]) if s.name in LATER else s for s in SCRIPTS]

BY_NAME = {script.name: script for script in SCRIPTS}
