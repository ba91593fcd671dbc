import type { Model } from '../../stages/learning/model.ts';
import { microNetwork } from './micro.ts';

export const name = 'Micro';
export const paper = 'none';
export const preprocessing = 'none';
export const defaults = { learningRate: 3e-3 };
const build: Model['default'] = ({ size, classes }) => microNetwork(size, classes);
export default build;
