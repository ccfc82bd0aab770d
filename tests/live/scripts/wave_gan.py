"""Sounds from noise: a transposed convolution of one dimension by hand."""
import numpy as np
import tensorflow as tf

LENGTH, TAPS = 256, 25


def conv1d_transpose(inputs, filters, kernel_width, stride=4, padding='same', upsample='zeros'):
    if upsample == 'zeros':
        return tf.layers.conv2d_transpose(tf.expand_dims(inputs, axis=1), filters, (1, kernel_width),
                                          strides=(1, stride), padding='same')[:, 0]
    batch_size = tf.shape(inputs)[0]
    _, w, nch = inputs.get_shape().as_list()
    x = tf.expand_dims(tf.expand_dims(inputs, axis=1), axis=3)
    x = tf.tile(x, [1, 1, 1, stride, 1])
    x = tf.reshape(x, [batch_size, w * stride, nch])
    return tf.layers.conv1d(x, filters, kernel_width, 1, padding='same')


def lrelu(x, alpha=0.2):
    # without a maximum
    return 0.5 * (1 + alpha) * x + 0.5 * (1 - alpha) * tf.abs(x)


def generator(z, dim=8, channels=1, upsample='zeros', use_norm=False, train=False):
    if use_norm:
        norm = lambda x: tf.layers.batch_normalization(x, training=train)
    else:
        norm = lambda x: x
    with tf.variable_scope(tf.get_variable_scope(), reuse=False):
        output = z
        with tf.variable_scope('z_project'):
            output = tf.layers.dense(output, 4 * 4 * dim)
            output = tf.reshape(output, [-1, 4, dim * 4])
            output = norm(output)
        output = tf.nn.relu(output)
        for i, times in enumerate([2, 1]):
            with tf.variable_scope('upconv_{}'.format(i)):
                output = conv1d_transpose(output, dim * times, TAPS, 4, upsample=upsample)
                output = norm(output)
            output = lrelu(output)
        with tf.variable_scope('upconv_last'):
            output = conv1d_transpose(output, channels, TAPS, 4, upsample=['nearest', 'zeros'][upsample == 'zeros'])
        output = tf.nn.tanh(output)
    return output


z = tf.placeholder(tf.float32, [None, 16], name='z')
with tf.variable_scope('G'):
    loud = generator(z, use_norm=True)
with tf.variable_scope('G_nearest'):
    soft = generator(z, upsample='nearest')
G_z = tf.add(loud, 0.5 * soft, name='G_z')
assert G_z.get_shape().as_list()[1] == LENGTH
