"""Loads what `bloodline model export` wrote with the real Keras and compares with our own predictions.

    python check-export.py model.h5 predictions.json size      # predictions of numbers.ts's images, count x classes
"""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras  # noqa: E402
import numpy as np  # noqa: E402

from networks import images  # noqa: E402

model = keras.models.load_model(sys.argv[1], compile=False)
ours = np.array(json.load(open(sys.argv[2])))
ours = ours.reshape(-1, model.output_shape[-1])
keras_says = np.asarray(model(images(len(ours), int(sys.argv[3])), training=False))
print(f"{sys.argv[1]}: {model.count_params():,} parameters, largest difference {np.abs(ours - keras_says).max():.1e}")
