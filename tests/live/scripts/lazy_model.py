import functools

import tensorflow as tf


def lazy(method=None, **options):
    """A property that is built once, in a scope of its name. With arguments
    or without."""
    if method is None:
        return functools.partial(lazy, **options)
    kept = '_lazy_' + method.__name__

    @property
    @functools.wraps(method)
    def built(self):
        if not hasattr(self, kept):
            with tf.variable_scope(method.__name__, **options):
                setattr(self, kept, method(self))
        return getattr(self, kept)

    return built


class Valve:
    """Which of four states a valve is in."""

    def __init__(self, series, state):
        self.series, self.state = series, state
        for part in ('odds', 'training', 'mistakes'):
            getattr(self, part)

    @lazy(initializer=tf.contrib.layers.xavier_initializer())
    def odds(self):
        x = tf.layers.conv1d(self.series, 16, 8, 2, padding='same', activation=tf.nn.selu, name='first')
        x = tf.layers.conv1d(x, 16, 4, padding='valid', activation=tf.tanh, name='second')
        x = tf.layers.dense(tf.layers.flatten(x), 40, tf.nn.softplus)
        return tf.layers.dense(x, 4, tf.nn.softmax)

    @lazy
    def training(self):
        surprise = -tf.reduce_sum(self.state * tf.log(self.odds + 1e-12))
        return tf.train.RMSPropOptimizer(0.02).minimize(surprise)

    @lazy
    def mistakes(self):
        wrong = tf.not_equal(tf.argmax(self.state, 1), tf.argmax(self.odds, 1))
        return tf.reduce_mean(tf.cast(wrong, tf.float32))


series = tf.placeholder(tf.float32, [None, 64, 3])
state = tf.placeholder(tf.float32, [None, 4])
valve = Valve(series, state)
odds = valve.odds
