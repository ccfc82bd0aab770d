import tensorflow as tf

flags = tf.app.flags
flags.DEFINE_integer("scale", 2, "how many times larger")
flags.DEFINE_integer("colours", 1, "1 or 3")
flags.DEFINE_string("models", "models", "folder of trained weights")
flags.DEFINE_boolean("train", False, "")
FLAGS = flags.FLAGS


def prelu(x, name):
    slope = tf.get_variable(name, x.get_shape()[-1], dtype=tf.float32,
                            initializer=tf.constant_initializer(0.2))
    return tf.nn.relu(x) - slope * tf.nn.relu(-x)


class Larger(object):

    def __init__(self, sess, scale, colours, size=24):
        self.sess = sess
        self.scale, self.colours, self.size = scale, colours, size
        self.images = tf.placeholder(tf.float32, [None, size, size, colours], name='images')
        self.W, self.b = {}, {}
        plan = [(5, colours, 16), (3, 16, 12), (3, 12, colours * scale ** 2)]
        for i, (taps, n_in, n_out) in enumerate(plan, 1):
            self.W['w%d' % i] = tf.Variable(tf.random_normal([taps, taps, n_in, n_out], stddev=0.1), name='w%d' % i)
            self.b['b%d' % i] = tf.Variable(tf.zeros([n_out]), name='b%d' % i)
        self.larger = self.model(self.images)
        self.saver = tf.train.Saver()

    def model(self, x):
        count = len(self.W)
        for i in range(1, count + 1):
            x = tf.nn.conv2d(x, self.W['w%d' % i], strides=[1, 1, 1, 1], padding='SAME') \
                + self.b['b%d' % i]
            x = prelu(x, "slope{}".format(i)) if i < count else x
        x = tf.depth_to_space(x, self.scale)
        plain = tf.image.resize_nearest_neighbor(self.images, [self.size * self.scale] * 2)
        return tf.clip_by_value(x, -4., 4.) + plain


def main(_):
    with tf.Session() as sess:
        net = Larger(sess, FLAGS.scale, FLAGS.colours)
        sess.run(tf.global_variables_initializer())
        if FLAGS.train:
            net.train(FLAGS)


if __name__ == '__main__':
    tf.app.run()
