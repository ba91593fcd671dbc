"""The numbers that test/learning/recipe.test.ts holds ours to: what optimizers, schedules and losses of Keras 3 do.

    /path/to/venv/bin/python bench/parity/recipe.py > test/learning/keras/recipe.json

Gradients and weights are written down with the results, so that both sides compute the same thing.
"""

import json
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
import tensorflow as tf

STEPS = 6
draw = np.random.default_rng(5)
kernel = draw.normal(size=(3, 2)).astype("float32")
bias = draw.normal(size=(2,)).astype("float32")
gradients = [
    [draw.normal(size=(3, 2)).astype("float32") * 2, draw.normal(size=(2,)).astype("float32") * 2]
    for _ in range(STEPS)
]


def flat(array):
    return [float(value) for value in np.asarray(array).ravel()]


def run(optimizer, exclude=True):
    """The weights after each step, and the running means after the last."""
    variables = [keras.Variable(kernel, name="kernel"), keras.Variable(bias, name="bias")]
    optimizer.build(variables)
    if exclude:
        optimizer.exclude_from_weight_decay(var_list=[variables[1]])
    after = []
    for step in gradients:
        optimizer.apply([tf.constant(each) for each in step], variables)
        after.append([flat(each) for each in variables])
    if optimizer.use_ema:
        optimizer.finalize_variable_values(variables)
        return {"steps": after, "means": [flat(each) for each in variables]}
    return {"steps": after}


RATE = 0.05
optimizers = {
    "adam": (keras.optimizers.Adam(RATE), {"optimizer": "adam"}),
    "adamw": (keras.optimizers.AdamW(RATE), {"optimizer": "adamw"}),
    "adam with decay": (keras.optimizers.Adam(RATE, weight_decay=0.1), {"optimizer": "adam", "weightDecay": 0.1}),
    "sgd": (keras.optimizers.SGD(RATE), {"optimizer": "sgd", "momentum": 0}),
    "momentum": (
        keras.optimizers.SGD(RATE, momentum=0.9),
        {"optimizer": "sgd", "momentum": 0.9, "nesterov": False},
    ),
    "nesterov": (
        keras.optimizers.SGD(RATE, momentum=0.9, nesterov=True),
        {"optimizer": "sgd", "momentum": 0.9, "nesterov": True},
    ),
    "clipped": (
        keras.optimizers.SGD(RATE, global_clipnorm=1.5),
        {"optimizer": "sgd", "momentum": 0, "clipNorm": 1.5},
    ),
    "running means": (
        keras.optimizers.Adam(RATE, use_ema=True, ema_momentum=0.8),
        {"optimizer": "adam", "ema": 0.8},
    ),
    "all of it": (
        keras.optimizers.AdamW(RATE, weight_decay=0.02, global_clipnorm=1.5, use_ema=True, ema_momentum=0.9),
        {"optimizer": "adamw", "weightDecay": 0.02, "clipNorm": 1.5, "ema": 0.9},
    ),
}

logits = draw.normal(size=(5, 3)).astype("float32")
labels = [0, 2, 1, 1, 0]
weights = [2.0, 0.5, 1.0]


class Fixed(keras.Model):
    """Answers with its input, so that what fit reports is the loss of these logits."""

    def __init__(self):
        super().__init__()
        self.zero = self.add_weight(shape=(), initializer="zeros", name="zero")

    def call(self, x):
        return x + self.zero


def loss(smoothing, class_weight, batch):
    model = Fixed()
    model.compile(
        keras.optimizers.SGD(0.0),
        keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=smoothing),
    )
    answers = keras.utils.to_categorical(labels, 3)
    history = model.fit(logits, answers, batch_size=batch, shuffle=False, class_weight=class_weight, verbose=0)
    return history.history["loss"][0]


losses = [
    {"labelSmoothing": smoothing, "classWeights": given, "loss": loss(smoothing, given and dict(enumerate(given)), 5)}
    for smoothing in (0.0, 0.1)
    for given in (None, weights)
]


def plateau(values, patience):
    """The learning rate after each epoch whose validation loss is given."""
    model = Fixed()
    model.compile(keras.optimizers.SGD(1.0), "mse")
    callback = keras.callbacks.ReduceLROnPlateau(patience=patience, factor=0.5)
    callback.set_model(model)
    callback.on_train_begin()
    rates = []
    for epoch, value in enumerate(values):
        callback.on_epoch_end(epoch, {"val_loss": value})
        rates.append(float(model.optimizer.learning_rate))
    return rates


falling = [3.0, 2.0, 2.5, 1.99995, 2.1, 2.2, 1.5, 1.49995, 1.4999, 1.6, 1.7, 1.8, 1.4, 1.5, 1.5, 1.5]
cosine = keras.optimizers.schedules.CosineDecay(0.0, 16, warmup_target=0.5, warmup_steps=4)
steps = keras.optimizers.schedules.ExponentialDecay(0.5, 6, 0.1, staircase=True)

print(
    json.dumps(
        {
            "keras": keras.__version__,
            "rate": RATE,
            "kernel": flat(kernel),
            "bias": flat(bias),
            "gradients": [[flat(each) for each in step] for step in gradients],
            "optimizers": {name: {"options": options, **run(of)} for name, (of, options) in optimizers.items()},
            "logits": flat(logits),
            "labels": labels,
            "losses": losses,
            "schedules": {
                "cosine": [float(cosine(step)) for step in range(20)],
                "step": [float(steps(step)) for step in range(20)],
            },
            "plateau": {
                "losses": falling,
                "rates": {str(patience): plateau(falling, patience) for patience in (1, 2, 3)},
            },
        },
        indent=1,
    )
)
