import keras
from keras import backend as K
from keras import layers
from keras.layers import Activation, Add, BatchNormalization, Conv2D, Dense
from keras.layers import GlobalAveragePooling2D, Input, MaxPooling2D, SeparableConv2D
from keras.models import Model
from keras.regularizers import l2

axis = 3 if K.image_data_format() == 'channels_last' else 1


def conv_block(x, filters, kernel=3, strides=1, activation='relu', name=None):
    x = Conv2D(filters, kernel, strides=strides, padding='same', use_bias=False,
               kernel_regularizer=l2(1e-4), name=name + '_conv')(x)
    x = BatchNormalization(axis=axis, name=name + '_bn')(x)
    if activation:
        x = Activation(activation, name=name + '_' + activation)(x)
    return x


def squeeze_excite(x, ratio=4, name='se'):
    filters = x.shape[axis]
    w = GlobalAveragePooling2D(name=name + '_mean')(x)
    w = layers.Reshape((1, 1, filters), name=name + '_reshape')(w)
    w = Dense(filters // ratio, activation='relu', name=name + '_down')(w)
    w = Dense(filters, activation='sigmoid', name=name + '_up')(w)
    return layers.multiply([x, w], name=name + '_scale')


def residual_block(x, filters, strides=1, name='res'):
    shortcut = x
    if strides != 1 or x.shape[axis] != filters:
        shortcut = conv_block(x, filters, 1, strides, activation=None, name=name + '_short')
    y = conv_block(x, filters, 3, strides, name=name + '_a')
    y = SeparableConv2D(filters, 3, padding='same', name=name + '_sep')(y)
    y = squeeze_excite(y, name=name + '_se')
    y = Add(name=name + '_add')([shortcut, y])
    return Activation('relu', name=name + '_out')(y)


def build_model(input_shape=(40, 40, 3), classes=9, stages=((12, 1), (20, 2), (28, 2))):
    inputs = Input(shape=input_shape, name='image')
    x = conv_block(inputs, 12, 5, name='stem')
    x = MaxPooling2D(3, strides=2, padding='same', name='pool')(x)
    for n, (filters, strides) in enumerate(stages):
        x = residual_block(x, filters, strides, name='stage%d' % n)
    x = GlobalAveragePooling2D(name='mean')(x)
    outputs = Dense(classes, activation='softmax', name='classes')(x)
    return Model(inputs=inputs, outputs=outputs, name='resep')


if __name__ == '__main__':
    model = build_model()
    model.summary()
