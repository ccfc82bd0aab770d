"""Hyperparameters of tf.contrib, and what a command line says of them."""
from collections import namedtuple

import tensorflow as tf

try:
    from tensorflow.contrib.training import HParams
except ImportError:
    class HParams(object):
        def __init__(self, **kwargs):
            self.__dict__.update(kwargs)

        def parse(self, text):
            for pair in filter(None, text.split(',')):
                key, value = pair.split('=')
                self.__dict__[key] = type(self.__dict__[key])(value)
            return self

        def values(self):
            return dict(vars(self))

FLAGS = tf.app.flags.FLAGS
tf.app.flags.DEFINE_string('hparams', 'stride=2,act=elu', 'name=value, with commas between')

Layer = namedtuple('Layer', ['width', 'taps', 'rate'])


def hparams_default():
    return HParams(layers=[Layer(12, 5, 1), Layer(16, 3, 2), Layer(8, 3, 4)], stride=1, act='relu',
                   classes=6, keep=0.9, skip=True)


class Model(object):
    def __init__(self, hps, x):
        self._hps = hps
        for name, value in hps.values().items():
            setattr(self, '_' + name, value)
        self.x = x
        self._build()

    def _build(self):
        act = getattr(tf.nn, self._act)
        h = self.x
        for i, layer in enumerate(self._layers):
            before = h
            h = tf.layers.conv1d(h, layer.width, layer.taps, padding='same', dilation_rate=layer.rate,
                                 activation=act, name='conv{}'.format(i + 1))
            if self._skip and before.get_shape()[-1] == h.get_shape()[-1]:
                h = h + before
        h = tf.layers.average_pooling1d(h, self._stride, self._stride)
        self.__dict__['features'] = tf.layers.flatten(h)
        self.logits = tf.layers.dense(self.features, self._hps.classes, name='logits')


def main(argv):
    hps = hparams_default()
    hps.parse(FLAGS.hparams)
    return Model(hps, tf.placeholder(tf.float32, [None, 24, 12], 'x'))


model = main(None)
logits = model.logits
