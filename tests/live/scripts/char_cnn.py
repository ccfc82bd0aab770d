"""Letters, one-hot, through convolutions of full width: 1-D written as 2-D."""
from math import sqrt

import tensorflow as tf

LETTERS = " abcdefghijklmnopqrstuvwxyz.,!?"


def uniform(shape, fan, name):
    edge = 1 / sqrt(fan)
    return tf.Variable(tf.random_uniform(shape, minval=-edge, maxval=edge), dtype='float32', name=name)


class Letters(object):
    # filters, taps, pool
    plan = [[16, 7, 3], [16, 3, None], [24, 3, 3]]
    hidden = [32, 24]
    threshold = 1e-6

    def __init__(self, length=90, letters=LETTERS, classes=4):
        with tf.name_scope("input"):
            self.text = tf.placeholder(tf.int64, shape=[None, length], name='text')
            self.keep = tf.placeholder(tf.float32, name="keep")

        with tf.name_scope("one-hot"), tf.device('/cpu:0'):
            # a row of zeros for what is no letter
            n = len(letters)
            rows = tf.concat([tf.zeros([1, n]), tf.one_hot(list(range(n)), n, 1.0, 0.0)], 0)
            x = tf.expand_dims(tf.nn.embedding_lookup(rows, self.text), -1)

        for i, (filters, taps, pool) in enumerate(self.plan):
            with tf.name_scope("level-%d" % (i + 1)):
                width = x.get_shape()[2].value
                W = uniform([taps, width, 1, filters], filters * taps, 'W')
                b = uniform([filters], filters * taps, 'b')
                x = tf.nn.bias_add(tf.nn.conv2d(x, W, [1, 1, 1, 1], "VALID"), b)
                x = tf.where(tf.less(x, self.threshold), tf.zeros_like(x), x)
                if pool is not None:
                    x = tf.nn.max_pool(x, ksize=[1, pool, 1, 1], strides=[1, pool, 1, 1], padding='VALID')
                # filters become the width of the next level
                x = tf.transpose(x, [0, 1, 3, 2])

        size = x.get_shape()[1].value * x.get_shape()[2].value
        x = tf.reshape(x, [-1, size])
        sizes = [size] + list(self.hidden)
        for before, after in zip(sizes[:-1], sizes[1:]):
            with tf.name_scope("dense"):
                W = tf.Variable(tf.random_normal([before, after], stddev=0.05), name='W')
                b = tf.Variable(tf.zeros(shape=[after]), name='b')
                x = tf.nn.dropout(tf.nn.relu(tf.nn.xw_plus_b(x, W, b)), self.keep)
        with tf.name_scope("scores"):
            W = tf.Variable(tf.random_normal([sizes[-1], classes]), name='W')
            b = tf.Variable(tf.zeros([classes]), name='b')
            self.scores = tf.nn.xw_plus_b(x, W, b)
        self.answer = tf.argmax(self.scores, 1)


net = Letters()
scores = net.scores
