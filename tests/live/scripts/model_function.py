"""Only a function: who calls it is another file."""
import tensorflow as tf


def _conv_bn(inputs, filters, kernel, is_training, scope):
    with tf.variable_scope(scope):
        net = tf.layers.conv1d(inputs, filters, kernel, padding='same', use_bias=False, name='conv')
        net = tf.layers.batch_normalization(net, training=is_training, momentum=0.9, name='bn')
        return tf.nn.relu(net)


def model(x, is_training, reuse=False, width=16):
    """logits of three classes

    x: [batch, time, channels]
    """
    with tf.variable_scope('model', reuse=reuse):
        net = _conv_bn(x, width, 7, is_training, 'one')
        net = tf.layers.max_pooling1d(net, 3, 2, 'same')
        net = _conv_bn(net, width * 2, 5, is_training, 'two')
        net = tf.layers.max_pooling1d(net, 3, 2, 'same')
        net = _conv_bn(net, width * 2, 3, is_training, 'three')
        net = tf.reshape(net, [-1, net.shape[1] * net.shape[2]])
        net = tf.layers.dropout(net, 0.4, training=is_training)
        return tf.layers.dense(net, 3, name='logits')


def loss(logits, labels):
    entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=labels)
    return tf.reduce_mean(entropy)
