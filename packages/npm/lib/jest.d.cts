/** Jest awaits it: name `footbridge-aws/jest` in `setupFilesAfterEnv`. */
declare function setup(): Promise<void>;
export = setup;
