# Batch norm by hand: moments, a moving average, and a condition.
import tensorflow as tf


def weight(shape):
    return tf.Variable(tf.truncated_normal(shape, stddev=0.1), name='W')


def normed(x, training, epsilon=1e-3):
    """x with mean 0 and spread 1 in every channel, then stretched and moved."""
    size = x.get_shape().as_list()[-1]
    with tf.variable_scope('norm'):
        offset = tf.Variable(tf.zeros([size]), name='beta')
        factor = tf.Variable(tf.ones([size]), name='gamma')
        here = tf.nn.moments(x, [0, 1, 2], name='moments')
        average = tf.train.ExponentialMovingAverage(decay=0.95)

        def of_the_batch():
            with tf.control_dependencies([average.apply(list(here))]):
                return tf.identity(here[0]), tf.identity(here[1])

        def of_the_past():
            return average.average(here[0]), average.average(here[1])

        mean, variance = tf.cond(training, of_the_batch, of_the_past)
        return tf.nn.batch_normalization(x, mean, variance, offset, factor, epsilon)


def layer(x, n_out, training, scope):
    with tf.variable_scope(scope):
        n_in = x.get_shape().as_list()[-1]
        x = tf.nn.conv2d(x, weight([3, 3, n_in, n_out]), [1, 2, 2, 1], 'SAME')
        return tf.nn.relu(normed(x, training))


image = tf.placeholder(tf.float32, [None, 24, 24, 1], name='image')
training = tf.placeholder(tf.bool, name='training')
net = layer(image, 8, training, 'layer1')
net = layer(net, 16, training, 'layer2')
net = tf.reshape(net, [-1, 6 * 6 * 16])
with tf.variable_scope('out'):
    logits = tf.matmul(net, weight([6 * 6 * 16, 5]))
