"""Two halves that hardly meet, with local response normalization."""
import numpy as np
import tensorflow as tf

from tensorflow.python.framework import ops
from tensorflow.python.ops import math_ops, array_ops


def conv(x, taps, out, stride, name, padding='SAME', groups=1):
    """Convolution and relu; of groups, each sees its own part of the channels."""
    n_in = int(x.get_shape()[-1])
    one = lambda part, kernel: tf.nn.conv2d(part, kernel, strides=[1, stride, stride, 1], padding=padding)
    with tf.variable_scope(name) as scope:
        kernel = tf.get_variable('kernel', shape=[taps, taps, n_in // groups, out])
        bias = tf.get_variable('bias', shape=[out])
    if groups == 1:
        y = one(x, kernel)
    else:
        parts = tf.split(axis=3, num_or_size_splits=groups, value=x)
        kernels = tf.split(axis=3, num_or_size_splits=groups, value=kernel)
        y = tf.concat(axis=3, values=[one(p, k) for p, k in zip(parts, kernels)])
    y = tf.reshape(tf.nn.bias_add(y, bias), tf.shape(y))
    return tf.nn.relu(y, name=scope.name)


def dense(x, out, name, relu=True):
    n_in = x.get_shape()[1].value
    with tf.variable_scope(name) as scope:
        y = tf.nn.xw_plus_b(x, tf.get_variable('kernel', shape=[n_in, out], trainable=True),
                            tf.get_variable('bias', [out], trainable=True), name=scope.name)
    return tf.nn.relu(y) if relu else y


def pool(x, name, taps=3, stride=2):
    return tf.nn.max_pool(x, ksize=[1, taps, taps, 1], strides=[1, stride, stride, 1],
                          padding='VALID', name=name)


class Halves(object):
    """five convolutions, two dense layers"""

    def __init__(self, x, keep_prob, classes, fresh=(), stored='DEFAULT'):
        self.x, self.keep_prob, self.classes = x, keep_prob, classes
        self.fresh = fresh  # layers that are not loaded
        self.stored = 'halves.npy' if stored == 'DEFAULT' else stored
        self.layers = {}
        self.build()

    def build(self):
        y = conv(self.x, 11, 16, 4, padding='VALID', name='conv1')
        y = tf.nn.local_response_normalization(y, depth_radius=2, alpha=2e-05, beta=0.75, bias=1.0, name='norm1')
        y = pool(y, 'pool1')
        y = conv(y, 5, 32, 1, groups=2, name='conv2')
        y = tf.nn.lrn(y, 3, bias=2.0, alpha=1e-02, beta=0.6)
        y = pool(y, 'pool2')
        for name, out, groups in [('conv3', 48, 1), ('conv4', 32, 2), ('conv5', 24, 2)]:
            y = self.layers[name] = conv(y, 3, out, 1, groups=groups, name=name)
        y = pool(y, name='pool5')
        y = tf.reshape(y, [-1, int(np.prod(y.get_shape()[1:]))])
        y = tf.nn.dropout(dense(y, 60, 'dense6'), self.keep_prob)
        self.score = dense(y, self.classes, relu=False, name='dense7')

    def load(self, session):
        """the weights that somebody trained"""
        stored = np.load(self.stored, encoding='bytes', allow_pickle=True).item()
        for layer in stored:
            if layer in self.fresh:
                continue
            with tf.variable_scope(layer, reuse=True):
                for array in stored[layer]:
                    variable = tf.get_variable('bias' if array.ndim == 1 else 'kernel', trainable=False)
                    session.run(variable.assign(array))


ops.reset_default_graph()
x = tf.placeholder(tf.float32, [None, 115, 115, 3])
keep_prob = tf.placeholder(tf.float32)
model = Halves(x, keep_prob, 8, fresh=['dense7'])
score = model.score
