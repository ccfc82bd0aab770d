from collections import namedtuple

import tensorflow as tf
import tf_slim as slim

Conv = namedtuple('Conv', ['kernel', 'stride', 'depth'])
DepthSepConv = namedtuple('DepthSepConv', ['kernel', 'stride', 'depth'])

LAYERS = [
    Conv(kernel=[3, 3], stride=2, depth=32),
    DepthSepConv(kernel=[3, 3], stride=1, depth=64),
    DepthSepConv(kernel=[3, 3], stride=2, depth=128),
    DepthSepConv(kernel=[3, 3], stride=1, depth=128),
    DepthSepConv(kernel=[3, 3], stride=2, depth=256),
    DepthSepConv(kernel=[3, 3], stride=1, depth=256),
]


def reduced_kernel_size_for_small_input(input_tensor, kernel_size):
    shape = input_tensor.get_shape().as_list()
    if shape[1] is None or shape[2] is None:
        return kernel_size
    return [min(shape[1], kernel_size[0]), min(shape[2], kernel_size[1])]


def mobilenet_base(inputs, min_depth=8, depth_multiplier=1.0, output_stride=None, scope=None):
    depth = lambda d: max(int(d * depth_multiplier), min_depth)
    end_points = {}
    with tf.compat.v1.variable_scope(scope, 'MobilenetV1', [inputs]):
        with slim.arg_scope([slim.conv2d, slim.separable_conv2d], padding='SAME'):
            current_stride, rate = 1, 1
            net = inputs
            for i, conv_def in enumerate(LAYERS):
                end_point_base = 'Conv2d_%d' % i
                if output_stride is not None and current_stride == output_stride:
                    layer_stride = 1
                    layer_rate = rate
                    rate *= conv_def.stride
                else:
                    layer_stride = conv_def.stride
                    layer_rate = 1
                    current_stride *= conv_def.stride
                if isinstance(conv_def, Conv):
                    net = slim.conv2d(net, depth(conv_def.depth), conv_def.kernel, stride=conv_def.stride,
                                      normalizer_fn=slim.batch_norm, scope=end_point_base)
                    end_points[end_point_base] = net
                elif isinstance(conv_def, DepthSepConv):
                    end_point = end_point_base + '_depthwise'
                    net = slim.separable_conv2d(net, None, conv_def.kernel, depth_multiplier=1, stride=layer_stride,
                                                rate=layer_rate, normalizer_fn=slim.batch_norm, scope=end_point)
                    end_points[end_point] = net
                    end_point = end_point_base + '_pointwise'
                    net = slim.conv2d(net, depth(conv_def.depth), [1, 1], stride=1, normalizer_fn=slim.batch_norm,
                                      scope=end_point)
                    end_points[end_point] = net
                else:
                    raise ValueError('Unknown convolution type %s for layer %d' % (conv_def, i))
    return net, end_points


def mobilenet_arg_scope(is_training=True, weight_decay=0.00004, stddev=0.09, regularize_depthwise=False):
    batch_norm_params = {'center': True, 'scale': True, 'decay': 0.9997, 'epsilon': 0.001}
    if is_training is not None:
        batch_norm_params['is_training'] = is_training
    weights_init = tf.compat.v1.truncated_normal_initializer(stddev=stddev)
    regularizer = slim.l2_regularizer(weight_decay)
    depthwise_regularizer = regularizer if regularize_depthwise else None
    with slim.arg_scope([slim.conv2d, slim.separable_conv2d], weights_initializer=weights_init,
                        activation_fn=tf.nn.relu6):
        with slim.arg_scope([slim.batch_norm], **batch_norm_params):
            with slim.arg_scope([slim.conv2d], weights_regularizer=regularizer):
                with slim.arg_scope([slim.separable_conv2d], weights_regularizer=depthwise_regularizer) as sc:
                    return sc


class Classifier:
    def __init__(self, classes, alpha=0.25):
        self.classes = classes
        self.alpha = alpha
        self.image = tf.compat.v1.placeholder(tf.float32, (None, 64, 64, 3), name='image')
        with slim.arg_scope(mobilenet_arg_scope(is_training=False)):
            self.features, self.points = mobilenet_base(self.image, depth_multiplier=self.alpha, output_stride=4)
            with tf.compat.v1.variable_scope('Logits'):
                size = reduced_kernel_size_for_small_input(self.features, [7, 7])
                net = slim.avg_pool2d(self.features, size, padding='VALID', scope='AvgPool_1a')
                net = slim.flatten(slim.dropout(net, keep_prob=0.999, is_training=False))
                self.logits = slim.stack(net, slim.fully_connected, [20, self.classes], activation_fn=tf.nn.relu,
                                         scope='fc')


model = Classifier(7)
logits = model.logits
