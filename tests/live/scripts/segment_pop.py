"""Segments pictures: population statistics by hand, resized upwards."""
import numpy as np
import tensorflow as tf

tf.app.flags.DEFINE_integer('classes', 4, 'kinds of pixels')
tf.app.flags.DEFINE_boolean('train', False, 'train or test')
FLAGS = tf.app.flags.FLAGS


def norm(x, is_training, decay=0.9, epsilon=1e-3):
    gamma = tf.Variable(tf.ones([x.get_shape()[-1]]), name='gamma')
    beta = tf.Variable(tf.zeros([x.get_shape()[-1]]), name='beta')
    pop_mean = tf.Variable(tf.zeros([x.get_shape()[-1]]), trainable=False, name='pop_mean')
    pop_var = tf.Variable(tf.ones([x.get_shape()[-1]]), trainable=False, name='pop_var')

    def in_training():
        batch_mean, batch_var = tf.nn.moments(x, [0, 1, 2])
        train_mean = tf.assign(pop_mean, pop_mean * decay + batch_mean * (1 - decay))
        train_var = tf.assign(pop_var, pop_var * decay + batch_var * (1 - decay))
        with tf.control_dependencies([train_mean, train_var]):
            return tf.nn.batch_normalization(x, batch_mean, batch_var, beta, gamma, epsilon)

    def in_test():
        y, _, _ = tf.nn.fused_batch_norm(x, gamma, beta, mean=pop_mean, variance=pop_var,
                                         epsilon=epsilon, is_training=False)
        return y

    return tf.cond(is_training, in_training, in_test)


def bilinear(taps, n):
    """weights that start as an interpolation"""
    f = np.ceil(taps / 2.0)
    c = (2 * f - 1 - f % 2) / (2.0 * f)
    kernel = np.zeros([taps, taps])
    for i in range(taps):
        for j in range(taps):
            kernel[i, j] = (1 - abs(i / f - c)) * (1 - abs(j / f - c))
    weights = np.zeros([taps, taps, n, n])
    for i in range(n):
        weights[:, :, i, i] = kernel
    return tf.constant_initializer(value=weights, dtype=tf.float32)


def conv(x, out, name, is_training, stride=1):
    with tf.name_scope(name):
        W = tf.Variable(tf.truncated_normal([3, 3, x.get_shape().as_list()[3], out], stddev=0.1), name='W')
        y = tf.nn.conv2d(x, W, [1, stride, stride, 1], padding='SAME')
        return tf.nn.relu(norm(y, is_training))


def twice(x):
    """as many pixels again, whatever there are"""
    size = tf.shape(x)
    return tf.image.resize_nearest_neighbor(x, [size[1] * 2, size[2] * 2])


image = tf.placeholder(tf.float32, [None, 32, 48, 3], name='image')
phase = tf.placeholder_with_default(False, [], name='phase')
e1 = conv(image, 8, 'e1', phase)
e2 = conv(e1, 12, 'e2', phase, stride=2)
e3 = conv(e2, 16, 'e3', phase, stride=2)
d2 = conv(tf.concat([twice(e3), e2], 3), 12, 'd2', phase)
d1 = conv(tf.concat([twice(d2), e1], 3), 8, 'd1', phase)
with tf.variable_scope('mask'):
    smooth = tf.get_variable('smooth', [4, 4, 8, 8], initializer=bilinear(4, 8), trainable=False)
    d1 = tf.nn.conv2d(d1, smooth, [1, 1, 1, 1], 'SAME')
    W = tf.get_variable('W', [1, 1, 8, FLAGS.classes])
    mask = tf.nn.softmax(tf.nn.conv2d(d1, W, [1, 1, 1, 1], 'SAME'))
if FLAGS.train:
    truth = tf.placeholder(tf.int32, [None, None, None])
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=truth, logits=mask))
