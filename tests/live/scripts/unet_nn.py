"""Segmentation: down, up, and what was seen on the way down beside it."""
from __future__ import division, print_function

import logging
from collections import OrderedDict

import numpy as np
import tensorflow as tf

logging.basicConfig(level=logging.INFO, format='%(asctime)s %(message)s')


def weight(shape, name="weight"):
    """He's spread, from the inputs of the kernel"""
    stddev = np.sqrt(2 / (shape[0] * shape[1] * shape[2]))
    return tf.Variable(tf.truncated_normal(shape, stddev=stddev), name=name)


def bias(size, name="bias"):
    return tf.Variable(tf.constant(0.1, shape=[size]), name=name)


def conv(x, W, b, keep):
    with tf.name_scope("conv"):
        y = tf.nn.conv2d(x, W, strides=[1, 1, 1, 1], padding='VALID')
        return tf.nn.dropout(tf.nn.bias_add(y, b), keep)


def up(x, W, times):
    with tf.name_scope("up"):
        size = tf.shape(x)
        target = tf.stack([size[0], size[1] * times, size[2] * times, size[3] // 2])
        return tf.nn.conv2d_transpose(x, W, target, strides=[1, times, times, 1], padding='VALID')


def halve(x):
    return tf.nn.max_pool(x, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding='VALID')


def beside(wide, x):
    """the middle of `wide`, and x"""
    with tf.name_scope("beside"):
        outer = wide.get_shape().as_list()
        inner = x.get_shape().as_list()
        start = [0, (outer[1] - inner[1]) // 2, (outer[2] - inner[2]) // 2, 0]
        size = [-1, inner[1], inner[2], -1]
        return tf.concat([tf.slice(wide, start, size), x], 3)


def pair(x, n_in, n_out, keep, kept):
    """two convolutions of 3 x 3"""
    for i, n in enumerate((n_in, n_out)):
        W = weight([3, 3, n, n_out], name="w%d" % (i + 1))
        b = bias(n_out, name="b%d" % (i + 1))
        kept.append((W, b))
        x = tf.nn.relu(conv(x, W, b, keep))
    return x


def build(x, keep, channels, classes, side, depth=3, root=6):
    """
    The logits, every variable, and how much narrower the result is.

    :param x: images, [?, side, side, channels]
    :param keep: share of features that dropout keeps
    :param depth: how many levels there are
    :param root: features of the first level
    """
    logging.info("depth {depth}, {root} features at the top".format(depth=depth, root=root))
    kept = []
    seen = OrderedDict()
    size = side

    for level in range(0, depth):
        features = root * 2 ** level
        with tf.name_scope("down_{}".format(str(level))):
            x = pair(x, channels if level == 0 else features // 2, features, keep, kept)
            size -= 4
            if level < depth - 1:
                seen[level] = x
                x = halve(x)
                size /= 2

    for level in range(depth - 2, -1, -1):
        features = root * 2 ** level
        with tf.name_scope("up_{}".format(str(level))):
            W = weight([2, 2, features, features * 2], name="wu")
            b = bias(features, name="bu")
            kept.append((W, b))
            size *= 2
            x = tf.nn.relu(up(x, W, 2) + b)
            x.set_shape([None, int(size), int(size), features])
            x = pair(beside(seen[level], x), features * 2, features, keep, kept)
            size -= 4

    with tf.name_scope("map"):
        W = weight([1, 1, root, classes])
        b = bias(classes)
        kept.append((W, b))
        x = conv(x, W, b, tf.constant(1.0))

    variables = [v for both in kept for v in both]
    return x, variables, int(side - size)


class Unet(object):
    def __init__(self, channels=3, classes=2, side=92, cost="entropy", cost_kwargs={}, **kwargs):
        self.classes = classes
        self.x = tf.placeholder("float", shape=[None, side, side, channels], name="x")
        self.y = tf.placeholder("float", shape=[None, None, None, classes], name="y")
        self.keep = tf.placeholder(tf.float32, name="keep")
        self.logits, self.variables, self.border = build(
            self.x, self.keep, channels, classes, side, **kwargs)
        self.cost = self._cost(cost, **cost_kwargs)
        self.gradients = tf.gradients(self.cost, self.variables)
        with tf.name_scope("results"):
            self.prediction = tf.nn.softmax(self.logits)
            hits = tf.equal(tf.argmax(self.prediction, 3), tf.argmax(self.y, 3))
            self.accuracy = tf.reduce_mean(tf.cast(hits, tf.float32))

    def _cost(self, name, l2=None):
        flat = [tf.reshape(t, [-1, self.classes]) for t in (self.logits, self.y)]
        if name != "entropy":
            raise ValueError("no such cost: %s" % name)
        cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=flat[0], labels=flat[1]))
        if l2 is not None:
            cost += l2 * sum([tf.nn.l2_loss(v) for v in self.variables])
        return cost


net = Unet(channels=1, classes=2, cost_kwargs=dict(l2=1e-4))
