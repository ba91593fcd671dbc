"""The custom CNN trained by Keras on the very arrays of a pipeline's run, to set beside ours.

    python bench/parity/train_cnn.py artifacts/latest --epochs 30 --seed 1 --momentum 0.99

Reads pixels.npy of resize-normalize and the assignment of split. Adam at a constant 1e-3 on shuffled batches, as
Keras users begin; prints a line an epoch and at the end one line of JSON with the test part's accuracy after the last
epoch and with the weights of the lowest validation loss.
"""
import argparse
import json
import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
from keras import layers

arguments = argparse.ArgumentParser()
arguments.add_argument("latest", help="folder `latest` of the store")
arguments.add_argument("--epochs", type=int, default=30)
arguments.add_argument("--batch", type=int, default=32)
arguments.add_argument("--seed", type=int, default=1)
arguments.add_argument("--momentum", type=float, default=0.99, help="of batch norm; Keras's default is .99")
options = arguments.parse_args()

pixels = np.load(f"{options.latest}/resize-normalize/pixels/pixels.npy", mmap_mode="r")
with open(f"{options.latest}/split/assignment/assignment.jsonl") as lines:
    rows = [json.loads(line) for line in lines]


def part(name):
    chosen = [row for row in rows if row["part"] == name]
    x = np.asarray(pixels[[row["row"] for row in chosen]], dtype="float32") / 255
    return x, np.array([row["label"] for row in chosen])


train, validation, test = part("train"), part("validation"), part("test")
classes = int(max(train[1])) + 1

keras.utils.set_random_seed(options.seed)
x = image = keras.Input(train[0].shape[1:])
for filters in (32, 64, 128, 256):
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False, kernel_initializer="he_normal")(x)
    x = layers.BatchNormalization(momentum=options.momentum)(x)
    x = layers.ReLU()(x)
    x = layers.MaxPooling2D(2)(x)
x = layers.GlobalAveragePooling2D()(x)
x = layers.Dense(128, activation="relu", kernel_initializer="he_normal")(x)
x = layers.Dropout(0.5)(x)
model = keras.Model(image, layers.Dense(classes)(x))
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(keras.optimizers.Adam(1e-3), loss, metrics=["accuracy"])
best = keras.callbacks.ModelCheckpoint("/tmp/best-%d.weights.h5" % os.getpid(), save_best_only=True, save_weights_only=True)
start = time.perf_counter()
history = model.fit(*train, options.batch, options.epochs, verbose=2, validation_data=validation, callbacks=[best]).history
seconds = time.perf_counter() - start
last = model.evaluate(*test, verbose=0)[1]
model.load_weights(best.filepath)
print(
    json.dumps(
        {
            "seed": options.seed,
            "momentum": options.momentum,
            "testAccuracyLast": round(last, 4),
            "testAccuracyBest": round(model.evaluate(*test, verbose=0)[1], 4),
            "validationAccuracy": [round(value, 4) for value in history["val_accuracy"]],
            "seconds": round(seconds),
        }
    )
)
os.remove(best.filepath)
