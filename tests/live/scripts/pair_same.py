import tensorflow as tf

layer = tf.keras.layers.Conv2D(filters=16, kernel_size=3, strides=1, padding='same')

picture = tf.random.normal((1, 32, 32, 3))
result = layer(picture)
print("shape with a border:", result.shape)
