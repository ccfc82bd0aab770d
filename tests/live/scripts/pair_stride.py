import tensorflow as tf

series = tf.placeholder(tf.float32, [None, 21, 3])
W = tf.Variable(tf.random.normal([5, 3, 6]))
b = tf.Variable(tf.zeros([6]))
every_second = tf.nn.conv1d(series, W, stride=2, padding='VALID') + b
