"""Down and up with Keras, in the words of its second version."""
import tensorflow as tf
from tensorflow.keras.layers import (AveragePooling2D, Conv2D, Conv2DTranspose, DepthwiseConv2D, Dropout, Input,
                                     Lambda, LeakyReLU, PReLU, UpSampling2D, ZeroPadding2D, Cropping2D, concatenate)
from tensorflow.keras.models import Model


def down(x, filters, alpha=0.2):
    x = ZeroPadding2D(((1, 1), (1, 1)))(x)
    x = Conv2D(filters, (3, 3), kernel_initializer='he_normal')(x)
    x = LeakyReLU(alpha)(x)
    skip = DepthwiseConv2D(3, padding='same', depth_multiplier=1)(x)
    skip = PReLU(shared_axes=[1, 2])(skip)
    return AveragePooling2D((2, 2))(skip), skip


def up(x, skip, filters, bilinear=False):
    if bilinear:
        x = UpSampling2D(size=(2, 2), interpolation='bilinear')(x)
    else:
        x = Conv2DTranspose(filters, 2, strides=2, padding='same')(x)
    x = concatenate([x, skip], axis=3)
    return Conv2D(filters, 3, activation='relu', padding='same')(x)


def segmenter(size=(36, 44, 3), widths=(6, 10), classes=4):
    image = Input(size)
    x = Lambda(lambda v: v * 2.0 - 1.0)(image)
    skips = []
    for w in widths:
        x, skip = down(x, w)
        skips.append((w, skip))
    x = Conv2D(16, 3, dilation_rate=2, activation='elu', padding='same')(x)
    x = Dropout(0.3)(x)
    for i, (w, skip) in enumerate(skips[::-1]):
        x = up(x, skip, w, bilinear=i == 1)
    x = Cropping2D(((2, 2), (1, 3)))(x)
    return Model(inputs=[image], outputs=[Conv2D(classes, 1, activation='softmax')(x)])


model = segmenter()
model.compile(optimizer=tf.keras.optimizers.SGD(learning_rate=0.01, momentum=0.9), loss='categorical_crossentropy')
