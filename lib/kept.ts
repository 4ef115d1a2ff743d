/** The removal policy of resources that outlive their stack. */
import { RemovalPolicy } from 'aws-cdk-lib';

/**
 * For resources that hold deliveries, events or logs. They stay when the stack is deleted, but are removed if the
 * deployment that creates them fails: a leftover with a fixed name would fail the next deployment, one without would be
 * clutter.
 */
export const KEPT = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
