"""Two ways to see a signal, and a rule which of them to believe."""
import tensorflow as tf

flags = tf.app.flags
flags.DEFINE_integer('length', 40, 'samples')
FLAGS = flags.FLAGS

# a smoothing and a slope, side by side, as one fixed filter
KERNEL = [[[0.25, -0.5]], [[0.5, 0.0]], [[0.25, 0.5]]]


def block(x, filters, name):
    with tf.variable_scope(name):
        w = tf.get_variable('w', [3, x.shape[-1].value, filters])
        gamma = tf.get_variable('gamma', [filters], initializer=tf.ones_initializer())
        beta = tf.get_variable('beta', [filters], initializer=tf.zeros_initializer())
        h = tf.nn.conv1d(x, w, 1, 'SAME')
        return tf.nn.relu(tf.reshape(gamma, [1, 1, filters]) * h + tf.reshape(beta, [1, 1, -1]))


def network(x):
    both = tf.nn.conv1d(x, tf.constant(KERNEL), 1, 'SAME')
    smooth = block(both[:, :, 0:1], 8, 'smooth')
    rough = block(both[..., 1:], 8, 'rough')
    floor = tf.get_variable('floor', [], initializer=tf.constant_initializer(0.05))
    mixed = tf.where(tf.greater_equal(smooth, rough), smooth - 0.1, tf.maximum(rough, floor))
    quiet = tf.logical_or(tf.less(mixed, 0.1), tf.logical_not(mixed < 3.0))
    mixed = tf.where(quiet, tf.zeros_like(mixed), mixed)
    signs = tf.sign(both[:, ::2])
    late = mixed[:, -1]
    mean = tf.reduce_mean(mixed, 1)
    most = tf.reduce_logsumexp(mixed, axis=-2)
    all_of_it = tf.concat([late, mean, most, tf.reduce_min(signs, 1)], 1)
    with tf.variable_scope('out'):
        w = tf.get_variable('w', [1, 26])
        hidden = tf.layers.dense(all_of_it, 26, tf.tanh)
        # tied: the same weights, the other way round
        energy = tf.matmul(hidden, tf.transpose(w))
        return tf.divide(tf.squeeze(energy, axis=1), tf.Variable(2.0, name='heat'), name='energy')


def main(_):
    signal = tf.placeholder(tf.float32, [None, FLAGS.length, 1], name='signal')
    truth = tf.placeholder(tf.float32, [None], name='truth')
    energy = network(signal)
    miss = tf.square(energy - truth)
    cost = tf.reduce_mean(miss)
    step = tf.train.AdamOptimizer().minimize(cost)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(step, {signal: [[[0.0]] * FLAGS.length], truth: [0.0]})


if __name__ == '__main__':
    tf.app.run()
