#!/usr/bin/env python
# coding: utf-8
"""Which word was said? A whole program around a network of 1-D convolutions.

The sound is cut into frames elsewhere; here are the options, the batches, the
network with its blocks, the training with its schedule, the tests in between
and what is kept at the end.
"""
from __future__ import absolute_import
from __future__ import division
from __future__ import print_function

import argparse
import collections
import hashlib
import json
import logging
import math
import os
import random
import re
import sys
import time

import numpy as np
import tensorflow as tf

log = logging.getLogger(__name__)

WORDS = ['silence', 'unknown', 'yes', 'no', 'up', 'down', 'left', 'right', 'on', 'off', 'stop', 'go']
SILENCE, UNKNOWN = 0, 1
PART_LIMIT = 2 ** 27 - 1

Sound = collections.namedtuple('Sound', ['path', 'word', 'speaker'])
BlockSpec = collections.namedtuple('BlockSpec', 'filters taps stride rate repeats')

BLOCKS = (
    BlockSpec(filters=16, taps=9, stride=1, rate=1, repeats=1),
    BlockSpec(filters=24, taps=9, stride=2, rate=1, repeats=2),
    BlockSpec(filters=32, taps=5, stride=2, rate=1, repeats=2),
    BlockSpec(filters=32, taps=3, stride=1, rate=2, repeats=2),
)


# --------------------------------------------------------------------------
# options

def get_parser():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0],
                                     formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    data = parser.add_argument_group('data')
    data.add_argument('--sounds', type=str, default='sounds', help='a folder for each word')
    data.add_argument('--rate', type=int, default=16000, help='samples in a second')
    data.add_argument('--clip-ms', type=int, default=1000)
    data.add_argument('--window-ms', type=float, default=30.0)
    data.add_argument('--stride-ms', type=float, default=10.0)
    data.add_argument('--features', type=int, default=40, help='numbers in a frame')
    data.add_argument('--noise', type=float, default=0.1)
    data.add_argument('--testing', type=int, default=10, help='percent')
    data.add_argument('--validation', type=int, default=10, help='percent')
    training = parser.add_argument_group('training')
    training.add_argument('--steps', type=str, default='15000,3000')
    training.add_argument('--learning-rates', type=str, default='0.001,0.0001')
    training.add_argument('--batch', type=int, default=12)
    training.add_argument('--keep', type=float, default=0.5)
    training.add_argument('--decay', type=float, default=1e-4)
    training.add_argument('--evaluate-every', type=int, default=400)
    training.add_argument('--folder', type=str, default='model')
    training.add_argument('--start-from', type=str, default='')
    training.add_argument('--seed', type=int, default=59185)
    return parser


def prepare_settings(args, words):
    """Sizes that follow from the options."""
    samples = int(args.rate * args.clip_ms / 1000)
    window = int(args.rate * args.window_ms / 1000)
    stride = int(args.rate * args.stride_ms / 1000)
    if samples < window:
        frames = 0
    else:
        frames = 1 + int((samples - window) / stride)
    return {
        'samples': samples,
        'window': window,
        'stride': stride,
        'frames': frames,
        'features': args.features,
        'size': args.features * frames,
        'words': len(words),
    }


# --------------------------------------------------------------------------
# sounds

def which_part(path, validation, testing):
    """The same sound is always in the same part, whatever is added later."""
    name = re.sub(r'_take.*$', '', os.path.basename(path))
    digest = hashlib.sha1(name.encode('utf-8')).hexdigest()
    percent = (int(digest, 16) % (PART_LIMIT + 1)) * (100.0 / PART_LIMIT)
    if percent < validation:
        return 'validation'
    if percent < validation + testing:
        return 'testing'
    return 'training'


