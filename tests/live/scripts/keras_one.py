# Keras 1, as it was spelled
from keras.models import Sequential, Model
from keras.layers import Input, merge
from keras.layers.core import Dense, Dropout, Activation, Flatten
from keras.layers.convolutional import Convolution1D, MaxPooling1D, ZeroPadding1D
from keras.layers.normalization import BatchNormalization

nb_filter = 10
filter_length = 5
nb_classes = 4

signal = Input(shape=(80, 2), name='signal')
x = Convolution1D(nb_filter, filter_length, border_mode='same', init='he_normal', name='conv1')(signal)
x = BatchNormalization(mode=0, axis=2, name='norm1')(x)
x = Activation('relu')(x)
a = Convolution1D(nb_filter=nb_filter, filter_length=3, border_mode='same', activation='tanh', name='conv_a')(x)
b = Convolution1D(nb_filter=nb_filter, filter_length=7, border_mode='same', activation='sigmoid', name='conv_b')(x)
x = merge([a, b], mode='mul')
x = merge([x, a], mode='concat', concat_axis=-1)
x = MaxPooling1D(pool_length=2, stride=2, border_mode='valid')(x)
x = ZeroPadding1D(padding=1)(x)
x = Convolution1D(16, 4, subsample_length=2, bias=False, name='conv2')(x)
x = Flatten()(x)
x = Dropout(p=0.5)(x)
x = Dense(output_dim=nb_classes, activation='softmax', W_regularizer='l2', name='out')(x)

model = Model(input=signal, output=x)
model.compile(loss='categorical_crossentropy', optimizer='adadelta')
