import tensorflow as tf
from tensorflow.keras import Model
from tensorflow.keras.layers import Conv1D, BatchNormalization, Dense, Flatten, Layer


class GatedConv(Layer):
    """One convolution decides how much of another is let through."""

    def __init__(self, filters, taps, dilation=1, **kwargs):
        super().__init__(**kwargs)
        self.filters = filters
        self.signal = Conv1D(filters, taps, padding='causal', dilation_rate=dilation, name='signal')
        self.gate = Conv1D(filters, taps, padding='causal', dilation_rate=dilation, name='gate')

    def build(self, input_shape):
        self.scale = self.add_weight(name='scale', shape=(self.filters,), initializer='ones', trainable=True)
        super().build(input_shape)

    def call(self, inputs):
        return tf.tanh(self.signal(inputs)) * tf.sigmoid(self.gate(inputs)) * self.scale


class Forecaster(Model):
    def __init__(self, channels=10, depth=3, horizon=5):
        super(Forecaster, self).__init__()
        self.first = Conv1D(channels, 1, name='first')
        self.blocks = [GatedConv(channels, 2, dilation=2 ** i, name='gated_%d' % i) for i in range(depth)]
        self.norm = BatchNormalization(name='norm')
        self.flatten = Flatten()
        self.out = Dense(horizon, name='out')

    def call(self, x, training=False):
        x = self.first(x)
        skips = []
        for block in self.blocks:
            y = block(x)
            skips.append(y)
            x = x + y
        x = tf.nn.relu(tf.add_n(skips))
        x = self.norm(x, training=training)
        return self.out(self.flatten(x[:, -8:, :]))


model = Forecaster()
series = tf.keras.Input(shape=(32, 3), name='series')
forecast = model(series)
