"""A U-Net of tf.layers, with everything around it."""
import argparse

import tensorflow as tf


def double_conv(x, filters, training, args, name, down=True, activation=tf.nn.relu):
    """Twice convolution, batch norm and relu; and the half of it, if asked."""
    with tf.variable_scope("level_{}".format(name)):
        for i in range(2):
            x = tf.layers.conv2d(
                x,
                filters, (3, 3),
                activation=None,
                padding='same',
                kernel_regularizer=tf.contrib.layers.l2_regularizer(args.reg),
                name="conv_{}".format(i))
            x = tf.layers.batch_normalization(x, training=training, name="bn_{}".format(i))
            x = activation(x, name="act_{}".format(i))
        if not down:
            return x
        return x, tf.layers.max_pooling2d(x, (2, 2), strides=(2, 2), name="half")


def wider(x, skip, filters, args, name):
    """Twice as wide, with what was seen on the way down."""
    x = tf.layers.conv2d_transpose(
        x,
        filters=filters,
        kernel_size=2,
        strides=2,
        kernel_regularizer=tf.contrib.layers.l2_regularizer(args.reg),
        name="wider_{}".format(name))
    return tf.concat([x, skip], axis=-1, name="join_{}".format(name))


def unet(X, training, args=None):
    net = X / 127.5 - 1
    net = tf.layers.conv2d(net, 3, (1, 1), name="colours")
    skips = []
    for level, filters in enumerate([6, 12, 24]):
        skip, net = double_conv(net, filters, training, args, level)
        skips.append((filters, skip))
    net = double_conv(net, 48, training, args, name='bottom', down=False)
    for level, (filters, skip) in enumerate(reversed(skips)):
        net = wider(net, skip, filters, args, level)
        net = double_conv(net, filters, training, args, 'up{}'.format(level), down=False)
    return tf.layers.conv2d(net, 1, (1, 1), name='mask', activation=tf.nn.sigmoid, padding='same')


def overlap(mask, truth):
    """Dice's measure, batch by batch."""
    H, W, _ = mask.get_shape().as_list()[1:]
    a = tf.reshape(mask, [-1, H * W])
    b = tf.reshape(truth, [-1, H * W])
    both = 2 * tf.reduce_sum(a * b, axis=1) + 1e-6
    return tf.reduce_mean(both / (tf.reduce_sum(a, axis=1) + tf.reduce_sum(b, axis=1) + 1e-6))


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", default=50, type=int, help="rounds over the images")
    parser.add_argument("--batch-size", default=4, type=int)
    parser.add_argument("--logs", default="logs", help="for TensorBoard")
    parser.add_argument("--reg", type=float, default=0.1, help="weight of the penalty")
    return parser.parse_args()


def main(args):
    tf.reset_default_graph()
    X = tf.placeholder(tf.float32, shape=[None, 32, 48, 3], name="X")
    y = tf.placeholder(tf.float32, shape=[None, 32, 48, 1], name="y")
    mode = tf.placeholder(tf.bool, name="mode")

    mask = unet(X, mode, args)
    tf.add_to_collection("inputs", X)
    tf.add_to_collection("outputs", mask)

    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        step = tf.train.get_or_create_global_step()
        train = tf.train.AdamOptimizer().minimize(-overlap(mask, y), global_step=step)

    tf.summary.histogram("mask", mask)
    tf.summary.image("mask", mask)
    merged = tf.summary.merge_all()

    with tf.Session() as sess:
        writer = tf.summary.FileWriter(args.logs + "/train", sess.graph)
        sess.run(tf.global_variables_initializer())
        saver = tf.train.Saver()
        newest = tf.train.latest_checkpoint("models")
        if newest:
            saver.restore(sess, newest)
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(coord=coord)
        coord.request_stop()
        coord.join(threads)
        saver.save(sess, "models/unet.ckpt")


if __name__ == '__main__':
    main(arguments())
