import tensorflow as tf


def cross_entropy(label, scores):
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=label, logits=scores)
    return tf.reduce_mean(losses)
