"""A temporal convolutional network with a layer of its own."""
import tensorflow as tf


class Causal(tf.layers.Conv1D):
    """Sees nothing of the future."""

    def __init__(self, filters, taps, rate=1, **kwargs):
        super(Causal, self).__init__(filters=filters, kernel_size=taps, padding='valid',
                                     dilation_rate=rate, **kwargs)

    def call(self, inputs):
        past = (self.kernel_size[0] - 1) * self.dilation_rate[0]
        return super(Causal, self).call(tf.pad(inputs, tf.constant([(0, 0,), (1, 0), (0, 0)]) * past))


class Block(object):
    """twice convolution and dropout of whole channels, and a way around"""

    def __init__(self, size, taps, rate, drop=0.2, training=False, name='block'):
        self.size, self.drop, self.training, self.name = size, drop, training, name
        self.convs = [Causal(size, taps, rate=rate, activation=tf.nn.relu, name='conv%d' % i) for i in (1, 2)]

    def __call__(self, x):
        with tf.variable_scope(self.name):
            y = x
            for conv in self.convs:
                y = tf.layers.dropout(conv(y), self.drop, training=self.training,
                                      noise_shape=[tf.shape(y)[0], 1, self.size])
            if x.shape[-1] != self.size:
                x = tf.layers.dense(x, self.size, activation=None, name='fit')
            return tf.nn.relu(x + y)


class Tcn:
    def __init__(self, sizes, taps=3, **kwargs):
        self.blocks = []
        for level, size in enumerate(sizes):
            self.blocks.append(Block(size, taps, rate=2 ** level, name='level_%d' % level, **kwargs))

    def __call__(self, x):
        for block in self.blocks:
            x = block(x)
        return x


if __name__ == '__main__':
    x = tf.placeholder(tf.float32, (None, 60, 4), name='series')
    last = Tcn([8, 8, 12, 12], drop=0.1)(x)[:, -1, :]
    forecast = tf.layers.dense(last, 2, name='forecast')
