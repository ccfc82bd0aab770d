"""Two sounds through one network; the distance says whether they are alike."""
import tensorflow as tf

slope = 0.1


def tower(x, reuse=False):
    with tf.variable_scope("tower", reuse=reuse):
        for i, (filters, taps, stride) in enumerate([(12, 9, 2), (20, 5, 2), (28, 3, 1)]):
            with tf.variable_scope("conv%d" % (i + 1)) as scope:
                n_in = x.get_shape().as_list()[2]
                w = tf.get_variable("w", [taps, n_in, filters],
                                    initializer=tf.truncated_normal_initializer(stddev=0.1))
                b = tf.get_variable("b", [filters], initializer=tf.constant_initializer(0.01))
                x = tf.nn.leaky_relu(tf.nn.conv1d(x, w, stride, "SAME") + b, alpha=slope)
                x = tf.layers.max_pooling1d(x, 2, 2)
        x = tf.contrib.layers.flatten(x)
        with tf.variable_scope("embed"):
            w = tf.get_variable("w", [x.get_shape()[-1], 16])
            x = tf.matmul(x, w)
    return tf.nn.l2_normalize(x, 1)


class Siamese:
    def __init__(self, length=160, channels=1):
        self.x1 = tf.placeholder(tf.float32, [None, length, channels], name="left")
        self.x2 = tf.placeholder(tf.float32, [None, length, channels], name="right")
        with tf.variable_scope("siamese") as scope:
            self.o1 = tower(self.x1)
            self.o2 = tower(self.x2, reuse=True)
        self.y_ = tf.placeholder(tf.float32, [None])
        self.distance = tf.sqrt(tf.reduce_sum(tf.square(self.o1 - self.o2), 1) + 1e-6, name="distance")
        self.loss = self.contrast()

    def contrast(self, margin=1.0):
        alike = tf.multiply(self.y_, tf.square(self.distance))
        apart = tf.multiply(1 - self.y_, tf.square(tf.maximum(margin - self.distance, 0)))
        return tf.reduce_mean(alike + apart)


siamese = Siamese()
distance = siamese.distance
train_step = tf.train.MomentumOptimizer(0.01, 0.9).minimize(siamese.loss)
