# coding: utf-8
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers
from tensorflow.keras.layers import LeakyReLU


def conv2d_bn(x, filters, num_row, num_col, padding='same', strides=(1, 1), name=None):
    bn_name = name + '_bn' if name is not None else None
    conv_name = name + '_conv' if name is not None else None
    x = layers.Conv2D(filters, (num_row, num_col), strides=strides, padding=padding, use_bias=False,
                      name=conv_name)(x)
    x = layers.BatchNormalization(axis=3, scale=False, name=bn_name)(x)
    return layers.Activation('relu', name=name)(x)


def mixed(x, sizes, pool='avg', name='mixed'):
    branch1x1 = conv2d_bn(x, sizes[0], 1, 1)
    branch5x5 = conv2d_bn(x, sizes[1], 1, 1)
    branch5x5 = conv2d_bn(branch5x5, sizes[1] + 2, 5, 5)
    branch7 = conv2d_bn(conv2d_bn(x, sizes[2], 1, 7), sizes[2], 7, 1)
    pooling = layers.AveragePooling2D if pool == 'avg' else layers.MaxPooling2D
    branch_pool = pooling((3, 3), strides=(1, 1), padding='same')(x)
    branch_pool = conv2d_bn(branch_pool, sizes[3], 1, 1)
    return layers.concatenate([branch1x1, branch5x5, branch7, branch_pool], axis=-1, name=name)


class InceptionLike:
    def __init__(self, input_shape=(47, 43, 3), classes=5, top='dense'):
        self.input_shape = input_shape
        self.classes = classes
        self.top = top
        self.model = self.build()

    def build(self):
        img_input = keras.Input(shape=self.input_shape)
        x = layers.Rescaling(1 / 127.5, offset=-1)(img_input)
        x = conv2d_bn(x, 6, 3, 3, strides=(2, 2), padding='valid')
        x = conv2d_bn(x, 8, 3, 3, padding='valid', name='stem')
        x = layers.MaxPooling2D((3, 3), strides=(2, 2))(x)
        for i, sizes in enumerate([(4, 4, 4, 4), (6, 4, 4, 6)]):
            x = mixed(x, sizes, pool=('avg', 'max')[i % 2], name='mixed{}'.format(i))
        # grid reduction
        a = conv2d_bn(x, 10, 3, 3, strides=(2, 2), padding='valid')
        b = layers.MaxPooling2D((3, 3), strides=(2, 2))(x)
        x = layers.concatenate([a, b], axis=3, name='reduced')
        x = layers.SeparableConv2D(12, 3, padding='same', activation=LeakyReLU(0.1))(x)
        x = layers.GlobalAveragePooling2D(name='avg_pool')(x)
        outputs = layers.Dense(self.classes, activation='softmax', name='predictions')(x)
        return keras.Model(img_input, outputs, name='inception_like')

    def train(self, x, y):
        self.model.compile('sgd', 'categorical_crossentropy')
        return self.model.fit(x, y)


net = InceptionLike()
model = net.model
if __name__ == '__main__':
    picture = np.zeros((1,) + net.input_shape, dtype='float32')
    print(model.predict(picture, verbose=0).shape)
