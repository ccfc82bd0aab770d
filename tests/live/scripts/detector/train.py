import sys

import tensorflow as tf

from config import Config
from nets import Detector

config = Config(classes=4)
model = Detector(config)
loss = model.loss()
step = tf.train.AdamOptimizer(1e-3).minimize(loss)


def train():
    from recordings import batches

    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for signal, label in batches(config.window):
            session.run(step, {model.signal: signal, model.label: label})
        tf.train.Saver().save(session, config.checkpoint)


if __name__ == "__main__" and "--train" in sys.argv:
    train()
