"""Residual network over one dimension, after a shape that is only known in part."""
import tensorflow as tf


def _block(x, out, stride, dropout, training, index):
    """pre-activation; the shortcut is pooled, and padded with channels of zeros"""
    n_in = x.get_shape().as_list()[-1]
    short = tf.layers.max_pooling1d(x, stride, stride, padding='same') if stride > 1 else x
    if out != n_in:
        more = out - n_in
        short = tf.pad(short, [[0, 0], [0, 0], [more // 2, more - more // 2]])
    y = x
    with tf.variable_scope('block_%d' % index):
        for i in range(2):
            if not (index == 0 and i == 0):
                y = tf.layers.batch_normalization(y, training=training)
                y = tf.nn.relu(y)
            y = tf.layers.dropout(y, dropout, training=training) if i else y
            y = tf.layers.conv1d(y, out, 16, strides=stride if i == 0 else 1, padding='same',
                                 kernel_initializer=tf.keras.initializers.he_normal())
    return y + short


def resnet(x, depth=6, start=8, every=2, dropout=0.2, training=False):
    y = tf.layers.conv1d(x, start, 16, padding='same')
    for index in range(depth):
        filters = start * 2 ** (index // every)
        y = _block(y, filters, 2 if index % 2 else 1, dropout, training, index)
    y = tf.nn.relu(tf.layers.batch_normalization(y, training=training))
    # a class for each step that is left
    return tf.layers.dense(y, 4)


record = tf.placeholder(tf.float32, [None, 256, 1], name='record')
logits = resnet(record)
probabilities = tf.nn.softmax(logits, axis=-1, name='probabilities')
