'''Small pictures, blocks of two convolutions: the example that everybody starts from.'''
from __future__ import print_function

import os

import keras
from keras import backend as K
from keras.datasets import cifar10
from keras.layers import Activation, BatchNormalization, Conv2D, Dense, Dropout, Flatten, MaxPooling2D
from keras.models import Sequential
from keras import regularizers

batch_size = 128
num_classes = 10
epochs = 20
weight_decay = 5e-4
img_rows, img_cols = 32, 32
save_dir = os.path.join(os.getcwd(), 'saved_models')

if K.image_data_format() == 'channels_first':
    input_shape = (3, img_rows, img_cols)
else:
    input_shape = (img_rows, img_cols, 3)

model = Sequential()
for i, n in enumerate([12, 16, 20]):
    if i == 0:
        model.add(Conv2D(n, (3, 3), padding='same', input_shape=input_shape,
                         kernel_regularizer=regularizers.l2(weight_decay)))
    else:
        model.add(Conv2D(n, (3, 3), padding='same', kernel_regularizer=regularizers.l2(weight_decay)))
    model.add(Activation('elu'))
    model.add(BatchNormalization())
    model.add(Conv2D(n, (3, 3), padding='same', kernel_regularizer=regularizers.l2(weight_decay)))
    model.add(Activation('elu'))
    model.add(BatchNormalization())
    model.add(MaxPooling2D(pool_size=(2, 2)))
    model.add(Dropout(0.2 + 0.1 * i))
model.add(Flatten())
model.add(Dense(64, activation='relu', name='features'))
model.add(Dropout(0.5))
model.add(Dense(num_classes))
model.add(Activation('softmax'))

opt = keras.optimizers.RMSprop(learning_rate=0.001)
model.compile(loss='categorical_crossentropy', optimizer=opt, metrics=['accuracy'])
model.summary()


def schedule(epoch):
    return 0.001 if epoch <= 75 else 0.0005


if __name__ == '__main__' and os.path.isdir(save_dir):
    (x_train, y_train), (x_test, y_test) = cifar10.load_data()
    x_train = x_train.astype('float32') / 255
    x_test = x_test.astype('float32') / 255
    y_train = keras.utils.to_categorical(y_train, num_classes)
    y_test = keras.utils.to_categorical(y_test, num_classes)
    callbacks = [keras.callbacks.ModelCheckpoint(os.path.join(save_dir, 'best.keras'), save_best_only=True),
                 keras.callbacks.LearningRateScheduler(schedule)]
    history = model.fit(x_train, y_train, batch_size=batch_size, epochs=epochs,
                        validation_data=(x_test, y_test), shuffle=True, callbacks=callbacks)
    scores = model.evaluate(x_test, y_test, verbose=1)
    print('Test accuracy:', scores[1])
    model.save(os.path.join(save_dir, 'cifar10.keras'))
