/** What a bundle's `preprocess.js` is made of: the way from a picture to the square that a network takes. */
export { cropSquare } from '../imaging/crop.ts';
export { resampler } from '../imaging/resample.ts';
