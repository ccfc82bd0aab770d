"""Every norm by hand: of variables, of groups, of samples, of pixels; tested is a flag."""
import tensorflow as tf

image = tf.placeholder(tf.float32, [None, 20, 16, 3])
tested = tf.placeholder(tf.bool)


def conv(x, out, scope, stride=1):
    with tf.variable_scope(scope):
        W = tf.get_variable('W', [3, 3, x.get_shape()[3], out])
        return tf.nn.conv2d(x, W, [1, stride, stride, 1], 'SAME')


def of_the_batch(x, step=None):
    """the average while it is tested, else that of the batch"""
    average = tf.train.ExponentialMovingAverage(0.99, step)
    mean, variance = tf.nn.moments(x, [0, 1, 2])
    update = average.apply([mean, variance])
    m = tf.cond(tested, lambda: average.average(mean), lambda: mean)
    v = tf.cond(tested, lambda: average.average(variance), lambda: variance)
    offset = tf.Variable(tf.constant(0.1, tf.float32, [x.get_shape()[3].value]), name='offset')
    return tf.nn.batch_normalization(x, m, v, offset, None, 1e-5), update


def of_variables(x):
    size = x.get_shape()[-1:]
    with tf.variable_scope('kept'):
        mean = tf.get_variable('mean', size, initializer=tf.zeros_initializer(), trainable=False)
        var = tf.get_variable('var', size, initializer=tf.ones_initializer(), trainable=False)
        gamma = tf.get_variable('gamma', size, initializer=tf.ones_initializer())
        beta = tf.get_variable('beta', size, initializer=tf.zeros_initializer())
    return gamma * (x - mean) / tf.sqrt(var + 1e-3) + beta


def of_groups(x, groups, eps=1e-5):
    N, H, W, C = x.get_shape().as_list()
    y = tf.transpose(x, [0, 3, 1, 2])
    y = tf.reshape(y, [-1, groups, C // groups, H, W])
    mean, var = tf.nn.moments(y, [2, 3, 4], keep_dims=True)
    y = tf.reshape((y - mean) / tf.sqrt(var + eps), [-1, C, H, W])
    gamma = tf.get_variable('group_gamma', [1, C, 1, 1], initializer=tf.ones_initializer())
    beta = tf.get_variable('group_beta', [1, C, 1, 1], initializer=tf.zeros_initializer())
    return tf.transpose(y * gamma + beta, [0, 2, 3, 1])


def of_samples(x):
    mean, var = tf.nn.moments(x, [1, 2, 3])
    mean, var = [tf.reshape(s, [-1, 1, 1, 1]) for s in (mean, var)]
    return (x - mean) / (var + 1e-3) ** .5


def of_pixels(x, eps=1e-8):
    return x * tf.rsqrt(tf.reduce_mean(tf.square(x), axis=3, keepdims=True) + eps)


def of_channels(x):
    mean = tf.reduce_mean(x, -1, keepdims=True)
    var = tf.reduce_mean(tf.square(x - mean), -1, keepdims=True)
    return (x - mean) * tf.rsqrt(var + 1e-6)


net, update1 = of_the_batch(conv(image, 8, 'c1', stride=2))
net = tf.nn.relu(net)
net = tf.nn.relu(of_variables(conv(net, 8, 'c2')))
net = tf.nn.relu(of_groups(conv(net, 8, 'c3'), 4))
net = tf.nn.relu(of_samples(conv(net, 8, 'c4', stride=2)))
net = tf.image.resize_bilinear(net, [10, 8], align_corners=True)
net = tf.nn.relu(of_pixels(conv(net, 8, 'c5')))
net = of_channels(conv(net, 6, 'c6'))
net = tf.image.resize_images(net, [20, 16])
update = tf.group(update1)
