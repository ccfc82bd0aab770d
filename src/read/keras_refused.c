/* read/keras_refused.c - classes of Keras that are known and not carried. */
#include "read/keras.h"

#include <string.h>

static const char *const recurrent[] = {
    "Bidirectional", "CuDNNGRU",        "CuDNNLSTM", "ConvLSTM1D",
    "ConvLSTM2D",    "ConvLSTM3D",      "GRU",       "GRUCell",
    "LSTM",          "LSTMCell",        "RNN",       "SimpleRNN",
    "SimpleRNNCell", "StackedRNNCells", NULL
};
static const char *const attention[] = {
    "AdditiveAttention",   "Attention",          "GroupedQueryAttention",
    "GroupQueryAttention", "MultiHeadAttention", NULL
};
static const char *const code[] = { "Lambda", NULL };
static const char *const foreign[] = { "FlaxLayer", "JaxLayer", "TFSMLayer",
                                       "TorchModuleWrapper", NULL };
static const char *const abstract[] = { "Layer", "Wrapper", NULL };
static const char *const masks[] = { "Masking", NULL };
static const char *const sums[] = { "EinsumDense", NULL };
static const char *const categories[] = {
    "CategoryCrossing", "CategoryEncoding",  "Discretization",
    "HashedCrossing",   "Hashing",           "IntegerLookup",
    "StringLookup",     "TextVectorization", NULL
};
static const char *const sound[] = { "MelSpectrogram", "STFTSpectrogram",
                                     NULL };
static const char *const contrast[] = {
    "AutoContrast", "ContrastLimitedAdaptiveHistogramEqualization", NULL
};
static const char *const boxes[] = { "MaxNumBoundingBoxes", NULL };
static const char *const lists[] = { "Pipeline", NULL };
static const char *const tied[] = { "ReversibleEmbedding", NULL };

static const struct {
    const char *const *names;
    const char *reason, *advice;
} rows[] = {
    { recurrent, "a recurrent layer, which convey does not carry over",
      "port the convolutional part as a model of its own" },
    { attention, "an attention layer, which convey does not carry over",
      "port the convolutional part as a model of its own" },
    { code, "it holds Python code, which is never run",
      "replace it by layers that Keras itself has" },
    { foreign, "it holds a program of another framework, which is never run",
      "replace it by layers that Keras itself has" },
    { abstract, "a base class, which computes nothing of its own",
      "replace it by a layer that Keras itself has" },
    { masks, "masks are not carried over",
      "remove the layer where every step counts" },
    { sums,
      "sums over axes that an equation names, which convey does not "
      "carry over",
      "use Dense, Conv1D or Conv2D where one of them says the same" },
    { categories,
      "it makes categories of texts or numbers, which is no step "
      "of a network",
      "take that step before the model, and port what follows" },
    { sound, "a Fourier transform, which convey does not carry over",
      "compute the spectrogram before the model, and port what follows" },
    { contrast, "it changes each image by its own histogram, at inference too",
      "take that step before the model, and port what follows" },
    { boxes, "it works on lists of boxes and not on a tensor",
      "take that step before the model, and port what follows" },
    { lists, "a list of layers in one layer, which convey does not read",
      "use keras.Sequential in its place" },
    { tied, "one table for both ways, which convey does not carry over",
      "use Embedding, and Dense for the way back" },
};

static bool among(const char *const *names, const char *name)
{
    while (*names != NULL && strcmp(*names, name) != 0)
        names++;
    return *names != NULL;
}

bool cvyi_keras_refused_class(cvyi_refusal *out, const char *class_name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!among(rows[i].names, class_name))
            continue;
        *out = (cvyi_refusal){ CVYI_NOT_SUPPORTED, "", rows[i].reason,
                               rows[i].advice };
        return true;
    }
    return false;
}
