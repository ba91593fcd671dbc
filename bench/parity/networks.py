"""Keras models of networks as data (stages/learning/network.ts), and the numbers of numbers.ts."""

import keras
import numpy as np
from keras import layers as L


def uniform(purpose, count):
    """In [0, 1), as numbers.ts: murmur3's finaliser of a counter that begins at FNV-1a of the purpose."""
    begin = 0x811C9DC5
    for byte in purpose.encode():
        begin = ((begin ^ byte) * 0x01000193) & 0xFFFFFFFF
    mask = np.uint64(0xFFFFFFFF)
    h = (np.uint64(begin) + np.arange(count, dtype=np.uint64) * np.uint64(0x9E3779B9)) & mask
    h = ((h ^ (h >> np.uint64(16))) * np.uint64(0x85EBCA6B)) & mask
    h = ((h ^ (h >> np.uint64(13))) * np.uint64(0xC2B2AE35)) & mask
    return ((h ^ (h >> np.uint64(16))) & mask).astype(np.float64) / 2**32


def images(count, size):
    values = np.floor(256 * uniform("images", count * size * size * 3))
    return values.astype("float32").reshape(count, size, size, 3)


def weight_values(name, shape):
    count = int(np.prod(shape))
    u = uniform(name, count)
    tensor = name.split("/")[1]
    fan_in = shape[0] * shape[1] if tensor == "depthwise_kernel" else count / (shape[-1] if len(shape) else 1)
    if tensor in ("kernel", "depthwise_kernel"):
        values = (2 * u - 1) * (np.sqrt(6 / fan_in) / (64 if name == "block1_conv1/kernel" else 1))
    else:
        values = {
            "gamma": 0.7 + 0.6 * u,
            "moving_variance": 0.5 + u,
            "mean": 0.4 + 0.1 * u,
            "variance": 0.22 + 0.01 * u,
            "count": 0 * u,
        }.get(tensor, 0.2 * (u - 0.5))
    return values.astype("float32").reshape(shape)


class Rescale(L.Layer):
    """x * scale + offset by channel, after the channels were put into an order."""

    def __init__(self, order, scale, offset, **kwargs):
        super().__init__(**kwargs)
        self.order, self.scale, self.offset = order, np.float32(scale), np.float32(offset)

    def call(self, x):
        if self.order is not None:
            x = keras.ops.take(x, self.order, axis=-1)
        return x * self.scale + self.offset


def build(network, dropout=True):
    """A Keras model that gives logits, its layers called as the network's."""
    values = {}
    for layer in network["layers"]:
        name, op = layer["name"], layer["op"]
        given = [values[each] for each in layer["from"]]
        x = given[0] if given else None
        if op == "input":
            size = layer["size"]
            values[name] = keras.Input((size, size, layer["channels"]), name=name)
            continue
        if op == "rescale":
            made = Rescale(layer.get("order"), layer["scale"], layer["offset"], name=name)
        elif op == "normalization":
            made = L.Normalization(axis=-1, name=name)
        elif op == "convolution":
            made = L.Conv2D(
                layer["filters"],
                layer["kernel"],
                strides=layer["stride"],
                padding=layer["padding"],
                use_bias=layer["bias"],
                activation=layer["activation"],
                name=name,
            )
        elif op == "depthwise":
            made = L.DepthwiseConv2D(
                layer["kernel"], strides=layer["stride"], padding=layer["padding"], use_bias=False, name=name
            )
        elif op == "batch-norm":
            made = L.BatchNormalization(momentum=layer["momentum"], epsilon=layer["epsilon"], name=name)
        elif op == "activation":
            made = L.Activation(layer["activation"], name=name)
        elif op == "pad":
            made = L.ZeroPadding2D(((layer["top"], layer["bottom"]), (layer["left"], layer["right"])), name=name)
        elif op == "max-pool":
            made = L.MaxPooling2D(layer["size"], strides=layer["stride"], name=name)
        elif op == "global-average-pool":
            made = L.GlobalAveragePooling2D(keepdims=layer["keepDimensions"], name=name)
        elif op == "dense":
            made = L.Dense(layer["units"], activation=layer["activation"], name=name)
        elif op == "dropout":
            noise = (None, 1, 1, 1) if layer["perSample"] else None
            made = L.Dropout(layer["rate"] if dropout else 0, noise_shape=noise, name=name)
        elif op in ("add", "multiply"):
            made = (L.Add if op == "add" else L.Multiply)(name=name)
        else:
            raise ValueError(f"no Keras layer for {op}")
        values[name] = made(given if len(given) > 1 else x)
    return keras.Model(values[network["layers"][0]["name"]], values[network["output"]])


def named_weights(model):
    """Our names to Keras's variables, in the order of the layers."""
    found = {}
    for layer in model.layers:
        # Keras gives it a number where a process makes several networks.
        called = "normalization" if isinstance(layer, L.Normalization) else layer.name
        for variable in layer.weights:
            tensor = variable.name.split("/")[-1]
            if isinstance(layer, L.DepthwiseConv2D) and tensor == "kernel":
                tensor = "depthwise_kernel"
            if tensor != "seed_generator_state":
                found[f"{called}/{tensor}"] = variable
    return found


def give(model, values):
    """Sets all weights. @param values from a name and a shape to an array."""
    for name, variable in named_weights(model).items():
        variable.assign(values(name, tuple(variable.shape)))
    for layer in model.layers:
        if isinstance(layer, L.Normalization):
            layer.finalize_state()
