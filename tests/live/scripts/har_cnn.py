# What somebody is doing, from a belt of motion sensors: 1-D convolutions.
import os

import numpy as np
import tensorflow as tf

import har_data

signals, activities = har_data.load("sensors/train")

steps = 128
channels = 9
n_classes = 6
rounds = 400
rate = 2e-4
batch_size = 20

graph = tf.Graph()

with graph.as_default():
    inputs_ = tf.placeholder(tf.float32, [None, steps, channels], name = 'signals')
    labels_ = tf.placeholder(tf.float32, [None, n_classes], name = 'activities')
    keep_prob_ = tf.placeholder(tf.float32, name = 'keep')
    rate_ = tf.placeholder(tf.float32, name = 'rate')

# four times: convolve, halve
with graph.as_default():
    a1 = tf.layers.conv1d(inputs=inputs_, filters=12, kernel_size=2, strides=1,
                          padding='same', activation = tf.nn.relu)
    p1 = tf.layers.max_pooling1d(inputs=a1, pool_size=2, strides=2, padding='same')
    a2 = tf.layers.conv1d(inputs=p1, filters=24, kernel_size=3, strides=1,
                          padding='same', activation = tf.nn.relu)
    p2 = tf.layers.max_pooling1d(inputs=a2, pool_size=2, strides=2, padding='same')
    a3 = tf.layers.conv1d(inputs=p2, filters=36, kernel_size=4, strides=1,
                          padding='same', activation = tf.nn.relu)
    p3 = tf.layers.max_pooling1d(inputs=a3, pool_size=3, strides=2, padding='same')
    a4 = tf.layers.conv1d(inputs=p3, filters=48, kernel_size=5, strides=2,
                          padding='same', activation = tf.nn.relu)
    p4 = tf.layers.average_pooling1d(inputs=a4, pool_size=2, strides=2, padding='valid')

# features to classes
with graph.as_default():
    flat = tf.reshape(p4, (-1, 4*48))
    flat = tf.nn.dropout(flat, keep_prob=keep_prob_)
    logits = tf.layers.dense(flat, n_classes)

    cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=labels_))
    optimizer = tf.train.AdamOptimizer(rate_).minimize(cost)

    same = tf.equal(tf.argmax(logits, 1), tf.argmax(labels_, 1))
    accuracy = tf.reduce_mean(tf.cast(same, tf.float32), name='accuracy')
    saver = tf.train.Saver()

if (os.path.exists('saved') == False):
    os.makedirs('saved')

history = []
with tf.Session(graph=graph) as sess:
    sess.run(tf.global_variables_initializer())
    for e in range(rounds):
        for x, y in har_data.batches(signals, activities, batch_size):
            feed = {inputs_ : x, labels_ : y, keep_prob_ : 0.5, rate_ : rate}
            loss, _ , acc = sess.run([cost, optimizer, accuracy], feed_dict = feed)
            history.append((loss, acc))
        print("round {:4d} of {}".format(e, rounds),
              "loss {:.5f}".format(np.mean([h[0] for h in history])))
    saver.save(sess, "saved/har.ckpt")
