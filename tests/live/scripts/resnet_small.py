"""Residual blocks before addition, made in loops by functions of functions."""
import tensorflow as tf

MOMENTUM = 0.99
EPSILON = 2e-5


def norm_relu(x, is_training):
  x = tf.layers.batch_normalization(
      inputs=x, axis=3, momentum=MOMENTUM, epsilon=EPSILON, center=True,
      scale=True, training=is_training, fused=True)
  return tf.nn.relu(x)


def pad_evenly(x, taps):
  """The same border whatever the size is."""
  before = (taps - 1) // 2
  after = taps - 1 - before
  return tf.pad(x, [[0, 0], [before, after], [before, after], [0, 0]])


def conv(x, filters, taps, stride):
  if stride > 1:
    x = pad_evenly(x, taps)
  return tf.layers.conv2d(
      inputs=x, filters=filters, kernel_size=taps, strides=stride,
      padding=('SAME' if stride == 1 else 'VALID'), use_bias=False,
      kernel_initializer=tf.variance_scaling_initializer())


def basic(x, filters, is_training, project, stride):
  short = x
  x = norm_relu(x, is_training)
  if project is not None:
    short = project(x)
  x = conv(x, filters, 3, stride)
  x = norm_relu(x, is_training)
  return conv(x, filters, 3, 1) + short


def narrow(x, filters, is_training, project, stride):
  """1 x 1, 3 x 3, 1 x 1"""
  short = x
  x = norm_relu(x, is_training)
  if project is not None:
    short = project(x)
  for taps, n, s in [(1, filters // 2, 1), (3, filters // 2, stride)]:
    x = norm_relu(conv(x, n, taps, s), is_training)
  return conv(x, filters, 1, 1) + short


def group(x, filters, block, count, stride, is_training, name):
  def project(inputs):
    return conv(inputs, filters, 1, stride)

  # the first block changes the size, so its shortcut must too
  x = block(x, filters, is_training, project, stride)
  for _ in range(1, count):
    x = block(x, filters, is_training, None, 1)
  return tf.identity(x, name)


def resnet(depth, classes, block=basic):
  if depth % 6 != 2:
    raise ValueError('depth is 6n + 2, not', depth)
  count = (depth - 2) // 6

  def model(x, is_training):
    x = conv(x, 8, 3, 1)
    x = tf.identity(x, 'first')
    for i, filters in enumerate((8, 16, 32)):
      x = group(x, filters, block if i < 2 else narrow, count,
                stride=1 if i == 0 else 2, is_training=is_training, name='group%d' % i)
    x = norm_relu(x, is_training)
    x = tf.layers.average_pooling2d(inputs=x, pool_size=8, strides=1, padding='VALID')
    x = tf.reshape(x, [-1, 32])
    return tf.identity(tf.layers.dense(inputs=x, units=classes), 'last')

  return model


images = tf.placeholder(tf.float32, [None, 32, 32, 3], name='images')
is_training = tf.placeholder_with_default(False, [], name='is_training')
network = resnet(14, 10)
logits = network(images, is_training)
predictions = {
    'class': tf.argmax(logits, axis=1),
    'probabilities': tf.nn.softmax(logits, name='probabilities')
}
