"""What Keras computes of the three networks in full: keras.applications' own VGG16 and EfficientNetB4, not ours rebuilt.

    python reference.py FOLDER [--sizes 128 75] [--batch 4] [--steps 20] [--networks …]
    python reference.py FOLDER --float64 [--sizes …] [--networks …]

Weights come from numbers alike on both sides and go to FOLDER as files of Keras, old layout and new; compare.ts reads
them from there. EfficientNetB4 is built twice: as with weights=None, and as with weights='imagenet', whose file is
replaced by one of ours with ImageNet's deviations.
"""

import argparse
import json
import os
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import h5py  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import layers as L  # noqa: E402
from keras.src.applications import efficientnet  # noqa: E402
from keras.src.legacy.saving import legacy_h5_format  # noqa: E402

from measure import adam_curve, backward, forward  # noqa: E402
from networks import give, images, weight_values  # noqa: E402

CLASSES = 5
# VGG16 on noise of these weights explodes at its own 1e-4: from 1.5 to 15 in one step.
LEARNING_RATES = {"custom-cnn": 1e-3, "vgg16": 1e-5, "efficientnet-b4": 1e-3, "efficientnet-b4-imagenet": 1e-3}


def save_legacy(model, path):
    with h5py.File(path, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)


def with_head(backbone):
    x = L.GlobalAveragePooling2D(name="avg_pool")(backbone.output)
    return keras.Model(backbone.input, L.Dense(CLASSES, name="logits")(x))


def custom_cnn(size):
    given = x = keras.Input((size, size, 3))
    x = L.Rescaling(1 / 255, name="rescaling")(x)
    for block, filters in enumerate([32, 64, 128, 256], 1):
        x = L.Conv2D(filters, 3, padding="same", use_bias=False, name=f"block{block}_conv")(x)
        x = L.BatchNormalization(name=f"block{block}_bn")(x)
        x = L.ReLU(name=f"block{block}_activation")(x)
        x = L.MaxPooling2D(name=f"block{block}_pool")(x)
    x = L.GlobalAveragePooling2D(name="avg_pool")(x)
    x = L.Dense(128, activation="relu", name="head_dense")(x)
    return keras.Model(given, L.Dense(CLASSES, name="logits")(x))


def deviations(name, shape):
    """ImageNet's normalization as its file has it, else as all weights."""
    known = {"normalization/mean": [0.485, 0.456, 0.406], "normalization/variance": [0.229, 0.224, 0.225]}
    return np.array(known[name], "float32") if name in known else weight_values(name, shape)


def as_for_imagenet(size, folder):
    plain = keras.applications.EfficientNetB4(include_top=False, weights=None, input_shape=(size, size, 3))
    give(plain, deviations)
    path = os.path.join(folder, "notop.h5")
    save_legacy(plain, path)
    # Names begin anew: else what is `rescaling` there is `rescaling_1` here.
    keras.backend.clear_session()
    fetched, efficientnet.file_utils.get_file = efficientnet.file_utils.get_file, lambda *a, **k: path
    try:
        return keras.applications.EfficientNetB4(include_top=False, weights="imagenet", input_shape=(size, size, 3))
    finally:
        efficientnet.file_utils.get_file = fetched


def model_of(name, size, folder):
    """Keras's model with our numbers. Dropout is left out, and batch norm averages with the momentum of our networks."""
    apps = keras.applications
    if name == "custom-cnn":
        model = custom_cnn(size)
    elif name == "vgg16":
        model = with_head(apps.VGG16(include_top=False, weights=None, input_shape=(size, size, 3)))
    elif name == "efficientnet-b4":
        model = with_head(apps.EfficientNetB4(include_top=False, weights=None, input_shape=(size, size, 3)))
    else:
        model = with_head(as_for_imagenet(size, folder))
    for layer in model.layers:
        if isinstance(layer, L.BatchNormalization):
            layer.momentum = 0.9
        if isinstance(layer, L.Dropout):
            layer.rate = 0
    return model


def write_tensors(path, values):
    with open(path, "wb") as out:
        for value in values:
            out.write(np.ascontiguousarray(value, "<f4").tobytes())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--sizes", type=int, nargs="+", default=[128, 75])
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--networks", nargs="+", default=list(LEARNING_RATES))
    parser.add_argument("--float64", action="store_true", help="only gradients, in float64, beside what is there")
    args = parser.parse_args()
    if args.float64:
        keras.config.set_floatx("float64")
    os.makedirs(args.folder, exist_ok=True)
    for size in args.sizes:
        for name in args.networks:
            began = time.time()
            keras.backend.clear_session()
            values = deviations if name.endswith("imagenet") else weight_values
            model = model_of(name, size, args.folder)
            give(model, values)
            at = os.path.join(args.folder, f"{name}-{size}")
            x = images(args.batch, size)
            if name == "vgg16":
                x = keras.applications.vgg16.preprocess_input(x.copy())
            labels = np.arange(args.batch) % CLASSES
            if args.float64:
                write_tensors(f"{at}-float64.bin", backward(model, x.astype("float64"), labels)[1].values())
                continue
            # The old layout at the first size, the new one at the others: both are read in full.
            new = size != args.sizes[0]
            if new:
                model.save_weights(f"{at}.weights.h5")
            else:
                save_legacy(model, f"{at}.h5")
            probabilities, norms = forward(model, x)
            loss, gradients, moving = backward(model, x, labels)
            give(model, values)
            curve = adam_curve(model, x, labels, args.steps, LEARNING_RATES[name])
            write_tensors(f"{at}.bin", [*gradients.values(), *moving.values()])
            answer = {
                "name": name,
                "size": size,
                "batch": args.batch,
                "classes": CLASSES,
                "learningRate": LEARNING_RATES[name],
                "weights": os.path.basename(f"{at}.weights.h5" if new else f"{at}.h5"),
                "probabilities": probabilities.ravel().tolist(),
                "norms": norms,
                "loss": loss,
                "gradients": {key: value.size for key, value in gradients.items()},
                "moving": {key: value.size for key, value in moving.items()},
                "curve": curve,
            }
            json.dump(answer, open(f"{at}.json", "w"))
            print(f"{at}: {model.count_params():,} parameters, loss {loss:.4f}, {time.time() - began:.0f} s", flush=True)


main()
