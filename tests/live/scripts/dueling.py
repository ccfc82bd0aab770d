"""How good a place is, and how much better each move: a dueling Q network."""
import numpy as np
import tensorflow as tf

MOVES = 4


class Dueling:

    def __init__(self, scope, moves=MOVES, rate=1e-4):
        with tf.variable_scope(scope):
            self.inputs = tf.placeholder(tf.float32, [None, 24, 24, 3], name='inputs')
            self.action = tf.placeholder(tf.int32, [None], name='action')
            self.target = tf.placeholder(tf.float32, [None], name='target')
            # a fixed blur before all, the same for each colour
            blur = np.array([[1., 2., 1.], [2., 4., 2.], [1., 2., 1.]]) / 16
            blur = tf.constant(blur.reshape([3, 3, 1, 1]) * np.ones([1, 1, 3, 1]), tf.float32)
            x = tf.nn.depthwise_conv2d(self.inputs, blur, [1, 1, 1, 1], 'SAME')
            x = tf.layers.conv2d(x, 12, 4, 2, activation=tf.nn.elu, name='conv1')
            x = tf.layers.conv2d(x, 16, 3, 2, activation=tf.nn.elu, name='conv2')
            # squeeze and excite
            s = tf.reduce_mean(x, axis=[1, 2])
            s = tf.layers.dense(s, 4, tf.nn.relu, name='squeeze')
            s = tf.layers.dense(s, 16, tf.nn.sigmoid, name='excite')
            x = x * tf.reshape(s, [-1, 1, 1, 16])
            # the middle of the picture counts more
            place = tf.get_variable('place', x.get_shape()[1:3].as_list() + [1],
                                    initializer=tf.ones_initializer())
            x = x * tf.nn.sigmoid(tf.layers.conv2d(x, 1, 1, name='gate')) * place
            x = tf.contrib.layers.flatten(x)
            self.value = tf.layers.dense(tf.layers.dense(x, 24, tf.nn.elu, name='v1'), 1, name='v2')
            self.better = tf.layers.dense(tf.layers.dense(x, 24, tf.nn.elu, name='a1'), moves, name='a2')
            self.output = self.value + tf.subtract(
                self.better, tf.reduce_mean(self.better, axis=1, keep_dims=True))
            self.Q = tf.reduce_sum(tf.multiply(self.output, tf.one_hot(self.action, moves)), axis=1)
            self.error = tf.abs(self.target - self.Q)
            self.loss = tf.reduce_mean(tf.squared_difference(self.target, self.Q))
            self.train = tf.train.RMSPropOptimizer(rate).minimize(self.loss)


tf.reset_default_graph()
player = Dueling('player')
