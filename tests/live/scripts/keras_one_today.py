# keras_one.py in today's words
from keras import Model, layers

signal = layers.Input((80, 2), name='signal')
x = layers.Conv1D(10, 5, padding='same', name='conv1')(signal)
x = layers.BatchNormalization(epsilon=1e-3, name='norm1')(x)
x = layers.Activation('relu')(x)
a = layers.Conv1D(10, 3, padding='same', activation='tanh', name='conv_a')(x)
b = layers.Conv1D(10, 7, padding='same', activation='sigmoid', name='conv_b')(x)
x = layers.Multiply()([a, b])
x = layers.Concatenate()([x, a])
x = layers.MaxPooling1D(2, 2)(x)
x = layers.ZeroPadding1D(1)(x)
x = layers.Conv1D(16, 4, strides=2, use_bias=False, name='conv2')(x)
x = layers.Flatten()(x)
x = layers.Dense(4, activation='softmax', name='out')(x)
model = Model(signal, x)
