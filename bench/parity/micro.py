"""Writes test/learning/keras/parity.json: what Keras computes of the micro networks. Called by write-micro.ts with its networks.

    python micro.py networks.json parity.json fixtures/
"""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import h5py  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras.src.legacy.saving import legacy_h5_format  # noqa: E402

from measure import adam_curve, backward, forward, norm, projection  # noqa: E402
from networks import build, give, images, weight_values  # noqa: E402

STEPS = 20
given = json.load(open(sys.argv[1]))
x = images(given["images"], given["size"])
labels = np.arange(given["images"]) % given["classes"]
short = lambda number: float(f"{number:.7g}")
pair = lambda name, value: [short(norm(value)), short(projection(name, value))]
answers = {}
for name, network in given["networks"].items():
    model = build(network, dropout=False)
    give(model, weight_values)
    probabilities, norms = forward(model, x)
    if name == "custom-cnn":
        with h5py.File(os.path.join(sys.argv[3], "custom-cnn-legacy.h5"), "w") as file:
            legacy_h5_format.save_weights_to_hdf5_group(file, model)
        model.save_weights(os.path.join(sys.argv[3], "custom-cnn.weights.h5"))
    loss, gradients, moving = backward(model, x, labels)
    give(model, weight_values)
    curve = adam_curve(model, x, labels, STEPS, given["learningRates"][name])
    answers[name] = {
        "probabilities": [short(p) for p in probabilities.ravel()],
        "norms": {layer: short(value) for layer, value in norms.items()},
        "loss": short(loss),
        "gradients": {each: pair(each, value) for each, value in gradients.items()},
        "moving": {each: pair(each, value) for each, value in moving.items()},
        "curve": [short(value) for value in curve],
    }
    print(name, model.count_params(), "parameters, losses", short(curve[0]), "to", short(curve[-1]), file=sys.stderr)
made = {"keras": keras.__version__, "tensorflow": tf.__version__, "steps": STEPS, "learningRates": given["learningRates"]}
with open(sys.argv[2], "w") as out:
    out.write(json.dumps({**made, "networks": answers}))
