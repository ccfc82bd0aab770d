"""Every public class of keras.layers: how it is tried, or why it is refused.

A class that stands in no table makes the test fail, so that nothing new of a
Keras is forgotten.
"""

from kit import keras

K = keras.layers

IMAGE, LINE, SPACE = (6, 7, 3), (9, 3), (4, 5, 4, 3)
OPEN = ((None, 3), (None, None, 3), (None, None, None, 3))
BY_RANK = (LINE, IMAGE, SPACE)

# What is tried on one input: the layer's arguments and the input's shape.
# Where there is a list, each of its pairs is tried.
ONE = {
    "Activation": ({"activation": "gelu"}, IMAGE),
    "ActivityRegularization": ({"l2": 0.1}, IMAGE),
    "AlphaDropout": ({"rate": 0.2}, IMAGE),
    "BatchNormalization": ({}, IMAGE),
    "CenterCrop": ({"height": 4, "width": 3}, IMAGE),
    "Dense": ({"units": 4}, IMAGE),
    "Dropout": ({"rate": 0.3}, IMAGE),
    "ELU": ({"alpha": 0.7}, IMAGE),
    "Flatten": ({}, IMAGE),
    "GaussianDropout": ({"rate": 0.3}, IMAGE),
    "GaussianNoise": ({"stddev": 0.3}, IMAGE),
    "GroupNormalization": ({"groups": 3}, IMAGE),
    "Identity": ({}, IMAGE),
    "LayerNormalization": [({}, IMAGE), ({"axis": [1, 2, 3]}, IMAGE)],
    "LeakyReLU": ({}, IMAGE),
    "Normalization": [({}, IMAGE), ({"mean": 2.0, "variance": 3.0}, IMAGE)],
    "PReLU": ({"shared_axes": [1, 2]}, IMAGE),
    "Permute": ({"dims": (3, 1, 2)}, IMAGE),
    "RMSNormalization": ({}, IMAGE),
    "ReLU": ({"max_value": 6.0}, IMAGE),
    "RepeatVector": ({"n": 4}, (5,)),
    "Rescaling": ({"scale": 0.5, "offset": 1.0}, IMAGE),
    "Reshape": [
        ({"target_shape": (7, -1)}, IMAGE),
        ({"target_shape": (-1, 3)}, OPEN[1]),
    ],
    "Resizing": [
        ({"height": 12, "width": 14, "interpolation": "bilinear"}, IMAGE),
        ({"height": 12, "width": 14, "interpolation": "nearest"}, IMAGE),
    ],
    "Softmax": ({}, IMAGE),
    "SpectralNormalization": ({"layer": lambda: K.Conv2D(4, 3)}, IMAGE),
    "TimeDistributed": ({"layer": lambda: K.Dense(4)}, LINE),
    "UnitNormalization": ({}, IMAGE),
}
# The same of one, two and three axes, with known and unknown sizes.
RANKED = {
    "AdaptiveAveragePooling{}D": {"output_size": 2},
    "AdaptiveMaxPooling{}D": {"output_size": 2},
    "AveragePooling{}D": {"pool_size": 3, "strides": 2, "padding": "same"},
    "AvgPool{}D": {"pool_size": 2},
    "Conv{}D": {"filters": 4, "kernel_size": 3, "strides": 2, "padding": "same"},
    "Conv{}DTranspose": {
        "filters": 4,
        "kernel_size": 3,
        "strides": 2,
        "padding": "same",
    },
    "Convolution{}D": {"filters": 4, "kernel_size": 3},
    "Convolution{}DTranspose": {"filters": 4, "kernel_size": 2, "strides": 2},
    "Cropping{}D": {"cropping": 1},
    "DepthwiseConv{}D": {"kernel_size": 3, "depth_multiplier": 2, "padding": "same"},
    "GlobalAveragePooling{}D": {},
    "GlobalAvgPool{}D": {},
    "GlobalMaxPool{}D": {},
    "GlobalMaxPooling{}D": {"keepdims": True},
    "MaxPool{}D": {"pool_size": 2},
    "MaxPooling{}D": {"pool_size": 3, "strides": 2, "padding": "same"},
    "SeparableConv{}D": {
        "filters": 4,
        "kernel_size": 3,
        "strides": 2,
        "padding": "same",
    },
    "SeparableConvolution{}D": {"filters": 4, "kernel_size": 3},
    "SpatialDropout{}D": {"rate": 0.4},
    "UpSampling{}D": {"size": 2},
    "ZeroPadding{}D": {"padding": 1},
}
# Adaptive pools need sizes.
KNOWN = {"AdaptiveAveragePooling{}D", "AdaptiveMaxPooling{}D"}
# What is tried on several inputs: arguments, and the inputs' shapes.
SEVERAL = {
    "Add": ({}, [IMAGE, IMAGE, (3,)]),
    "Average": ({}, [IMAGE, IMAGE, (7, 3)]),
    "Concatenate": ({}, [IMAGE, IMAGE]),
    "Dot": ({"axes": (2, 2), "normalize": True}, [LINE, (5, 3)]),
    "Maximum": ({}, [IMAGE, IMAGE, (3,)]),
    "Minimum": ({}, [IMAGE, IMAGE]),
    "Multiply": ({}, [IMAGE, (1, 1, 3)]),
    "Subtract": ({}, [IMAGE, (7, 3)]),
}
# What changes images of training alone: at inference nothing.
TRAINING = {
    "AugMix": {},
    "CutMix": {},
    "MixUp": {},
    "RandAugment": {},
    "RandomBrightness": {"factor": 0.2},
    "RandomColorDegeneration": {"factor": 0.2},
    "RandomColorJitter": {"brightness_factor": 0.2},
    "RandomContrast": {"factor": 0.2},
    "RandomCrop": {"height": 6, "width": 7},
    "RandomElasticTransform": {"factor": 0.5},
    "RandomErasing": {"factor": 0.5},
    "RandomFlip": {},
    "RandomGaussianBlur": {},
    "RandomGrayscale": {"factor": 0.5},
    "RandomHue": {"factor": 0.2},
    "RandomInvert": {"factor": 0.5},
    "RandomPerspective": {"factor": 0.5},
    "RandomPosterization": {"factor": 4},
    "RandomRotation": {"factor": 0.2},
    "RandomSaturation": {"factor": 0.2},
    "RandomSharpness": {"factor": 0.2},
    "RandomShear": {"x_factor": 0.2},
    "RandomTranslation": {"height_factor": 0.1, "width_factor": 0.1},
    "RandomZoom": {"height_factor": 0.2},
    "Solarization": {"addition_factor": 0.2},
}
# What a sensible option of a carried layer is refused for: the argument.
PARTLY = {
    "CenterCrop": [({"height": 9, "width": 9}, IMAGE, "height")],
    "Embedding": [
        ({"input_dim": 5, "output_dim": 3, "mask_zero": True}, (6,), "mask_zero")
    ],
    "RandomCrop": [({"height": 4, "width": 5}, IMAGE, "height")],
    "Resizing": [
        ({"height": 9, "width": 9, "interpolation": name}, IMAGE, "interpolation")
        for name in ("bicubic", "lanczos3", "lanczos5")
    ]
    + [
        ({"height": 9, "width": 9, name: True}, IMAGE, name)
        for name in ("crop_to_aspect_ratio", "pad_to_aspect_ratio", "antialias")
    ],
    "UpSampling2D": [({"interpolation": "bicubic"}, IMAGE, "interpolation")],
}
# Refused by name, whatever they are told.
REFUSED = """
    AdditiveAttention Attention AutoContrast Bidirectional CategoryEncoding
    ContrastLimitedAdaptiveHistogramEqualization ConvLSTM1D ConvLSTM2D ConvLSTM3D
    Discretization EinsumDense FlaxLayer GRU GRUCell GroupQueryAttention
    HashedCrossing Hashing IntegerLookup JaxLayer LSTM LSTMCell Lambda Layer
    Masking MaxNumBoundingBoxes MelSpectrogram MultiHeadAttention Pipeline RNN
    ReversibleEmbedding STFTSpectrogram SimpleRNN SimpleRNNCell StackedRNNCells
    StringLookup TFSMLayer TextVectorization TorchModuleWrapper Wrapper
""".split()
# No layers that a model calls; of Equalization Keras itself builds no model.
OTHER = {"Equalization", "InputLayer", "InputSpec"}
