# Digits, with the weights in dictionaries. Python 2.
import tensorflow as tf
from tensorflow.examples.tutorials.mnist import input_data

digits = input_data.read_data_sets("digits", one_hot=True)

rate = 0.002
images_to_see = 150000
batch_size = 32
tell_every = 20
n_pixels = 784
n_classes = 10
keep = 0.7

x = tf.placeholder(tf.float32, [None, n_pixels])
y = tf.placeholder(tf.float32, [None, n_classes])
keep_prob = tf.placeholder(tf.float32) # for dropout


def conv_relu(x, W, b, stride=1):
    x = tf.nn.conv2d(x, W, strides=[1, stride, stride, 1], padding='SAME')
    return tf.nn.relu(tf.nn.bias_add(x, b))


def shrink(x, k=2):
    return tf.nn.max_pool(x, ksize=[1, k, k, 1], strides=[1, k, k, 1], padding='SAME')


def lenet(x, W, b, keep):
    image = tf.reshape(x, shape=[-1, 28, 28, 1])
    for name in ('c1', 'c2'):
        image = shrink(conv_relu(image, W['w' + name], b['b' + name]), k=2)
    # as many as the matrix has rows
    flat = tf.reshape(image, [-1, W['wd'].get_shape().as_list()[0]])
    dense = tf.nn.relu(tf.add(tf.matmul(flat, W['wd']), b['bd']))
    dense = tf.nn.dropout(dense, keep)
    return tf.add(tf.matmul(dense, W['out']), b['out'])

weights = {
    'wc1': tf.Variable(tf.random_normal([5, 5, 1, 20])),
    'wc2': tf.Variable(tf.random_normal([5, 5, 20, 36])),
    'wd': tf.Variable(tf.random_normal([7*7*36, 90])),
    'out': tf.Variable(tf.random_normal([90, n_classes]))
}
biases = {
    'bc1': tf.Variable(tf.random_normal([20])),
    'bc2': tf.Variable(tf.random_normal([36])),
    'bd': tf.Variable(tf.random_normal([90])),
    'out': tf.Variable(tf.random_normal([n_classes]))
}

pred = lenet(x, weights, biases, keep_prob)

cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=pred, labels=y))
optimizer = tf.train.AdamOptimizer(learning_rate=rate).minimize(cost)
accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(pred, 1), tf.argmax(y, 1)), tf.float32))
init = tf.global_variables_initializer()

with tf.Session() as sess:
    sess.run(init)
    step = 1
    while step * batch_size < images_to_see:
        some_x, some_y = digits.train.next_batch(batch_size)
        sess.run(optimizer, feed_dict={x: some_x, y: some_y, keep_prob: keep})
        if step % tell_every == 0:
            loss, acc = sess.run([cost, accuracy], feed_dict={x: some_x, y: some_y, keep_prob: 1.})
            print "after " + str(step*batch_size) + " images: loss " + \
                  "{:.4f}".format(loss) + ", right " + "{:.3f}".format(acc)
        step += 1
    print "that was all"
    print "unseen images:", \
        sess.run(accuracy, feed_dict={x: digits.test.images[:200],
                                      y: digits.test.labels[:200],
                                      keep_prob: 1.})
