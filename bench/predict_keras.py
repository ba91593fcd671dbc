"""Keras's predict on the same images: decode by TensorFlow, resize, batches of 32.

    bloodline model export MODEL DIR && python bench/predict_keras.py DIR IMAGES COUNT
"""

import glob
import itertools
import json
import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras  # noqa: E402
import tensorflow as tf  # noqa: E402

folder, images, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
size = json.load(open(os.path.join(folder, "classes.json")))["size"]
files = sorted(glob.glob(os.path.join(images, "**", "*.jpg"), recursive=True))
paths = list(itertools.islice(itertools.cycle(files), count))
start = time.time()
model = keras.models.load_model(os.path.join(folder, "model.h5"), compile=False)


def load(path):
    picture = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    side = tf.reduce_min(tf.shape(picture)[:2])
    square = tf.image.resize_with_crop_or_pad(picture, side, side)
    return tf.round(tf.image.resize(tf.cast(square, tf.float32), (size, size), antialias=True))


data = tf.data.Dataset.from_tensor_slices(paths).map(load, num_parallel_calls=tf.data.AUTOTUNE)
answers = model.predict(data.batch(32).prefetch(tf.data.AUTOTUNE), verbose=0)
seconds = time.time() - start
print(f"{len(answers)} images, {len(answers) / seconds:.0f} images/s, loading the model counted in")