class Sounds(object):
    """Batches of frames with the numbers of words."""

    def __init__(self, folder, settings, validation, testing, seed):
        self.settings = settings
        self.random = random.Random(seed)
        self.parts = {'training': [], 'validation': [], 'testing': []}
        self.folder = folder
        if os.path.isdir(folder):
            self._look(validation, testing)
        else:
            log.warning('no folder %s: noise instead', folder)

    def _look(self, validation, testing):
        for word in sorted(os.listdir(self.folder)):
            for name in sorted(os.listdir(os.path.join(self.folder, word))):
                path = os.path.join(self.folder, word, name)
                part = which_part(path, validation, testing)
                self.parts[part].append(Sound(path, word, name.split('_')[0]))
        for sounds in self.parts.values():
            self.random.shuffle(sounds)

    def size(self, part):
        return len(self.parts[part]) or 24

    def word_number(self, word):
        try:
            return WORDS.index(word)
        except ValueError:
            return UNKNOWN

    def batch(self, count, part, noise=0.0):
        frames = np.zeros((count, self.settings['size']), np.float32)
        labels = np.zeros(count, np.int64)
        sounds = self.parts[part]
        for i in range(count):
            if sounds:
                sound = self.random.choice(sounds)
                frames[i] = np.load(sound.path).reshape(-1)
                labels[i] = self.word_number(sound.word)
            else:
                labels[i] = self.random.randrange(len(WORDS))
            if noise > 0:
                frames[i] += noise * np.random.standard_normal(frames[i].shape)
        return frames, labels


# --------------------------------------------------------------------------
# the network

def conv1d(x, filters, taps, stride=1, rate=1, use_bias=True, name='conv'):
    """tf.layers has no stride with a rate; neither is needed together."""
    assert stride == 1 or rate == 1
    fan_in = taps * int(x.shape[-1])
    return tf.layers.conv1d(
        x, filters, taps,
        strides=stride,
        padding='same',
        dilation_rate=rate,
        use_bias=use_bias,
        kernel_initializer=tf.truncated_normal_initializer(stddev=math.sqrt(2.0 / fan_in)),
        kernel_regularizer=tf.nn.l2_loss,
        name=name)


def norm(x, is_training, name='norm'):
    return tf.layers.batch_normalization(x, momentum=0.95, epsilon=1e-4, training=is_training, name=name)


