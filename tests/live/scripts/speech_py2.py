#!/usr/bin/env python2
# -*- coding: utf-8 -*-
"""Phones from filter banks. Python 2 throughout."""
import sys
import tensorflow as tf

conf = {'frames': 15, 'banks': 40, 'phones': 39, 'maps': [16, 24], 'sizes': [(5, 8), (3, 4)]}


def show(name, tensor):
    print >>sys.stderr, name, tensor.get_shape().as_list()
    print


def variable(name, shape):
    try:
        return tf.get_variable(name, shape, initializer=tf.random_uniform_initializer(-0.1, 0.1))
    except ValueError, e:
        print "no such variable:", e
        raise


def maxout(x, pieces):
    shape = x.get_shape().as_list()
    shape[0] = -1
    shape[-1] /= pieces
    return tf.reduce_max(tf.reshape(x, shape + [pieces]), reduction_indices=len(shape))


net = tf.placeholder(tf.float32, [None, conf['frames'] * conf['banks']], name='banks')
banks = net
net = tf.reshape(net, [-1, conf['frames'], conf['banks'], 1])
for i in xrange(len(conf['maps'])):
    with tf.variable_scope('conv%d' % i):
        rows, columns = conf['sizes'][i]
        n_in = net.get_shape().as_list()[-1]
        w = variable('w', [rows, columns, n_in, conf['maps'][i] * 2])
        b = variable('b', [conf['maps'][i] * 2])
        net = tf.nn.conv2d(net, w, [1, 1, 2, 1], 'SAME') + b
        net = maxout(net, 2)
        show(u'conv%d' % i, net)

size = reduce(lambda a, b: a * b, net.get_shape().as_list()[1:])
with tf.variable_scope('phones'):
    logits = tf.matmul(tf.reshape(net, [-1, size]), variable('w', [size, conf['phones']]))
for name, value in sorted(conf.iteritems()):
    print '%-8s' % name, value
if not conf.has_key('quiet'):
    print 'done'
