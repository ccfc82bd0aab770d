"""Which moments of a recording matter: a CNN, and an attention over time by hand."""
import tensorflow as tf

STEPS, SENSORS, WIDTH, CLASSES = 48, 6, 20, 5


def prelu(x, name):
    with tf.variable_scope(name):
        alpha = tf.get_variable('alpha', [x.get_shape()[-1]], initializer=tf.constant_initializer(0.1))
        return tf.maximum(0.0, x) + alpha * tf.minimum(0.0, x)


x = tf.placeholder(tf.float32, [None, STEPS, SENSORS], name='x')
y = tf.placeholder(tf.float32, [None, CLASSES], name='y')
# every sensor has its own range
low = tf.get_variable('low', [SENSORS], initializer=tf.constant_initializer(-1.0))
span = tf.get_variable('span', [1, 1, SENSORS], initializer=tf.constant_initializer(2.0))
h = (x - low) / span
h = prelu(tf.layers.conv1d(h, WIDTH, 5, padding='same'), 'act_1')
h = prelu(tf.layers.conv1d(h, WIDTH, 5, padding='same'), 'act_2')
# where in the recording it is
position = tf.get_variable('position', [STEPS, WIDTH], initializer=tf.random_normal_initializer(stddev=0.1))
h = h + tf.expand_dims(tf.gather(position, tf.range(STEPS)), 0)

W = tf.Variable(tf.truncated_normal([WIDTH, 12], stddev=0.3), name='W')
b = tf.Variable(tf.zeros([12]), name='b')
u = tf.Variable(tf.truncated_normal([12], stddev=0.3), name='u')
v = tf.tanh(tf.tensordot(h, W, axes=1) + b)
score = tf.reduce_sum(v * u, axis=2)
alphas = tf.nn.softmax(score, name='alphas')
context = tf.reduce_sum(h * tf.expand_dims(alphas, -1), reduction_indices=1)
# what is quiet everywhere counts for nothing
loud = tf.cast(tf.reduce_max(tf.abs(h), axis=1) > 0.5, tf.float32)
logits = tf.layers.dense(context * loud, CLASSES)

entropy = -tf.reduce_sum(y * tf.log(tf.nn.softmax(logits) + 1e-8), 1)
loss = tf.reduce_mean(entropy)
right = tf.equal(tf.argmax(logits, 1), tf.argmax(y, 1))
accuracy = tf.reduce_mean(tf.cast(right, tf.float32))
train = tf.train.AdamOptimizer(1e-3).minimize(loss)
