"""Words from the raw waveform; one dimension as an image of one row."""
from collections import namedtuple
import math

import tensorflow as tf

Layer = namedtuple('Layer', 'name width stride filters pool')

RATE = 8000
LAYERS = [
    Layer('conv1', 80, 4, 16, 4),
    Layer('conv2', 3, 1, 16, 4),
    Layer('conv3', 3, 1, 32, 4),
    Layer('conv4', 3, 1, 48, 4),
]
SECONDS = 0.5


def conv_layer(x, spec, training=False):
    n_in = x.get_shape()[3].value
    fan_in = spec.width * n_in
    with tf.variable_scope(spec.name):
        W = tf.get_variable('weights', shape=[1, spec.width, n_in, spec.filters],
                            initializer=tf.random_normal_initializer(stddev=math.sqrt(2. / fan_in)))
        x = tf.nn.conv2d(x, W, strides=[1, 1, spec.stride, 1], padding='SAME')
        x = tf.layers.batch_normalization(x, axis=-1, training=training, name='bn')
        x = tf.nn.relu(x)
        return tf.nn.max_pool(x, ksize=[1, 1, spec.pool, 1], strides=[1, 1, spec.pool, 1], padding='SAME')


samples = int(RATE * SECONDS)
wave = tf.placeholder(tf.float32, [None, samples], name='wave')
net = tf.reshape(wave, [-1, 1, samples, 1])
for spec in LAYERS:
    net = conv_layer(net, spec)
    print(spec.name, net.get_shape())
# mean over time: no dense layer is needed for it
net = tf.reduce_mean(net, [1, 2], name='over_time')
logits = tf.layers.dense(net, 11, name='words')
