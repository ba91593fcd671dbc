import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openLookers } from '../../stages/imaging/looking.ts';
import { encodePng } from '../../stages/imaging/png.ts';
import { random } from '../../stages/imaging/random.ts';

const picture = (seed: number): Uint8Array => {
  const draw = random(seed, 'crew');
  return encodePng({
    width: 24,
    height: 24,
    data: Uint8Array.from({ length: 24 * 24 * 3 }, () => draw.integer(256)),
  });
};

test('threads tell what the calling thread tells, in order, errors too', async () => {
  const files = Array.from({ length: 12 }, (_, i) => (i === 5 ? Buffer.from('no image') : picture(i)));
  const here = openLookers(undefined, 1);
  const there = openLookers(undefined, 1000, 3);
  assert.ok(there.width > here.width);
  const own = await Promise.all(files.map((file) => here.do(file)));
  assert.deepEqual(await Promise.all(files.map((file) => there.do(file))), own);
  assert.deepEqual(own[5], { message: 'no image of a kind that is known' });
  await there.close();
  await here.close();
});
