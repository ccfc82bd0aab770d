'''Sound from sound: a stack of causal convolutions that look ever further back.'''
import numpy as np
import tensorflow as tf

LEVELS = 48


def kernel(name, shape):
    '''A kernel that starts with Xavier's spread.'''
    initializer = tf.contrib.layers.xavier_initializer_conv2d()
    return tf.Variable(initializer(shape=shape), name=name)


def offset(name, size):
    initializer = tf.constant_initializer(value=0.0, dtype=tf.float32)
    return tf.Variable(initializer(shape=[size]), name)


def causal_conv(value, filter_, dilation, name='causal_conv'):
    with tf.name_scope(name):
        taps = filter_.get_shape().as_list()[0]
        before = (taps - 1) * dilation
        value = tf.pad(value, [[0, 0], [before, 0], [0, 0]])
        return tf.nn.convolution(value, filter_, padding='VALID', dilation_rate=[dilation])


class WaveNet(object):
    '''Gated layers; each adds to the signal and to the sum at the end.'''

    def __init__(self, dilations, taps=2, residual=16, gated=12, skip=20, levels=LEVELS, biased=False):
        self.dilations = dilations
        self.taps = taps
        self.sizes = dict(residual=residual, gated=gated, skip=skip, levels=levels)
        self.biased = biased
        self.weights = self._make_weights()

    @staticmethod
    def receptive_field(taps, dilations):
        return (taps - 1) * sum(dilations) + taps

    def _make_weights(self):
        res, gated, skip, levels = [self.sizes[k] for k in ('residual', 'gated', 'skip', 'levels')]
        made = dict()
        with tf.variable_scope('wavenet'):
            with tf.variable_scope('front'):
                made['front'] = {'filter': kernel('filter', [self.taps, levels, res])}
            made['stack'] = list()
            with tf.variable_scope('stack'):
                for i, _ in enumerate(self.dilations):
                    with tf.variable_scope('layer{}'.format(i)):
                        row = dict()
                        for kind in ('filter', 'gate'):
                            row[kind] = kernel(kind, [self.taps, res, gated])
                            if self.biased:
                                row[kind + '_bias'] = offset(kind + '_bias', gated)
                        row['dense'] = kernel('dense', [1, gated, res])
                        row['skip'] = kernel('skip', [1, gated, skip])
                        made['stack'].append(row)
            with tf.variable_scope('end'):
                made['end'] = [kernel('one', [1, skip, skip]), kernel('two', [1, skip, levels])]
        return made

    def _layer(self, x, index, dilation):
        row = self.weights['stack'][index]
        signal = causal_conv(x, row['filter'], dilation)
        gate = causal_conv(x, row['gate'], dilation)
        if self.biased:
            signal = tf.add(signal, row['filter_bias'])
            gate = tf.add(gate, row['gate_bias'])
        out = tf.tanh(signal) * tf.sigmoid(gate)
        dense = tf.nn.conv1d(out, row['dense'], stride=1, padding='SAME', name='dense')
        skip = tf.nn.conv1d(out, row['skip'], stride=1, padding='SAME', name='skip')
        return skip, x + dense

    def network(self, x):
        skips = []
        x = causal_conv(x, self.weights['front']['filter'], 1)
        with tf.name_scope('stack'):
            for index, dilation in enumerate(self.dilations):
                with tf.name_scope('layer{}'.format(index)):
                    skip, x = self._layer(x, index, dilation)
                    skips.append(skip)
        with tf.name_scope('end'):
            total = sum(skips)
            for w in self.weights['end']:
                total = tf.nn.conv1d(tf.nn.relu(total), w, stride=1, padding='SAME')
        return total


net = WaveNet(dilations=[2 ** i for i in range(4)] * 2, biased=True)
waveform = tf.placeholder(tf.float32, [None, 120, LEVELS], name='waveform')
raw = net.network(waveform)
levels = tf.nn.softmax(tf.reshape(raw, [-1, LEVELS]))

if __name__ == '__main__':
    print('sees', WaveNet.receptive_field(net.taps, net.dilations), 'samples')
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        print(sess.run(levels, {waveform: np.zeros([1, 120, LEVELS])}).shape)
