"""Heart rate from a wrist, Keras, Sequential."""
import numpy as np
from tensorflow import keras
from tensorflow.keras.layers import *
from tensorflow.keras.callbacks import EarlyStopping, ModelCheckpoint

SAMPLES, SENSORS, CLASSES = 150, 4, 6
FILTERS = [8, 16, 24]


def get_model():
    model = keras.models.Sequential()
    model.add(Input(shape=(SAMPLES, SENSORS)))
    for i, f in enumerate(FILTERS):
        model.add(Conv1D(f, 5, padding='same', kernel_initializer='he_uniform', use_bias=False))
        model.add(BatchNormalization(scale=i > 0))
        model.add(ReLU())
        if i < 2:
            model.add(MaxPooling1D(pool_size=2))
    model.add(ZeroPadding1D((2, 1)))
    model.add(Conv1D(16, 4, strides=3, activation='swish'))
    model.add(Flatten())
    model.add(Dropout(0.5))
    model.add(Dense(CLASSES, activation='softmax'))
    return model


model = get_model()
model.compile(loss='categorical_crossentropy', optimizer=keras.optimizers.Adam(1e-3), metrics=['accuracy'])
callbacks = [EarlyStopping(patience=3), ModelCheckpoint('best.keras')]
if __name__ == '__main__':
    x = np.random.rand(8, SAMPLES, SENSORS)
    y = np.eye(CLASSES)[np.random.randint(0, CLASSES, 8)]
    model.fit(x, y, epochs=1, batch_size=4, verbose=0)
