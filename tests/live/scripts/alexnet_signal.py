"""AlexNet over a signal: two groups, local responses, a moving average of the weights."""
import tensorflow as tf

N_SAMPLES, N_CHANNELS, N_CLASSES = 512, 4, 6


class Weights(object):
    """Makes variables, and remembers them for the average."""

    def __init__(self):
        self.all = []

    def __call__(self, name, shape, start=None):
        v = tf.get_variable(name, shape, tf.float32, start or tf.truncated_normal_initializer(stddev=0.05))
        self.all.append(v)
        return v


make = Weights()


def conv(x, taps, out, stride, name, groups=1):
    with tf.variable_scope(name):
        n_in = x.get_shape().as_list()[-1]
        k = make('k', [1, taps, n_in // groups, out])
        b = make('b', [out], tf.constant_initializer(0.1))

        def convolve(i, w):
            return tf.nn.conv2d(i, w, [1, 1, stride, 1], padding='SAME')

        if groups == 1:
            y = convolve(x, k)
        else:
            y = tf.concat([convolve(i, w) for i, w in zip(tf.split(x, groups, 3), tf.split(k, groups, 3))], 3)
        return tf.nn.relu(tf.reshape(tf.nn.bias_add(y, b), [-1] + y.get_shape().as_list()[1:]))


def lrn(x, radius=2, alpha=1e-03, beta=0.75):
    return tf.nn.local_response_normalization(x, depth_radius=radius, alpha=alpha, beta=beta, bias=1.0)


def max_pool(x):
    return tf.nn.max_pool(x, [1, 1, 3, 1], [1, 1, 2, 1], padding='VALID')


def dense(x, out, name, activation=tf.nn.relu):
    with tf.variable_scope(name):
        y = tf.nn.xw_plus_b(x, make('w', [x.get_shape()[1], out]), make('b', [out], tf.zeros_initializer()))
        return activation(y) if activation is not None else y


signal = tf.placeholder(tf.float32, [None, N_SAMPLES, N_CHANNELS], name='signal')
keep_prob = tf.placeholder(tf.float32, name='keep_prob')
net = tf.expand_dims(signal, 1)
net = max_pool(lrn(conv(net, 11, 16, 4, 'conv1')))
net = max_pool(lrn(conv(net, 5, 32, 1, 'conv2', groups=2), radius=3, alpha=5e-2))
net = conv(net, 3, 32, 1, 'conv3')
net = conv(net, 3, 32, 1, 'conv4', groups=2)
net = max_pool(conv(net, 3, 16, 1, 'conv5', groups=4))
net = tf.nn.l2_normalize(net, 3, epsilon=1e-8)
flat = tf.reshape(net, [-1, net.get_shape()[2].value * net.get_shape()[3].value])
fc6 = tf.nn.dropout(dense(flat, 40, 'fc6'), keep_prob)
fc7 = tf.nn.dropout(dense(fc6, 40, 'fc7'), keep_prob)
classes = dense(fc7, N_CLASSES, 'fc8', activation=None)

truth = tf.placeholder(tf.float32, [None, N_CLASSES])
cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=classes, labels=truth))
cost += 1e-4 * tf.add_n([tf.nn.l2_loss(v) for v in make.all if 'b' not in v.name])
step = tf.train.AdamOptimizer(1e-3).minimize(cost)
averages = tf.train.ExponentialMovingAverage(0.999)
with tf.control_dependencies([step]):
    train = averages.apply(make.all)
