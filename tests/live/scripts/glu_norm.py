"""Gated convolutions with normalised weights, for sequences of words."""
import tensorflow as tf

VOCABULARY, WORDS, WIDTH = 300, 20, 24


def normed_conv(x, out, taps, index):
    """the kernel is a direction times a length"""
    n_in = int(x.get_shape()[-1])
    with tf.variable_scope("normed_" + str(index)):
        direction = tf.get_variable('direction', shape=[taps, n_in, out], dtype=tf.float32,
                                    initializer=tf.random_normal_initializer(mean=0, stddev=0.1), trainable=True)
        length = tf.get_variable('length_scale', shape=[out], initializer=tf.ones_initializer())
        b = tf.get_variable('b', shape=[out], initializer=tf.zeros_initializer())
        kernel = tf.reshape(length, [1, 1, out]) * tf.nn.l2_normalize(direction, [0, 1])
        return tf.nn.bias_add(tf.nn.conv1d(value=x, filters=kernel, stride=1, padding="SAME"), b)


def gated(x):
    half = int(x.get_shape()[-1]) // 2
    return x[:, :, :half] * tf.sigmoid(x[:, :, half:])


def encode(words, places):
    meaning = tf.get_variable('words', [VOCABULARY, WIDTH])
    place = tf.get_variable('places', [WORDS, WIDTH])
    x = tf.nn.embedding_lookup(meaning, words) + tf.gather(place, places)
    for i, taps in enumerate([3, 3, 5]):
        x = (gated(normed_conv(x, WIDTH * 2, taps, i)) + x) * tf.sqrt(0.5)
    weights = tf.nn.softmax(tf.reduce_sum(x, axis=2), axis=1)
    return tf.reduce_sum(x * tf.expand_dims(weights, 2), 1)


words = tf.placeholder(tf.int32, [None, WORDS], name='words')
with tf.variable_scope('encoder'):
    summary = encode(words, tf.range(WORDS))
