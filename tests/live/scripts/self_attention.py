"""Attention over positions, written by hand: a GAN's judge and a head of several."""
import numpy as np
import tensorflow as tf


def conv(x, filters, size, name, stride=1):
    with tf.variable_scope(name):
        w = tf.get_variable('kernel', [size, size, x.get_shape()[-1], filters],
                            initializer=tf.truncated_normal_initializer(stddev=0.1))
        b = tf.get_variable('bias', [filters], initializer=tf.constant_initializer(0.0))
        return tf.nn.bias_add(tf.nn.conv2d(x, w, [1, stride, stride, 1], 'SAME'), b)


def hw_flatten(x):
    n, h, w, c = x.shape.as_list()
    return tf.reshape(x, shape=[-1, h * w, c])


def attention(x, filters, scope='attention'):
    with tf.variable_scope(scope):
        f = conv(x, filters // 4, 1, 'f_conv')
        g = conv(x, filters // 4, 1, 'g_conv')
        h = conv(x, filters, 1, 'h_conv')
        s = tf.matmul(hw_flatten(g), hw_flatten(f), transpose_b=True)  # positions by positions
        beta = tf.nn.softmax(s)
        o = tf.matmul(beta, hw_flatten(h))
        gamma = tf.get_variable('gamma', [1], initializer=tf.constant_initializer(0.5))
        o = tf.reshape(o, [-1] + x.shape.as_list()[1:])
        return gamma * o + x


def heads(x, n, name):
    """Several heads over time: batch, head, time, channel."""
    _, time, width = x.shape.as_list()
    with tf.variable_scope(name):
        def split(y):
            return tf.transpose(tf.reshape(y, [-1, time, n, width // n]), [0, 2, 1, 3])
        q = split(tf.layers.dense(x, width, name='q'))
        k = split(tf.layers.dense(x, width, name='k'))
        v = split(tf.layers.dense(x, width, name='v'))
        logits = tf.matmul(q, k, transpose_b=True) / ((width // n) ** 0.5)
        mixed = tf.linalg.matmul(tf.nn.softmax(logits), v)
        mixed = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [-1, time, width])
        return x + tf.layers.dense(mixed, width, name='out')


images = tf.placeholder(tf.float32, [None, 24, 24, 3], name='images')
labels = tf.placeholder(tf.float32, [None, 2], name='labels')

h = tf.nn.leaky_relu(conv(images, 8, 4, 'down1', 2))
h = tf.nn.leaky_relu(conv(h, 16, 4, 'down2', 2))
h = attention(h, 16)
h = tf.nn.leaky_relu(conv(h, 16, 3, 'mix'))
rows = heads(tf.reduce_mean(h, 2), 2, 'heads')

# how alike the rows are, and what each then is
alike = tf.einsum('bik,bjk->bij', rows, rows)
pooled = tf.einsum('bji,bjc->bci', tf.nn.softmax(alike, axis=1), rows)
score = tf.layers.dense(tf.reduce_max(pooled, axis=2), 2, name='score')
loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(logits=score, labels=labels))
train = tf.train.AdamOptimizer(2e-4, beta1=0.5).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(2):
        sess.run(train, {images: np.random.rand(2, 24, 24, 3), labels: np.eye(2)})
