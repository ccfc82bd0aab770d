#!/usr/bin/env python
# -*- coding: utf-8 -*-
import os, sys, argparse
import tensorflow as tf
import numpy as np
parser = argparse.ArgumentParser()
parser.add_argument('--batch', type=int, default=2)
parser.add_argument('--length', type=int, default=256)
parser.add_argument('--lr', type=float, default=1e-4)
args = parser.parse_args()
def prelu(x, name='prelu'):
    in_shape = x.get_shape().as_list()
    with tf.variable_scope(name):
        alpha = tf.get_variable('alpha', in_shape[-1], initializer=tf.constant_initializer(0.), dtype=tf.float32)
        pos = tf.nn.relu(x)
        neg = alpha * (x - tf.abs(x)) * .5
        return pos + neg
def downconv(x, dim, kwidth=31, pool=2, name='dc'):
    x2d = tf.expand_dims(x, 2)
    with tf.variable_scope(name):
        W = tf.get_variable('W', [kwidth, 1, x.get_shape()[-1], dim], initializer=tf.truncated_normal_initializer(stddev=0.02))
        conv = tf.nn.conv2d(x2d, W, strides=[1, pool, 1, 1], padding='SAME')
        b = tf.get_variable('b', [dim], initializer=tf.constant_initializer(0.))
        conv = tf.reshape(tf.nn.bias_add(conv, b), conv.get_shape())
        return tf.reshape(conv, conv.get_shape().as_list()[:2] + [conv.get_shape().as_list()[-1]])
def deconv(x, out_shape, dim, kwidth=31, dil=2, name='de'):
    x2d = tf.expand_dims(x, 2)
    in_ch = x.get_shape().as_list()[-1]
    with tf.variable_scope(name):
        W = tf.get_variable('W', [kwidth, 1, dim, in_ch], initializer=tf.truncated_normal_initializer(stddev=0.02))
        y = tf.nn.conv2d_transpose(x2d, W, output_shape=out_shape, strides=[1, dil, 1, 1])
        b = tf.get_variable('b', [dim], initializer=tf.constant_initializer(0.))
        y = tf.reshape(tf.nn.bias_add(y, b), y.get_shape())
        return tf.reshape(y, out_shape[:2] + [out_shape[-1]])
class SEGAN(object):
    def __init__(self, args):
        self.args = args
        self.depths = [8, 16, 32]
        self.noisy = tf.placeholder(tf.float32, [args.batch, args.length], name='noisy')
        self.clean = tf.placeholder(tf.float32, [args.batch, args.length], name='clean')
        self.G = self.generator(self.noisy)
        self.loss = tf.reduce_mean(tf.abs(self.G - tf.expand_dims(self.clean, -1)))
        self.opt = tf.train.RMSPropOptimizer(args.lr).minimize(self.loss)
    def generator(self, noisy):
        h = tf.expand_dims(noisy, -1)
        skips = []
        with tf.variable_scope('g_ae'):
            for i, d in enumerate(self.depths):
                h = downconv(h, d, name='enc_{}'.format(i))
                if i < len(self.depths) - 1:
                    skips.append(h)
                h = prelu(h, name='enc_prelu_{}'.format(i))
            for j, d in enumerate(self.depths[:-1][::-1] + [1]):
                n, l = h.get_shape().as_list()[:2]
                h = deconv(h, [n, l * 2, 1, d], d, name='dec_{}'.format(j))
                if j < len(self.depths) - 1:
                    h = prelu(h, name='dec_prelu_{}'.format(j))
                    h = tf.concat([h, skips[-(j + 1)]], 2)
                else:
                    h = tf.tanh(h)
        return h
net = SEGAN(args)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(3):
        batch = np.random.randn(2, args.batch, args.length)
        sess.run(net.opt, {net.noisy: batch[0], net.clean: batch[1]})
