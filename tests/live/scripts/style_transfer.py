"""Paints a picture in a style: instance norm, mirrored borders, resize and convolve."""
import tensorflow as tf


def mirrored_conv(x, out, taps, stride, name):
    with tf.variable_scope(name):
        W = tf.get_variable('W', [taps, taps, x.get_shape().as_list()[3], out],
                            initializer=tf.truncated_normal_initializer(stddev=0.1))
        half = taps // 2
        x = tf.pad(x, [[0, 0], [half, half], [half, half], [0, 0]], mode='REFLECT')
        return tf.nn.conv2d(x, W, strides=[1, stride, stride, 1], padding='VALID')


def instance_norm(x, name, epsilon=1e-5):
    with tf.variable_scope(name):
        size = [x.get_shape().as_list()[3]]
        mean, var = tf.nn.moments(x, [1, 2], keep_dims=True)
        scale = tf.get_variable('scale', size, initializer=tf.ones_initializer())
        shift = tf.get_variable('shift', size, initializer=tf.zeros_initializer())
        return scale * ((x - mean) / tf.sqrt(var + epsilon)) + shift


def around(x, name):
    with tf.variable_scope(name):
        size = int(x.get_shape()[3])
        y = tf.nn.relu(instance_norm(mirrored_conv(x, size, 3, 1, 'conv1'), 'norm1'))
        return x + instance_norm(mirrored_conv(y, size, 3, 1, 'conv2'), 'norm2')


def larger(x, out, fixed, name):
    """twice as large, by repeating; sizes as numbers or as tensors"""
    with tf.variable_scope(name):
        rows = x.get_shape()[1].value if fixed else tf.shape(x)[1]
        columns = x.get_shape()[2].value if fixed else tf.shape(x)[2]
        x = tf.image.resize_images(x, [rows * 2, columns * 2], tf.image.ResizeMethod.NEAREST_NEIGHBOR)
        return mirrored_conv(x, out, 3, 1, 'conv')


def painter(picture, fixed=True):
    x = picture
    for i, (out, taps, stride) in enumerate([(8, 9, 1), (12, 3, 2), (16, 3, 2)]):
        x = tf.nn.relu(instance_norm(mirrored_conv(x, out, taps, stride, 'down{}'.format(i)), 'dn{}'.format(i)))
    for i in range(2):
        x = around(x, 'around{}'.format(i))
    for i, out in enumerate([12, 8]):
        x = tf.nn.relu(instance_norm(larger(x, out, fixed, 'up{}'.format(i)), 'un{}'.format(i)))
    x = tf.nn.tanh(instance_norm(mirrored_conv(x, 3, 9, 1, 'last'), 'ln'))
    return (x + 1) * 127.5


content = tf.placeholder(tf.float32, [1, 32, 40, 3], name='content')
painted = painter(content)
