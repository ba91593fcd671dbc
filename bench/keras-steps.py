"""What a step costs Keras 3 in graph mode: the other side of training-steps.ts, which writes the network down.

    python keras-steps.py network.json train|bfloat16|frozen|inference BATCH STEPS
"""

import json
import os
import resource
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "parity"))
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

file, mode = sys.argv[1:3]
batch, steps = map(int, sys.argv[3:5])
if mode == "bfloat16":
    keras.mixed_precision.set_global_policy("mixed_bfloat16")

from networks import build, give, weight_values  # noqa: E402

network = json.load(open(file))
model = build(network)
give(model, weight_values)
if mode == "frozen":
    for layer in model.layers[: [layer.name for layer in model.layers].index(network["features"]) + 1]:
        layer.trainable = False
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(optimizer=keras.optimizers.Adam(1e-4), loss=loss, jit_compile=False)

size = network["layers"][0]["size"]
images = np.random.default_rng(1).integers(0, 256, (batch, size, size, 3)).astype("float32")
labels = np.arange(batch) % model.output_shape[-1]
times, first_end, spent = [], None, 0.0
for _ in range(steps + 1):
    start = time.perf_counter()
    if mode == "inference":
        model.predict_on_batch(images)
    else:
        model.train_on_batch(images, labels)
    times.append(1000 * (time.perf_counter() - start))
    if first_end is None:
        first_end, spent = 1000 * time.time(), time.process_time()
print(
    json.dumps(
        {
            "batch": batch,
            "times": times[1:],
            "cpuMs": 1000 * (time.process_time() - spent) / steps,
            "firstEnd": first_end,
            "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "facts": f"Keras {keras.__version__}, TensorFlow {tf.__version__}",
        }
    )
)
