"""Handwritten digits, two convolutions and two dense layers."""
from __future__ import print_function

import argparse
import sys

import tensorflow as tf
from tensorflow.examples.tutorials.mnist import input_data

ARGS = None
SIDE = 28
DIGITS = 10


def weight_variable(shape):
  return tf.Variable(tf.truncated_normal(shape, stddev=0.08))


def bias_variable(shape):
  return tf.Variable(tf.constant(0.05, shape=shape))


def conv2d(x, W):
  return tf.nn.conv2d(x, W, strides=[1, 1, 1, 1], padding='SAME')


def max_pool_2x2(x):
  return tf.nn.max_pool(x, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding='SAME')


def stage(x, n_in, n_out, taps=5):
  """convolution, bias, relu, then half the size"""
  kernel = weight_variable([taps, taps, n_in, n_out])
  offset = bias_variable([n_out])
  return max_pool_2x2(tf.nn.relu(conv2d(x, kernel) + offset))


def digits_net(pixels):
  """Logits of the ten digits, and the placeholder of the dropout."""
  with tf.name_scope('as_image'):
    net = tf.reshape(pixels, [-1, SIDE, SIDE, 1])
  with tf.name_scope('stage1'):
    net = stage(net, 1, 24)
  with tf.name_scope('stage2'):
    net = stage(net, 24, 40)

  side = SIDE // 4
  with tf.name_scope('hidden'):
    flat = tf.reshape(net, [-1, side * side * 40])
    W = weight_variable([side * side * 40, 120])
    b = bias_variable([120])
    hidden = tf.nn.relu(tf.matmul(flat, W) + b)

  with tf.name_scope('dropout'):
    keep_prob = tf.placeholder(tf.float32)
    hidden = tf.nn.dropout(hidden, keep_prob)

  with tf.name_scope('readout'):
    W = weight_variable([120, DIGITS])
    b = bias_variable([DIGITS])
    logits = tf.matmul(hidden, W) + b
  return logits, keep_prob


def main(_):
  data = input_data.read_data_sets(ARGS.data, one_hot=True)

  x = tf.placeholder(tf.float32, [None, SIDE * SIDE])
  y_ = tf.placeholder(tf.float32, [None, DIGITS])
  y_conv, keep_prob = digits_net(x)

  with tf.name_scope('loss'):
    cross_entropy = tf.reduce_mean(
        tf.nn.softmax_cross_entropy_with_logits(labels=y_, logits=y_conv))
  with tf.name_scope('optimise'):
    train_step = tf.train.AdamOptimizer(ARGS.rate).minimize(cross_entropy)
  with tf.name_scope('accuracy'):
    hits = tf.equal(tf.argmax(y_conv, 1), tf.argmax(y_, 1))
    accuracy = tf.reduce_mean(tf.cast(hits, tf.float32))

  writer = tf.summary.FileWriter(ARGS.logs)
  writer.add_graph(tf.get_default_graph())

  with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(ARGS.steps):
      images, labels = data.train.next_batch(32)
      if step % 200 == 0:
        now = accuracy.eval(feed_dict={x: images, y_: labels, keep_prob: 1.0})
        print('step %5d  accuracy %.3f' % (step, now))
      train_step.run(feed_dict={x: images, y_: labels, keep_prob: 0.6})
    print('held out: %g' % accuracy.eval(
        feed_dict={x: data.test.images, y_: data.test.labels, keep_prob: 1.0}))


if __name__ == '__main__':
  parser = argparse.ArgumentParser(description=__doc__)
  parser.add_argument('--data', default='digits', help='where the images are')
  parser.add_argument('--logs', default='logs')
  parser.add_argument('--rate', type=float, default=2e-4)
  parser.add_argument('--steps', type=int, default=12000)
  ARGS, rest = parser.parse_known_args()
  tf.app.run(main=main, argv=[sys.argv[0]] + rest)
