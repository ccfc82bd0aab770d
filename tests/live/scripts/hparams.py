"""Sizes from a class, a dictionary and the command line."""
import argparse
import json
import os

import tensorflow as tf


class HParams(object):
    def __init__(self, **kwargs):
        self.__dict__.update(kwargs)

    def override(self, pairs):
        for pair in filter(None, pairs.split(',')):
            key, value = pair.split('=')
            setattr(self, key, type(getattr(self, key))(value))
        return self

    def values(self):
        return dict(self.__dict__)


def default_hparams():
    return HParams(n_mels=20, frames=50, channels=24, taps=5, depth=3, stride=2, bottleneck=8, leak=0.3)


class Config(object):
    classes = 7
    activation = staticmethod(tf.nn.relu)
    pool = 'max'


class BigConfig(Config):
    classes = 9
    pool = 'mean'


def build(x, hp, config):
    with tf.variable_scope('encoder', initializer=tf.glorot_uniform_initializer()):
        for i in range(hp.depth):
            shortcut = x
            x = tf.layers.conv1d(x, filters=hp.channels, kernel_size=hp.taps, padding='same',
                                 strides=hp.stride if i == 0 else 1, name='conv_%i' % i)
            x = config.activation(x) if i % 2 else tf.maximum(hp.leak * x, x)
            x += shortcut if shortcut.shape.as_list() == x.shape.as_list() else 0.
        x = tf.layers.conv1d(x, hp.bottleneck, 1, name='bottleneck')
    pools = {'max': tf.reduce_max, 'mean': tf.reduce_mean}
    pooled = pools[config.pool](x, axis=1)
    return tf.layers.dense(pooled, config.classes, name='head')


parser = argparse.ArgumentParser()
parser.add_argument('--hparams', default='depth=4', help='name=value, with commas between')
parser.add_argument('--big', action='store_true')
parser.add_argument('--out', type=str, default=os.path.join('runs', 'hp'))
args = parser.parse_args()

hp = default_hparams().override(args.hparams)
config = BigConfig if args.big else Config
print(json.dumps(hp.values(), sort_keys=True))
mels = tf.placeholder(tf.float32, [None, hp.frames, hp.n_mels], 'mels')
logits = build(mels, hp, config)
