import tensorflow as tf

__all__ = ["conv_block", "dense", "weights_of"]


def weights_of(shape, name="W"):
    return tf.get_variable(name, shape, initializer=tf.truncated_normal_initializer(stddev=0.1))


def conv_block(x, filters, scope, taps=5, stride=2):
    with tf.variable_scope(scope):
        W = weights_of([taps, int(x.get_shape()[-1]), filters])
        b = tf.get_variable("b", [filters], initializer=tf.constant_initializer(0.1))
        return tf.nn.relu(tf.nn.conv1d(x, W, stride, "SAME") + b)


def dense(x, units, scope):
    with tf.variable_scope(scope):
        W = weights_of([int(x.get_shape()[-1]), units])
        return tf.nn.xw_plus_b(x, W, tf.get_variable("b", [units], initializer=tf.zeros_initializer()))
