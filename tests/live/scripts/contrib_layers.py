import tensorflow as tf
from tensorflow.contrib import layers
from tensorflow.contrib.framework import arg_scope

try:
    from tensorflow.contrib.layers.python.layers import initializers
except ImportError:
    initializers = layers

phase = False
x = tf.placeholder(tf.float32, [None, 36, 36, 2])

norm = dict(is_training=phase, center=True, scale=False, updates_collections=None)
with arg_scope([layers.conv2d], normalizer_fn=layers.batch_norm, normalizer_params=norm,
               weights_initializer=layers.variance_scaling_initializer(factor=2.0, mode='FAN_IN', uniform=False)):
    h = layers.conv2d(x, num_outputs=12, kernel_size=5, stride=2, padding='SAME', scope='c1')
    h = layers.conv2d(h, 16, [3, 3], activation_fn=tf.nn.elu, scope='c2')
    h = layers.max_pool2d(h, kernel_size=[2, 2], stride=2, scope='p2')
    h = layers.convolution2d(h, 16, 3, rate=2, scope='c3')
h = layers.conv2d_transpose(h, 12, 3, stride=2, activation_fn=tf.nn.sigmoid, scope='t4')
h = layers.avg_pool2d(h, 3, 3)
h = layers.flatten(h)
h = layers.fully_connected(h, 30, activation_fn=tf.nn.tanh,
                           weights_initializer=layers.xavier_initializer(uniform=False), scope='f5')
h = layers.layer_norm(h)
h = layers.dropout(h, keep_prob=0.7, is_training=phase)
y = layers.linear(h, 6, biases_initializer=None, scope='f6')
