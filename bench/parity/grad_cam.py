"""Grad-CAM by Keras (the recipe of keras.io/examples/vision/grad_cam) of the networks in a file.

    python grad_cam.py networks.json answers.json     # networks.json: {name: {network, layer, size}}
"""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

from networks import build, give, images, weight_values  # noqa: E402

answers = {}
for name, given in json.load(open(sys.argv[1])).items():
    model = build(given["network"])
    give(model, weight_values)
    grad_model = keras.Model(model.inputs, [model.get_layer(given["layer"]).output, model.output])
    x = images(len(given["labels"]), given["size"])
    maps = []
    for i, label in enumerate(given["labels"]):
        with tf.GradientTape() as tape:
            features, logits = grad_model(x[i : i + 1], training=False)
            score = logits[:, label]
        gradients = tape.gradient(score, features)
        importance = tf.reduce_mean(gradients, axis=(0, 1, 2))
        heat = np.maximum((features[0] @ importance[..., tf.newaxis])[..., 0], 0)
        maps.append((heat / max(heat.max(), 1e-30)).tolist())
    answers[name] = {"layer": given["layer"], "labels": given["labels"], "maps": maps}
    print(name, given["layer"], np.shape(maps), file=sys.stderr)
made = {"keras": keras.__version__, "tensorflow": tf.__version__}
with open(sys.argv[2], "w") as out:
    out.write(json.dumps({**made, "networks": answers}))
