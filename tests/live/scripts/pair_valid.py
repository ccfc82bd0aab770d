import tensorflow as tf

# sixteen filters, no border
layer = tf.keras.layers.Conv2D(filters=16, kernel_size=3, strides=1, padding='valid')

# one picture of 32 by 32 in three colours
picture = tf.random.normal((1, 32, 32, 3))
result = layer(picture)
print("shape of the result:", result.shape)
