"""Layers of one's own: weights are made when the first shape is known."""
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


class Linear(layers.Layer):
    def __init__(self, units=32, activation=None, **kwargs):
        super(Linear, self).__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        self.w = self.add_weight(shape=(input_shape[-1], self.units), initializer='random_normal',
                                 trainable=True, name='w')
        self.b = self.add_weight(shape=(self.units,), initializer='zeros', trainable=True, name='b')

    def call(self, inputs):
        return tf.matmul(inputs, self.w) + self.b

    def get_config(self):
        config = super(Linear, self).get_config()
        config.update({'units': self.units})
        return config


class MovingFilter(layers.Layer):
    """A convolution in the words of tf.nn."""

    def __init__(self, filters, taps, stride=1):
        super().__init__()
        self.filters, self.taps, self.stride = filters, taps, stride

    def build(self, input_shape):
        channels = int(input_shape[-1])
        self.kernel = self.add_weight(name='kernel', shape=(self.taps, channels, self.filters),
                                      initializer='glorot_uniform')
        self.bias = self.add_weight(name='bias', shape=[self.filters], initializer='zeros')
        super().build(input_shape)

    def call(self, x):
        return tf.nn.bias_add(tf.nn.conv1d(x, self.kernel, stride=self.stride, padding='SAME'), self.bias)


class ConvBlock(layers.Layer):
    def __init__(self, filters, rate=0.2):
        super().__init__()
        self.conv = layers.Conv1D(filters, 3, padding='same', use_bias=False)
        self.norm = layers.BatchNormalization()
        self.drop = layers.Dropout(rate)

    def call(self, inputs, training=None):
        x = self.conv(inputs)
        x = self.norm(x, training=training)
        x = tf.nn.relu(x)
        return self.drop(x, training=training)


class Classifier(keras.Model):
    def __init__(self, classes=4):
        super().__init__(name='classifier')
        self.front = MovingFilter(8, 5, stride=2)
        self.blocks = [ConvBlock(8 + 4 * i) for i in range(2)]
        self.pools = [layers.MaxPooling1D(2), layers.AveragePooling1D(2)]
        self.mix = keras.Sequential([layers.Dense(12, activation='tanh'), layers.Dropout(0.1)])
        self.head = Linear(classes)

    def call(self, inputs, training=None):
        x = self.front(inputs)
        for block, pool in zip(self.blocks, self.pools):
            x = pool(block(x, training=training))
        x = self.mix(x)
        x = tf.reduce_mean(x, axis=1)
        return tf.nn.softmax(self.head(x))

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = self.compute_loss(y=y, y_pred=self(x, training=True))
        self.optimizer.apply_gradients(zip(tape.gradient(loss, self.trainable_variables), self.trainable_variables))
        return {'loss': loss}


model = Classifier()
model.build((None, 72, 3))
model.compile('adam', 'sparse_categorical_crossentropy')
