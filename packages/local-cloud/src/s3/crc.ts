/** Cyclic redundancy checks that Node.js lacks: reflected, with all ones at the start and at the end. */

/** A polynomial, reflected, in two halves of 32 bits; 32-bit checks have no high half. */
interface Polynomial {
  readonly high: number;
  readonly low: number;
}

/** CRC-32C (Castagnoli) and CRC-64/NVME, big-endian. */
export const crc32c = (bytes: Buffer): Buffer => crc(CRC32C, bytes, 0).subarray(4);
export const crc64nvme = (bytes: Buffer): Buffer => crc(CRC64_NVME, bytes, -1);

const CRC32C = tableOf({ high: 0, low: 0x82f63b78 });
const CRC64_NVME = tableOf({ high: 0x9a6c9329, low: 0xac4bc9b5 });

interface Table {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

function tableOf(polynomial: Polynomial): Table {
  const table = { high: new Uint32Array(256), low: new Uint32Array(256) };
  for (let byte = 0; byte < 256; byte++) {
    let [high, low] = [0, byte];
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = (low & 1) === 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (isOdd) [high, low] = [high ^ polynomial.high, low ^ polynomial.low];
    }
    [table.high[byte], table.low[byte]] = [high, low];
  }
  return table;
}

/** @param start the high half at the start: all ones, or nothing where there is none */
function crc(table: Table, bytes: Buffer, start: number): Buffer {
  let [high, low] = [start, -1];
  for (const byte of bytes) {
    const index = (low ^ byte) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ table.low[index]!;
    high = (high >>> 8) ^ table.high[index]!;
  }
  const result = Buffer.alloc(8);
  result.writeUInt32BE(~high >>> 0, 0);
  result.writeUInt32BE(~low >>> 0, 4);
  return result;
}
