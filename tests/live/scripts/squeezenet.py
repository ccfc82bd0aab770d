import tensorflow as tf


def fire(net, squeeze, expand, scope):
    """a few 1 x 1, then 1 x 1 and 3 x 3 beside each other"""
    with tf.variable_scope(scope):
        net = tf.layers.conv2d(net, squeeze, [1, 1], activation=tf.nn.relu, name='squeeze')
        one = tf.layers.conv2d(net, expand, [1, 1], activation=tf.nn.relu, name='one')
        three = tf.layers.conv2d(net, expand, [3, 3], padding='same', activation=tf.nn.relu, name='three')
        return tf.concat([one, three], axis=3)


def squeezenet(images, is_training=False, num_classes=12):
    net = tf.layers.conv2d(images, 16, 3, strides=2, activation=tf.nn.elu, name='conv1')
    net = tf.layers.max_pooling2d(net, 3, 2, padding='valid', name='pool1')
    for i in range(2, 4):
        net = fire(net, 4, 12, 'fire%d' % i)
    net = tf.layers.max_pooling2d(net, 3, 2, padding='same', name='pool3')
    residual = net = fire(net, 6, 16, 'fire4')
    net = fire(net, 6, 16, scope='fire5')
    net += residual
    net = tf.layers.dropout(net, rate=0.5, training=is_training)
    net = tf.layers.conv2d(net, num_classes, 1, activation=tf.nn.leaky_relu, name='conv6')
    height, width = net.get_shape().as_list()[1:3]
    net = tf.layers.average_pooling2d(net, [height, width], strides=1, name='everywhere')
    return tf.layers.flatten(net)


if __name__ == '__main__':
    images = tf.placeholder(tf.float32, shape=(2, 65, 65, 3), name='images')
    logits = squeezenet(images)
    softmax = tf.nn.softmax(logits)
    n = 0
    for v in tf.trainable_variables():
        size = 1
        for d in v.get_shape():
            size *= d.value
        n += size
    print('{} parameters'.format(n))
