import tensorflow as tf
import numpy as np
def create_variable(name, shape):
    initializer = tf.contrib.layers.xavier_initializer_conv2d()
    variable = tf.Variable(initializer(shape=shape), name=name)
    return variable
def create_bias_variable(name, shape):
    initializer = tf.constant_initializer(value=0.0, dtype=tf.float32)
    return tf.Variable(initializer(shape=shape), name)
class WaveNet(object):
    def __init__(self, dilations, channels=16):
        self.dilations = dilations
        self.channels = channels
        self.variables = self._create_variables()
    def _create_variables(self):
        var = dict()
        with tf.variable_scope('wavenet'):
            with tf.variable_scope('causal_layer'):
                layer = dict()
                layer['filter'] = create_variable('filter', [2, 256, self.channels])
                var['causal_layer'] = layer
            var['dilated_stack'] = list()
            with tf.variable_scope('dilated_stack'):
                for i, dilation in enumerate(self.dilations):
                    with tf.variable_scope('layer{}'.format(i)):
                        current = dict()
                        current['filter'] = create_variable('filter', [2, self.channels, self.channels])
                        current['gate'] = create_variable('gate', [2, self.channels, self.channels])
                        current['dense'] = create_variable('dense', [1, self.channels, self.channels])
                        var['dilated_stack'].append(current)
            with tf.variable_scope('postprocessing'):
                var['out'] = create_variable('out', [1, self.channels, 256])
                var['bias'] = create_bias_variable('bias', [256])
        return var
    def _network(self, input_batch):
        outputs = []
        x = tf.nn.conv1d(tf.pad(input_batch, [[0, 0], [1, 0], [0, 0]]), self.variables['causal_layer']['filter'], 1, 'VALID')
        for i, d in enumerate(self.dilations):
            v = self.variables['dilated_stack'][i]
            p = tf.pad(x, [[0, 0], [d, 0], [0, 0]])
            f = tf.nn.convolution(p, v['filter'], padding='VALID', dilation_rate=[d])
            g = tf.nn.convolution(p, v['gate'], padding='VALID', dilation_rate=[d])
            out = tf.tanh(f) * tf.sigmoid(g)
            t = tf.nn.conv1d(out, v['dense'], stride=1, padding="SAME")
            outputs.append(t)
            x = x + t
        total = sum(outputs)
        total = tf.nn.relu(total)
        return tf.nn.conv1d(total, self.variables['out'], 1, 'SAME') + self.variables['bias']
    def loss(self, wave):
        self.raw = raw = self._network(wave)
        return tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=tf.reshape(raw, [-1, 256]), labels=tf.reshape(wave, [-1, 256])))
net = WaveNet([2 ** i for i in range(4)])
wave = tf.placeholder(tf.float32, [None, None, 256])
loss = net.loss(wave)
tf.train.AdamOptimizer(1e-3).minimize(loss)
