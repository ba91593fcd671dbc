import { RemoteTrouble, SourceDamaged } from './objects.ts';

interface S3Error extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

export const statusOf = (error: unknown): number | undefined => (error as S3Error).$metadata?.httpStatusCode;

/** What went wrong with a bucket, in words that tell what to do. */
export function asTroubleOf(error: unknown, bucket: string): Error {
  if (error instanceof RemoteTrouble || error instanceof SourceDamaged) return error;
  const { name, message, code } = error as S3Error;
  const status = statusOf(error);
  const words = (): string => {
    if (name === 'NoSuchBucket') return `there is no bucket ${bucket}`;
    if (name === 'CredentialsProviderError')
      return 'no credentials were found (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, ~/.aws, or a role)';
    if (name === 'TimeoutError') return 'it stopped in the midst of a request';
    if (status === 403) return `it does not let us in (${name})`;
    // What the system says of a connection has its words in the code, and at times no message.
    if (code !== undefined) return message || code;
    if (status !== undefined) return `it answered ${status} (${name})`;
    return message || name;
  };
  return new RemoteTrouble(words(), { cause: error });
}
