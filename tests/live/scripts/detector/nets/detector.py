import tensorflow as tf

from . import layers


class Detector(object):
    """Windows of a signal, and what is in them."""

    def __init__(self, config):
        self.signal = tf.placeholder(tf.float32, [None, config.window, config.channels], name="signal")
        self.label = tf.placeholder(tf.int32, [None], name="label")
        net = self.signal
        for i, filters in enumerate(config.filters):
            net = layers.conv_block(net, filters, "block%d" % (i + 1))
        with tf.variable_scope("shortcut"):
            around = layers.weights_of([8, config.channels, config.filters[-1]])
            net += tf.nn.conv1d(self.signal, around, 8, "SAME")
        flat = tf.reshape(net, [-1, net.shape[1].value * net.shape[2].value])
        self.scores = layers.dense(flat, config.classes, "scores")

    def loss(self):
        from .objective import cross_entropy

        return cross_entropy(self.label, self.scores)
