/**
 * Stands in for `@aws-sdk/credential-provider-node` in the bundles. A Lambda finds its credentials in its environment
 * and nowhere else, so the providers for SSO, profiles and instance metadata would be 90 KB to load at every cold start.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
