"""Heartbeats: a densely connected stack over one dimension."""
import collections

import tensorflow as tf

Config = collections.namedtuple('Config', ['growth', 'blocks', 'shrink', 'leads', 'samples', 'classes'])

DEFAULT = Config(growth=6, blocks=(2, 3, 2), shrink=0.5, leads=2, samples=200, classes=5)


def bn_relu_conv(x, filters, taps, phase, name):
    with tf.variable_scope(name):
        x = tf.layers.batch_normalization(x, training=phase, epsilon=1.1e-5)
        x = tf.nn.relu(x)
        return tf.layers.conv1d(x, filters, taps, padding='SAME', use_bias=False)


def dense_block(x, count, growth, phase, name):
    with tf.variable_scope(name):
        for n in range(count):
            new = bn_relu_conv(x, 4 * growth, 1, phase, 'narrow_%d' % n)
            new = bn_relu_conv(new, growth, 5, phase, 'wide_%d' % n)
            x = tf.concat([x, new], axis=-1)
    return x


def transition(x, shrink, phase, name):
    channels = int(x.shape[-1].value * shrink)
    x = bn_relu_conv(x, channels, 1, phase, name)
    return tf.layers.average_pooling1d(x, 2, 2)


def densenet(x, config=DEFAULT, phase=False):
    x = tf.layers.conv1d(x, 2 * config.growth, 7, 2, 'same', use_bias=False, name='stem')
    last = len(config.blocks) - 1
    for i, count in enumerate(config.blocks):
        x = dense_block(x, count, config.growth, phase, name='block%d' % i)
        if i != last:
            x = transition(x, config.shrink, phase, name='transition%d' % i)
    x = tf.nn.relu(tf.layers.batch_normalization(x, training=phase, name='final'))
    x = tf.reduce_mean(x, 1)
    return tf.layers.dense(x, config.classes, name='beats')


ecg = tf.placeholder(tf.float32, [None, DEFAULT.samples, DEFAULT.leads], name='ecg')
beats = densenet(ecg, DEFAULT._replace(growth=8))
