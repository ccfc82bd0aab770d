"""Frames in, frames out, with norms of all kinds."""
import tensorflow as tf
import tensorflow.contrib.layers as tcl


def encoder(frames, widths, norm):
    skips = []
    net = frames
    for level, width in enumerate(widths):
        net = tcl.conv2d(net, width, 4, 2, normalizer_fn=norm, activation_fn=lambda v: tf.nn.leaky_relu(v, 0.1))
        net = tcl.repeat(net, 2, tcl.conv2d, width, 3, normalizer_fn=norm, scope='same%d' % level)
        skips.append(net)
    return net, skips


def decoder(net, skips, widths):
    for width, skip in zip(widths[::-1], skips[::-1]):
        net = tcl.convolution2d_transpose(net, width, [3, 3], stride=1, activation_fn=None,
                                          normalizer_fn=tcl.layer_norm,
                                          normalizer_params={'begin_norm_axis': 1, 'begin_params_axis': -1})
        net = tf.concat([tf.nn.elu(net), skip], axis=-1)
        net = tcl.conv2d_transpose(net, width, 4, stride=2, normalizer_fn=tcl.bias_add,
                                   biases_initializer=None)
    return net


frames = tf.placeholder(tf.float32, [None, 32, 40, 3], name='frames')
widths = [8, 12]
with tf.variable_scope('encoder'):
    code, skips = encoder(frames, widths, tcl.instance_norm)
with tf.variable_scope('middle', reuse=tf.AUTO_REUSE):
    for _ in range(2):
        code = tcl.conv2d(code, 12, [3, 3], scope='shared', rate=2, normalizer_fn=tcl.batch_norm,
                          normalizer_params=dict(is_training=False, decay=0.9, scale=True))
    flat = tcl.fully_connected(code, 12, activation_fn=tf.nn.sigmoid, scope='gate')
    code = code * flat
with tf.variable_scope('decoder'):
    out = decoder(code, skips, widths)
    painted = tcl.conv2d(out, 3, 1, activation_fn=tf.tanh, weights_initializer=tf.random_normal_initializer(0, 0.02))
loss = tf.reduce_mean(tf.square(painted - frames))
train_op = tf.train.AdamOptimizer(1e-3).minimize(loss, global_step=tf.train.get_or_create_global_step())
