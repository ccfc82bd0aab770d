"""What training may add: schedules, clipping, averages, old and new words of loss."""
import numpy as np
import tensorflow as tf

tf.reset_default_graph()
tf.set_random_seed(7)
np.random.seed(7)

x = tf.placeholder(tf.float32, [None, 50, 8], name='x')
labels = tf.placeholder(tf.float32, [None, 3], name='labels')
global_step = tf.Variable(0, trainable=False, name='global_step')
scaled = (x - np.float32(0.25)) * (1.0 / 3)

with tf.variable_scope('net', initializer=tf.uniform_unit_scaling_initializer(1.4)):
    with tf.variable_scope('a') as a:
        y = tf.layers.conv1d(scaled, 10, 5, activation=tf.nn.crelu if False else tf.nn.relu6)
    with tf.variable_scope(a, reuse=tf.AUTO_REUSE):
        v = tf.get_variable('v', [10])
    y = tf.expand_dims(y * v, 2)
    y = tf.nn.max_pool2d(y, ksize=[1, 2, 1, 1], strides=[1, 2, 1, 1], padding='SAME')
    y = tf.squeeze(y, axis=[2])
    y = tf.slice(y, [0, 1, 0], [-1, 20, 10])
    y = tf.reshape(tf.transpose(y, [0, 2, 1]), [tf.shape(y)[0], 200])
    logits = tf.layers.dense(y, 3, use_bias=False)

loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=logits))
loss += sum(1e-4 * tf.nn.l2_loss(v) for v in tf.trainable_variables())
rate = tf.train.exponential_decay(0.1, global_step, 1000, 0.96, staircase=True)
optimizer = tf.train.MomentumOptimizer(rate, momentum=0.9, use_nesterov=True)
gradients, variables = zip(*optimizer.compute_gradients(loss))
gradients, _ = tf.clip_by_global_norm(gradients, 5.0)
train = optimizer.apply_gradients(zip(gradients, variables), global_step=global_step)
average = tf.train.ExponentialMovingAverage(0.99, global_step)
with tf.control_dependencies([train]):
    train_and_average = average.apply(tf.trainable_variables())

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(1000):
        _, now = sess.run([train_and_average, loss],
                          {x: np.random.randn(4, 50, 8), labels: np.eye(3)[np.random.randint(0, 3, 4)]})
        if now != now:
            break
