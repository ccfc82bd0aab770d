"""Pictures from noise, and a judge of them."""
import tensorflow as tf


class norm(object):
  """A batch norm that is called several times under one name."""

  def __init__(self, name, epsilon=1e-5, momentum=0.9):
    self.name, self.epsilon, self.momentum = name, epsilon, momentum

  def __call__(self, x, train=True):
    return tf.contrib.layers.batch_norm(x, decay=self.momentum, updates_collections=None,
                                        epsilon=self.epsilon, scale=True,
                                        is_training=train, scope=self.name)


def conv(x, out, size=5, stride=2, stddev=0.02, name="conv"):
  with tf.variable_scope(name):
    w = tf.get_variable('w', [size, size, x.get_shape()[-1], out],
                        initializer=tf.truncated_normal_initializer(stddev=stddev))
    b = tf.get_variable('b', [out], initializer=tf.constant_initializer(0.0))
    y = tf.nn.conv2d(x, w, strides=[1, stride, stride, 1], padding='SAME')
    return tf.reshape(tf.nn.bias_add(y, b), tf.shape(y))


def deconv(x, shape, size=5, stride=2, stddev=0.02, name="deconv"):
  with tf.variable_scope(name):
    # out before in, unlike above
    w = tf.get_variable('w', [size, size, shape[-1], x.get_shape()[-1]],
                        initializer=tf.random_normal_initializer(stddev=stddev))
    b = tf.get_variable('b', [shape[-1]], initializer=tf.constant_initializer(0.0))
    y = tf.nn.conv2d_transpose(x, w, output_shape=shape, strides=[1, stride, stride, 1])
    return tf.nn.bias_add(y, b)


def dense(x, out, name, stddev=0.02, start=0.0):
  n = x.get_shape().as_list()[1]
  with tf.variable_scope(name or "dense"):
    matrix = tf.get_variable("matrix", [n, out], tf.float32, tf.random_normal_initializer(stddev=stddev))
    bias = tf.get_variable("bias", [out], initializer=tf.constant_initializer(start))
    return tf.matmul(x, matrix) + bias


def leaky(x, slope=0.2):
  return tf.maximum(x, slope * x)


class Gan(object):
  def __init__(self, batch=6, side=32, noise=20, gen=6, dis=6, colours=3):
    self.batch, self.side, self.noise = batch, side, noise
    self.gen, self.dis, self.colours = gen, dis, colours
    self.d_norms = [norm('d_norm%d' % i) for i in (1, 2)]
    self.g_norms = [norm('g_norm%d' % i) for i in range(3)]
    self.build()

  def build(self):
    self.real = tf.placeholder(tf.float32, [self.batch, self.side, self.side, self.colours], name='real')
    self.z = tf.placeholder(tf.float32, [self.batch, self.noise], name='z')
    self.fake = self.generator(self.z)
    self.D, real_logits = self.discriminator(self.real, reuse=False)
    self.D_, fake_logits = self.discriminator(self.fake, reuse=True)
    self.samples = self.generator(self.z, train=False, reuse=True)
    self.verdict = self.discriminator(self.real, reuse=True, train=False)[1]

    entropy = tf.nn.sigmoid_cross_entropy_with_logits
    self.d_loss = tf.reduce_mean(entropy(logits=real_logits, labels=tf.ones_like(self.D)))
    self.d_loss += tf.reduce_mean(entropy(logits=fake_logits, labels=tf.zeros_like(self.D_)))
    self.g_loss = tf.reduce_mean(entropy(logits=fake_logits, labels=tf.ones_like(self.D_)))

    every = tf.trainable_variables()
    self.d_vars = [v for v in every if 'd_' in v.name]
    self.g_vars = [v for v in every if 'g_' in v.name]
    self.saver = tf.train.Saver()

  def discriminator(self, image, reuse=False, train=True):
    with tf.variable_scope("discriminator") as scope:
      if reuse:
        scope.reuse_variables()
      n = self.dis
      h0 = leaky(conv(image, n, name='d_0'))
      h1 = leaky(self.d_norms[0](conv(h0, n * 2, name='d_1'), train))
      h2 = leaky(self.d_norms[1](conv(h1, n * 4, name='d_2'), train))
      h3 = dense(tf.reshape(h2, [self.batch, -1]), 1, 'd_3')
      return tf.nn.sigmoid(h3), h3

  def generator(self, z, train=True, reuse=False):
    with tf.variable_scope("generator") as scope:
      if reuse:
        scope.reuse_variables()
      n, norms = self.gen, self.g_norms
      h = tf.reshape(dense(z, n * 4 * 4 * 4, 'g_0'), [-1, 4, 4, n * 4])
      h = tf.nn.relu(norms[0](h, train))
      h = deconv(h, [self.batch, 8, 8, n * 2], name='g_1')
      h = tf.nn.relu(norms[1](h, train))
      h = deconv(h, [self.batch, 16, 16, n], name='g_2')
      h = tf.nn.relu(norms[2](h, train))
      return tf.nn.tanh(deconv(h, [self.batch, 32, 32, self.colours], name='g_3'))


gan = Gan()
samples, verdict = gan.samples, gan.verdict
