# Is this review a good one? Words, several windows, the strongest answers.
from keras.layers import (Input, Embedding, SpatialDropout1D, Conv1D, GlobalMaxPooling1D, GlobalAveragePooling1D,
                          Concatenate, Dense, Dropout, Permute, TimeDistributed, Multiply, Softmax, Flatten)
from keras.models import Model
from keras.optimizers import Adam

MAX_WORDS = 400
MAX_LENGTH = 30
EMBEDDING = 20
windows = {'two': 2, 'three': 3, 'five': 5}

words = Input(shape=(MAX_LENGTH,), dtype='int32', name='words')
embedded = Embedding(MAX_WORDS, EMBEDDING, name='embedding')(words)
embedded = SpatialDropout1D(0.2)(embedded)

branches = []
for name, size in windows.items():
    c = Conv1D(filters=10, kernel_size=size, padding='valid', activation='relu', name='conv_' + name)(embedded)
    branches += [GlobalMaxPooling1D()(c), GlobalAveragePooling1D()(c)]

# what each word counts
score = TimeDistributed(Dense(1, activation='tanh'), name='score')(embedded)
weight = Softmax(axis=1)(score)
weighted = Multiply()([embedded, weight])
turned = Permute((2, 1))(weighted)
turned = Conv1D(4, 3, strides=2, padding='same', name='conv_turned')(turned)
branches.append(Flatten()(turned))

merged = Concatenate()(branches)
merged = Dropout(0.5)(merged)
hidden = Dense(24, activation='gelu', name='hidden')(merged)
good = Dense(1, activation='sigmoid', name='good')(hidden)

model = Model(words, good)
model.compile(Adam(1e-3), 'binary_crossentropy')
