# Tags of music from its spectrum over time: base class, subclasses, registry.
import abc
import collections
import os

import numpy as np
import tensorflow as tf

tf.app.flags.DEFINE_string('network', 'wide', 'wide or deep')
tf.app.flags.DEFINE_string('train_dir', 'tags', 'summaries and weights')
tf.app.flags.DEFINE_integer('max_steps', 5000, 'when to stop')
tf.app.flags.DEFINE_integer('batch_size', 4, 'songs at once')
tf.app.flags.DEFINE_float('weight_decay', 1e-4, 'penalty')
tf.app.flags.DEFINE_float('moving_average_decay', 0.999, 'for evaluation')
tf.app.flags.DEFINE_bool('log_device_placement', False, 'Whether to log device placement.')
FLAGS = tf.app.flags.FLAGS

BANDS, FRAMES, TAGS = 32, 96, 14
NETWORKS = {}


def register(name):
    def add(cls):
        NETWORKS[name] = cls
        return cls
    return add


class Tagger(object):
    """What all of them share: variables, penalties, the end."""
    __metaclass__ = abc.ABCMeta
    default = collections.OrderedDict([('channels', 16), ('dropout', 0.3)])

    def __init__(self, spectrum, is_training=False, **settings):
        self.spectrum = spectrum
        self.is_training = is_training
        self.settings = collections.OrderedDict(self.default)
        self.settings.update(settings)
        self.endpoints = collections.OrderedDict()
        with tf.variable_scope(type(self).__name__.lower()):
            features = self.features(spectrum)
            self.logits = self.head(features)
        self.tags = tf.sigmoid(self.logits, name='tags')

    @abc.abstractmethod
    def features(self, x):
        raise NotImplementedError

    def variable(self, name, shape, wd=None):
        with tf.device('/cpu:0'):
            var = tf.get_variable(name, shape, initializer=tf.truncated_normal_initializer(stddev=0.05),
                                  dtype=tf.float32)
        if wd:
            tf.add_to_collection('losses', tf.multiply(tf.nn.l2_loss(var), wd, name='weight_loss'))
        return var

    def conv(self, x, size, filters, stride=1, name='conv'):
        with tf.variable_scope(name):
            w = self.variable('weights', list(size) + [int(x.get_shape()[-1]), filters], FLAGS.weight_decay)
            b = tf.get_variable('biases', [filters], initializer=tf.constant_initializer(0.1))
            y = tf.nn.conv2d(x, w, [1, stride, stride, 1], padding='SAME', data_format='NHWC')
            y = tf.nn.bias_add(y, b)
            y = tf.nn.relu(y, name=name)
        self.endpoints[name] = y
        return y

    def head(self, x):
        x = tf.reduce_max(x, axis=[1, 2])
        if self.is_training:
            x = tf.nn.dropout(x, 1.0 - self.settings['dropout'])
        with tf.variable_scope('head'):
            w = self.variable('weights', [x.get_shape()[-1].value, TAGS])
            b = tf.get_variable('biases', [TAGS], initializer=tf.constant_initializer(0.0))
            return tf.add(tf.matmul(x, w), b, name='logits')


@register('wide')
class Wide(Tagger):
    """filters of several shapes beside each other"""
    shapes = [(1, 16), (16, 1), (5, 5)]

    def features(self, x):
        n = self.settings['channels']
        parts = [self.conv(x, s, n, name='shape_%dx%d' % s) for s in self.shapes]
        x = tf.concat(parts, axis=-1, name='parts')
        x = tf.nn.max_pool(x, [1, 2, 4, 1], [1, 2, 4, 1], 'SAME')
        return self.conv(x, (3, 3), 2 * n, name='mixed')


@register('deep')
class Deep(Tagger):
    """small filters, one after the other"""
    default = collections.OrderedDict(Tagger.default, channels=8, depth=3)

    def features(self, x):
        for i in range(self.settings['depth']):
            x = self.conv(x, (3, 3), self.settings['channels'] * 2 ** i, name='conv%d' % i)
            x = tf.nn.max_pool(x, ksize=(1, 2, 2, 1), strides=(1, 2, 2, 1), padding='VALID')
        return x


def main(argv=None):
    with tf.Graph().as_default():
        spectrum = tf.placeholder(tf.float32, [FLAGS.batch_size, BANDS, FRAMES], name='spectrum')
        wanted = tf.placeholder(tf.float32, [FLAGS.batch_size, TAGS], name='wanted')
        net = NETWORKS[FLAGS.network](tf.expand_dims(spectrum, 3, name='image'))
        entropy = tf.nn.sigmoid_cross_entropy_with_logits(labels=wanted, logits=net.logits)
        tf.add_to_collection('losses', tf.reduce_mean(entropy, name='entropy'))
        total = tf.add_n(tf.get_collection('losses'), name='total_loss')
        step = tf.Variable(0, trainable=False)
        rate = tf.train.exponential_decay(0.05, step, 1000, 0.9)
        for name, y in net.endpoints.items():
            tf.summary.scalar(name + '/sparsity', tf.nn.zero_fraction(y))
        train = tf.train.GradientDescentOptimizer(rate).minimize(total, global_step=step)
        averages = tf.train.ExponentialMovingAverage(FLAGS.moving_average_decay, step)
        with tf.control_dependencies([train, averages.apply(tf.trainable_variables())]):
            op = tf.no_op(name='train')
        with tf.Session(config=tf.ConfigProto(log_device_placement=FLAGS.log_device_placement)) as sess:
            sess.run(tf.global_variables_initializer())
            for i in range(FLAGS.max_steps):
                feed = {spectrum: np.random.rand(FLAGS.batch_size, BANDS, FRAMES),
                        wanted: np.random.rand(FLAGS.batch_size, TAGS) > 0.8}
                _, value = sess.run([op, total], feed_dict=feed)
                assert not np.isnan(value), 'Model diverged with loss = NaN'
                if i % 1000 == 0:
                    tf.train.Saver(tf.global_variables()).save(sess, os.path.join(FLAGS.train_dir, 'tags.ckpt'), i)


if __name__ == '__main__':
    tf.app.run()
