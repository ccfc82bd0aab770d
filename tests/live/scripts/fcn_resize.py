import numpy as np
import tensorflow as tf

NUM_CLASSES = 5


def conv_layer(x, shape, name, rate=None):
    with tf.name_scope(name):
        W = tf.Variable(tf.random_normal(shape, stddev=0.05), name='W')
        b = tf.Variable(tf.zeros([shape[-1]]), name='b')
        if rate is None:
            y = tf.nn.conv2d(x, W, strides=[1, 1, 1, 1], padding='SAME')
        else:
            y = tf.nn.atrous_conv2d(x, W, rate, padding='SAME')
        return tf.nn.relu(y + b)


def score(x, name):
    with tf.name_scope(name):
        W = tf.Variable(tf.zeros([1, 1, int(x.shape[3]), NUM_CLASSES]), name='W')
        return tf.nn.conv2d(x, W, [1, 1, 1, 1], 'VALID')


def bilinear_kernel(size, channels):
    """A kernel that upsamples without learning."""
    factor = (size + 1) // 2
    center = factor - 1 if size % 2 == 1 else factor - 0.5
    og = np.ogrid[:size, :size]
    weight = (1 - abs(og[0] - center) / factor) * (1 - abs(og[1] - center) / factor)
    kernel = np.zeros((size, size, channels, channels), np.float32)
    for i in range(channels):
        kernel[:, :, i, i] = weight
    return kernel


image = tf.placeholder(tf.float32, shape=[1, 48, 64, 3], name='image')
c1 = conv_layer(image, [3, 3, 3, 8], 'c1')
p1 = tf.nn.max_pool(c1, [1, 2, 2, 1], [1, 2, 2, 1], 'SAME')
c2 = conv_layer(p1, [3, 3, 8, 16], 'c2')
p2 = tf.nn.max_pool(c2, [1, 2, 2, 1], [1, 2, 2, 1], 'SAME')
c3 = conv_layer(p2, [3, 3, 16, 16], 'c3', rate=2)
p3 = tf.nn.avg_pool(c3, [1, 2, 2, 1], [1, 2, 2, 1], 'SAME')
c4 = conv_layer(p3, [3, 3, 16, 32], 'c4', rate=3)

# upwards: nearest, then bilinear, then a learned kernel
up = tf.image.resize_nearest_neighbor(score(c4, 's4'), [12, 16])
up = up + score(p2, 's2')
up = tf.image.resize_bilinear(up, (24, 32))
up = tf.add(up, score(p1, 's1'))
shape = image.get_shape().as_list()
kernel = tf.Variable(bilinear_kernel(4, NUM_CLASSES), name='up_kernel')
deconv_shape = tf.stack([shape[0], shape[1], shape[2], NUM_CLASSES])
full = tf.nn.conv2d_transpose(up, kernel, deconv_shape, strides=[1, 2, 2, 1], padding='SAME')
annotation = tf.expand_dims(tf.argmax(full, axis=3, name='annotation'), axis=3)
