// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.files;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Identities of what files hold. */
public final class Sha256 {
    private static final int BLOCK = 1 << 16;

    private Sha256() {}

    /** A new digest. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Identity of the weights in a model's directory: SHA-256 over names, types, shapes and data in the order of names, as 64 hexadecimal digits. It
     * does not depend on how the weights are distributed over files; saved in another type they are others.
     *
     * @throws ModelFileException if there are none, or a file is missing or damaged
     */
    public static String ofWeights(Path directory) {
        MessageDigest digest = digest();
        byte[] block = new byte[BLOCK];
        try (SavedTensors file = WeightFiles.open(directory)) {
            for (TensorEntry entry : file.tensors().values()) {
                digest.update((entry.name() + " " + entry.type() + " " + entry.shape() + "\n")
                        .getBytes(StandardCharsets.UTF_8));
                MemorySegment data = file.bytes(entry);
                for (long at = 0; at < data.byteSize(); at += BLOCK) {
                    int length = (int) Math.min(BLOCK, data.byteSize() - at);
                    MemorySegment.copy(data, ValueLayout.JAVA_BYTE, at, block, 0, length);
                    digest.update(block, 0, length);
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
