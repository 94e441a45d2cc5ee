// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a file whole that has no reason to be large. */
final class SmallFile {
    private SmallFile() {}

    /** @throws ModelFileException if it cannot be read or has more than {@code most} bytes */
    static byte[] bytes(Path file, int most) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new ModelFileException(file + " has more than " + most + " bytes; a file of its kind never has");
            }
            return bytes;
        } catch (IOException e) {
            throw ModelFileException.of("read", file, e);
        }
    }
}
