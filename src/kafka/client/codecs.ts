import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import kafkajs from 'kafkajs';
import { ConnectorError } from '../../core/errors.ts';
import { decompressZstd } from '../../core/zstd.ts';
import { decompressLz4 } from './lz4.ts';
import { decompressSnappy } from './snappy.ts';

const { CompressionCodecs, CompressionTypes } = kafkajs;

/** kafkajs hands over an encoder when it compresses, and the bytes when it decompresses. */
interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}

/**
 * Teaches kafkajs, which knows only gzip, to read every codec of Kafka. Nothing that we write is compressed with snappy
 * or lz4, so those are read only.
 */
export function registerCodecs(): void {
  const zstd: Codec = {
    compress: (encoder) => promisify(zstdCompress)(encoder.buffer),
    async decompress(compressed) {
      try {
        return decompressZstd(compressed);
      } catch (error) {
        throw new ConnectorError('KAFKA_CODEC', 'a batch compressed with zstd is damaged', {}, error);
      }
    },
  };
  const snappy = readOnly('snappy', decompressSnappy);
  const lz4 = readOnly('lz4', decompressLz4);
  CompressionCodecs[CompressionTypes.ZSTD] = () => fatal(zstd);
  CompressionCodecs[CompressionTypes.Snappy] = () => fatal(snappy);
  CompressionCodecs[CompressionTypes.LZ4] = () => fatal(lz4);
}

function readOnly(name: string, decompress: (buffer: Buffer) => Buffer): Codec {
  return {
    compress: async () => {
      throw new ConnectorError('KAFKA_CODEC', `${name} is only read, not written`);
    },
    decompress: async (buffer) => decompress(buffer),
  };
}

/**
 * Marks what a codec throws as final. kafkajs would otherwise read the same batch again, and again, and restart: with
 * the mark its consumer ends, and the source reports why.
 */
function fatal(codec: Codec): Codec {
  const marked = (error: unknown): never => {
    throw Object.assign(error as object, { retriable: false });
  };
  return { compress: codec.compress, decompress: (buffer) => codec.decompress(buffer).catch(marked) };
}
