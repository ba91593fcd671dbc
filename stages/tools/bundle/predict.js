// Names cells with the model in this folder. Needs tfjs and nothing else; runs in a page and in Node.
// preprocess.js is bloodline's own code that cuts a cell and brings it to size, as in training.
import { cropSquare, resampler } from './preprocess.js';

/** @param about about.json, read @param network network/model.json, by tf.loadLayersModel */
export function namer(tf, about, network) {
  const { size, classes, use } = about;
  const bring = resampler(size);
  return {
    /** @param picture {width, height, data: RGB, 3 bytes a pixel} @param box [x, y, width, height] of the cell, or null: the middle */
    async predict(picture, box = null) {
      const cell = new Uint8Array(size * size * 3);
      bring(picture, cropSquare(box, picture.width, picture.height), undefined, cell);
      const output = tf.tidy(() => network.predict(tf.tensor4d(Float32Array.from(cell), [1, size, size, 3])));
      const raw = await output.data();
      output.dispose();
      // Temperature scaling: softmax(ln p / T).
      const scaled = Array.from(raw, (p) => Math.exp(Math.log(Math.max(p, 1e-38)) / use.temperature));
      const sum = scaled.reduce((a, b) => a + b, 0);
      const probabilities = scaled.map((p) => p / sum);
      const confidence = Math.max(...probabilities);
      const sure = use.sure !== null && confidence >= use.sure.threshold;
      return { label: classes[probabilities.indexOf(confidence)], confidence, sure, probabilities, cell };
    },
  };
}
