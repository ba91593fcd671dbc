// Names cells with the model in this folder. Needs tfjs and nothing else; runs in a page and in Node.
// preprocess.js is bloodline's own code: it cuts a cell and brings it to size as in training, and measures distances.
import { cropSquare, distances, resampler } from './preprocess.js';

/** @param about about.json @param network by tf.loadLayersModel @param rows reference.bin as a Float32Array, or null */
export function namer(tf, about, network, rows = null) {
  const { size, classes, layers, use } = about;
  const bring = resampler(size);
  // What the last layer reads of a picture, and what it answers.
  const outputs = [layers.features, layers.logits].map((name) => network.getLayer(name).output);
  const inside = tf.model({ inputs: network.inputs, outputs });
  return {
    /** @param picture {width, height, data: RGB, 3 bytes a pixel} @param box [x, y, width, height] of the cell, or null: the middle */
    async predict(picture, box = null) {
      const cell = new Uint8Array(size * size * 3);
      bring(picture, cropSquare(box, picture.width, picture.height), undefined, cell);
      const said = tf.tidy(() => inside.predict(tf.tensor4d(Float32Array.from(cell), [1, size, size, 3])));
      const [features, logits] = await Promise.all(said.map((tensor) => tensor.data()));
      tf.dispose(said);
      const highest = Math.max(...logits);
      const scaled = Array.from(logits, (logit) => Math.exp((logit - highest) / use.temperature));
      const sum = scaled.reduce((a, b) => a + b, 0);
      const probabilities = scaled.map((p) => p / sum);
      const confidence = Math.max(...probabilities);
      const sure = use.sure !== null && confidence >= use.sure.threshold;
      const far = rows && distances({ width: use.unlike.width, rows }, features)[0];
      const unlike = rows && far > use.unlike.threshold;
      const label = classes[probabilities.indexOf(confidence)];
      return { label, confidence, sure, unlike, probabilities, cell };
    },
  };
}
