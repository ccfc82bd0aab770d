"""What to do, and what it is worth: one trunk, two heads. Called from elsewhere."""
import numpy as np
import tensorflow as tf


def normalized_columns_initializer(std=1.0):
    def _initializer(shape, dtype=None, partition_info=None):
        out = np.random.randn(*shape).astype(np.float32)
        out *= std / np.sqrt(np.square(out).sum(axis=0, keepdims=True))
        return tf.constant(out)
    return _initializer


def conv(x, filters, name, taps=(3, 3), stride=(2, 2)):
    with tf.variable_scope(name):
        shape = list(taps) + [int(x.get_shape()[3]), filters]
        edge = np.sqrt(6. / (np.prod(shape[:3]) + np.prod(shape[:2]) * filters))
        w = tf.get_variable("W", shape, tf.float32, tf.random_uniform_initializer(-edge, edge))
        b = tf.get_variable("b", [1, 1, 1, filters], initializer=tf.constant_initializer(0.0))
        return tf.nn.conv2d(x, w, [1, stride[0], stride[1], 1], "SAME") + b


def linear(x, size, name, initializer=None):
    w = tf.get_variable(name + "/w", [x.get_shape()[1], size], initializer=initializer)
    b = tf.get_variable(name + "/b", [size], initializer=tf.constant_initializer(0))
    return tf.matmul(x, w) + b


def network(states, actions=5):
    with tf.variable_scope('network'):
        x = states
        for i in range(4):
            x = tf.nn.elu(conv(x, 12, "l{}".format(i + 1)))
        x = tf.reshape(x, [-1, np.prod(x.get_shape().as_list()[1:])])
        policy = tf.nn.softmax(linear(x, actions, "policy", normalized_columns_initializer(0.01)))
        value = tf.reshape(linear(x, 1, "value", normalized_columns_initializer(1.0)), [-1])
        return policy, value


def losses(policy, value, action, advantage, reward, beta=0.01):
    log = tf.log(tf.clip_by_value(policy, 1e-20, 1.0))
    entropy = -tf.reduce_sum(policy * log, axis=1)
    chosen = tf.reduce_sum(log * action, axis=1)
    return -tf.reduce_sum(chosen * advantage + entropy * beta), 0.5 * tf.nn.l2_loss(reward - value)
