# A picture, a signal and a few numbers, one answer
from tensorflow.keras.layers import Input, Dense, Conv2D, Conv1D, MaxPooling2D, Flatten, concatenate, Dropout, \
    GlobalMaxPooling1D, Reshape, add, average
from tensorflow.keras.models import Model, Sequential
from tensorflow.keras.optimizers import Adam


def create_mlp(dim, hidden=8):
    model = Sequential()
    model.add(Dense(hidden, input_dim=dim, activation='relu'))
    model.add(Dense(4, activation='relu'))
    return model


def create_cnn(width, height, depth, filters=(4, 8), regress=False):
    inputs = Input(shape=(height, width, depth))
    for i, f in enumerate(filters):
        x = inputs if i == 0 else x
        x = Conv2D(f, (3, 3), padding='same', activation='relu')(x)
        x = MaxPooling2D(pool_size=(2, 2))(x)
    x = Flatten()(x)
    x = Dense(16, activation='relu')(x)
    x = Dropout(0.5)(x)
    x = Dense(4, activation='relu')(x)
    if regress:
        x = Dense(1, activation='linear')(x)
    return Model(inputs, x)


numbers = Input((6,), name='numbers')
mlp = create_mlp(6)
told = mlp(numbers)
cnn = create_cnn(24, 16, 3)
signal = Input(shape=(40, 2), name='signal')
s = Conv1D(6, 5, activation='relu', name='listen')(signal)
s = GlobalMaxPooling1D()(s)
s = Dense(4, activation='tanh')(s)

combined = concatenate([told, cnn.output, s])
both = average([told, cnn.layers[-1].output])
z = Dense(4, activation='relu', name='joint')(combined)
z = add([z, both])
price = Dense(1, activation='linear', name='price')(z)
kind = Dense(3, activation='softmax', name='kind')(z)
model = Model(inputs=[numbers, cnn.input, signal], outputs=[price, kind])
model.compile(loss={'price': 'mse', 'kind': 'categorical_crossentropy'}, optimizer=Adam(learning_rate=1e-3),
              loss_weights=[1.0, 0.5])
