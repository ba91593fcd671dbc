"""What Keras computes of a model: the numbers that measure.ts computes on our side."""

import keras
import numpy as np
import tensorflow as tf

from networks import named_weights, uniform


def softmax(logits):
    e = np.exp(logits.astype(np.float64) - logits.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def norm(x):
    return float(np.sqrt(np.sum(np.square(np.asarray(x, np.float64)))))


def projection(name, x):
    """Onto a direction of +-1 that both sides draw: sees what a norm does not, transposed or swapped values."""
    flat = np.asarray(x, np.float64).ravel()
    return float(np.sum(flat * np.where(uniform(f"project:{name}", flat.size) < 0.5, -1.0, 1.0)))


def forward(model, x):
    """Probabilities, and the norm of what each layer gives, in inference mode."""
    layers = [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
    outputs = keras.Model(model.inputs, [layer.output for layer in layers])(x, training=False)
    logits = np.asarray(model(x, training=False))
    return softmax(logits), {layer.name: norm(out) for layer, out in zip(layers, outputs)}


def backward(model, x, labels):
    """Loss, gradients by name, and moving statistics after one pass in training mode. Changes the statistics."""
    weights = named_weights(model)
    trainable = {name: v for name, v in weights.items() if v.trainable}
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
        loss = keras.ops.mean(loss)
    gradients = tape.gradient(loss, [v.value for v in trainable.values()])
    moving = {name: np.asarray(v) for name, v in weights.items() if "/moving_" in name}
    return float(loss), dict(zip(trainable, map(np.asarray, gradients))), moving


def adam_curve(model, x, labels, steps, rate):
    """Losses of full-batch steps of Adam, each before its step."""
    optimizer = keras.optimizers.Adam(rate)
    model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True), jit_compile=False)
    return [float(model.train_on_batch(x, labels)) for _ in range(steps)]
