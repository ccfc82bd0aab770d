import tensorflow as tf

# Keras as it comes with TensorFlow 1: weights are variables of the graph
model = tf.keras.Sequential()
model.add(tf.keras.layers.Conv1D(12, 7, strides=2, padding='causal', activation='relu', input_shape=(96, 3)))
model.add(tf.keras.layers.BatchNormalization())
model.add(tf.keras.layers.MaxPool1D(2))
model.add(tf.keras.layers.SeparableConv1D(20, 5, padding='same'))
model.add(tf.keras.layers.Activation('relu'))
model.add(tf.keras.layers.GlobalAveragePooling1D())
model.add(tf.keras.layers.Dropout(0.3))
model.add(tf.keras.layers.Dense(5, activation=tf.nn.softmax))

model.compile(optimizer=tf.train.AdamOptimizer(0.001), loss='categorical_crossentropy', metrics=['accuracy'])
model.summary()
