/** What a bundle's `preprocess.js` is made of: from a picture to the square that a network takes, and how far it lies. */
export { cropSquare } from '../imaging/crop.ts';
export { resampler } from '../imaging/resample.ts';
export { distances } from '../judging/familiarity.ts';
