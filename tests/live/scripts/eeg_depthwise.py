"""Thoughts from electrodes: time, then space, then a summary.

    python eeg_depthwise.py train --subject 3
    python eeg_depthwise.py test --subject 3
"""
from __future__ import division, print_function

import argparse
import os
import sys
import time

import numpy as np
import tensorflow as tf

ELECTRODES = 8
RATE = 64
SECONDS = 2
IMAGINED = ('left hand', 'right hand', 'feet', 'nothing')


class Trials:
    """What one person thought, cut into pieces of equal length."""

    def __init__(self, folder, subject, seed=0):
        self.path = os.path.join(folder, 's%02d.npz' % subject)
        self.random = np.random.RandomState(seed)
        if os.path.exists(self.path):
            with np.load(self.path) as stored:
                self.signals, self.labels = stored['signals'], stored['labels']
        else:
            self.signals = self.random.randn(40, ELECTRODES, RATE * SECONDS)
            self.labels = self.random.randint(0, len(IMAGINED), 40)
        self.standardise()

    def standardise(self):
        mean = self.signals.mean(axis=(0, 2), keepdims=True)
        spread = self.signals.std(axis=(0, 2), keepdims=True)
        self.signals = (self.signals - mean) / (spread + 1e-7)

    def split(self, share=0.8):
        order = self.random.permutation(len(self.labels))
        at = int(len(order) * share)
        return order[:at], order[at:]

    def batches(self, rows, size):
        for start in range(0, len(rows), size):
            some = rows[start:start + size]
            yield self.signals[some][..., np.newaxis], self.labels[some]


def norm(x, training, name):
    return tf.layers.batch_normalization(x, axis=-1, momentum=0.99, epsilon=1e-3, training=training, name=name)


def depthwise(x, size, times, name, padding='VALID'):
    """each channel by itself"""
    with tf.variable_scope(name):
        kernel = tf.get_variable('depthwise_kernel', [size[0], size[1], int(x.shape[-1]), times],
                                 initializer=tf.glorot_uniform_initializer())
        return tf.nn.depthwise_conv2d(x, kernel, strides=[1, 1, 1, 1], padding=padding)


def eegnet(x, training, classes=len(IMAGINED), filters=6, times=2, keep=0.5):
    """logits; x is [trials, electrodes, samples, 1]"""
    with tf.variable_scope('eegnet'):
        # in time: filters of half a second
        x = tf.layers.conv2d(x, filters, (1, RATE // 2), padding='same', use_bias=False, name='time')
        x = norm(x, training, 'time_norm')
        # in space: mixtures of electrodes for each of them
        x = depthwise(x, (int(x.shape[1]), 1), times, 'space')
        x = tf.nn.elu(norm(x, training, 'space_norm'))
        x = tf.layers.average_pooling2d(x, (1, 4), (1, 4))
        x = tf.layers.dropout(x, 1 - keep, training=training)
        # both, apart
        x = tf.layers.separable_conv2d(x, filters * times, (1, 16), padding='same', use_bias=False, name='summary')
        x = tf.nn.elu(norm(x, training, 'summary_norm'))
        x = tf.layers.average_pooling2d(x, (1, 8), (1, 8))
        x = tf.layers.dropout(x, 1 - keep, training=training)
        x = tf.layers.flatten(x)
        return tf.layers.dense(x, classes, kernel_constraint=None, name='imagined')


def build(args):
    x = tf.placeholder(tf.float32, [None, ELECTRODES, RATE * SECONDS, 1], name='trials')
    y = tf.placeholder(tf.int32, [None], name='imagined')
    training = tf.placeholder_with_default(False, shape=(), name='training')
    logits = eegnet(x, training, keep=args.keep)
    entropy = tf.losses.sparse_softmax_cross_entropy(y, logits)
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    with tf.control_dependencies(updates):
        train = tf.train.AdamOptimizer(args.rate).minimize(entropy)
    right = tf.reduce_mean(tf.to_float(tf.nn.in_top_k(logits, y, 1)))
    return dict(x=x, y=y, training=training, logits=logits, loss=entropy, train=train, right=right)


def train(args, net, sess, trials):
    rows, unseen = trials.split()
    best = 0.
    for epoch in range(args.epochs):
        started = time.time()
        for x, y in trials.batches(rows, args.batch):
            _, loss = sess.run([net['train'], net['loss']], {net['x']: x, net['y']: y, net['training']: True})
        shares = [sess.run(net['right'], {net['x']: x, net['y']: y}) for x, y in trials.batches(unseen, args.batch)]
        print('%3d  loss %.3f  right %.2f  %.1f s' % (epoch, loss, np.mean(shares), time.time() - started))
        if np.mean(shares) > best:
            best = np.mean(shares)
            tf.train.Saver().save(sess, os.path.join(args.models, 's%02d' % args.subject))
    return best


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('what', nargs='?', default='train', choices=['train', 'test'])
    parser.add_argument('--folder', default='eeg')
    parser.add_argument('--models', default='models')
    parser.add_argument('--subject', type=int, default=1)
    parser.add_argument('--epochs', type=int, default=300)
    parser.add_argument('--batch', type=int, default=8)
    parser.add_argument('--rate', type=float, default=1e-3)
    parser.add_argument('--keep', type=float, default=0.5)
    args = parser.parse_args()
    net = build(args)
    logits = net['logits']
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        if args.what == 'train':
            print('best:', train(args, net, sess, Trials(args.folder, args.subject)))
        else:
            tf.train.Saver().restore(sess, os.path.join(args.models, 's%02d' % args.subject))
            sys.exit(0)
