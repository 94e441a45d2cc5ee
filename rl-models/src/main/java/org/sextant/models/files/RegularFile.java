// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Files with an end, or links to such: a device may never end, and a pipe may never begin. */
final class RegularFile {
    private RegularFile() {}

    /** @throws ModelFileException if it is missing, or a directory, a device, a pipe or a socket */
    static void require(Path file) {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            if (!found.isRegularFile()) {
                throw new ModelFileException("cannot read " + file + ": it is "
                        + (found.isDirectory() ? "a directory" : "a device, a pipe or a socket") + ", not a file");
            }
        } catch (IOException e) {
            throw ModelFileException.of("read", file, e);
        }
    }

    /**
     * All of a file that has no reason to be large.
     *
     * @throws ModelFileException if it cannot be read or has more than {@code most} bytes
     */
    static byte[] bytes(Path file, int most) {
        require(file);
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
