"""Scripts of PyTorch: `convey show` and `convey run` beside live torch."""

import copy
import importlib.util
import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import bounds
import kit
import numpy as np
import pytest
import torch

SCRIPTS = Path(__file__).with_name("torch_scripts")


@dataclass(frozen=True)
class Row:
    """A script, what its network is in live torch, and its inputs."""

    name: str
    make: str
    shapes: tuple
    options: tuple = ()
    case: str = ""
    whole: int = 0  # inputs are whole numbers below this

    @property
    def id(self):
        return self.case or self.name


def row(name, make, *shapes, options=(), case="", whole=0):
    return Row(name, make, shapes, tuple(options), case, whole)


ROWS = [
    row("mnist", "Net()", (2, 1, 28, 28)),
    row("lenet", "net", (2, 1, 32, 32)),
    row("alexnet", "AlexNet()", (1, 3, 127, 127)),
    row("vgg", "vgg11()", (2, 3, 32, 32), options=["--entry", "vgg11"]),
    row(
        "vgg",
        "vgg13_bn()",
        (2, 3, 32, 32),
        options=["--entry", "vgg13_bn"],
        case="vgg_bn",
    ),
    row("resnet", "resnet18()", (2, 3, 48, 48), options=["--entry", "resnet18"]),
    row(
        "resnet",
        "resnet50()",
        (1, 3, 48, 48),
        options=["--entry", "resnet50"],
        case="resnet50",
    ),
    row("densenet", "DenseNetTiny()", (2, 3, 32, 32)),
    row(
        "densenet",
        "DenseNet(num_classes=3)",
        (1, 3, 40, 40),
        options=["--entry", "DenseNet", "--set", "num_classes=3"],
        case="densenet_whole",
    ),
    row("inception", "Inception()", (2, 3, 35, 35)),
    row("mobilenet", "MobileNetV2()", (2, 3, 32, 32)),
    row("squeezenet", "SqueezeNet()", (2, 3, 41, 41)),
    row("unet", "UNet()", (1, 3, 36, 44)),
    row(
        "unet",
        "UNet(bilinear=True)",
        (1, 3, 36, 44),
        options=["--entry", "UNet", "--set", "bilinear=True"],
        case="unet_bilinear",
    ),
    row("dcgan", "netD", (3, 3, 16, 16)),
    row("dcgan", "netG", (2, 20, 1, 1), options=["--entry", "netG"], case="dcgan_netG"),
    row("dqn", "target_net", (2, 3, 40, 60)),
    row("tcn", "model", (2, 20, 5)),
    row("textcnn", "cnn", (3, 14), whole=50),
    row("autoencoder", "VAE(latent=12)", (32, 3, 32, 32)),
    row("ecg", "model", (2, 1, 120)),
    row("depthwise", "net", (2, 3, 33, 33)),
    row(
        "depthwise",
        "xception(5)",
        (2, 3, 33, 33),
        options=["--entry", "xception", "--set", "num_classes=5"],
        case="xception",
    ),
    row("se", "se_net", (2, 3, 12, 14)),
    row("video", "C3D(11)", (2, 3, 4, 16, 16)),
    row("siamese", "model", (2, 1, 28, 28), (2, 1, 28, 28)),
]


