"""Tomorrow's load of a power grid: a trainer that is told what to build."""
import contextlib
import datetime
import itertools
import logging

import numpy as np
import tensorflow as tf

logger = logging.getLogger('forecast')

CONFIG = {
    'history': 72,
    'ahead': 12,
    'series': 5,
    'model': {
        'layers': [
            {'type': 'conv', 'filters': 12, 'taps': 7},
            {'type': 'norm'},
            {'type': 'pool', 'size': 2},
            {'type': 'conv', 'filters': 20, 'taps': 5, 'rate': 2, 'activation': 'tanh'},
            {'type': 'residual', 'of': [{'type': 'conv', 'filters': 20, 'taps': 3},
                                        {'type': 'conv', 'filters': 20, 'taps': 3, 'activation': None}]},
            {'type': 'pool', 'size': 3, 'how': 'mean'},
            {'type': 'flatten'},
            {'type': 'dense', 'units': 48},
            {'type': 'dropout', 'rate': 0.25},
        ],
    },
    'training': {'rate': 5e-4, 'steps': 3000, 'batch': 16, 'clip': 1.0},
}

ACTIVATIONS = {None: lambda x: x, 'relu': tf.nn.relu, 'tanh': tf.tanh}


@contextlib.contextmanager
def timed(what):
    started = datetime.datetime.now()
    yield
    logger.info('%s took %s', what, datetime.datetime.now() - started)


class Builder(object):
    """Layers from dictionaries; a method for each type."""

    def __init__(self, training):
        self.training = training
        self.number = itertools.count(1)

    def __call__(self, x, layers):
        for spec in layers:
            spec = dict(spec)
            kind = spec.pop('type')
            x = getattr(self, 'add_' + kind)(x, **spec)
            logger.debug('%-10s %s', kind, x.shape)
        return x

    def name(self, kind):
        return '{}{}'.format(kind, next(self.number))

    def add_conv(self, x, filters, taps, rate=1, activation='relu'):
        x = tf.layers.conv1d(x, filters, taps, dilation_rate=rate, padding='same', name=self.name('conv'))
        return ACTIVATIONS[activation](x)

    def add_norm(self, x):
        return tf.layers.batch_normalization(x, training=self.training, name=self.name('norm'))

    def add_pool(self, x, size, how='max'):
        pool = tf.layers.max_pooling1d if how == 'max' else tf.layers.average_pooling1d
        return pool(x, size, size)

    def add_residual(self, x, of):
        return tf.nn.relu(x + self(x, of))

    def add_flatten(self, x):
        n = np.prod([d.value for d in x.shape[1:]])
        return tf.reshape(x, [-1, n])

    def add_dense(self, x, units):
        return tf.layers.dense(x, units, tf.nn.relu, name=self.name('dense'))

    def add_dropout(self, x, rate):
        return tf.layers.dropout(x, rate, training=self.training)


class Trainer(object):

    def __init__(self, config):
        self.config = config
        self.settings = config['training']
        self.history = tf.placeholder(tf.float32, [None, config['history'], config['series']], name='history')
        self.future = tf.placeholder(tf.float32, [None, config['ahead']], name='future')
        self.training = tf.placeholder(tf.bool, name='training')
        self._build()

    def _build(self):
        with timed('building'), tf.variable_scope('forecast'):
            features = Builder(self.training)(self.history, self.config['model']['layers'])
            change = tf.layers.dense(features, self.config['ahead'], name='change')
            # the first series is the load; its last value is the first guess
            now = self.history[:, -1, 0]
            self.forecast = tf.identity(tf.expand_dims(now, 1) + change, name='forecast_load')
        with tf.name_scope('loss'):
            error = self.future - self.forecast
            self.loss = tf.reduce_mean(tf.where(tf.abs(error) < 1, 0.5 * error ** 2, tf.abs(error) - 0.5))
            self.percent = 100 * tf.reduce_mean(tf.abs(error) / tf.maximum(tf.abs(self.future), 1e-3))
        self.step = tf.train.get_or_create_global_step()
        optimizer = tf.train.AdamOptimizer(self.settings['rate'], beta1=0.9, beta2=0.98)
        pairs = [(tf.clip_by_value(g, -self.settings['clip'], self.settings['clip']), v)
                 for g, v in optimizer.compute_gradients(self.loss) if g is not None]
        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
            self.train = optimizer.apply_gradients(pairs, self.step)

    def batch(self, rng):
        c, n = self.config, self.settings['batch']
        loads = np.cumsum(rng.standard_normal((n, c['history'] + c['ahead'], c['series'])), axis=1)
        return {self.history: loads[:, :c['history']], self.future: loads[:, c['history']:, 0]}

    def run(self):
        rng = np.random.default_rng(5)
        with tf.Session() as sess:
            sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
            while sess.run(self.step) < self.settings['steps']:
                feed = self.batch(rng)
                feed[self.training] = True
                _, loss, percent = sess.run([self.train, self.loss, self.percent], feed)
                logger.info('loss %.4f, %.1f %%', loss, percent)


trainer = Trainer(CONFIG)
forecast = trainer.forecast
if __name__ == '__main__':
    trainer.run()
