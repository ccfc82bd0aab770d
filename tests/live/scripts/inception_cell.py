import tensorflow as tf


def conv_bn(x, filters, size, strides=(1, 1), padding='SAME', name=None, phase=False):
    """conv + batch norm + relu, biases are useless before batch norm"""
    with tf.variable_scope(name):
        kh, kw = size
        in_channels = int(x.get_shape()[3])
        kernel = tf.get_variable('kernel', [kh, kw, in_channels, filters],
                                 initializer=tf.contrib.layers.xavier_initializer())
        x = tf.nn.conv2d(x, kernel, [1, strides[0], strides[1], 1], padding)
        beta = tf.get_variable('beta', [filters], initializer=tf.zeros_initializer())
        gamma = tf.get_variable('gamma', [filters], initializer=tf.ones_initializer())
        mean = tf.get_variable('moving_mean', [filters], initializer=tf.zeros_initializer(), trainable=False)
        var = tf.get_variable('moving_variance', [filters], initializer=tf.ones_initializer(), trainable=False)
        x = tf.nn.batch_normalization(x, mean, var, beta, gamma, 1e-3)
        return tf.nn.relu(x)


def inception(x, branches, name):
    """branches: (1x1, 3x3 reduce, 3x3, 5x5 reduce, 5x5, pool projection)"""
    b1, r3, b3, r5, b5, pp = branches
    with tf.variable_scope(name):
        branch1 = conv_bn(x, b1, (1, 1), name='b1')
        branch3 = conv_bn(x, r3, (1, 1), name='b3_reduce')
        branch3 = conv_bn(branch3, b3, (3, 3), name='b3')
        branch5 = conv_bn(x, r5, (1, 1), name='b5_reduce')
        # factorised: 1x5 then 5x1
        branch5 = conv_bn(branch5, b5, (1, 5), name='b5_a')
        branch5 = conv_bn(branch5, b5, (5, 1), name='b5_b')
        pool = tf.nn.max_pool(x, [1, 3, 3, 1], [1, 1, 1, 1], 'SAME')
        pool = conv_bn(pool, pp, (1, 1), name='pool_proj')
        return tf.concat([branch1, branch3, branch5, pool], axis=3)


def reduction(x, name):
    with tf.variable_scope(name):
        left = conv_bn(x, 16, (3, 3), strides=(2, 2), padding='VALID', name='left')
        right = tf.nn.avg_pool(x, [1, 3, 3, 1], [1, 2, 2, 1], padding='VALID')
        return tf.concat(axis=3, values=[left, right])


CELLS = [
    ('3a', (8, 8, 16, 4, 8, 8)),
    ('3b', (16, 8, 16, 4, 8, 8)),
    ('pool', None),
    ('4a', (16, 12, 24, 4, 8, 8)),
]

image = tf.placeholder(tf.float32, (None, 39, 43, 3), 'image')
net = conv_bn(image, 16, (7, 7), strides=(2, 2), name='stem')
for cell_name, cell in CELLS:
    if cell_name == 'pool':
        net = reduction(net, 'reduction')
    else:
        net = inception(net, cell, 'inception_' + cell_name)
net = tf.reduce_mean(net, axis=[1, 2], name='global_pool')
with tf.variable_scope('classifier'):
    w = tf.get_variable('w', [net.shape[1], 12])
    b = tf.get_variable('b', [12], initializer=tf.constant_initializer(0.1))
    logits = tf.nn.xw_plus_b(net, w, b)
prob = tf.nn.softmax(logits, name='prob')
