# A generator that turns pictures of one kind into pictures of another.
import tensorflow as tf


def instance_norm(x, name='instance_norm'):
    with tf.variable_scope(name):
        depth = x.get_shape()[3]
        scale = tf.get_variable('scale', [depth], initializer=tf.random_normal_initializer(1.0, 0.02, dtype=tf.float32))
        offset = tf.get_variable('offset', [depth], initializer=tf.constant_initializer(0.0))
        mean, variance = tf.nn.moments(x, axes=[1, 2], keep_dims=True)
        epsilon = 1e-5
        inv = tf.rsqrt(variance + epsilon)
        normalized = (x - mean) * inv
        return scale * normalized + offset


def layer_norm(x, scope):
    """over everything in a sample; one factor for each channel"""
    size = x.get_shape().as_list()
    with tf.variable_scope(scope):
        gamma = tf.get_variable('gamma', [size[-1]], initializer=tf.ones_initializer())
        beta = tf.get_variable('beta', [size[-1]], initializer=tf.zeros_initializer())
        mean, var = tf.nn.moments(x, [1, 2, 3], keep_dims=True)
        return tf.nn.batch_normalization(x, mean, var, beta, gamma, 1e-6)


def conv(x, out, taps, stride, name, padding='SAME'):
    with tf.variable_scope(name):
        w = tf.get_variable('w', [taps, taps, x.get_shape()[-1], out],
                            initializer=tf.truncated_normal_initializer(stddev=0.02))
        return tf.nn.conv2d(x, w, strides=[1, stride, stride, 1], padding=padding)


def deconv(x, out, name):
    with tf.variable_scope(name):
        n, h, w, c = x.get_shape().as_list()
        k = tf.get_variable('w', [3, 3, out, c], initializer=tf.random_normal_initializer(stddev=0.02))
        shape = tf.stack([tf.shape(x)[0], h * 2, w * 2, out])
        y = tf.nn.conv2d_transpose(x, k, output_shape=shape, strides=[1, 2, 2, 1], padding='SAME')
        return tf.reshape(y, shape)


def residual(x, out, name):
    p = int((3 - 1) / 2)
    border = [[0, 0], [p, p], [p, p], [0, 0]]
    y = tf.pad(x, border, 'REFLECT')
    y = tf.nn.relu(instance_norm(conv(y, out, 3, 1, name + '_c1', 'VALID'), name + '_n1'))
    y = tf.pad(y, border, 'REFLECT')
    y = instance_norm(conv(y, out, 3, 1, name + '_c2', 'VALID'), name + '_n2')
    return x + y


class Generator(object):
    def __init__(self, name, width=8, blocks=2):
        self.name, self.width, self.blocks, self.reuse = name, width, blocks, False

    def __call__(self, image):
        with tf.variable_scope(self.name, reuse=self.reuse):
            y = tf.pad(image, [[0, 0], [3, 3], [3, 3], [0, 0]], 'REFLECT')
            y = tf.nn.relu(instance_norm(conv(y, self.width, 7, 1, 'e1', 'VALID'), 'e1_n'))
            y = tf.nn.relu(instance_norm(conv(y, self.width * 2, 3, 2, 'e2'), 'e2_n'))
            y = tf.nn.relu(layer_norm(conv(y, self.width * 4, 3, 2, 'e3'), 'e3_n'))
            for i in range(self.blocks):
                y = residual(y, self.width * 4, 'r%d' % (i + 1))
            y = tf.nn.relu(instance_norm(deconv(y, self.width * 2, 'd1'), 'd1_n'))
            y = tf.nn.relu(instance_norm(deconv(y, self.width, 'd2'), 'd2_n'))
            y = tf.pad(y, [[0, 0], [3, 3], [3, 3], [0, 0]], 'REFLECT')
            picture = tf.nn.tanh(conv(y, 3, 7, 1, 'last', 'VALID'))
        self.reuse = True
        return picture


real = tf.placeholder(tf.float32, [None, 32, 24, 3], name='real')
G, F = Generator('G'), Generator('F')
fake = G(real)
again = F(fake)
cycle_loss = tf.reduce_mean(tf.abs(again - real))
