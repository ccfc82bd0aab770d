import tensorflow as tf
import tensorflow.contrib as tc
import tensorflow.contrib.layers as ly


class Discriminator(object):
    def __init__(self, x_dim=28 * 28):
        self.x_dim = x_dim
        self.name = 'mnist/d_net'

    def __call__(self, x, reuse=True):
        with tf.variable_scope(self.name) as vs:
            if reuse:
                vs.reuse_variables()
            size = tf.shape(x)[0]
            x = tf.reshape(x, [size, 28, 28, 1])
            conv = ly.convolution2d(x, 16, [4, 4], [2, 2],
                                    weights_initializer=tf.random_normal_initializer(stddev=0.02),
                                    activation_fn=tf.identity)
            conv = leaky_relu(conv)
            conv = ly.convolution2d(conv, 32, [4, 4], [2, 2],
                                    weights_initializer=tf.random_normal_initializer(stddev=0.02),
                                    activation_fn=tf.identity)
            conv = leaky_relu(conv)
            conv = ly.flatten(conv)
            fc = ly.fully_connected(conv, 64, weights_initializer=tf.random_normal_initializer(stddev=0.02),
                                    activation_fn=tf.identity)
            fc = leaky_relu(fc)
            return tc.layers.fully_connected(fc, 1, activation_fn=tf.identity)

    @property
    def vars(self):
        return [var for var in tf.global_variables() if self.name in var.name]


class Generator(object):
    def __init__(self):
        self.z_dim = 24
        self.name = 'mnist/g_net'

    def __call__(self, z):
        with tf.variable_scope(self.name) as vs:
            bs = tf.shape(z)[0]
            fc = ly.fully_connected(z, 64, weights_initializer=tf.random_normal_initializer(stddev=0.02),
                                    weights_regularizer=ly.l2_regularizer(2.5e-5), activation_fn=tf.identity)
            fc = ly.batch_norm(fc, is_training=False, scale=True)
            fc = tf.nn.relu(fc)
            fc = ly.linear(fc, 7 * 7 * 16)
            fc = tf.nn.relu(ly.batch_norm(fc, is_training=False))
            conv1 = tf.reshape(fc, tf.stack([bs, 7, 7, 16]))
            conv1 = ly.convolution2d_transpose(conv1, 16, [4, 4], [2, 2], activation_fn=tf.identity)
            conv1 = ly.batch_norm(conv1, is_training=False, activation_fn=tf.nn.relu)
            conv2 = ly.convolution2d_transpose(conv1, 1, [4, 4], [2, 2], activation_fn=tf.sigmoid)
            return tf.reshape(conv2, tf.stack([bs, 784]))


def leaky_relu(x, alpha=0.2):
    return tf.maximum(tf.minimum(0.0, alpha * x), x)


class WassersteinGAN(object):
    def __init__(self, g_net, d_net, x_dim, z_dim):
        self.g_net, self.d_net = g_net, d_net
        self.x = tf.placeholder(tf.float32, [None, x_dim], name='x')
        self.z = tf.placeholder(tf.float32, [None, z_dim], name='z')
        self.x_ = self.g_net(self.z)
        self.d = self.d_net(self.x, reuse=False)
        self.d_ = self.d_net(self.x_)
        self.g_loss = tf.reduce_mean(self.d_)
        self.d_loss = tf.reduce_mean(self.d) - tf.reduce_mean(self.d_)
        self.d_clip = [v.assign(tf.clip_by_value(v, -0.01, 0.01)) for v in self.d_net.vars]


d_net, g_net = Discriminator(), Generator()
wgan = WassersteinGAN(g_net, d_net, 784, 24)
picture, score = wgan.x_, wgan.d_
