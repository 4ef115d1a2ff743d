/** Signs deliveries as the probe. It shares no code with what verifies them. */
import { createHmac } from 'node:crypto';
import { SIGNATURE_HEADER, TIMESTAMP_HEADER } from './names';

/**
 * The headers that prove a delivery.
 *
 * @param key of the secret
 * @param at when it is sent, in milliseconds since 1970
 */
export function signProbe(body: string | Uint8Array, key: string | Buffer, at: number): Record<string, string> {
  const timestamp = String(at);
  const signature = createHmac('sha256', key).update(`${timestamp}.`).update(body).digest('hex');
  return { [TIMESTAMP_HEADER]: timestamp, [SIGNATURE_HEADER]: signature };
}
