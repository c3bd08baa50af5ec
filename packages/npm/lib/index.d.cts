/// <reference lib="esnext.disposable" />

/** How a footbridge is started. */
export interface StartOptions {
  /** A folder of buckets and tables to begin with, and to go back to at each `reset()`. */
  seed?: string;
  /** The region of requests, `us-east-1` without it. */
  region?: string;
  /** A `footbridge.toml`. Without it nothing that a person or a project has set up is read. */
  config?: string;
  /** A port, or an address and a port. Without it a port that the system gives. */
  listen?: number | string;
  /** A footbridge to run in place of the one that was installed with this package. */
  program?: string;
  /** How long it may take until it answers, 30 without it. */
  seconds?: number;
}

/** What the constructor of any `@aws-sdk/client-*` takes. */
export interface ClientConfig {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  forcePathStyle: true;
}

/** Variables that lead any AWS SDK and the AWS CLI to a footbridge. */
export interface Environment {
  AWS_ENDPOINT_URL: string;
  AWS_ACCESS_KEY_ID: string;
  AWS_SECRET_ACCESS_KEY: string;
  AWS_REGION: string;
  AWS_DEFAULT_REGION: string;
  [name: string]: string;
}

/** What a reset deletes; without either, or with both, everything. */
export interface What {
  tables?: true;
  buckets?: true;
}

/** A footbridge that answers until it is stopped, or this process ends. */
export interface Footbridge {
  /** Its URL, such as `http://127.0.0.1:40123`. */
  readonly endpoint: string;
  readonly region: string;
  readonly pid: number;
  /** The directory in which its calls are recorded while it runs. */
  readonly journal: string;
  /** Options for an AWS client: `new S3Client(aws.config())`. */
  config(): ClientConfig;
  /** Variables for another process: `spawn(…, { env: { ...process.env, ...aws.environment() } })`. */
  environment(): Environment;
  /**
   * Sets those variables, here or in `env`, and deletes what would outrank them (`AWS_PROFILE`, `AWS_ENDPOINT_URL_S3`, …).
   * What it gives puts everything back.
   */
  useEnvironment(env?: Record<string, string | undefined>): () => void;
  /** Deletes every table and bucket, or only these, then fills in the seed again, if there is one. */
  reset(what?: What): Promise<void>;
  /** Fills buckets and tables from a folder. */
  seed(folder: string): Promise<void>;
  /** Ends it, and waits until it has ended. */
  stop(): Promise<void>;
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a footbridge with its data in memory. It answers once the promise is fulfilled. */
export function start(options?: StartOptions): Promise<Footbridge>;

/** The footbridge that `footbridge-aws/vitest` or `footbridge-aws/jest` has started for this file of tests. */
export function current(): Footbridge;
