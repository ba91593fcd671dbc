/**
 * Renders every sample to a square of one size.
 *
 * An image is decoded once for all its cells; each cell is cut, turned and resampled in one go with its real
 * surroundings. The values stay 0..255 in a byte each; what brings them to 0..1 is declared in `pixels.json` and
 * applied on the device, which keeps the array four times smaller.
 */
import type { Stage } from 'bloodline-ml/stage';
import { orderedMap } from './imaging/ordered-map.ts';
import { beginPixels } from './imaging/pixels.ts';
import { openRenderers } from './imaging/rendering.ts';
import { readSamples } from './imaging/samples.ts';
import { ShardReader } from './imaging/shards.ts';

export const inputs = { images: 'required', samples: 'required' } as const;
export const outputs = ['pixels'] as const;

export const params = {
  size: {
    type: 'integer',
    minimum: 8,
    maximum: 1024,
    default: 128,
    unit: 'pixels',
    description:
      'Side of the square every cell is brought to. 128 is the tutorial’s; the networks take any from 32 up.',
  },
} as const;
type Params = typeof params;

export default async function run({ params, input, output, progress, fact, signal }: Stage<Params>) {
  const { size } = params;
  const samples = readSamples(input('samples'));
  const images = new ShardReader(input('images'));
  const rowsOf = new Map<string, number[]>();
  for (const [row, { image }] of samples.entries()) {
    const rows = rowsOf.get(image);
    if (rows) rows.push(row);
    else rowsOf.set(image, [row]);
  }

  await beginPixels(
    output('pixels'),
    size,
    samples.map(({ id }) => id),
  );
  const start = performance.now();
  let done = 0;
  const paths = images.paths.filter((path) => rowsOf.has(path)); // in the order in which they lie on disk
  const renderers = openRenderers({ pixels: output('pixels'), size }, paths.length);
  const rendered = orderedMap(
    paths,
    () => renderers.width,
    async (path) => {
      const rows = rowsOf.get(path)!.map((row) => {
        const { box, recipe } = samples[row]!;
        return { row, box, recipe };
      });
      await renderers.do({ bytes: await images.read(path), rows }).catch((error: Error) => {
        throw new Error(`${path}: ${error.message}`, { cause: error });
      });
      return rows.length;
    },
  );
  try {
    for await (const cells of rendered) {
      signal.throwIfAborted();
      done += cells;
      progress(done, samples.length, `cell ${done}/${samples.length}`);
    }
  } finally {
    await renderers.close();
  }
  await images.close();
  const seconds = (performance.now() - start) / 1000;
  fact('images/s', Math.round(paths.length / seconds));
  fact('cells/s', Math.round(samples.length / seconds));
}
