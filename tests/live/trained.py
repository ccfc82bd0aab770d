"""Scripts of TensorFlow 1 that train, and what they make of their variables.

As a program it runs them, in TensorFlow, each with its own optimiser:

    python trained.py FILE.npz
"""

import sys

import numpy as np

SCRIPT = """import tensorflow as tf
x = tf.placeholder(tf.float32, [None, 12, 3], name='x')
y = tf.placeholder(tf.{kind}, {shape}, name='y')
W = tf.get_variable('W', [5, 3, 4])
h = tf.tanh(tf.nn.conv1d(x, W, 2, 'SAME') + tf.get_variable('b', [4]))
h = tf.reshape(h, [-1, 24])
out = tf.matmul(h, tf.get_variable('V', [24, 5])) + tf.get_variable('c', [5])
loss = {loss}
train = {optimizer}.minimize(loss)
"""
SPARSE = (
    "tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits("
    "labels=y, logits=out))"
)
# An optimiser and a loss each. What a remark says of RMSProp is no rounding.
CASES = {
    "descent": ("tf.train.GradientDescentOptimizer(0.0625)", SPARSE),
    "momentum": ("tf.train.MomentumOptimizer(0.0625, 0.75)", SPARSE),
    "nesterov": (
        "tf.train.MomentumOptimizer(0.0625, 0.75, use_nesterov=True)",
        "tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=out))",
    ),
    "adam": (
        "tf.train.AdamOptimizer(learning_rate=0.015625, beta1=0.75, epsilon=1e-30)",
        "tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=out))",
    ),
    "adagrad": (
        "tf.train.AdagradOptimizer(0.0625)",
        "tf.losses.mean_squared_error(y, out)",
    ),
    "adadelta": (
        "tf.train.AdadeltaOptimizer(0.5, rho=0.75, epsilon=0.0009765625)",
        "tf.losses.sparse_softmax_cross_entropy(labels=y, logits=out)",
    ),
    # Squares of weights are the optimiser's business in the port.
    "decayed": (
        "tf.train.MomentumOptimizer(0.0625, 0.75)",
        SPARSE + " + 0.125 * tf.nn.l2_loss(W) + tf.multiply(tf.nn.l2_loss(W), 0.5)",
    ),
    "decayed_all": (
        "tf.train.AdamOptimizer(0.015625, beta1=0.75, epsilon=1e-30)",
        "tf.add_n([tf.losses.sparse_softmax_cross_entropy(y, out)] + "
        "[0.25 * tf.nn.l2_loss(v) for v in tf.trainable_variables()])",
    ),
    "decayed_total": (
        "tf.train.AdagradOptimizer(0.0625)",
        "[tf.losses.mean_squared_error(y, out), "
        "tf.add_to_collection('losses', 0.125 * tf.nn.l2_loss(W)), "
        "tf.losses.get_total_loss()][-1]",
    ),
}
STEPS, BATCH = 8, 4


def is_sparse(name):
    """Are its targets indices?"""
    return "sparse" in CASES[name][1]


def is_decayed(name):
    """Is its loss more than the port's?"""
    return name.startswith("decayed")


def text(name):
    """The script."""
    optimizer, loss = CASES[name]
    kind, shape = ("int64", "[None]") if is_sparse(name) else ("float32", "[None, 5]")
    return SCRIPT.format(optimizer=optimizer, loss=loss, kind=kind, shape=shape)


def batches(name):
    """Series and their targets."""
    rng = np.random.default_rng(5)
    for _ in range(STEPS):
        classes = rng.integers(0, 5, BATCH)
        x = rng.standard_normal((BATCH, 12, 3), np.float32)
        yield x, classes if is_sparse(name) else np.eye(5, dtype=np.float32)[classes]


def main():
    """Every case in a graph of its own; arrays by CASE.WHEN.VARIABLE."""
    import tensorflow.compat.v1 as tf

    tf.disable_v2_behavior()
    sys.modules["tensorflow"] = tf
    arrays = {}
    for name in CASES:
        with tf.Graph().as_default(), tf.Session() as session:
            tf.set_random_seed(3)
            known = {}
            exec(text(name), known)
            session.run(tf.global_variables_initializer())
            weights = {v.op.name: v for v in tf.trainable_variables()}
            for k, value in session.run(weights).items():
                arrays[f"{name}.begin.{k}"] = value
            losses = []
            for x, y in batches(name):
                fed = {known["x"]: x, known["y"]: y}
                losses.append(session.run([known["loss"], known["train"]], fed)[0])
            for k, value in session.run(weights).items():
                arrays[f"{name}.end.{k}"] = value
            arrays[f"{name}.losses"] = np.array(losses)
    np.savez(sys.argv[1], **arrays)


if __name__ == "__main__":
    main()
