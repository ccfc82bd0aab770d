# Three axes of a telephone's accelerometer, each with filters of its own.
import numpy as np
import tensorflow as tf

import har_data

height, width, axes = 1, 90, 3
n_labels = 6
multiplier = 6
first_taps = 40
hidden_units = 64
rate = 1e-3
epochs = 8
batch = 10


def weights_of(shape):
    return tf.Variable(tf.truncated_normal(shape, stddev = 0.1))

def biases_of(n):
    return tf.Variable(tf.constant(0.0, shape = [n]))

def per_channel(x, taps, n_in, times):
    """depthwise convolution along the width, with bias and relu"""
    W = weights_of([1, taps, n_in, times])
    b = biases_of(n_in * times)
    y = tf.nn.depthwise_conv2d(x, W, [1, 1, 1, 1], padding='VALID')
    return tf.nn.relu(tf.add(y, b))

def pool(x, size, stride):
    return tf.nn.max_pool(x, ksize=[1, 1, size, 1], strides=[1, 1, stride, 1], padding='VALID')


X = tf.placeholder(tf.float32, shape=[None, height, width, axes])
Y = tf.placeholder(tf.float32, shape=[None, n_labels])

net = per_channel(X, first_taps, axes, multiplier)
net = pool(net, 15, 2)
net = per_channel(net, 6, axes * multiplier, multiplier // 3)

shape = net.get_shape().as_list()
features = shape[1] * shape[2] * shape[3]
net = tf.reshape(net, [-1, features])

W1, b1 = weights_of([features, hidden_units]), biases_of(hidden_units)
net = tf.nn.tanh(tf.add(tf.matmul(net, W1), b1))
W2, b2 = weights_of([hidden_units, n_labels]), biases_of(n_labels)
guess = tf.nn.softmax(tf.matmul(net, W2) + b2)

loss = -tf.reduce_sum(Y * tf.log(guess))
train = tf.train.GradientDescentOptimizer(learning_rate = rate).minimize(loss)
right = tf.equal(tf.argmax(guess, 1), tf.argmax(Y, 1))
accuracy = tf.reduce_mean(tf.cast(right, tf.float32))

raw, labels = har_data.load()
windows = raw[:, :width, :axes].reshape(-1, height, width, axes)
batches = windows.shape[0] // batch

with tf.Session() as session:
    tf.global_variables_initializer().run()
    for epoch in range(epochs):
        costs = np.empty(shape=[0], dtype=float)
        for i in range(batches):
            at = (i * batch) % (labels.shape[0] - batch)
            _, now = session.run([train, loss], feed_dict={X: windows[at:(at + batch), :, :, :],
                                                           Y: labels[at:(at + batch), :]})
            costs = np.append(costs, now)
        print("epoch", epoch, "loss", np.mean(costs))
