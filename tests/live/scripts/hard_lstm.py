"""Convolutions, then a memory."""
import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 40, 6], name='x')
net = tf.layers.conv1d(x, 12, 5, strides=2, padding='same', activation=tf.nn.relu)
cell = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.LSTMCell(10) for _ in range(2)])
outputs, state = tf.nn.dynamic_rnn(cell, net, dtype=tf.float32)
logits = tf.layers.dense(outputs[:, -1], 4, name='logits')
