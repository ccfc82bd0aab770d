"""Arithmetic of tensors between convolutions: texture statistics of patches."""
import tensorflow as tf


def spread(x, name):
    """What is above the mean of a patch beside what is below it."""
    with tf.name_scope(name):
        centre = tf.reduce_mean(x, [1, 2], keepdims=True)
        return tf.nn.crelu(x - centre)


def energy(x):
    return tf.norm(x, axis=-1, keepdims=True) + tf.scalar_mul(0.25, tf.norm(x, ord=1, axis=3, keepdims=True))


def mirrored(x):
    return tf.accumulate_n([x, tf.image.flip_left_right(x), tf.image.flip_up_down(x), tf.reverse_v2(x, [1, 2])])


patch = tf.placeholder(tf.float32, [None, 20, 20, 3], name='patch')
target = tf.placeholder(tf.float32, [None, 4], name='target')

steps = tf.floordiv(patch, 0.25) + tf.math.rint(patch * 3.0) + tf.sign(patch) - tf.math.ceil(patch)
h = tf.layers.conv2d(tf.concat([patch, tf.clip_by_value(steps, -3.0, 3.0)], 3), 8, 3, padding='same', name='first')
h = spread(h, 'spread')
h = tf.layers.conv2d(h, 8, 3, padding='same', activation=tf.tanh, name='second')
h = mirrored(h) * 0.25
left, right = tf.layers.conv2d(h, 8, 1, name='left'), tf.layers.conv2d(tf.roll(h, 2, axis=1), 8, 1, name='right')
h = tf.add_n([left, right, tf.squared_difference(left, right)])
h = tf.concat([tf.nn.l2_normalize(h, 3), tf.math.l2_normalize(h, axis=[1, 2]), energy(h)], axis=3)
h = tf.space_to_depth(h, 2)
h = tf.layers.conv2d(h, 8, 3, name='third')
h = tf.depth_to_space(h, 2)
peaks = tf.reduce_logsumexp(h, axis=3, keepdims=True)
h = tf.tile(tf.stop_gradient(peaks), [1, 1, 1, 2]) * h
rows = tf.stack([tf.reduce_max(r, 1) for r in tf.unstack(h, axis=1)], axis=1)
shape = tf.reduce_prod(1.0 + 0.1 * tf.tanh(rows), axis=2)
scores = tf.layers.dense(tf.identity(shape), 4, name='scores')
loss = tf.reduce_mean(tf.math.squared_difference(scores, target))
train = tf.train.GradientDescentOptimizer(0.01).minimize(loss)
