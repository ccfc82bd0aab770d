"""A residual network whose batch norm is an object that keeps its own averages."""
from collections import namedtuple

import tensorflow as tf

Block = namedtuple('Block', 'filters stride')
BLOCKS = [Block(8, 1), Block(16, 2), Block(16, 1)]
DECAY, EPSILON, WEIGHT_DECAY = 0.997, 1e-4, 2e-4


class BatchNorm(object):
    """usage: bn = BatchNorm(n, averager); y = bn.normalize(x, train)"""

    def __init__(self, depth, averager, scale_after=True):
        self.mean = tf.Variable(tf.constant(0.0, shape=[depth]), trainable=False, name='mean')
        self.variance = tf.Variable(tf.constant(1.0, shape=[depth]), trainable=False, name='var')
        self.beta = tf.Variable(tf.constant(0.0, shape=[depth]), name='beta')
        self.gamma = tf.Variable(tf.constant(1.0, shape=[depth]), name='gamma')
        self.averager = averager
        self.scale_after = scale_after

    def update(self):
        return self.averager.apply([self.mean, self.variance])

    def normalize(self, x, train):
        if train:
            mean, variance = tf.nn.moments(x, list(range(len(x.get_shape()) - 1)))
            with tf.control_dependencies([self.mean.assign(mean), self.variance.assign(variance)]):
                with tf.control_dependencies([self.update()]):
                    return tf.nn.batch_normalization(x, mean, variance, self.beta, self.gamma, EPSILON)
        self.update()
        return tf.nn.batch_normalization(x, self.averager.average(self.mean),
                                         self.averager.average(self.variance),
                                         self.beta, self.gamma if self.scale_after else None, EPSILON)


def decayed(name, shape):
    W = tf.get_variable(name, shape, initializer=tf.contrib.layers.xavier_initializer())
    tf.add_to_collection('losses', tf.multiply(tf.nn.l2_loss(W), WEIGHT_DECAY))
    return W


def conv(x, taps, filters, stride, train, averager, relu=True):
    W = decayed('W', [taps, taps, x.get_shape()[-1], filters])
    y = tf.nn.conv2d(x, W, strides=[1, stride, stride, 1], padding='SAME')
    y = BatchNorm(filters, averager).normalize(y, train)
    return tf.nn.relu(y) if relu else y


def block(x, spec, train, averager):
    n_in = x.get_shape().as_list()[-1]
    with tf.variable_scope('a'):
        y = conv(x, 3, spec.filters, spec.stride, train, averager)
    with tf.variable_scope('b'):
        y = conv(y, 3, spec.filters, 1, train, averager, relu=False)
    if spec.stride == 2:  # fewer pixels, more channels: nothing is learned here
        x = tf.nn.avg_pool(x, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding='VALID')
    if n_in != spec.filters:
        more = spec.filters - n_in
        x = tf.pad(x, [[0, 0], [0, 0], [0, 0], [more // 2, more - more // 2]])
    return tf.nn.relu(x + y)


def inference(images, classes, train=False):
    averager = tf.train.ExponentialMovingAverage(DECAY)
    with tf.variable_scope('first'):
        y = conv(images, 3, 8, 1, train, averager)
    for i, spec in enumerate(BLOCKS):
        with tf.variable_scope('block%d' % i):
            y = block(y, spec, train, averager)
    y = tf.reduce_mean(y, [1, 2])
    with tf.variable_scope('last'):
        b = tf.get_variable('b', [classes], initializer=tf.zeros_initializer())
        return tf.matmul(y, decayed('W', [y.get_shape()[-1].value, classes])) + b


pictures = tf.placeholder(tf.float32, [None, 24, 24, 3], name='pictures')
labels = tf.placeholder(tf.int64, [None])
logits = inference(pictures, 7)
loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
loss = tf.add_n([loss] + tf.get_collection('losses'))
train_op = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss)
