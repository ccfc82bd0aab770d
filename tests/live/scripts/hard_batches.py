"""Dilation by moving time into the batch."""
import tensorflow as tf


def time_to_batch(value, dilation):
    shape = tf.shape(value)
    pad = dilation - 1 - (shape[1] + dilation - 1) % dilation
    padded = tf.pad(value, [[0, 0], [0, pad], [0, 0]])
    reshaped = tf.reshape(padded, [-1, dilation, shape[2]])
    transposed = tf.transpose(reshaped, perm=[1, 0, 2])
    return tf.reshape(transposed, [shape[0] * dilation, tf.div(shape[1] + pad, dilation), shape[2]])


def batch_to_time(value, dilation):
    shape = tf.shape(value)
    prepared = tf.reshape(value, [dilation, -1, shape[2]])
    transposed = tf.transpose(prepared, perm=[1, 0, 2])
    return tf.reshape(transposed, [tf.div(shape[0], dilation), -1, shape[2]])


x = tf.placeholder(tf.float32, [2, 40, 6], name='x')
w = tf.get_variable('w', [2, 6, 6])
moved = time_to_batch(x, 4)
moved = tf.nn.conv1d(moved, w, stride=1, padding='SAME')
y = batch_to_time(moved, 4)
y = tf.reshape(y, [2, 40, 6])
