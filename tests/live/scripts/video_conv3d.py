import tensorflow as tf

FRAMES, SIZE, COLOURS = 8, 32, 3


def made(name, shape, decay):
    v = tf.get_variable(name, shape, initializer=tf.contrib.layers.xavier_initializer())
    if decay:
        tf.add_to_collection('penalties', decay * tf.nn.l2_loss(v))
    return v


with tf.variable_scope('clips') as scope:
    kernels = {
        'near': made('k_near', [3, 3, 3, COLOURS, 8], 5e-4),
        'far': made('k_far', [3, 3, 3, 8, 12], 5e-4),
        'out': made('k_out', [2 * 4 * 4 * 12, 6], 5e-4),
    }
    biases = {key: made('b_' + key, [n], None) for key, n in (('near', 8), ('far', 12), ('out', 6))}

clips = tf.placeholder(tf.float32, shape=(2, FRAMES, SIZE, SIZE, COLOURS))
net = clips
for key, frames in [('near', 1), ('far', 4)]:
    net = tf.nn.conv3d(net, kernels[key], strides=[1] * 5, padding='SAME', name=key)
    net = tf.nn.relu(tf.nn.bias_add(net, biases[key]))
    net = tf.nn.max_pool3d(net, ksize=[1, frames, 2, 2, 1], strides=[1, frames, 2, 2, 1], padding='SAME')
net = tf.layers.average_pooling3d(net, (1, 2, 2), (1, 2, 2))
# the order in which the matrix was trained
net = tf.transpose(net, perm=[0, 1, 4, 2, 3])
net = tf.reshape(net, [2, kernels['out'].get_shape().as_list()[0]])
logit = tf.matmul(net, kernels['out']) + biases['out']
