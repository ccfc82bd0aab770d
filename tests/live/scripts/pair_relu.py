import tensorflow as tf

data = tf.placeholder(tf.float32, [None, 16, 2])
W = tf.Variable(tf.random.normal([3, 2, 4]))
b = tf.Variable(tf.zeros([4]))
active = tf.nn.relu(tf.nn.conv1d(data, W, stride=1, padding='SAME') + b)
