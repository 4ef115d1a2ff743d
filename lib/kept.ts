/** What stays when its stack goes. */
import { RemovalPolicy } from 'aws-cdk-lib';

/**
 * For what holds deliveries, events or logs. It stays when the stack is deleted, but goes again where the deployment that
 * makes it fails: a leftover with a name would fail the next try, one without a name would be clutter.
 */
export const KEPT = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
