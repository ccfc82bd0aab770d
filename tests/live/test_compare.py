"""What the comparison is for: a port with one fault must not pass it."""

import kit
import numpy as np
import pytest
import torch
from kit import keras
from test_networks import check_values

K = keras.layers


@pytest.fixture(scope="module")
def ported(tmp_path_factory):
    """A small network and its right port."""
    folder = tmp_path_factory.mktemp("faults")
    rng = kit.random(4)
    x = inputs = keras.Input((8, 8, 3))
    x = K.Conv2D(6, 3, strides=2, padding="same", name="conv")(x)
    x = K.BatchNormalization(name="bn")(x)
    x = K.LeakyReLU(0.3, name="act")(x)
    x = K.AveragePooling2D(2, strides=1, name="pool")(x)
    x = K.Flatten(name="flat")(x)
    model = keras.Model(inputs, K.Dense(5, name="fc")(x))
    for weight in model.weights:
        low = 0.2 if "variance" in weight.path else -1
        weight.assign(rng.uniform(low, 1, weight.shape))
    done = kit.port(kit.save(model, folder / "small.keras"), folder / "out")
    assert done.code == 0, done.messages
    return model, done, [np.float32(rng.standard_normal((2, 8, 8, 3)))]


def border_on_the_wrong_side(network):
    """SAME puts the odd zero after the data."""
    for module in network.modules():
        if isinstance(module, torch.nn.ZeroPad2d):
            module.padding = (1, 0, 1, 0)


def kernel_axes_swapped(network):
    """Rows for columns."""
    network.conv.weight.data = network.conv.weight.data.mT.contiguous()


def one_weight_a_little_off(network):
    """By a tenth of a per mille."""
    network.conv.weight.data[2, 1, 0, 2] *= 1.0001


def another_eps(network):
    """torch's own default."""
    network.bn.eps = 1e-5


def another_slope(network):
    """torch's own default."""
    network.act.negative_slope = 0.01


def flattened_in_the_source_s_order(network):
    """Weights of the layer behind are not permuted."""
    w = network.fc.weight.data
    channels = network.conv.out_channels
    w = w.reshape(len(w), channels, -1).mT
    network.fc.weight.data = w.reshape(len(w), -1).contiguous()


FAULTS = (
    border_on_the_wrong_side,
    kernel_axes_swapped,
    one_weight_a_little_off,
    another_eps,
    another_slope,
    flattened_in_the_source_s_order,
)


def test_the_right_port_passes(ported):
    """Before anything is broken."""
    model, done, arrays = ported
    check_values(model, kit.load(done), done.report, arrays)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_seen(ported, fault):
    """Whichever check it is that sees it."""
    model, done, arrays = ported
    network = kit.load(done)
    fault(network)
    with pytest.raises(AssertionError):
        check_values(model, network, done.report, arrays)
