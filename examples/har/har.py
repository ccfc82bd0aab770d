"""Which of six activities nine sensors have seen, in TensorFlow 1."""
import tensorflow as tf

STEPS, SENSORS, ACTIVITIES = 128, 9, 6


def weight_variable(shape):
    return tf.Variable(tf.truncated_normal(shape, stddev=0.1), name="weights")


def bias_variable(shape):
    return tf.Variable(tf.constant(0.1, shape=shape), name="biases")


def conv(x, filters, taps, stride, name):
    channels = x.get_shape()[-1].value
    with tf.name_scope(name):
        kernel = weight_variable([taps, channels, filters])
        y = tf.nn.conv1d(x, kernel, stride, padding="SAME")
        return tf.nn.relu(y + bias_variable([filters]))


signals = tf.placeholder(tf.float32, [None, STEPS, SENSORS], name="signals")
labels = tf.placeholder(tf.int64, [None], name="labels")
keep_prob = tf.placeholder(tf.float32, name="keep_prob")

net = signals
for i, filters in enumerate([32, 64, 64]):
    net = conv(net, filters, 5, 2 if i else 1, "conv%d" % (i + 1))
flat = tf.reshape(net, [-1, int(net.shape[1]) * int(net.shape[2])])
with tf.name_scope("readout"):
    readout = weight_variable([flat.get_shape().as_list()[-1], ACTIVITIES])
    scores = tf.matmul(tf.nn.dropout(flat, keep_prob), readout)
    scores += bias_variable([ACTIVITIES])

loss = tf.reduce_mean(
    tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=scores)
)
train = tf.train.AdamOptimizer(1e-3).minimize(loss)

if __name__ == "__main__":
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        print(session.run(scores, {signals: [[[0.0] * SENSORS] * STEPS], keep_prob: 1}))
