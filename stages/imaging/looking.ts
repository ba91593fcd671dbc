import { borderColour } from './border.ts';
import { crewFor } from './crew.ts';
import { decode } from './decode.ts';
import { type Fingerprint, fingerprint } from './fingerprint.ts';

/** What a look at an image file tells, or why it cannot be read. */
export type Looked =
  | {
      readonly width: number;
      readonly height: number;
      readonly fingerprint: Fingerprint;
      readonly border: readonly [number, number, number];
    }
  | { readonly message: string };

/** Whether an image can be read, its upright size, and what it looks like. */
export const openLookers = crewFor(
  import.meta.url,
  'looking',
  () =>
    async (bytes: Uint8Array): Promise<Looked> => {
      try {
        const picture = await decode(bytes);
        const { width, height } = picture;
        return { width, height, fingerprint: fingerprint(picture), border: borderColour(picture) };
      } catch (error) {
        return { message: (error as Error).message };
      }
    },
);
