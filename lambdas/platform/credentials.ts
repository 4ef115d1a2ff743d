/**
 * Replaces `@aws-sdk/credential-provider-node` in the bundles. A Lambda function always has its credentials in its
 * environment. The providers for SSO, profiles and instance metadata would add 90 KB to every cold start.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
