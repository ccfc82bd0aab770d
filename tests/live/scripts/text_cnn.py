# Classifies sentences: parallel convolutions over embedded words.
import os
import time

import numpy as np
import tensorflow as tf

import data_helpers

flags = tf.flags
flags.DEFINE_integer("embedding", 24, "numbers for each word")
flags.DEFINE_string("windows", "2,3,5", "how many words a filter sees, comma separated")
flags.DEFINE_integer("filters", 12, "filters for each window")
flags.DEFINE_float("keep", 0.5, "share of features kept in training")
flags.DEFINE_float("l2", 1e-3, "weight of the penalty")
flags.DEFINE_integer("batch", 16, "sentences in a step")
flags.DEFINE_integer("epochs", 50, "")
flags.DEFINE_boolean("soft_placement", True, "")
FLAGS = flags.FLAGS

WORDS = 24
CLASSES = 2
VOCABULARY = 500


class TextCNN(object):
    """embedding, one convolution a window size, max over time, softmax"""

    def __init__(self, length, classes, vocabulary, embedding_size, filter_sizes, num_filters, l2=0.0):
        self.input_x = tf.placeholder(tf.int32, [None, length], name="input_x")
        self.input_y = tf.placeholder(tf.float32, [None, classes], name="input_y")
        self.dropout_keep_prob = tf.placeholder(tf.float32, name="dropout_keep_prob")
        penalty = tf.constant(0.0)

        with tf.device("/cpu:0"), tf.name_scope("embedding"):
            table = tf.Variable(tf.random_uniform([vocabulary, embedding_size], -1.0, 1.0), name="table")
            self.words = tf.nn.embedding_lookup(table, self.input_x)
            self.image = tf.expand_dims(self.words, -1)

        features = []
        for k in filter_sizes:
            with tf.name_scope("window-%s" % k):
                W = tf.Variable(tf.truncated_normal([k, embedding_size, 1, num_filters], stddev=0.1), name="W")
                b = tf.Variable(tf.constant(0.1, shape=[num_filters]), name="b")
                seen = tf.nn.conv2d(self.image, W, strides=[1, 1, 1, 1], padding="VALID", name="conv")
                act = tf.nn.relu(tf.nn.bias_add(seen, b), name="relu")
                # the strongest answer anywhere in the sentence
                best = tf.nn.max_pool(act, ksize=[1, length - k + 1, 1, 1], strides=[1, 1, 1, 1],
                                      padding="VALID", name="over_time")
                features.append(best)

        total = num_filters * len(filter_sizes)
        self.features = tf.reshape(tf.concat(features, 3), [-1, total])
        with tf.name_scope("dropout"):
            self.dropped = tf.nn.dropout(self.features, self.dropout_keep_prob)

        with tf.name_scope("output"):
            W = tf.get_variable("W", shape=[total, classes],
                                initializer=tf.contrib.layers.xavier_initializer())
            b = tf.Variable(tf.constant(0.1, shape=[classes]), name="b")
            penalty += tf.nn.l2_loss(W)
            penalty += tf.nn.l2_loss(b)
            self.scores = tf.nn.xw_plus_b(self.dropped, W, b, name="scores")
            self.predictions = tf.argmax(self.scores, 1, name="predictions")

        with tf.name_scope("loss"):
            each = tf.nn.softmax_cross_entropy_with_logits(logits=self.scores, labels=self.input_y)
            self.loss = tf.reduce_mean(each) + l2 * penalty
        with tf.name_scope("accuracy"):
            right = tf.equal(self.predictions, tf.argmax(self.input_y, 1))
            self.accuracy = tf.reduce_mean(tf.cast(right, "float"), name="accuracy")


sentences, classes, _ = data_helpers.load_data("reviews.txt")
windows = list(map(int, FLAGS.windows.split(",")))
print("windows: {}".format(windows))

with tf.Graph().as_default():
    sess = tf.Session(config=tf.ConfigProto(allow_soft_placement=FLAGS.soft_placement))
    with sess.as_default():
        cnn = TextCNN(length=WORDS, classes=CLASSES, vocabulary=VOCABULARY,
                      embedding_size=FLAGS.embedding, filter_sizes=windows,
                      num_filters=FLAGS.filters, l2=FLAGS.l2)

        step_number = tf.Variable(0, name="global_step", trainable=False)
        adam = tf.train.AdamOptimizer(1e-3)
        gradients = adam.compute_gradients(cnn.loss)
        train = adam.apply_gradients(gradients, global_step=step_number)

        shown = [tf.summary.scalar("loss", cnn.loss), tf.summary.scalar("accuracy", cnn.accuracy)]
        for gradient, variable in gradients:
            if gradient is not None:
                shown.append(tf.summary.histogram(variable.name.replace(":", "_"), variable))
        summary = tf.summary.merge(shown)
        where = os.path.abspath(os.path.join("runs", str(int(time.time()))))
        writer = tf.summary.FileWriter(where, sess.graph)
        saver = tf.train.Saver(tf.global_variables(), max_to_keep=3)
        sess.run(tf.global_variables_initializer())

        def one_step(x, y):
            feed = {cnn.input_x: x, cnn.input_y: y, cnn.dropout_keep_prob: FLAGS.keep}
            _, number, text, loss = sess.run([train, step_number, summary, cnn.loss], feed)
            writer.add_summary(text, number)
            print("{}: loss {:g}".format(number, loss))
            return number

        for epoch in range(FLAGS.epochs):
            for x, y in data_helpers.batch_iter(sentences, classes, FLAGS.batch):
                number = one_step(np.asarray(x), y)
                if number % 100 == 0:
                    print("kept as", saver.save(sess, os.path.join(where, "model"), global_step=number))
