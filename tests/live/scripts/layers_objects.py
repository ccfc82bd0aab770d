"""Layers as objects: made once, called where they are needed."""
import tensorflow as tf
from tensorflow import layers


class Scale(tf.layers.Layer):
    """A factor and an offset for each channel."""

    def __init__(self, start=1.0, **kwargs):
        super(Scale, self).__init__(**kwargs)
        self.start = start

    def build(self, input_shape):
        channels = int(input_shape[-1])
        self.factor = self.add_variable('factor', shape=[channels], initializer=tf.constant_initializer(self.start))
        self.offset = self.add_variable(name='offset', shape=[channels], initializer=tf.zeros_initializer())
        self.built = True

    def call(self, inputs):
        return inputs * self.factor + self.offset


class CausalConv1D(tf.layers.Conv1D):
    def __init__(self, filters, kernel_size, strides=1, dilation_rate=1, activation=None, name=None, **kwargs):
        super(CausalConv1D, self).__init__(filters=filters, kernel_size=kernel_size, strides=strides, padding='valid',
                                           data_format='channels_last', dilation_rate=dilation_rate,
                                           activation=activation, name=name, **kwargs)

    def call(self, inputs):
        padding = (self.kernel_size[0] - 1) * self.dilation_rate[0]
        inputs = tf.pad(inputs, tf.constant([(0, 0,), (1, 0), (0, 0)]) * padding)
        return super(CausalConv1D, self).call(inputs)


class Encoder(object):
    def __init__(self, width):
        self.first = tf.layers.Conv1D(width, 5, strides=2, padding='same', activation=tf.nn.relu)
        self.norm = layers.BatchNormalization(name='norm')
        self.shared = CausalConv1D(width, 3, dilation_rate=2, name='shared')
        self.pool = layers.MaxPooling1D(2, 2)
        self.drop = layers.Dropout(0.2)

    def __call__(self, x):
        h = self.norm(self.first(x), training=False)
        with tf.variable_scope('again'):
            for _ in range(2):
                h = tf.nn.relu(self.shared(h)) + h
        return self.drop.apply(self.pool(h))


signal = tf.placeholder(tf.float32, [None, 64, 3], name='signal')
with tf.variable_scope('encoder', initializer=tf.glorot_normal_initializer()):
    h = Encoder(8)(signal)
    h = CausalConv1D(6, 2)(h)
    h = CausalConv1D(6, 2, activation=tf.nn.tanh)(h)
with tf.variable_scope('head'):
    h = Scale()(h)
    dense = layers.Dense(12, activation=tf.nn.relu, name='dense')
    h = dense(h)
    h = layers.Dense(12, name='dense')(h)
    h = Scale(0.5, name='last')(h)
flat = layers.Flatten()(h)
logits = layers.Dense(units=4, use_bias=False).apply(flat)
