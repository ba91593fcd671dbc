/** The wheels that the native engine is made of, by Node's platform and architecture. Each is pinned by its bytes. */
export interface Release {
  readonly package: string;
  readonly version: string;
  /** pip's name of the platform. */
  readonly pipPlatform: string;
  readonly sha256: string;
  readonly bytes: number;
}

const RELEASES: Readonly<Record<string, Release>> = {
  'linux x64': {
    package: 'tensorflow-cpu',
    version: '2.18.1',
    pipPlatform: 'manylinux2014_x86_64',
    sha256: '810c75d7149d2da0cb2092187817b0dcabb80728ca9f9cf3a61f3f42fadd1298',
    bytes: 230_236_181,
  },
  'linux arm64': {
    package: 'tensorflow',
    version: '2.18.1',
    pipPlatform: 'manylinux2014_aarch64',
    sha256: '8a6485edd2148f70d011dbd1d8dc2c775e91774a5a159466e83d0d1f21580944',
    bytes: 231_937_898,
  },
};

export const releaseFor = (platform: string, arch: string): Release | null =>
  RELEASES[`${platform} ${arch}`] ?? null;

/** What is taken out of a wheel: the two libraries, and the C headers that the addon is compiled against. */
export const WANTED: readonly RegExp[] = [
  /^tensorflow\/libtensorflow_(cc|framework)\.so\.2$/,
  /^tensorflow\/include\/(tensorflow\/c|tensorflow\/core\/platform|tensorflow\/compiler\/xla\/tsl\/c|tsl|xla\/tsl\/c)\//,
  /^tensorflow\/include\/external\/local_(tsl|xla\/xla\/tsl\/c)/,
];
