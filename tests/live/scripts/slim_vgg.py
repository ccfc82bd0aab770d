import tensorflow as tf
import tensorflow.contrib.slim as slim


def arg_scope_of_this(weight_decay=0.0005, is_training=False):
    norm = {'decay': 0.99, 'epsilon': 0.001, 'is_training': is_training, 'scale': True}
    with slim.arg_scope([slim.conv2d, slim.fully_connected],
                        activation_fn=tf.nn.relu,
                        weights_regularizer=slim.l2_regularizer(weight_decay),
                        biases_initializer=tf.zeros_initializer()):
        with slim.arg_scope([slim.conv2d], padding='SAME',
                            normalizer_fn=slim.batch_norm, normalizer_params=norm) as sc:
            return sc


def small_vgg(inputs, num_classes=10, is_training=False, keep=0.5, scope='small_vgg'):
    with tf.variable_scope(scope, 'small_vgg', [inputs]) as sc:
        points = sc.original_name_scope + '_points'
        with slim.arg_scope([slim.conv2d, slim.fully_connected, slim.max_pool2d],
                            outputs_collections=points):
            net = slim.repeat(inputs, 2, slim.conv2d, 8, [3, 3], scope='conv1')
            net = slim.max_pool2d(net, [2, 2], scope='pool1')
            net = slim.repeat(net, 2, slim.conv2d, 16, [3, 3], scope='conv2')
            net = slim.max_pool2d(net, [2, 2], scope='pool2')
            net = slim.stack(net, slim.conv2d, [(24, [1, 1]), (24, [3, 3])], scope='conv3')
            net = slim.separable_conv2d(net, 32, [3, 3], depth_multiplier=1, stride=2, scope='sep')
            net = slim.avg_pool2d(net, [2, 2], stride=1, padding='VALID', scope='pool3')
            net = slim.conv2d(net, 40, net.get_shape()[1:3], padding='VALID',
                              normalizer_fn=None, scope='fc6')
            net = slim.dropout(net, keep, is_training=is_training, scope='dropout6')
            net = slim.conv2d(net, num_classes, [1, 1], activation_fn=None,
                              normalizer_fn=None, scope='fc7')
            net = tf.squeeze(net, [1, 2], name='fc7/squeezed')
            return net


images = tf.placeholder(tf.float32, [None, 32, 32, 3], name='images')
with slim.arg_scope(arg_scope_of_this()):
    logits = small_vgg(images)
probabilities = tf.nn.softmax(logits)
