import tensorflow as tf

# one channel, five filters of three taps
x = tf.placeholder(tf.float32, [None, 12, 1])
kernel = tf.Variable(tf.random.normal([3, 1, 5]))
offset = tf.Variable(tf.zeros([5]))
y = tf.nn.conv1d(x, kernel, stride=1, padding='SAME') + offset
