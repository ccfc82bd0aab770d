import tensorflow as tf

plans = {
    'small': [8, 'M', 12, 'M', 24, 24, 'M', 32, 'M'],
    'large': [64, 64, 'M', 128, 128, 'M', 256, 256, 256, 'M', 512, 512, 512, 'M'],
}
MEAN = [0.41, 0.46, 0.48]


def convolutions(x, plan):
    block, index = 1, 1
    for v in plan:
        if v == 'M':
            x = tf.nn.max_pool(x, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding='SAME', name='pool%d' % block)
            block, index = block + 1, 1
            continue
        with tf.variable_scope('conv{}_{}'.format(block, index)):
            filt = tf.get_variable('filter', [3, 3, x.get_shape().as_list()[-1], v],
                                   initializer=tf.contrib.layers.variance_scaling_initializer())
            bias = tf.get_variable('biases', v, initializer=tf.zeros_initializer)
            x = tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, filt, [1, 1, 1, 1], padding='SAME'), bias))
        index += 1
    return x


def fully(x, units, name, last=False):
    with tf.variable_scope(name):
        size = 1
        for d in x.get_shape().as_list()[1:]:
            size *= d
        flat = tf.reshape(x, [-1, size])
        y = tf.nn.bias_add(tf.matmul(flat, tf.get_variable('weights', [size, units])),
                           tf.get_variable('biases', [units]))
    return y if last else tf.nn.relu(y)


def vgg(rgb, name='small', classes=10):
    # the weights are for blue, green, red
    r, g, b = tf.split(axis=3, num_or_size_splits=3, value=rgb)
    assert r.get_shape().as_list()[1:] == [56, 56, 1]
    bgr = tf.concat(axis=3, values=[b - MEAN[0], g - MEAN[1], r - MEAN[2]])
    x = convolutions(bgr * 4.0, plans[name])
    x = fully(x, 80, 'fc1')
    return fully(x, classes, 'fc2', last=True)


rgb = tf.placeholder(tf.float32, [None, 56, 56, 3], name="rgb")
scores = vgg(rgb)
prob = tf.nn.softmax(scores, name="prob")
