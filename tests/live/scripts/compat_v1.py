import tensorflow.compat.v1 as tf
tf.disable_v2_behavior()
tf.disable_eager_execution()
tf.logging.set_verbosity(tf.logging.ERROR)

N_STEPS = 100
WINDOW = 11


def conv1d(inputs, filters, kernel_size, dilation_rate, name):
    """An unusual stack of keyword arguments, all of them used"""
    with tf.variable_scope(name, reuse=tf.AUTO_REUSE):
        return tf.layers.conv1d(inputs=inputs, filters=filters, kernel_size=kernel_size, strides=1,
                                padding="SAME", dilation_rate=dilation_rate,
                                activation=lambda x: tf.nn.leaky_relu(x, 0.1),
                                kernel_initializer=tf.random_normal_initializer(0.0, 0.05),
                                bias_initializer=tf.zeros_initializer(), name="dilated")


def gate(x, name):
    half = tf.split(x, 2, axis=2)
    return tf.multiply(half[0], tf.nn.sigmoid(half[1]), name=name)


signal = tf.placeholder(tf.float32, shape=(None, N_STEPS, 1), name="signal")
net = signal
for power in range(4):
    net = conv1d(net, 16, 3, 2 ** power, "level_%d" % power)
    net = gate(net, "gate_%d" % power)
# centre of the window of each step
kernel = tf.get_variable("smooth", [WINDOW, 8, 8], initializer=tf.initializers.he_normal())
net = tf.nn.conv1d(net, filters=kernel, stride=1, padding="VALID", data_format="NWC")
net = tf.concat([net, signal[:, WINDOW // 2:-(WINDOW // 2), :]], axis=-1)
w = tf.Variable(tf.truncated_normal([9, 2], stddev=0.1), name="w")
outputs = tf.tensordot(net, w, axes=1)
mean, log_scale = tf.unstack(outputs, axis=2)
distribution = tf.stack([mean, tf.exp(log_scale * 0.1)], axis=-1, name="distribution")
