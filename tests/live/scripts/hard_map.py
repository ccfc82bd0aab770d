"""One picture after the other, by a function."""
import tensorflow as tf

pictures = tf.placeholder(tf.float32, [None, 4, 20, 20, 3], name='pictures')
kernel = tf.get_variable('kernel', [3, 3, 3, 8])


def features(few):
    return tf.reduce_mean(tf.nn.relu(tf.nn.conv2d(few, kernel, [1, 1, 1, 1], 'SAME')), [1, 2])


each = tf.map_fn(features, pictures)
score = tf.layers.dense(tf.reshape(each, [-1, 32]), 5, name='score')
