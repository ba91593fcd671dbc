import { chooseEngine } from '../src/engine/choose.ts';

/** Tests that open an engine in their own process have no runner that hands it over: this does, once imported. */
process.env.BLOODLINE_ENGINE_FOLDER ??= chooseEngine({ want: 'native', gpuIds: [] }).folder ?? '';

/** Where the native engine lies, or null. */
export const nativeFolder = (): string | null => process.env.BLOODLINE_ENGINE_FOLDER || null;

/** For `skip`: false, or why tests of the native engine are left out. */
export const nativeMissing: string | false = nativeFolder()
  ? false
  : 'the native engine is not installed here: `bloodline engine install`';
