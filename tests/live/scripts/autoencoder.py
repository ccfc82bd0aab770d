# Takes noise away from pictures.
import numpy as np
import tensorflow as tf
import matplotlib
matplotlib.use('Agg')
import matplotlib.pyplot as plt
from tensorflow.examples.tutorials.mnist import input_data

pictures = input_data.read_data_sets('pictures', validation_size=0)
relu = tf.nn.relu

noisy = tf.placeholder(tf.float32, (None, 28, 28, 1), name='noisy')
clean = tf.placeholder(tf.float32, (None, 28, 28, 1), name='clean')

### smaller and smaller
code = noisy
for depth in (12, 8, 6):
    code = tf.layers.conv2d(code, depth, (3,3), padding='same', activation=relu)
    code = tf.layers.max_pooling2d(code, (2,2), (2,2), padding='same')
print('code:', code.shape)  # 28, 14, 7, 4

### and back: 4, 7, 14, 28
up1 = tf.image.resize_nearest_neighbor(code, (7,7))
back1 = tf.layers.conv2d(up1, 6, (3,3), padding='same', activation=relu)
up2 = tf.image.resize_images(back1, size=(14,14), method=tf.image.ResizeMethod.NEAREST_NEIGHBOR)
back2 = tf.layers.conv2d(up2, 8, (3,3), padding='same', activation=relu)
back3 = tf.layers.conv2d_transpose(back2, 12, (3,3), strides=(2,2), padding='same', activation=relu)
logits = tf.layers.conv2d(back3, 1, (3,3), padding='same', activation=None)
picture = tf.nn.sigmoid(logits, name='picture')

each = tf.nn.sigmoid_cross_entropy_with_logits(labels=clean, logits=logits)
cost = tf.reduce_mean(each)
step = tf.train.AdamOptimizer(0.002).minimize(cost)

sess = tf.Session()
rounds, size, how_noisy = 25, 20, 0.5
sess.run(tf.global_variables_initializer())
for r in range(rounds):
    for i in range(pictures.train.num_examples//size):
        given = pictures.train.next_batch(size)[0].reshape((-1, 28, 28, 1))
        worse = np.clip(given + how_noisy * np.random.randn(*given.shape), 0., 1.)
        now, _ = sess.run([cost, step], feed_dict={noisy: worse, clean: given})
        print("{}/{}".format(r+1, rounds), "cost {:.4f}".format(now))

some = pictures.test.images[:4].reshape((4, 28, 28, 1))
shown = sess.run(picture, feed_dict={noisy: some})
plt.plot(shown[0, :, 14, 0])
plt.show()
sess.close()
