"""Seismic traces: lines as images one pixel high or wide, and back."""
import numpy as np
import tensorflow as tf

SAMPLES, STATIONS, CLASSES = 96, 3, 5


def weight(shape, name):
    return tf.get_variable(name, shape, initializer=tf.random_normal_initializer(stddev=0.1))


def line_conv(x, filters, taps, name):
    """A convolution along time, through conv2d."""
    with tf.variable_scope(name):
        width = x.get_shape().as_list()[-1]
        h = tf.expand_dims(x, 1)
        h = tf.nn.conv2d(h, weight([1, taps, width, filters], 'w'), [1, 1, 1, 1], 'SAME')
        h = tf.nn.bias_add(h, weight([filters], 'b'))
        return tf.nn.relu(tf.squeeze(h, [1]))


def pool(x, name):
    with tf.name_scope(name):
        h = tf.nn.max_pool(tf.expand_dims(x, axis=2), [1, 2, 1, 1], [1, 2, 1, 1], 'SAME')
        return tf.squeeze(h, squeeze_dims=[2])


traces = tf.placeholder(tf.float32, [None, SAMPLES, STATIONS], name='traces')
labels = tf.placeholder(tf.int64, [None], name='labels')

h = line_conv(traces, 8, 7, 'first')
h = pool(h, 'pool1')
h = line_conv(h, 12, 5, 'second')
h = tf.reshape(tf.layers.max_pooling2d(tf.reshape(h, [-1, SAMPLES // 2, 1, 12]), (2, 1), (2, 1)),
               [-1, SAMPLES // 4, 12])
h = tf.layers.conv1d(h, 12, 3, padding='same', activation=tf.nn.relu, name='third')

# the largest answer of a filter, by time: an image of one channel
image = tf.expand_dims(h, -1)
image = tf.layers.conv2d(image, 6, (5, 1), padding='same', activation=tf.nn.relu, name='image')
image = tf.layers.conv2d(image, 1, (5, 1), padding='same', name='flat')
gate = tf.sigmoid(tf.squeeze(image, axis=3))
h = h * gate
peak = tf.reduce_max(h, axis=2)
energy = tf.expand_dims(tf.reduce_mean(tf.square(h), axis=2), -1)
energy = tf.layers.conv1d(energy, 4, 3, padding='same', name='energy')
both = tf.concat([h, energy, tf.expand_dims(peak, 2)], axis=-1)
h = tf.layers.conv1d(both, 10, 3, strides=2, name='last')
h = tf.reduce_mean(h, 1)
logits = tf.layers.dense(h, CLASSES, name='logits')
loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))
step = tf.train.AdamOptimizer(1e-3).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(2):
        sess.run(step, {traces: np.random.randn(4, SAMPLES, STATIONS), labels: np.arange(4)})
