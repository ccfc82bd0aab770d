import tensorflow as tf


class MobileNet:
    """Depthwise and pointwise convolutions, written with tf.nn"""

    def __init__(self, num_classes, width_multiplier=0.25):
        self.num_classes = num_classes
        self.alpha = width_multiplier
        # (filters, stride)
        self.layers = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1)]

    def _scale(self, channels):
        return max(int(channels * self.alpha), 8)

    def _bn(self, x, scope):
        with tf.variable_scope(scope):
            size = x.get_shape()[-1]
            beta = tf.get_variable('beta', size, initializer=tf.constant_initializer(0.))
            gamma = tf.get_variable('gamma', size, initializer=tf.constant_initializer(1.))
            mean = tf.get_variable('mean', size, initializer=tf.constant_initializer(0.), trainable=False)
            variance = tf.get_variable('variance', size, initializer=tf.constant_initializer(1.), trainable=False)
            y, _, _ = tf.nn.fused_batch_norm(x, gamma, beta, mean, variance, epsilon=1e-3, is_training=False)
            return tf.nn.relu6(y)

    def _depthwise_separable(self, x, filters, stride, scope):
        with tf.variable_scope(scope):
            channels = x.shape.as_list()[-1]
            dw = tf.get_variable('depthwise_weights', [3, 3, channels, 1])
            x = tf.nn.depthwise_conv2d(x, dw, [1, stride, stride, 1], 'SAME')
            x = self._bn(x, 'bn_dw')
            pw = tf.get_variable('pointwise_weights', [1, 1, channels, filters])
            x = tf.nn.conv2d(x, pw, [1, 1, 1, 1], 'SAME')
            return self._bn(x, 'bn_pw')

    def build(self, images):
        with tf.variable_scope('MobileNet'):
            x = tf.layers.conv2d(images, self._scale(32), 3, 2, 'same', use_bias=False, name='conv1')
            x = self._bn(x, 'bn1')
            for n, (filters, stride) in enumerate(self.layers, start=2):
                x = self._depthwise_separable(x, self._scale(filters), stride, 'conv_ds_%d' % n)
            # one block by the ready-made word
            x = tf.layers.separable_conv2d(x, 48, 3, padding='same', activation=tf.nn.relu, name='separable')
            sep_dw = tf.get_variable('sep/dw', [3, 3, 48, 2])
            sep_pw = tf.get_variable('sep/pw', [1, 1, 96, 32])
            x = tf.nn.separable_conv2d(x, sep_dw, sep_pw, strides=[1, 1, 1, 1], padding='VALID')
            x = tf.reduce_mean(x, [1, 2], keep_dims=True)
            x = tf.layers.conv2d(x, self.num_classes, [1, 1], name='fc')
            return tf.squeeze(x, [1, 2])


image_batch = tf.placeholder(tf.float32, [None, 48, 48, 3], name='input')
mobilenet = MobileNet(20)
logits = mobilenet.build(image_batch)
prediction = tf.nn.softmax(logits, name='Predictions')
