/** Checks of settings that several providers have. */
import * as z from 'zod';

/** Name of a secret in AWS Secrets Manager. */
export const secretName = z.string().regex(/^[\w/+=.@-]{1,512}$/, 'must be the name of a secret');

/** ARN of a KMS key. */
export const keyArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, 'must be the ARN of a KMS key, and not of an alias');

/** A check for each setting, no more and no fewer. */
export type ChecksOf<Settings> = { [Name in keyof Required<Settings>]: z.ZodType<unknown, Settings[Name]> };
