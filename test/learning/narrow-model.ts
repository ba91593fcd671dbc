import type { Model } from '../../stages/learning/model.ts';
import { microNetwork } from './micro.ts';

/** A mistake: it always tells two classes apart. */
export const name = 'Narrow';
export const paper = 'none';
export const preprocessing = 'none';
export const defaults = { learningRate: 3e-3 };
const build: Model['default'] = ({ size }) => microNetwork(size, 2);
export default build;
