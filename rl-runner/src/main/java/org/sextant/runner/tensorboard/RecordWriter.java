// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.tensorboard;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Frames records as a TFRecord file does: length (8 bytes, little-endian), its masked CRC-32C (4), the record, its masked CRC-32C (4).
 *
 * @see <a href="https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details">TFRecords format details</a>
 */
final class RecordWriter {
    private static final int MASK_DELTA = 0xa282ead8;

    private RecordWriter() {}

    static void write(OutputStream out, byte[] message) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(Long.BYTES + 2 * Integer.BYTES + message.length)
                .order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(message.length);
        record.putInt(maskedCrc(record.array(), Long.BYTES));
        record.put(message);
        record.putInt(maskedCrc(message, message.length));
        out.write(record.array());
    }

    /** CRC-32C, rotated and shifted so that the checksum of data that holds checksums stays meaningful. */
    static int maskedCrc(byte[] data, int length) {
        CRC32C crc = new CRC32C();
        crc.update(data, 0, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
    }
}
