import tensorflow as tf
from tensorflow.keras import Input, Model, layers
from tensorflow.keras import backend as K

WIDTH = 64


def res_block(x, filters, kernel_size=3, stride=1, conv_shortcut=True, name=None):
    if conv_shortcut:
        shortcut = layers.Conv1D(filters, 1, strides=stride, name=name + '_0_conv')(x)
        shortcut = layers.BatchNormalization(epsilon=1.001e-5, name=name + '_0_bn')(shortcut)
    else:
        shortcut = x
    x = layers.Conv1D(filters, kernel_size, strides=stride, padding='same', name=name + '_1_conv')(x)
    x = layers.BatchNormalization(epsilon=1.001e-5, name=name + '_1_bn')(x)
    x = layers.Activation('relu', name=name + '_1_relu')(x)
    x = layers.Conv1D(filters, kernel_size, padding='same', name=name + '_2_conv')(x)
    x = layers.BatchNormalization(epsilon=1.001e-5, name=name + '_2_bn')(x)
    x = layers.Add(name=name + '_add')([shortcut, x])
    return layers.Activation('relu', name=name + '_out')(x)


def encoder():
    wave = Input((WIDTH, 2), name='wave')
    x = wave
    for i, filters in enumerate((8, 12)):
        x = res_block(x, filters, stride=2, name='res%d' % i)
        x = res_block(x, filters, conv_shortcut=False, name='res%d_more' % i)
    x = layers.GlobalAveragePooling1D()(x)
    return Model(wave, layers.Dense(10, name='code')(x), name='encoder')


class Distance(layers.Layer):
    def call(self, vectors):
        left, right = vectors
        return tf.abs(left - right)


# the same network looks at both sides
shared = encoder()
left = Input((WIDTH, 2), name='left')
right = Input((WIDTH, 2), name='right')
apart = Distance(name='apart')([shared(left), shared(right)])
same = layers.Dense(1, activation='sigmoid', name='same')(apart)
siamese = Model(inputs=[left, right], outputs=same)


def contrastive_loss(y_true, y_pred, margin=1.0):
    return K.mean(y_true * K.square(y_pred) + (1 - y_true) * K.square(K.maximum(margin - y_pred, 0.0)))


siamese.compile(loss=contrastive_loss, optimizer=tf.keras.optimizers.Adam(0.0005))
shared.summary()