def network(case, rng):
    """The live network with weights that are nobody's initial ones."""
    path = SCRIPTS / f"{case.name}.py"
    spec = importlib.util.spec_from_file_location(f"torch_script_{case.name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = eval(case.make, vars(module)).eval()
    with torch.no_grad():
        for key, value in made.state_dict().items():
            if not value.is_floating_point():
                continue
            fan = max(1, value[0].numel()) if value.dim() > 1 else 16
            new = rng.standard_normal(value.shape) * (1.5 / fan) ** 0.5
            if key.endswith(("running_var", "std")):
                new = rng.uniform(0.5, 1.5, value.shape)
            value.copy_(torch.from_numpy(np.float32(new)))
    return made


def inputs_of(case, rng):
    if case.whole:
        return [rng.integers(0, case.whole, shape) for shape in case.shapes]
    return [np.float32(rng.standard_normal(shape)) for shape in case.shapes]


def run_live(made, arrays):
    """Leaves of what the network gives. It may change its inputs."""
    with torch.no_grad():
        return [
            y.double().numpy()
            for y in kit.leaves(made(*[torch.from_numpy(x.copy()) for x in arrays]))
        ]


def command(*words):
    return subprocess.run(
        [os.environ["CONVEY"], *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )


def shown(case):
    """The listing, and names, shapes and trainability of all weights."""
    path = SCRIPTS / f"{case.name}.py"
    sizes = []
    for shape in case.shapes:
        sizes += ["--input", "x".join(map(str, shape))]
    if len(case.shapes) > 1:
        names = ["x1", "x2"]
        sizes = [
            w
            for n, s in zip(names, case.shapes, strict=True)
            for w in ("--input", n + "=" + "x".join(map(str, s)))
        ]
    done = command("show", path, "--json", *case.options, *sizes)
    assert done.returncode == 0, done.stderr
    text = command("show", path, "--graph", *case.options, *sizes)
    assert text.returncode == 0, text.stderr
    return json.loads(done.stdout), text.stdout


def check_weights(listing, text, made):
    """Names in torch's order, sizes, counts."""
    state = {
        k: v for k, v in made.state_dict().items() if not k.endswith("batches_tracked")
    }
    seen, unique = set(), {}
    for key, value in state.items():
        if value.data_ptr() in seen:
            continue
        seen.add(value.data_ptr())
        unique[key] = value
    lines = [x for x in text.splitlines() if x.startswith("param ")]
    names = [re.search(r'"([^"]+)"', x).group(1) for x in lines]
    assert names == list(unique)
    for line in lines:
        assert re.sub(r"\D+", " ", line.split('"')[2]) is not None
    assert listing["parameters"] == sum(v.numel() for v in unique.values())
    trains = sum(p.numel() for p in made.parameters() if p.requires_grad)
    assert listing["trainable"] == trains


@pytest.mark.parametrize("case", ROWS, ids=lambda c: c.id)
def test_torch_script(case, tmp_path):
    """The same weights by name, and the same numbers."""
    rng = kit.random(11, ROWS.index(case))
    made = network(case, rng)
    arrays = inputs_of(case, rng)
    listing, text = shown(case)
    check_weights(listing, text, made)

    weights = tmp_path / "w.pth"
    torch.save(made.state_dict(), weights)
    words = ["run", SCRIPTS / f"{case.name}.py", "--weights", weights, *case.options]
    for i, x in enumerate(arrays):
        np.save(tmp_path / f"x{i}.npy", x)
        name = listing["inputs"][i]["name"]
        words += ["--input", f"{name}={tmp_path / f'x{i}.npy'}"]
    done = command(*words, "--json")
    assert done.returncode == 0, done.stderr
    outputs = json.loads(done.stdout)["outputs"]
    for i, output in enumerate(outputs):
        words += ["-o", f"{output['name']}={tmp_path / f'y{i}.npy'}"]
    done = command(*words)
    assert done.returncode == 0, done.stderr

    near = run_live(made, arrays)
    wide = [x.astype(np.float64) if x.dtype == np.float32 else x for x in arrays]
    exact = run_live(copy.deepcopy(made).double(), wide)
    assert len(near) == len(outputs)
    worst = 0.0
    for i, (a, b) in enumerate(zip(near, exact, strict=True)):
        got = np.load(tmp_path / f"y{i}.npy")
        allowed = 8 * np.max(np.abs(a - b)) + 16 * bounds.U * np.max(np.abs(a))
        worst = max(worst, kit.share(got, a, allowed))
    kit.note("torch scripts", worst)
    assert worst <= 1