def attend(x, ratio=4, name='attend'):
    """How much each channel counts, from all of time."""
    channels = x.get_shape().as_list()[-1]
    with tf.variable_scope(name):
        mean = tf.reduce_mean(x, axis=1, keepdims=True)
        y = tf.layers.dense(mean, channels // ratio, activation=tf.nn.relu, name='down')
        y = tf.layers.dense(y, channels, activation=tf.sigmoid, name='up')
        return x * y


def unit(x, spec, stride, is_training, name):
    with tf.variable_scope(name):
        shortcut = x
        y = conv1d(x, spec.filters, spec.taps, stride, spec.rate if stride == 1 else 1, use_bias=False, name='a')
        y = tf.nn.relu(norm(y, is_training, 'norm_a'))
        y = conv1d(y, spec.filters, spec.taps, use_bias=False, name='b')
        y = attend(norm(y, is_training, 'norm_b'))
        if stride != 1:
            shortcut = tf.layers.average_pooling1d(shortcut, stride, stride, padding='same')
        if int(shortcut.shape[-1]) != spec.filters:
            shortcut = conv1d(shortcut, spec.filters, 1, name='fit')
        return tf.nn.relu(y + shortcut, name='out')


def create_model(fingerprint, settings, is_training, keep_prob=None, blocks=BLOCKS):
    """Scores of the words."""
    x = tf.reshape(fingerprint, [-1, settings['frames'], settings['features']])
    x = conv1d(x, 16, 3, name='stem')
    for b, spec in enumerate(blocks):
        for r in range(spec.repeats):
            x = unit(x, spec, spec.stride if r == 0 else 1, is_training, 'block{}_{}'.format(b, r))
    with tf.variable_scope('pool'):
        mean = tf.reduce_mean(x, axis=1)
        peak = tf.reduce_max(x, axis=1)
        x = tf.concat([mean, peak], axis=1)
    if keep_prob is not None:
        x = tf.nn.dropout(x, keep_prob)
    with tf.variable_scope('words'):
        w = tf.get_variable('w', [x.shape[1].value, settings['words']],
                            initializer=tf.truncated_normal_initializer(stddev=0.02))
        b = tf.get_variable('b', [settings['words']], initializer=tf.zeros_initializer())
        return tf.nn.bias_add(tf.matmul(x, w), b, name='scores')


# --------------------------------------------------------------------------
# training

def schedule(steps, rates):
    """Pairs of a last step and a rate."""
    steps = list(map(int, steps.split(',')))
    rates = list(map(float, rates.split(',')))
    if len(steps) != len(rates):
        raise Exception('--steps and --learning-rates must be equally long, but are %d and %d' %
                        (len(steps), len(rates)))
    total = 0
    for count, rate in zip(steps, rates):
        total += count
        yield total, rate


def evaluate(sess, sounds, part, batch, tensors, feed):
    """The share of right words, and who was taken for whom."""
    right, seen, table = 0.0, 0, None
    for _ in range(0, sounds.size(part), batch):
        x, y = sounds.batch(batch, part)
        values = sess.run([tensors['accuracy'], tensors['confusion']],
                          dict(feed, **{tensors['x']: x, tensors['y']: y}))
        right += values[0] * batch
        seen += batch
        table = values[1] if table is None else table + values[1]
    return right / seen, table


def main(argv=None):
    args = get_parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    random.seed(args.seed)
    np.random.seed(args.seed)
    tf.set_random_seed(args.seed)
    settings = prepare_settings(args, WORDS)
    log.info('settings: %s', json.dumps(settings, sort_keys=True))
    sounds = Sounds(args.sounds, settings, args.validation, args.testing, args.seed)

    fingerprint = tf.placeholder(tf.float32, [None, settings['size']], name='fingerprint')
    label = tf.placeholder(tf.int64, [None], name='label')
    keep_prob = tf.placeholder(tf.float32, name='keep_prob')
    is_training = tf.placeholder(tf.bool, name='is_training')
    rate = tf.placeholder(tf.float32, [], name='rate')
    scores = create_model(fingerprint, settings, is_training, keep_prob)

    with tf.name_scope('cross_entropy'):
        entropy = tf.losses.sparse_softmax_cross_entropy(labels=label, logits=scores)
        penalties = [args.decay * tf.nn.l2_loss(v) for v in tf.trainable_variables() if 'norm' not in v.name]
        loss = entropy + tf.add_n(penalties)
    tf.summary.scalar('cross_entropy', entropy)
    step_number = tf.train.get_or_create_global_step()
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train = tf.train.AdamOptimizer(rate).minimize(loss, global_step=step_number)
    answer = tf.argmax(scores, 1)
    accuracy = tf.reduce_mean(tf.cast(tf.equal(answer, label), tf.float32))
    confusion = tf.confusion_matrix(label, answer, num_classes=settings['words'])
    tensors = {'x': fingerprint, 'y': label, 'accuracy': accuracy, 'confusion': confusion}
    merged = tf.summary.merge_all()
    saver = tf.train.Saver(tf.global_variables())

    with tf.Session() as sess:
        writer = tf.summary.FileWriter(os.path.join(args.folder, 'logs'), sess.graph)
        sess.run(tf.global_variables_initializer())
        if args.start_from:
            saver.restore(sess, args.start_from)
        resting = {keep_prob: 1.0, is_training: False}
        started, step = time.time(), sess.run(step_number)
        for last, now in schedule(args.steps, args.learning_rates):
            while step < last:
                x, y = sounds.batch(args.batch, 'training', args.noise)
                step += 1
                summary, cost, _ = sess.run([merged, loss, train],
                                            {fingerprint: x, label: y, keep_prob: args.keep,
                                             is_training: True, rate: now})
                writer.add_summary(summary, step)
                log.info('step %d: rate %f, loss %.4f, %.1f s', step, now, cost, time.time() - started)
                if step % args.evaluate_every == 0 or step == last:
                    share, table = evaluate(sess, sounds, 'validation', args.batch, tensors, resting)
                    log.info('right: %.2f%%\n%s', share * 100, table)
                    saver.save(sess, os.path.join(args.folder, 'words.ckpt'), global_step=step)
        share, _ = evaluate(sess, sounds, 'testing', args.batch, tensors, resting)
        log.info('at the end: %.2f%%', share * 100)


if __name__ == '__main__':
    main()
